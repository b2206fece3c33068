import { StratError } from '#core/errors/strat-error.ts';
import { type ConfigFinding, findingLine } from './finding.ts';

/** The findings of a refused config as one error for people. `file` as the user knows it; null = the built-in defaults. */
export function configError(file: string | null, findings: readonly ConfigFinding[]): StratError<'CONFIG_INVALID'> {
  const name = file ?? 'built-in defaults';
  return new StratError('CONFIG_INVALID', { file: name, list: findings.map((finding) => findingLine(name, finding)).join('\n') });
}
