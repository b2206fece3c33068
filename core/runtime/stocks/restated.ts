import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { isFillKind } from '#core/engine/log-rows.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import type { StockActions } from './stock-actions.ts';

/**
 * What one share of each bar became by the last one: trades and charts are told in shares of the last day, as statements of brokers are. Dividends
 * change no share.
 */
function sharesOf({ byBar }: StockActions, rows: number): Float64Array {
  const shares = new Float64Array(rows).fill(1);
  for (let bar = rows - 1; bar > 0; bar--) shares[bar - 1] = shares[bar]! * (byBar.get(bar)?.ratio ?? 1);
  return shares;
}

/** Candles in shares of the last day. */
export function restatedColumns(columns: Columns, actions: StockActions): Columns {
  const rows = columns.time.length;
  const shares = sharesOf(actions, rows);
  const restated = sharedColumns(rows);
  restated.time.set(columns.time);
  for (let bar = 0; bar < rows; bar++) {
    const became = shares[bar]!;
    for (const name of ['open', 'high', 'low', 'close'] as const) restated[name][bar] = columns[name][bar]! / became;
    restated.volume[bar] = columns.volume[bar]! * became;
  }
  return restated;
}

/** Kinds whose `refPrice` is a rate and not a price. */
const RATE_KINDS: ReadonlySet<number> = new Set([LOG_KIND.borrow, LOG_KIND.funding, LOG_KIND.swap]);

/** The log of a run in shares of the last day. What was paid stays what it was, and what closed a position still closes all of it. */
export function restatedLog(log: Float64Array, actions: StockActions, rows: number): Float64Array {
  const shares = sharesOf(actions, rows);
  const restated = log.slice();
  const splits = [...actions.byBar].filter(([, { ratio }]) => ratio !== 1);
  /** What is held by the engine's own sums, and by those of the restated log: roundings differ. */
  let [held, restatedHeld] = [0, 0];
  for (let at = 0; at < log.length; at += LOG_FIELDS) {
    const [kind, bar, qty] = [log[at + LOG.kind]!, log[at + LOG.bar]!, log[at + LOG.qty]!];
    for (; splits.length > 0 && splits[0]![0] <= bar; splits.shift()) held *= splits[0]![1].ratio;
    // What a reason said stays as it was said.
    if (kind === LOG_KIND.said) continue;
    const became = shares[bar]!;
    restated[at + LOG.qty] = qty * became;
    restated[at + LOG.price] = log[at + LOG.price]! / became;
    if (!RATE_KINDS.has(kind)) restated[at + LOG.refPrice] = log[at + LOG.refPrice]! / became;
    if (!isFillKind(kind)) continue;
    held += qty;
    if (held === 0) restated[at + LOG.qty] = -restatedHeld;
    restatedHeld += restated[at + LOG.qty]!;
  }
  return restated;
}
