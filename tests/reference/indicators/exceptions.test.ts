import { describe, expect, it } from 'vitest';
import { FAMILIES } from '#dsl/prelude/testing/prelude-functions.ts';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { hasSharedData, sharedFolder, sharedJson } from '../shared-data.ts';
import { type Agreement, firstDifference } from './compare-series.ts';
import { EXCEPTIONS, OTHER_FILES, type ReferenceException } from './exceptions.ts';
import { CONVENTION_LINES } from './other-conventions.ts';
import type { ReferenceCase } from './reference-cases.ts';
import { type Output, type Reference, skender, table, tulip } from './reference-files.ts';
import { REFERENCE_TABLES, type ReferenceTable, TALIB_FILES, talibTables } from './reference-tables.ts';

/** Columns of tables that the values are computed from. */
const INPUTS = new Set(['time', 'timestamp', 'date', 'open', 'high', 'low', 'close', 'volume']);

interface File {
  readonly program: string;
  readonly file: string;
  readonly read: () => Reference;
}

/** Every file of references; those of TA-Lib hold the same functions. */
function everyFile(): readonly File[] {
  const names = (folder: string, ending: string): readonly string[] =>
    sharedFolder(`indicators/${folder}`).flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
  const { tests } = sharedJson('indicators/tulip/untest.json') as { readonly tests: readonly { readonly indicator: string }[] };
  return [
    ...talibTables(),
    ...names('tradingview', '.csv').map((file) => ({ program: 'TradingView', file, read: () => table(`tradingview/${file}.csv`) })),
    ...names('stockcharts', '.csv').map((name) => ({
      program: 'StockCharts',
      file: name.replace('cs-', ''),
      read: () => table(`stockcharts/${name}.csv`),
    })),
    { program: 'R TTR', file: '', read: () => table('ttr/binance_BTC-USDT_1h.csv.gz') },
    ...names('skender', '.standard.json.gz').map((file) => ({ program: 'Skender', file, read: () => skender(file) })),
    ...tests.map(({ indicator }) => ({ program: 'Tulip', file: indicator, read: () => tulip(indicator) })),
  ];
}

/** What StockCharts' sheets are for; their other columns are steps on the way there. */
function stockchartsColumns(file: string): readonly string[] {
  const { files } = sharedJson('indicators/stockcharts/index.json') as {
    readonly files: Readonly<Record<string, readonly { readonly expected_columns: readonly string[] }[]>>;
  };
  return files[`cs-${file}.csv`]!.flatMap((one) => one.expected_columns.map((name) => name.toLowerCase()));
}

const hasNumbers = (output: Output): boolean => output.some((value) => value !== null && !Number.isNaN(value));

/** Outputs that say something: those without a number are dates, names, true and false. */
function outputsOf({ program, file, read }: File): readonly string[] {
  const { outputs } = read();
  if (program === 'StockCharts') return stockchartsColumns(file);
  return [...outputs.keys()].filter((name) => {
    const isInput = INPUTS.has(name) && (program === 'TradingView' || program === 'R TTR');
    return !isInput && (program === 'Tulip' || hasNumbers(outputs.get(name)!));
  });
}

const exceptionOf = ({ program, file }: File, output: string): ReferenceException | undefined => EXCEPTIONS[program]?.[file]?.[output];

const NAMES: ReadonlySet<string> = new Set(FAMILIES.flatMap(({ functions }) => functions.map(({ name }) => name)));

/** Whether a reason still holds: not for a function that there is, nor where the values agree. */
function isReal(exception: ReferenceException, { bars, outputs }: Reference, output: string): boolean {
  if ('lacks' in exception) return !NAMES.has(exception.lacks);
  if ('isNoFunction' in exception) return true;
  const [values] = seriesValues([exception.call], bars, CONVENTION_LINES);
  return firstDifference(values!, outputs.get(output)!, bars.time === undefined ? { decimals: 3 } : {}) !== null;
}

describe.skipIf(!hasSharedData)('outputs of references', () => {
  const files = hasSharedData ? everyFile() : [];
  const tables = hasSharedData ? [...talibTables(), ...REFERENCE_TABLES] : [];
  const compared = new Set(tables.flatMap(({ program, file, cases }) => cases.map(({ output }) => `${program} ${file} ${output}`)));
  const nameOf = ({ program, file }: File, output: string): string => `${program} ${file} ${output}`;

  it('are read from every file, but for those that hold none', () => {
    const folders = ['talib', 'tradingview', 'stockcharts', 'ttr', 'skender', 'tulip'];
    // Patterns of candles have a test of their own; the others say what is in a folder, and what it was computed from.
    const read =
      /^(?:tradingview|stockcharts)\/.+\.csv$|^skender\/.+\.standard\.json\.gz$|^ttr\/binance_BTC-USDT_1h\.csv\.gz$|^tulip\/untest\.json$|\/index\.json$|^skender\/quotes$/;
    const talibFiles = TALIB_FILES.flatMap((name) => [`talib/${name}.json.gz`, `talib/${name}.candlesticks.json.gz`]);
    const others = folders
      .flatMap((folder) => sharedFolder(`indicators/${folder}`).map((name) => `${folder}/${name}`))
      .filter((name) => !read.test(name) && !talibFiles.includes(name));
    expect(others.toSorted()).toEqual(OTHER_FILES.map(([name]) => name).toSorted());
  });

  it('are each compared, or have a reason why not', () => {
    const missing = files.flatMap((file) =>
      outputsOf(file)
        .filter((output) => !compared.has(nameOf(file, output)) && exceptionOf(file, output) === undefined)
        .map((output) => nameOf(file, output)),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  it('have a reason only where they are not compared, and where there is such an output', () => {
    const listed = Object.entries(EXCEPTIONS).flatMap(([program, byFile]) =>
      Object.entries(byFile).flatMap(([file, outputs]) => Object.keys(outputs).map((output) => `${program} ${file} ${output}`)),
    );
    const known = new Set(files.flatMap((file) => outputsOf(file).map((output) => nameOf(file, output))));
    expect(listed.filter((name) => !known.has(name) || compared.has(name))).toEqual([]);
  });

  it('have a reason that still holds', () => {
    const stale = files.flatMap((file) => {
      const reference = file.read();
      return outputsOf(file).filter((output) => {
        const exception = exceptionOf(file, output);
        return exception !== undefined && !isReal(exception, reference, output);
      });
    });
    expect([...new Set(stale)]).toEqual([]);
  });

  it('have no reason that does not hold: one that agrees, and one for a function that there is', () => {
    const reference = skender('sma');
    expect(isReal({ call: 'sma(20)', why: '' }, reference, 'sma')).toBe(false);
    expect(isReal({ call: 'sma(21)', why: '' }, reference, 'sma')).toBe(true);
    expect(isReal({ lacks: 'sma', why: '' }, reference, 'sma')).toBe(false);
  });
});

/** What an agreement would be without what it allows; null where it allows nothing. */
const STRICTER: Readonly<Record<string, (one: ReferenceCase) => Agreement | null>> = {
  // Where they agree from an earlier bar on: a fifth of the bars is the room that other data need.
  from: ({ from, ...one }) => (from === undefined ? null : { ...one, from: Math.floor(from * 0.8) }),
  tolerance: ({ tolerance, ...one }) => (tolerance === undefined ? null : { ...one, tolerance: tolerance / 10 }),
  // Tulip prints three.
  decimals: ({ decimals, ...one }) => (decimals === undefined || decimals === 3 ? null : { ...one, decimals: decimals + 1 }),
  shownBack: ({ shownBack, ...one }) => (shownBack === undefined ? null : one),
  noValue: ({ noValue, ...one }) => (noValue === undefined ? null : one),
};

describe.skipIf(!hasSharedData)('what an agreement allows is needed', () => {
  const tables: readonly ReferenceTable[] = hasSharedData ? [...talibTables(), ...REFERENCE_TABLES] : [];

  it.each(Object.entries(STRICTER))('%s', (_, stricterOf) => {
    const seen = new Map<string, boolean>();
    for (const { program, file, read, cases } of tables) {
      const allowing = cases.flatMap((one) => {
        const stricter = stricterOf(one);
        return stricter === null ? [] : [{ one, stricter }];
      });
      if (allowing.length === 0) continue;
      const { bars, outputs } = read();
      const values = seriesValues(
        allowing.map(({ one }) => one.call),
        bars,
        CONVENTION_LINES,
      );
      for (const [place, { one, stricter }] of allowing.entries()) {
        // Of TA-Lib's files one is enough; their lengths differ.
        const name = `${program} ${file} ${one.output} by ${one.call.replaceAll(/\b\d+/g, 'n')}`;
        const isNeeded = firstDifference(values[place]!, outputs.get(one.output)!, stricter) !== null;
        seen.set(name, (seen.get(name) ?? false) || isNeeded);
      }
    }
    expect([...seen].filter(([, isNeeded]) => !isNeeded).map(([name]) => name)).toEqual([]);
  });

  it('and says why', () => {
    const silent = tables.flatMap(({ program, cases }) =>
      cases
        .filter(({ from, tolerance, why }) => (from !== undefined || tolerance !== undefined) && why === undefined)
        .map(({ call }) => `${program} ${call}`),
    );
    expect(silent).toEqual([]);
  });
});
