import { DECISION, DECISION_FIELDS, SIZE } from '#core/model/strategy-abi.ts';

const LARGEST_RULE = 100_000;
/** Of 32 uses of plugins. */
const LARGEST_DIGITS = 2 ** 32 - 1;
const LARGEST_KIND = Math.max(...Object.values(SIZE));

const whole = (value: number, largest: number): boolean => Number.isInteger(value) && value >= 0 && value <= largest;

/**
 * What is wrong with a decision row from a process that may be hostile, or undefined. Rules, sides and kinds index tables and
 * must be in range; amounts and prices may be any double, as the broker drops an order whose numbers are no numbers (E1001).
 */
export function decisionFault(row: Float64Array): string | undefined {
  if (row.length !== DECISION_FIELDS) return `a decision of ${row.length} values`;
  const at = (field: keyof typeof DECISION): number => row[DECISION[field]] ?? Number.NaN;
  if (!whole(at('exitRule'), LARGEST_RULE)) return `exit rule ${at('exitRule')}`;
  if (!whole(at('entryRule'), LARGEST_RULE)) return `entry rule ${at('entryRule')}`;
  if (at('exitRule') > 0 && (at('exitFraction') <= 0 || at('exitFraction') > 1)) return `exit fraction ${at('exitFraction')}`;
  for (const field of ['pluginsFlagged', 'pluginsDisabled'] as const) {
    if (!whole(at(field), LARGEST_DIGITS)) return `${field} ${at(field)}`;
  }
  if (at('entryRule') === 0) return undefined;
  if (Math.abs(at('entrySide')) !== 1) return `entry side ${at('entrySide')}`;
  for (const field of ['sizeKind', 'maxKind', 'minKind'] as const) {
    if (!whole(at(field), LARGEST_KIND)) return `${field} ${at(field)}`;
  }
  if (at('confidence') < 0 || at('confidence') > 1) return `confidence ${at('confidence')}`;
  return undefined;
}
