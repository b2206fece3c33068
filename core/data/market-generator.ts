import type { Bar } from '#core/model/bar.ts';
import type { Columns } from '#core/model/columns.ts';
import { sharedColumns } from '#core/model/columns.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { XoshiroState } from '#core/model/xoshiro128.ts';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';

/** Venue of generated candles. Whoever prints them prints this too: they are no market data. */
export const SYNTHETIC_VENUE = 'synthetic';

export interface MarketGeneratorOptions {
  /** Integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Length of a bar in ms. */
  readonly stepMs: number;
  /** Open time of the first bar, ms since the epoch (UTC). */
  readonly startTime: number;
  readonly startPrice: number;
  /** Smallest step of prices; every price is a multiple. */
  readonly tick: number;
  /** Standard deviation of a year's return when nothing special goes on. Default 0.6, about that of BTC. */
  readonly yearlyVolatility?: number;
  /** Usual volume of a bar in base units. Default 100. */
  readonly volume?: number;
  /** Share of bars that are missing, 0 to 0.5. Default 0. */
  readonly missingRate?: number;
  /** What it does. Default: mixed. */
  readonly kind?: MarketKind;
}

/** `trends`: rises and falls by turns; `range` and `volatile`: that alone; `mixed`: all of them by turns. */
export const MARKET_KINDS = ['mixed', 'trends', 'range', 'volatile'] as const;
export type MarketKind = (typeof MARKET_KINDS)[number];

/** Everything the generator remembers between bars; plain numbers, so that a journal can keep it as JSON. */
export interface MarketGeneratorState {
  /** Bars given so far. */
  readonly bars: number;
  /** Steps of time gone by, missing bars included. */
  readonly steps: number;
  readonly price: number;
  readonly regime: number;
  /** Price that a range swings around. */
  readonly anchor: number;
  /** Variance of the returns against the usual, around 1. */
  readonly variance: number;
  readonly random: XoshiroState;
}

export interface MarketGenerator {
  /** The next bar. The market never ends. */
  next(): Bar;
  /** Passes over so many bars; the same as calling `next` as often. */
  skip(bars: number): void;
  /** To be given to `createMarketGenerator` with the same options, which then goes on with the next bar. */
  state(): MarketGeneratorState;
}

interface Regime {
  readonly name: 'up' | 'down' | 'range' | 'volatile';
  /** Mean return of a bar, in standard deviations. */
  readonly drift: number;
  /** Standard deviation against the usual. */
  readonly volatility: number;
  /** Mean length in bars. */
  readonly bars: number;
}

const REGIMES: readonly [Regime, Regime, Regime, Regime] = [
  { name: 'up', drift: 0.07, volatility: 0.85, bars: 180 },
  { name: 'down', drift: -0.08, volatility: 1.1, bars: 140 },
  { name: 'range', drift: 0, volatility: 0.6, bars: 220 },
  { name: 'volatile', drift: 0, volatility: 2, bars: 60 },
];
const UP = 0;
const DOWN = 1;
const RANGE = 2;
const VOLATILE = 3;
/** Share of the distance to the anchor that a range takes back per bar. */
const RANGE_PULL = 0.03;
const YEAR_MS = 31_556_952_000;
/** Steps of the price within a bar. */
const PATH_STEPS = 8;
/** GARCH(1,1): variance = 0.05 + 0.12 z^2 variance + 0.83 variance, mean 1 (T. Bollerslev, J. Econometrics 31, 1986), at most 20. */
const GARCH = { constant: 0.05, shock: 0.12, memory: 0.83, most: 20 } as const;

function checkOptions(options: MarketGeneratorOptions): void {
  const { seed, stepMs, startTime, startPrice, tick, yearlyVolatility = 0.6, volume = 100, missingRate = 0 } = options;
  const rules: readonly (readonly [boolean, string])[] = [
    [Number.isSafeInteger(seed) && seed >= 0, `seed ${seed} is no whole number from 0 to 2^53 - 1`],
    [Number.isSafeInteger(stepMs) && stepMs > 0, `stepMs ${stepMs} is no whole number above 0`],
    [Number.isSafeInteger(startTime), `startTime ${startTime} is no whole number of ms`],
    [tick > 0 && tick < Infinity, `tick ${tick} is not above 0`],
    [startPrice >= tick && startPrice < 1e12, `startPrice ${startPrice} is not from one tick to 1e12`],
    [yearlyVolatility > 0 && yearlyVolatility <= 10, `yearlyVolatility ${yearlyVolatility} is not in (0, 10]`],
    [volume >= 0 && volume < 1e12, `volume ${volume} is not from 0 to 1e12`],
    [missingRate >= 0 && missingRate <= 0.5, `missingRate ${missingRate} is not from 0 to 0.5`],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined)
    throw new StratError('USAGE', { reason: `The synthetic market cannot be made: ${broken[1]}`, hint: 'Correct it' });
}

/** Rounds to multiples of `step`. Dividing by the whole inverse of 0.01 gives 0.07, multiplying by 0.01 gives 0.07000000000000001. */
function rounder(step: number): (value: number) => number {
  const inverse = Math.round(1 / step);
  const hasInverse = inverse >= 1 && Math.abs(inverse * step - 1) < 1e-9;
  return hasInverse ? (value) => Math.round(value * inverse) / inverse : (value) => Math.round(value / step) * step;
}

/** By multiplication: a power function is not rounded equally everywhere. */
function eighthPower(x: number): number {
  const square = x * x;
  const fourth = square * square;
  return fourth * fourth;
}

const rangeOf = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

class SyntheticMarket implements MarketGenerator {
  readonly #options: MarketGeneratorOptions;
  readonly #random: Xoshiro128;
  readonly #toTick: (price: number) => number;
  /** Usual standard deviation of one bar's return. */
  readonly #sigma: number;
  #bars: number;
  #steps: number;
  #price: number;
  #regime: number;
  #anchor: number;
  #variance: number;

  constructor(options: MarketGeneratorOptions, state: MarketGeneratorState) {
    this.#options = options;
    this.#random = new Xoshiro128(state.random);
    this.#toTick = rounder(options.tick);
    this.#sigma = (options.yearlyVolatility ?? 0.6) * Math.sqrt(options.stepMs / YEAR_MS);
    this.#bars = state.bars;
    this.#steps = state.steps;
    this.#price = state.price;
    this.#regime = state.regime;
    this.#anchor = state.anchor;
    this.#variance = state.variance;
  }

  next(): Bar {
    for (;;) {
      // Drawn also when nothing can be missing: the prices of a seed do not depend on the rate.
      const isMissing = this.#random.nextUnit() < (this.#options.missingRate ?? 0);
      const bar = this.#step();
      if (isMissing) continue;
      this.#bars++;
      return bar;
    }
  }

  skip(bars: number): void {
    for (let i = 0; i < bars; i++) this.next();
  }

  state(): MarketGeneratorState {
    return {
      bars: this.#bars,
      steps: this.#steps,
      price: this.#price,
      regime: this.#regime,
      anchor: this.#anchor,
      variance: this.#variance,
      random: this.#random.state(),
    };
  }

  /** One bar, and everything moved on to the next. */
  #step(): Bar {
    const regime = this.#nextRegime();
    const sigma = Math.min(this.#sigma * regime.volatility * Math.sqrt(this.#variance), 0.2);
    const pull = this.#regime === RANGE ? (this.#anchor / this.#price - 1) * RANGE_PULL : 0;
    const meanStep = (regime.drift * sigma + pull) / PATH_STEPS;
    const stepSigma = sigma / Math.sqrt(PATH_STEPS);
    const open = this.#onTick(this.#price);
    const path = [open];
    let shock = 0;
    for (let i = 0; i < PATH_STEPS; i++) {
      const z = this.#normal();
      shock += z;
      this.#price = Math.min(Math.max(this.#price * (1 + meanStep + stepSigma * z), this.#options.tick), 1e14);
      path.push(this.#onTick(this.#price));
    }
    const [low, high] = rangeOf(path);
    const time = this.#options.startTime + this.#steps * this.#options.stepMs;
    this.#steps++;
    const shockSquared = (shock * shock) / PATH_STEPS;
    this.#variance = Math.min(GARCH.constant + (GARCH.shock * shockSquared + GARCH.memory) * this.#variance, GARCH.most);
    return { time, open, high, low, close: this.#onTick(this.#price), volume: this.#volume((high - low) / open) };
  }

  #nextRegime(): Regime {
    const current = REGIMES[this.#regime] ?? REGIMES[RANGE];
    if (this.#random.nextUnit() * current.bars >= 1) return current;
    // Above the start price falls get likelier than rises, so that long runs stay in a plausible region.
    const rise = this.#options.startPrice / (this.#options.startPrice + this.#price);
    const draw = this.#random.nextUnit();
    this.#regime = this.#chosen(draw, rise);
    this.#anchor = this.#price;
    return REGIMES[this.#regime] ?? REGIMES[RANGE];
  }

  /** @param draw uniform number @param rise chance of a rise against a fall */
  #chosen(draw: number, rise: number): number {
    switch (this.#options.kind ?? 'mixed') {
      case 'trends':
        return draw < rise ? UP : DOWN;
      case 'range':
        return RANGE;
      case 'volatile':
        return VOLATILE;
      case 'mixed':
        return draw < 0.6 * rise ? UP : draw < 0.6 ? DOWN : draw < 0.88 ? RANGE : VOLATILE;
    }
  }

  /** About normal, mean 0, variance 1: four uniform numbers summed, whose variance is 4 / 12. No logarithm or cosine: those differ between machines. */
  #normal(): number {
    const sum = this.#random.nextUnit() + this.#random.nextUnit() + this.#random.nextUnit() + this.#random.nextUnit();
    return (sum - 2) * Math.sqrt(3);
  }

  /** Grows with the bar's range, with noise; to four decimals. */
  #volume(range: number): number {
    const noise = 0.4 + this.#random.nextUnit() + 2 * eighthPower(this.#random.nextUnit());
    return Math.round((this.#options.volume ?? 100) * noise * (0.2 + (0.5 * range) / this.#sigma) * 10_000) / 10_000;
  }

  #onTick(price: number): number {
    return Math.max(this.#toTick(price), this.#options.tick);
  }
}

/**
 * A synthetic market, bar by bar: stretches of rising, falling, ranging and wild prices, volatility that clusters, prices on
 * ticks, volume that goes with the range. The same options give the same bits on every machine (only + - * / and square
 * roots). `state` continues an earlier generator of the same options. Throws USAGE when an option is out of its range.
 */
export function createMarketGenerator(options: MarketGeneratorOptions, state?: MarketGeneratorState): MarketGenerator {
  checkOptions(options);
  return new SyntheticMarket(
    options,
    state ?? {
      bars: 0,
      steps: 0,
      price: options.startPrice,
      regime: options.kind === 'trends' ? UP : options.kind === 'volatile' ? VOLATILE : RANGE,
      anchor: options.startPrice,
      variance: 1,
      random: Xoshiro128.fromSeed(options.seed).state(),
    },
  );
}

/** The first `bars` bars of the market of `options`, in shared memory. */
export function generateMarket(options: MarketGeneratorOptions & { readonly bars: number }): Columns {
  const generator = createMarketGenerator(options);
  const columns = sharedColumns(options.bars);
  for (let i = 0; i < options.bars; i++) {
    const bar = generator.next();
    columns.time[i] = bar.time;
    columns.open[i] = bar.open;
    columns.high[i] = bar.high;
    columns.low[i] = bar.low;
    columns.close[i] = bar.close;
    columns.volume[i] = bar.volume;
  }
  return columns;
}
