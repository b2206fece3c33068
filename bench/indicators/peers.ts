/* oxlint-disable no-unsafe-call, no-unsafe-return, no-unsafe-member-access, no-unsafe-assignment, no-unsafe-argument -- libraries whose types do not fit each other */
import { createRequire } from 'node:module';
import type { Columns } from '#core/model/columns.ts';

/** Plain arrays and candles, which the peers take; made before the clock starts. */
interface Given {
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
  readonly candles: readonly {
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly volume: number;
  }[];
}

/** Runs one function over all bars, and gives the last value of each of its outputs. */
type Run = () => readonly number[];

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** By name of the indicator; what the peer does not have is missing. */
  readonly runs: Readonly<Record<string, Run>>;
}

const load = createRequire(new URL('../peers/package.json', import.meta.url));
// oxlint-disable-next-line no-explicit-any -- libraries without types that fit, called in a benchmark
type Library = any;
const last = (values: ArrayLike<number>): number => values[values.length - 1]!;

function technicalIndicators(library: Library, { high, low, close, volume }: Given): Peer['runs'] {
  const numbers =
    (call: () => number[]): Run =>
    () => [last(call())];
  return {
    sma: numbers(() => library.SMA.calculate({ period: 20, values: close })),
    ema: numbers(() => library.EMA.calculate({ period: 20, values: close })),
    rsi: numbers(() => library.RSI.calculate({ period: 14, values: close })),
    macd: () => {
      const given = { values: close, fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, SimpleMAOscillator: false, SimpleMASignal: false };
      const { MACD, signal, histogram } = library.MACD.calculate(given).at(-1);
      return [MACD, signal, histogram];
    },
    bbands: () => {
      const { upper, middle, lower } = library.BollingerBands.calculate({ period: 20, stdDev: 2, values: close }).at(-1);
      return [upper, middle, lower];
    },
    atr: numbers(() => library.ATR.calculate({ period: 14, high, low, close })),
    adx: () => [library.ADX.calculate({ period: 14, high, low, close }).at(-1).adx],
    'stoch fast': () => {
      const { k, d } = library.Stochastic.calculate({ period: 14, signalPeriod: 3, high, low, close }).at(-1);
      return [k, d];
    },
    obv: numbers(() => library.OBV.calculate({ close, volume })),
    vwap: numbers(() => library.VWAP.calculate({ high, low, close, volume })),
  };
}

function tradingSignals(library: Library, { close, candles }: Given): Peer['runs'] {
  const fed = (indicator: Library, inputs: readonly unknown[], values: (result: Library) => readonly number[]): readonly number[] => {
    let result: Library = null;
    for (const input of inputs) result = indicator.update(input, false);
    return values(result);
  };
  const one = (result: number): readonly number[] => [result];
  return {
    sma: () => fed(new library.SMA(20), close, one),
    ema: () => fed(new library.EMA(20), close, one),
    rsi: () => fed(new library.RSI(14), close, one),
    macd: () =>
      fed(new library.MACD(new library.EMA(12), new library.EMA(26), new library.EMA(9)), close, ({ macd, signal, histogram }) => [
        macd,
        signal,
        histogram,
      ]),
    bbands: () => fed(new library.BollingerBands(20, 2), close, ({ upper, middle, lower }) => [upper, middle, lower]),
    atr: () => fed(new library.ATR(14), candles, one),
    adx: () => fed(new library.ADX(14), candles, one),
    stoch: () =>
      fed(new library.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }), candles, ({ stochK, stochD }) => [
        stochK,
        stochD,
      ]),
    obv: () => fed(new library.OBV(2), candles, one),
    vwap: () => fed(new library.VWAP(), candles, one),
  };
}

function indicatorTs(library: Library, { high, low, close, volume }: Given): Peer['runs'] {
  return {
    sma: () => [last(library.sma(close, { period: 20 }))],
    ema: () => [last(library.ema(close, { period: 20 }))],
    rsi: () => [last(library.rsi(close, { period: 14 }))],
    macd: () => {
      const { macdLine, signalLine } = library.macd(close, { fast: 12, slow: 26, signal: 9 });
      return [last(macdLine), last(signalLine)];
    },
    bbands: () => {
      const { upper, middle, lower } = library.bb(close, { period: 20 });
      return [last(upper), last(middle), last(lower)];
    },
    atr: () => [last(library.atr(high, low, close, { period: 14 }).atrLine)],
    'stoch fast': () => {
      const { k, d } = library.stoch(high, low, close, { kPeriod: 14, dPeriod: 3 });
      return [last(k), last(d)];
    },
    obv: () => [last(library.obv(close, volume))],
    vwap: () => [last(library.vwap(close, volume, { period: 14 }))],
  };
}

function npmTalib(library: Library, { high, low, close, volume }: Given): Peer['runs'] {
  const run = (name: string, given: object, outputs: readonly string[]): Run => {
    const request = { name, startIdx: 0, endIdx: close.length - 1, ...given };
    return () => {
      const { result } = library.execute(request);
      return outputs.map((output) => last(result[output]));
    };
  };
  return {
    sma: run('SMA', { inReal: close, optInTimePeriod: 20 }, ['outReal']),
    ema: run('EMA', { inReal: close, optInTimePeriod: 20 }, ['outReal']),
    rsi: run('RSI', { inReal: close, optInTimePeriod: 14 }, ['outReal']),
    macd: run('MACD', { inReal: close, optInFastPeriod: 12, optInSlowPeriod: 26, optInSignalPeriod: 9 }, [
      'outMACD',
      'outMACDSignal',
      'outMACDHist',
    ]),
    bbands: run('BBANDS', { inReal: close, optInTimePeriod: 20, optInNbDevUp: 2, optInNbDevDn: 2, optInMAType: 0 }, [
      'outRealUpperBand',
      'outRealMiddleBand',
      'outRealLowerBand',
    ]),
    atr: run('ATR', { high, low, close, optInTimePeriod: 14 }, ['outReal']),
    adx: run('ADX', { high, low, close, optInTimePeriod: 14 }, ['outReal']),
    stoch: run(
      'STOCH',
      { high, low, close, optInFastK_Period: 14, optInSlowK_Period: 3, optInSlowK_MAType: 0, optInSlowD_Period: 3, optInSlowD_MAType: 0 },
      ['outSlowK', 'outSlowD'],
    ),
    obv: run('OBV', { inReal: close, volume }, ['outReal']),
  };
}

const MAKERS: Readonly<Record<string, (library: Library, given: Given) => Peer['runs']>> = {
  technicalindicators: technicalIndicators,
  'trading-signals': tradingSignals,
  indicatorts: indicatorTs,
  talib: npmTalib,
};

/** The peers that are installed over these candles, and what is missing, by name and reason. */
export async function loadPeers(columns: Columns): Promise<{ readonly peers: readonly Peer[]; readonly missing: readonly string[] }> {
  const [open, high, low, close, volume] = (['open', 'high', 'low', 'close', 'volume'] as const).map((name) =>
    Array.from(columns[name]),
  ) as [number[], number[], number[], number[], number[]];
  const candles = close.map((_, i) => ({ open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, volume: volume[i]! }));
  const peers: Peer[] = [];
  const missing: string[] = [];
  for (const [name, make] of Object.entries(MAKERS)) {
    try {
      const version = (load('./package.json') as { readonly dependencies: Readonly<Record<string, string>> }).dependencies[name]!;
      // One of them is made of modules that cannot be required under its folder name alone.
      const library: Library = await import(load.resolve(name));
      peers.push({ name, version, runs: make(library.default ?? library, { open, high, low, close, volume, candles }) });
    } catch (error) {
      missing.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return { peers, missing };
}
