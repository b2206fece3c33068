import type { VenueFaultName } from './fault-plan.ts';
import type { WireAnswer, WireRow } from './venue-wire.ts';

/** Which rows were lied about: a venue that always tells the same lie cannot be found out. */
export class LiesTold {
  readonly #told = new Set<string>();

  /** True the first time. */
  first(series: string, time: number): boolean {
    const name = `${series} ${time}`;
    if (this.#told.has(name)) return false;
    this.#told.add(name);
    return true;
  }
}

/** An answer as JSON with something wrong in it; the right one where the fault does not fit or was told before. */
export function withLie(answer: WireAnswer, fault: VenueFaultName, series: string, told: LiesTold): unknown {
  if (answer.kind === 'fact') return answer.json;
  return answer.wrap(answer.rows.length === 0 ? answer.rows : lied(answer, fault, series, told));
}

function lied(
  { kind, rows, fields }: Exclude<WireAnswer, { readonly kind: 'fact' }>,
  fault: VenueFaultName,
  series: string,
  told: LiesTold,
): readonly WireRow[] {
  const timeOf = (row: WireRow): number => fields.read(Reflect.get(row, fields.time));
  const middle = Math.floor(rows.length / 2);
  const first = (row: WireRow): boolean => told.first(series, timeOf(row));
  const withValue = (row: WireRow, key: string | number, value: unknown): WireRow =>
    Object.assign(Array.isArray(row) ? [...row] : { ...row }, { [key]: value });
  const changed = (key: string | number | undefined, value: unknown): readonly WireRow[] => {
    const row = rows[middle]!;
    return key !== undefined && first(row) ? rows.with(middle, withValue(row, key, value)) : rows;
  };
  const high = kind === 'bars' ? fields.high : undefined;
  switch (fault) {
    case 'drop':
      return kind === 'trades'
        ? rows.filter((row, index) => index % 5 !== 2 || !first(row))
        : rows.filter((row, index) => (index - middle) ** 2 > 4 || !first(row));
    case 'empty-page':
      return rows.filter((row) => !first(row));
    case 'repeat':
      return [...rows, ...rows.slice(0, 3)];
    case 'shuffle':
      return rows.toReversed();
    case 'bad-price':
      return changed(fields.price, kind === 'funding' ? '77' : '-1');
    case 'text-price':
      return changed(fields.price, 'NaN');
    case 'bad-range':
      return changed(high, '0.0001');
    case 'off-grid':
      return kind === 'bars' ? changed(fields.time, fields.written(timeOf(rows[middle]!) + 1234)) : rows;
    case 'future':
      return changed(fields.time, fields.written(timeOf(rows[middle]!) + 20 * 365 * 86_400_000));
    case 'other-market':
      return changed(fields.market?.key, fields.market?.other);
    case 'conflict':
      return high !== undefined && first(rows[middle]!) ? [...rows, withValue(rows[middle]!, high, '999')] : rows;
    default:
      return rows;
  }
}
