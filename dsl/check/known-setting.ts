import type { Setting } from '../ast/nodes.ts';
import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { Findings } from './findings.ts';

/** Whether a setting is one of those that its statement knows; reports if not. */
export function isKnownSetting({ name }: Setting, known: readonly string[], findings: Findings): boolean {
  if (known.includes(name.text)) return true;
  findings.add(
    'E0206',
    name.span,
    `there is no setting "${name.text}" here`,
    didYouMean(name.text, known) ?? `the settings are: ${known.join(', ')}`,
  );
  return false;
}
