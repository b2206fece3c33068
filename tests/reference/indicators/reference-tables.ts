import { DERIVED_SKENDER, DERIVED_STOCKCHARTS, DERIVED_TALIB, DERIVED_TRADINGVIEW, DERIVED_TTR, DERIVED_TULIP } from './derived-cases.ts';
import { type ReferenceCase, SKENDER_CASES, STOCKCHARTS_CASES, TRADINGVIEW_CASES, TTR_CASES, TULIP_CASES } from './reference-cases.ts';
import { type Reference, skender, table, talib, tulip } from './reference-files.ts';
import { TALIB_CASES, type TalibCase } from './talib-cases.ts';

/** A file of references and what is compared with it. */
export interface ReferenceTable {
  readonly program: string;
  /** Its name in EXCEPTIONS; empty for the only one of a program, and for those of TA-Lib, which hold the same functions. */
  readonly file: string;
  /** What is shown of it. */
  readonly shown: string;
  readonly read: () => Reference;
  readonly cases: readonly ReferenceCase[];
}

export const TALIB_FILES = ['binance_BTC-USDT_1h', 'binance_BTC-USDT_1h_B', 'us_SPY-USD_1d', 'fx-btpy_EUR-USD_1h', 'ta_regtest_252'];
export const TALIB_ALL: readonly TalibCase[] = [...TALIB_CASES, ...DERIVED_TALIB];

type CasesByFile = Readonly<Record<string, readonly ReferenceCase[]>>;

/** Files with cases of either table. */
const filesOf = (a: CasesByFile, b: CasesByFile): readonly (readonly [file: string, cases: readonly ReferenceCase[]])[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted().map((file) => [file, [...(a[file] ?? []), ...(b[file] ?? [])]]);

/** Options of Tulip's tests, as its file has them. */
const TULIP_OPTIONS: Readonly<Record<string, readonly number[]>> = {
  bbands: [5, 2],
  stoch: [5, 3, 3],
  ultosc: [2, 3, 5],
  vosc: [2, 5],
};

/** Every file but those of TA-Lib, whose calls depend on the file's parameters (`talibTables`). */
export const REFERENCE_TABLES: readonly ReferenceTable[] = [
  ...filesOf(TRADINGVIEW_CASES, DERIVED_TRADINGVIEW).map(([file, cases]): ReferenceTable => ({
    program: 'TradingView',
    file,
    shown: `${file}.csv`,
    read: () => table(`tradingview/${file}.csv`),
    cases,
  })),
  ...filesOf(STOCKCHARTS_CASES, DERIVED_STOCKCHARTS).map(([file, cases]): ReferenceTable => ({
    program: 'StockCharts',
    file,
    shown: `cs-${file}.csv`,
    read: () => table(`stockcharts/cs-${file}.csv`),
    cases,
  })),
  {
    program: 'R TTR',
    file: '',
    shown: 'binance_BTC-USDT_1h.csv.gz',
    read: () => table('ttr/binance_BTC-USDT_1h.csv.gz'),
    cases: [...TTR_CASES, ...DERIVED_TTR],
  },
  ...filesOf(SKENDER_CASES, DERIVED_SKENDER).map(([file, cases]): ReferenceTable => ({
    program: 'Skender',
    file,
    shown: `${file}.standard.json.gz`,
    read: () => skender(file),
    cases,
  })),
  ...tulipTables(),
];

function tulipTables(): readonly ReferenceTable[] {
  const indicators = [...new Set([...Object.keys(TULIP_CASES), ...Object.keys(DERIVED_TULIP)])].toSorted();
  return indicators.map((file) => {
    const named = Object.entries(TULIP_CASES[file] ?? {}).map(([output, call]) => ({
      output,
      call: call(...(TULIP_OPTIONS[file] ?? [5])),
    }));
    const derived = Object.entries(DERIVED_TULIP[file] ?? {}).map(([output, call]) => ({ output, call }));
    const cases = [...named, ...derived].map((one) => ({ ...one, decimals: 3 }));
    return { program: 'Tulip', file, shown: `untest.json, ${file}`, read: () => tulip(file), cases };
  });
}

/** The files of TA-Lib, read. A start needs more bars than the shortest file has to be forgotten. */
export function talibTables(): readonly ReferenceTable[] {
  return TALIB_FILES.map((name) => {
    const reference = talib(name);
    const cases = TALIB_ALL.flatMap((one): ReferenceCase[] => {
      const call = one.call(reference.params.get(one.output.split('.')[0]!)!);
      return call === null || (one.from ?? 0) >= reference.bars.close.length ? [] : [{ ...one, call }];
    });
    return { program: 'TA-Lib', file: '', shown: `${name}.json.gz`, read: () => reference, cases };
  });
}
