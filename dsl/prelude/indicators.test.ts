import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { columnList, type Columns, sharedColumns } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { createCompiler } from '#dsl/compile.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';

/**
 * Values of the prelude against other people's programs: TA-Lib (C), TradingView exports, the StockCharts spreadsheets. What is
 * compared bar by bar has the same definition; where a definition differs in its start, the test says from which bar on both
 * have forgotten it.
 */
const FOLDER = '../shared/data/indicators';
const SAME = 1e-9;
const compiler = createCompiler();

/** The values of an expression of the language, bar by bar. */
function series(expression: string, columns: Columns): number[] {
  const source = `strat 1\nstrategy "values"\ntrade BTC/USDT on 1h\nenter long when close > open\nsize 1 BTC\nstop 5%\nplot ${expression}\n`;
  const { program, diagnostics } = compiler.compile(source);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  const evaluator = new GraphEvaluator(program, new Float64Array(), settingsArray(DEFAULT_SETTINGS, 0, columns.time.length));
  const account = new Float64Array(ACCOUNT_FIELDS);
  const plot = program.plots[0]!.value;
  const list = columnList(columns);
  return Array.from({ length: columns.time.length }, (_, bar) => {
    evaluator.step(bar, list, account);
    return evaluator.values[plot]!;
  });
}

/** The first bar from `from` on where two series differ, in words; na has to be na on both sides. null: they are the same. */
function firstDifference(actual: readonly number[], expected: readonly (number | null)[], tolerance: number, from = 0): string | null {
  if (actual.length !== expected.length) return `${actual.length} bars against ${expected.length}`;
  let compared = 0;
  for (let bar = from; bar < expected.length; bar += 1) {
    const wanted = expected[bar] ?? Number.NaN;
    const found = actual[bar]!;
    if (Number.isNaN(wanted) && Number.isNaN(found)) continue;
    compared += 1;
    if (!(Math.abs(found - wanted) <= tolerance * Math.max(Math.abs(wanted), tolerance))) return `bar ${bar}: ${found} against ${wanted}`;
  }
  return compared > 10 ? null : `only ${compared} bars could be compared`;
}

interface TalibFile {
  readonly data: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly number[]>>;
  readonly results: Readonly<
    Record<
      string,
      { readonly params: Readonly<Record<string, number>>; readonly outputs: Readonly<Record<string, readonly (number | null)[]>> }
    >
  >;
}

function columnsOf(data: Readonly<Record<string, readonly number[]>>): Columns {
  const rows = data['close']!.length;
  const columns = sharedColumns(rows);
  for (let bar = 0; bar < rows; bar += 1) {
    columns.time[bar] = bar * 3_600_000;
    for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) columns[name][bar] = data[name]?.[bar] ?? data['close']![bar]!;
  }
  return columns;
}

function csv(path: string): Map<string, number[]> {
  const [header = '', ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const cells = (line: string): string[] => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => match[1]!.replaceAll('"', ''));
  const names = cells(header);
  const table = rows.map(cells);
  return new Map(
    names.map((name, index) => [name.toLowerCase(), table.map((row) => (row[index] === '' ? Number.NaN : Number(row[index])))]),
  );
}

describe.skipIf(!existsSync(FOLDER))('prelude against TA-Lib', () => {
  const files = ['ta_regtest_252', 'binance_BTC-USDT_1h', 'us_SPY-USD_1d', 'fx-btpy_EUR-USD_1h'];
  const load = (name: string): TalibFile => JSON.parse(gunzipSync(readFileSync(`${FOLDER}/talib/${name}.json.gz`)).toString()) as TalibFile;
  const cases: readonly [call: string, name: string, output: string, from: number, tolerance: number][] = [
    ['sma(close, 20)', 'SMA', 'outReal', 0, SAME],
    ['ema(close, 20)', 'EMA', 'outReal', 0, SAME],
    ['rsi(close, 14)', 'RSI', 'outReal', 0, SAME],
    ['rsi(14)', 'RSI', 'outReal', 0, SAME],
    // TA-Lib takes the deviation from sums of squares, which loses digits.
    ['stdev(close, 20)', 'STDDEV', 'outReal', 0, 1e-7],
    ['bbands(close, 20, 2).upper', 'BBANDS', 'outRealUpperBand', 0, SAME],
    ['bbands(close, 20, 2).mid', 'BBANDS', 'outRealMiddleBand', 0, SAME],
    ['bbands(length: 20, width: 2).lower', 'BBANDS', 'outRealLowerBand', 0, SAME],
    ['highest(close, 30)', 'MAX', 'outReal', 0, SAME],
    ['lowest(close, 30)', 'MIN', 'outReal', 0, SAME],
    ['mom(close, 10)', 'MOM', 'outReal', 0, SAME],
    ['roc(close, 10)', 'ROCP', 'outReal', 0, SAME],
    // The first bar has no close before it: TA-Lib leaves it out, here (as in TradingView) it is high - low.
    ['tr', 'TRANGE', 'outReal', 1, SAME],
  ];
  for (const file of files) {
    it(`gives the same values on ${file}`, () => {
      const { data, results } = load(file);
      const columns = columnsOf(data);
      const differences = cases.map(([call, name, output, from, tolerance]) => [
        call,
        firstDifference(series(call, columns), results[name]!.outputs[output]!, tolerance, from),
      ]);
      expect(differences).toEqual(cases.map(([call]) => [call, null]));
    });
  }

  it('agrees on atr and macd once both have forgotten how they started', () => {
    const { data, results } = load('binance_BTC-USDT_1h');
    const columns = columnsOf(data);
    // atr: TA-Lib starts with the true ranges of bars 1..14, here with 0..13; (13/14)^400 is 1e-13.
    expect(firstDifference(series('atr(14)', columns), results['ATR']!.outputs['outReal']!, SAME, 400)).toBeNull();
    expect(series('atr(14)', columns)[13]).toBeGreaterThan(0);
    expect(results['ATR']!.outputs['outReal']![13]).toBeNull();
    // macd: TA-Lib starts the fast average where the slow one has its first value.
    const macd = 'macd(close, 12, 26, 9)';
    expect(firstDifference(series(`${macd}.line`, columns), results['MACD']!.outputs['outMACD']!, SAME, 300)).toBeNull();
    expect(firstDifference(series(`${macd}.signal`, columns), results['MACD']!.outputs['outMACDSignal']!, SAME, 300)).toBeNull();
    expect(firstDifference(series(`${macd}.hist`, columns), results['MACD']!.outputs['outMACDHist']!, 1e-7, 300)).toBeNull();
  });
});

describe.skipIf(!existsSync(FOLDER))('prelude against TradingView', () => {
  const cases: readonly [file: string, call: string, column: string][] = [
    ['ma', 'sma(close, 10)', 'ta.sma(close, 10)'],
    ['ma', 'sma(hl2, 20)', 'ta.sma(hl2, 20)'],
    ['ma', 'sma(hlc3, 15)', 'ta.sma(hlc3, 15)'],
    ['ma', 'ema(close, 20)', 'ta.ema(close, 20)'],
    ['ma', 'ema(ohlc4, 10)', 'ta.ema(ohlc4, 10)'],
    ['ma', 'rma(high, 15)', 'ta.rma(high, 15)'],
    ['tr', 'tr', 'ta.tr(true)'],
    ['tr', 'atr(14)', 'ta.atr(14)'],
    ['tr', 'atr', 'ta.atr(14)'],
    ['highest+lowest', 'highest(high, 10)', 'ta.highest(10)'],
    ['highest+lowest', 'highest(close, 10)', 'ta.highest(close, 10)'],
    ['highest+lowest', 'lowest(low, 10)', 'ta.lowest(10)'],
    ['highest+lowest', 'lowest(10)', 'ta.lowest(close, 10)'],
    ['mfi+rsi+stoch', 'rsi(close, 14)', 'ta.rsi(close, 14)'],
    ['bb', 'bbands(close, 20, 2).mid', 'ta.bb(close, 20, 2).base'],
    ['bb', 'bbands(close, 20, 2).upper', 'ta.bb(close, 20, 2).upper'],
    ['bb', 'bbands(close, 20, 2).lower', 'ta.bb(close, 20, 2).lower'],
    ['macd', 'macd(close, 12, 26, 9).line', 'ta.macd(close, 12, 26, 9).macd'],
    ['macd', 'macd(close, 12, 26, 9).signal', 'ta.macd(close, 12, 26, 9).signal'],
    ['macd', 'macd(close, 12, 26, 9).hist', 'ta.macd(close, 12, 26, 9).hist'],
  ];
  it.each(cases)('%s: %s is %s from the first bar on', (file, call, column) => {
    const table = csv(`${FOLDER}/tradingview/${file}.csv`);
    expect(firstDifference(series(call, columnsOf(Object.fromEntries(table))), table.get(column)!, SAME)).toBeNull();
  });
});

describe.skipIf(!existsSync(FOLDER))('prelude against the StockCharts spreadsheets', () => {
  it('bbands has their bands and position', () => {
    const table = csv(`${FOLDER}/stockcharts/cs-bbands.csv`);
    const columns = columnsOf(Object.fromEntries(table));
    const band = 'bbands(close, 20, 2)';
    // Six decimals in the file.
    expect(firstDifference(series(`${band}.upper`, columns), table.get('highband')!, 1e-6, 19)).toBeNull();
    expect(firstDifference(series(`${band}.lower`, columns), table.get('lowband')!, 1e-6, 19)).toBeNull();
    expect(firstDifference(series(`${band}.pct`, columns), table.get('percentageband')!, 1e-4, 19)).toBeNull();
  });
});

describe('prelude by hand', () => {
  const columns = (close: readonly number[]): Columns => columnsOf({ close });

  it('rsi is 50 when nothing moved, 100 when nothing fell', () => {
    expect(series('rsi(close, 3)', columns([5, 5, 5, 5, 5])).slice(3)).toEqual([50, 50]);
    expect(series('rsi(close, 3)', columns([1, 2, 3, 4, 5])).slice(3)).toEqual([100, 100]);
  });

  it('clamp, nz, mod and pow do what they say', () => {
    const bars = columns([1, 7, 10, 4]);
    expect(series('clamp(close, 3, 8)', bars)).toEqual([3, 7, 8, 4]);
    expect(series('nz(close[2], 5)', bars)).toEqual([5, 5, 1, 7]);
    expect(series('mod(close, 4)', bars)).toEqual([1, 3, 2, 0]);
    expect(series('pow(close / 2, 2)', bars)).toEqual([0.25, 12.25, 25, 4]);
  });

  it('a window with na in it is na', () => {
    expect(series('sma(close[1], 2)', columns([2, 4, 6, 8]))).toEqual([Number.NaN, Number.NaN, 3, 5]);
  });
});
