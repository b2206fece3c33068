import type { Bars } from '#dsl/prelude/testing/series-values.ts';
import { sharedJson, sharedText } from '../shared-data.ts';

/** Results of other people's programs with the bars that they were computed from; the README of the reference data tells of their conventions. */
export type Output = readonly (number | null)[];

export interface Reference {
  readonly bars: Bars;
  readonly outputs: ReadonlyMap<string, Output>;
}

interface TalibFile {
  readonly data: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly number[]>>;
  readonly results: Readonly<
    Record<string, { readonly params: Readonly<Record<string, number>>; readonly outputs: Readonly<Record<string, Output>> }>
  >;
}

/** TA-Lib: outputs by `SMA.outReal`, and the parameters by function. */
export function talib(name: string): Reference & { readonly params: ReadonlyMap<string, Readonly<Record<string, number>>> } {
  const { data, results } = sharedJson(`indicators/talib/${name}.json.gz`) as TalibFile;
  const outputs = Object.entries(results).flatMap(([fn, result]) =>
    Object.entries(result.outputs).map(([key, values]) => [`${fn}.${key}`, values] as const),
  );
  return { bars: data, outputs: new Map(outputs), params: new Map(Object.entries(results).map(([fn, { params }]) => [fn, params])) };
}

/** A table of TradingView, StockCharts or R TTR: every column an output, by its name in small letters. */
export function table(path: string): Reference {
  const [header = '', ...rows] = sharedText(`indicators/${path}`).trim().split(/\r?\n/);
  const cells = (line: string): string[] => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('"', ''));
  const values = rows.map(cells);
  const outputs = new Map(
    cells(header).map((name, column) => {
      const output = values.map((row) =>
        row[column] === undefined || row[column] === '' || row[column] === 'NaN' ? null : Number(row[column]),
      );
      return [name.toLowerCase(), output] as const;
    }),
  );
  return { bars: barsOf(outputs), outputs };
}

function barsOf(outputs: ReadonlyMap<string, Output>): Bars {
  const close = numbers(outputs.get('close'));
  if (close === undefined) throw new Error('a table without a close');
  const columns = ['open', 'high', 'low', 'volume'].flatMap((name) => {
    const column = numbers(outputs.get(name));
    return column === undefined ? [] : [[name, column] as const];
  });
  return { ...Object.fromEntries(columns), close };
}

const numbers = (output: Output | undefined): readonly number[] | undefined => output?.map((value) => value ?? Number.NaN);

/** Skender: fields of one result file on its default quotes. `beta`, `corr` and `prs` compare two markets: the open holds the close of the second one. */
export function skender(result: string): Reference {
  const rows = sharedJson(`indicators/skender/${result}.standard.json.gz`) as readonly Readonly<
    Record<string, number | string | boolean | null>
  >[];
  const market = skenderQuotes('default');
  // The market that is compared is the base of beta, the second series of corr, and what prs is of.
  const bars = result === 'beta' ? { ...skenderQuotes('compare'), open: market.close } : market;
  const compared = result === 'corr' || result === 'prs' ? { ...bars, open: skenderQuotes('compare').close } : bars;
  const fields = Object.keys(rows[rows.length - 1]!).filter((field) => field !== 'timestamp');
  return {
    bars: compared,
    outputs: new Map(fields.map((field) => [field, rows.map((row) => (typeof row[field] === 'number' ? row[field] : null))])),
  };
}

export function skenderQuotes(name: string): Bars {
  const [header = '', ...lines] = sharedText(`indicators/skender/quotes/${name}.csv.gz`).trim().split(/\r?\n/);
  const names = header.split(',');
  const column = (wanted: string): number[] => lines.map((line) => Number(line.split(',')[names.indexOf(wanted)]));
  const dates = lines.map((line) => line.split(',')[0]!.split('-').map(Number));
  return {
    time: dates.map(([year = 0, month = 1, day = 1]) => Date.UTC(year, month - 1, day)),
    year: dates.map(([year = 0]) => year),
    month: dates.map(([, month = 0]) => month),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  };
}

interface TulipTest {
  readonly indicator: string;
  readonly options: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

/** Tulip: by indicator, outputs aligned with the bars; `real` and `real0` are the close, `real1` is the open. */
export function tulip(indicator: string): Reference & { readonly options: readonly number[] } {
  const { tests } = sharedJson('indicators/tulip/untest.json') as { readonly tests: readonly TulipTest[] };
  const test = tests.find((one) => one.indicator === indicator);
  if (test === undefined) throw new Error(`Tulip has no ${indicator}`);
  const { real, real0, real1, high, ...inputs } = test.inputs;
  const close = test.inputs['close'] ?? real ?? real0 ?? high ?? test.inputs['volume']!;
  const outputs = Object.entries(test.outputs).map(
    ([name, values]) => [name, [...close.slice(values.length).map(() => null), ...values]] as const,
  );
  return {
    bars: { ...inputs, ...(high === undefined ? {} : { high }), ...(real1 === undefined ? {} : { open: real1 }), close },
    outputs: new Map(outputs),
    options: Object.values(test.options),
  };
}
