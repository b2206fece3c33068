import fc from 'fast-check';
import type { CandleFile } from '#core/data/candle-text.ts';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2024, 0, 1);
export const DAYS = 36;
export const NAMES = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'];

/** A market from its first day on, until one behind its last: closes and volumes. */
export interface Listed {
  readonly from: number;
  readonly closes: readonly number[];
  readonly volumes: readonly number[];
}

const anyListed: fc.Arbitrary<Listed> = fc
  .record({ from: fc.nat({ max: 12 }), days: fc.integer({ min: 4, max: DAYS }) })
  .chain(({ from, days }) => {
    const values = (max: number): fc.Arbitrary<number[]> => {
      const count = Math.min(days, DAYS - from);
      return fc.array(fc.integer({ min: 5, max }), { minLength: count, maxLength: count });
    };
    return fc.record({ from: fc.constant(from), closes: values(60), volumes: values(50) });
  });

/** Candles of a market as a reader gives them. @param leak the quote volume is made of what comes after: an offender */
export function fileOf(name: string, { from, closes, volumes }: Listed, leak: boolean): CandleFile {
  const rows = closes.length;
  const columns = sharedColumns(rows);
  for (const column of COLUMN_NAMES)
    columns[column].set(column === 'time' ? closes.map((_, day) => START + (from + day) * DAY) : column === 'volume' ? volumes : closes);
  const further = new Map<MarketColumn, Float64Array>();
  if (leak)
    further.set(
      'quote_volume',
      Float64Array.from(closes, (close, day) => (closes[day + 1] ?? close) * 20),
    );
  const timeframe = parseTimeframe('1d')!;
  const market = parseMarket(`${name}/USDT`);
  return { path: name, columns, further, rows, market, venue: 'x', timeframe, stepMs: timeframe.stepMs, sha256: '', findings: [] };
}

type Change = (listed: Listed, known: number) => Listed;
/** What is not known yet on a day is not there, is other, or ends soon. */
const changes: Readonly<Record<string, Change>> = {
  cut: (one, known) => ({ ...one, closes: one.closes.slice(0, known), volumes: one.volumes.slice(0, known) }),
  other: (one, known) => ({
    ...one,
    closes: one.closes.map((close, day) => (day < known ? close : 66 - close)),
    volumes: one.volumes.map((volume, day) => (day < known ? volume : volume * 7)),
  }),
  ended: (one, known) => ({ ...one, closes: one.closes.slice(0, known + 1), volumes: one.volumes.slice(0, known + 1) }),
};

/**
 * Markets, and the same of which everything behind a day is another.
 * @param kinds by market, of `changes`
 */
export function changedAfter(
  listed: readonly Listed[],
  day: number,
  kinds: readonly string[],
): { readonly whole: ReadonlyMap<string, Listed>; readonly changed: ReadonlyMap<string, Listed> } {
  const whole = new Map(listed.map((one, at) => [NAMES[at]!, one]));
  const changed = [...whole]
    .map(([name, one], at) => [name, changes[kinds[at]!]!(one, Math.max(0, day + 1 - one.from))] as const)
    .filter(([, one]) => one.closes.length > 0);
  return { whole, changed: new Map(changed) };
}

export const anyMarkets = fc.array(anyListed, { minLength: 2, maxLength: NAMES.length });
export const anyKinds = fc.array(fc.constantFrom(...Object.keys(changes)), { minLength: NAMES.length, maxLength: NAMES.length });
/** A day that has some before it and one behind it. */
export const anyDay = fc.integer({ min: 4, max: DAYS - 1 });
