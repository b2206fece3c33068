import { describe, expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import { COLUMN_NAMES } from '#core/model/columns.ts';
import type { MarketGeneratorOptions, MarketKind } from './market-generator.ts';
import { createMarketGenerator, generateMarket, MARKET_KINDS } from './market-generator.ts';

const OPTIONS: MarketGeneratorOptions = {
  seed: 42,
  stepMs: 60_000,
  startTime: Date.UTC(2024, 0, 1),
  startPrice: 60_000,
  tick: 0.01,
};
const SEEDS = [1, 2, 3, 20_260_101];

const logReturns = (close: Float64Array): number[] =>
  Array.from({ length: close.length - 1 }, (_, i) => Math.log((close[i + 1] ?? NaN) / (close[i] ?? NaN)));
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const moment = (xs: readonly number[], power: number): number => {
  const centre = mean(xs);
  return mean(xs.map((x) => (x - centre) ** power));
};
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [mx, my] = [mean(xs), mean(ys)];
  return mean(xs.map((x, i) => (x - mx) * ((ys[i] ?? NaN) - my))) / Math.sqrt(moment(xs, 2) * moment(ys, 2));
}

describe('a generated market', () => {
  test('is the same for the same options and another for another seed', () => {
    expect(generateMarket({ ...OPTIONS, bars: 500 })).toEqual(generateMarket({ ...OPTIONS, bars: 500 }));
    expect(generateMarket({ ...OPTIONS, seed: 43, bars: 500 }).close).not.toEqual(generateMarket({ ...OPTIONS, bars: 500 }).close);
  });

  test('gives the same bars as columns, one by one, skipped to and restored from JSON', () => {
    const options = { ...OPTIONS, missingRate: 0.1 };
    const columns = generateMarket({ ...options, bars: 1000 });
    const rowOf = (i: number): unknown => Object.fromEntries(COLUMN_NAMES.map((name) => [name, columns[name][i]]));
    const stepwise = createMarketGenerator(options);
    for (let i = 0; i < 1000; i++) {
      const states = JSON.stringify(stepwise.state());
      expect(stepwise.next()).toEqual(rowOf(i));
      expect(createMarketGenerator(options, JSON.parse(states)).next()).toEqual(rowOf(i));
    }
    for (const i of [0, 1, 137, 999]) {
      const skipped = createMarketGenerator(options);
      skipped.skip(i);
      expect(skipped.next()).toEqual(rowOf(i));
    }
    expect(stepwise.state().bars).toBe(1000);
  });

  test('begins with the same bars whatever its length', () => {
    const short = generateMarket({ ...OPTIONS, bars: 100 });
    const long = generateMarket({ ...OPTIONS, bars: 300 });
    for (const name of COLUMN_NAMES) expect(long[name].subarray(0, 100)).toEqual(short[name]);
  });

  test.for([
    { tick: 0.01, startPrice: 60_000 },
    { tick: 0.00001, startPrice: 0.002 },
    { tick: 5, startPrice: 20_000 },
    { tick: 0.25, startPrice: 0.25 },
  ])('has consistent bars on ticks of $tick from $startPrice', ({ tick, startPrice }) => {
    const { time, open, high, low, close, volume } = generateMarket({ ...OPTIONS, tick, startPrice, stepMs: 86_400_000, bars: 5000 });
    const decimals = Math.max(0, -Math.floor(Math.log10(tick)) + 1);
    let faults = 0;
    for (let i = 0; i < 5000; i++) {
      const [o, h, l, c] = [open[i] ?? NaN, high[i] ?? NaN, low[i] ?? NaN, close[i] ?? NaN];
      const isSane = h >= Math.max(o, c) && l <= Math.min(o, c) && l >= tick && Number.isFinite(h) && (volume[i] ?? NaN) >= 0;
      const isOnTick = [o, h, l, c].every((x) => Number(x.toFixed(decimals)) === x && Math.abs(x / tick - Math.round(x / tick)) < 1e-6);
      const follows = i === 0 ? o === startPrice : o === close[i - 1];
      if (!isSane || !isOnTick || !follows || time[i] !== OPTIONS.startTime + i * 86_400_000) faults++;
    }
    expect(faults).toBe(0);
  });

  test('leaves out about the share of bars asked for, and no price changes by it', () => {
    const whole = generateMarket({ ...OPTIONS, bars: 3000 });
    const holed = generateMarket({ ...OPTIONS, bars: 2000, missingRate: 0.2 });
    const slots = ((holed.time[1999] ?? NaN) - OPTIONS.startTime) / OPTIONS.stepMs + 1;
    expect(2000 / slots).toBeGreaterThan(0.76);
    expect(2000 / slots).toBeLessThan(0.84);
    for (const [i, t] of holed.time.entries()) expect(holed.close[i]).toBe(whole.close[(t - OPTIONS.startTime) / OPTIONS.stepMs]);
  });

  test.for(SEEDS)('of seed %d has fat tails, clustered volatility, unpredictable returns and volume that goes with the range', (seed) => {
    const { close, high, low, volume } = generateMarket({ ...OPTIONS, seed, bars: 30_000 });
    const returns = logReturns(close);
    const sizes = returns.map(Math.abs);
    expect(moment(returns, 4) / moment(returns, 2) ** 2).toBeGreaterThan(4);
    expect(correlation(sizes.slice(1), sizes.slice(0, -1))).toBeGreaterThan(0.1);
    expect(correlation(sizes.slice(20), sizes.slice(0, -20))).toBeGreaterThan(0.05);
    expect(Math.abs(correlation(returns.slice(1), returns.slice(0, -1)))).toBeLessThan(0.03);
    expect(
      correlation(
        [...volume],
        [...high].map((h, i) => h - (low[i] ?? NaN)),
      ),
    ).toBeGreaterThan(0.5);
    // yearlyVolatility is 0.6 by default; regimes may move it.
    const yearly = Math.sqrt(moment(returns, 2) * (31_556_952_000 / 60_000));
    expect(yearly).toBeGreaterThan(0.3);
    expect(yearly).toBeLessThan(1.2);
  });

  test.for(SEEDS)('does what its kind says: seed %d', (seed) => {
    const logOf = (kind: MarketKind): number[] => logReturns(generateMarket({ ...OPTIONS, seed, kind, bars: 20_000 }).close);
    const [mixed, trends, range, volatile] = MARKET_KINDS.map(logOf);
    expect(logReturns(generateMarket({ ...OPTIONS, seed, bars: 20_000 }).close)).toEqual(mixed);
    expect(moment(volatile!, 2)).toBeGreaterThan(4 * moment(range!, 2));
    // Over an hour and a half a trend has gone farther than a walk of such steps, and a range less far.
    const farther = (returns: readonly number[]): number => {
      const sums = Array.from({ length: Math.floor(returns.length / 90) }, (_, at) => mean(returns.slice(at * 90, at * 90 + 90)) * 90);
      return moment(sums, 2) / (90 * moment(returns, 2));
    };
    expect(farther(trends!)).toBeGreaterThan(1.2);
    expect(farther(range!)).toBeLessThan(0.7);
  });

  test.for([
    { seed: -1 },
    { seed: 0.5 },
    { seed: 2 ** 53 },
    { stepMs: 0 },
    { startTime: NaN },
    { startPrice: 0 },
    { startPrice: Infinity },
    { tick: 0 },
    { tick: NaN },
    { yearlyVolatility: 0 },
    { volume: -1 },
    { missingRate: 0.9 },
  ])('refuses %j', (bad) => {
    expect(() => createMarketGenerator({ ...OPTIONS, ...bad })).toThrow(StratError);
  });
});
