import { sharedDoubles } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { isStratError, StratError } from '#core/errors/strat-error.ts';
import { displayPath } from '../finding.ts';
import { type ReadWatch, readSeries } from './read-series.ts';
import { refusal } from './refusal.ts';

/** The candles of a file in one of the formats of the import, and what it says of them; all of it can be handed from thread to thread. */
export interface WholeCandles {
  /** In shared memory; a volume that is not known is NaN. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly rows: number;
  readonly venue: string | null;
  readonly market: string | null;
  readonly timeframe: string | null;
  /** What was guessed or changed on reading, a sentence each. */
  readonly notes: readonly string[];
}

/** Or why there are none: an error of the table by its code and data, or another one by its message. */
export type WholeAnswer =
  | { readonly candles: WholeCandles }
  | { readonly code: string; readonly data: Readonly<Record<string, string | number>> }
  | { readonly fault: string };

/** @param timeframe length of the bars where it is known better than by the file */
export async function wholeCandles(path: string, timeframe: string | null): Promise<WholeAnswer> {
  try {
    return { candles: await readWholeCandles(path, timeframe) };
  } catch (error) {
    if (isStratError(error)) return { code: error.code, data: error.data };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The same, in this thread. @throws StratError as `readSeries`, and DATA_FORMAT where it holds no candles or several series */
export async function readWholeCandles(path: string, timeframe: string | null, watch: ReadWatch = {}): Promise<WholeCandles> {
  const file = displayPath(path);
  const said = { venue: null, market: null, zone: null, kind: null, columns: null, price: null, dates: null, now: null };
  const request = { ...said, timeframe: timeframe === null ? null : parseTimeframe(timeframe) };
  const found = await readSeries(path, request, 'rows', sharedDoubles, watch).catch((error: unknown) => {
    throw withImport(error);
  });
  const [whole, second] = found;
  if (whole === undefined || second !== undefined)
    throw refusal(file, `it holds ${found.length} series`, 'Read it into the store: strat data import');
  const { series, rows } = whole;
  if (series.kind === 'trades' || series.kind === 'funding') throw refusal(file, `it holds ${series.kind}, not candles`, 'Give candles');
  return {
    columns: rows.columns,
    rows: rows.length,
    venue: series.venue,
    market: series.market?.name ?? null,
    timeframe: series.timeframe?.name ?? null,
    // Whose they are is told anyway.
    notes: series.notes
      .map(({ text }) => text)
      .filter((text) => !/^(?:the (?:venue|market) is|bars are of|volumes that are empty|there is no volume)/.test(text)),
  };
}

/** Options of the import that nobody who reads candles here has. */
const IMPORT_OPTION = /--(?:zone|columns|dates|price|venue|market|kind)/;

function withImport(error: unknown): unknown {
  if (!isStratError(error) || !('hint' in error.data) || !IMPORT_OPTION.test(String(error.data.hint))) return error;
  return new StratError(error.code, {
    ...error.data,
    hint: `Read it into the store with strat data import, which takes options. ${error.data.hint}`,
  });
}
