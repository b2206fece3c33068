import type { VenueFaultName } from './fault-plan.ts';
import type { WireAnswer } from './binance-wire.ts';

type Row = Record<string, unknown> | unknown[];

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

/** An answer with something wrong in it; the same one where the fault does not fit or was told before. */
export function withLie({ rows, json }: WireAnswer, fault: VenueFaultName, series: string, told: LiesTold): unknown {
  if (rows === 'none' || !Array.isArray(json) || json.length === 0) return json;
  const given = json as Row[];
  const timeKey = rows === 'bars' ? 0 : rows === 'trades' ? 'T' : 'fundingTime';
  const timeOf = (row: Row): number => Number(Reflect.get(row, timeKey));
  const middle = Math.floor(given.length / 2);
  const first = (row: Row): boolean => told.first(series, timeOf(row));
  const changed = (key: string | number, value: unknown): readonly Row[] => {
    const row = given[middle]!;
    return first(row) ? given.with(middle, Object.assign(Array.isArray(row) ? [...row] : { ...row }, { [key]: value })) : given;
  };
  const price = rows === 'bars' ? 4 : rows === 'trades' ? 'p' : 'fundingRate';
  switch (fault) {
    case 'drop':
      return rows === 'trades'
        ? given.filter((row, index) => index % 5 !== 2 || !first(row))
        : given.filter((row, index) => (index - middle) ** 2 > 4 || !first(row));
    case 'empty-page':
      return given.filter((row) => !first(row));
    case 'repeat':
      return [...given, ...given.slice(0, 3)];
    case 'shuffle':
      return given.toReversed();
    case 'bad-price':
      return changed(price, rows === 'funding' ? '77' : '-1');
    case 'text-price':
      return changed(price, 'NaN');
    case 'bad-range':
      return rows === 'bars' ? changed(2, '0.0001') : given;
    case 'off-grid':
      return rows === 'bars' ? changed(0, timeOf(given[middle]!) + 1234) : given;
    case 'future':
      return changed(timeKey, timeOf(given[middle]!) + 20 * 365 * 86_400_000);
    case 'other-market':
      return rows === 'funding' ? changed('symbol', 'ETHUSDT') : given;
    case 'conflict':
      return rows === 'bars' && first(given[middle]!) ? [...given, (given[middle] as unknown[]).with(2, '999')] : given;
    default:
      return given;
  }
}
