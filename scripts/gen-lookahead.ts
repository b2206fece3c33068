/** Writes what may follow at each choice of the grammar, so that no start has to find it out: `npx node scripts/gen-lookahead.ts`. */
import { writeFileSync } from 'node:fs';
import { lookaheadChoices } from '../dsl/grammar/lookahead-choices.ts';

export const LOOKAHEAD_FILE = new URL('../dsl/grammar/lookahead-table.ts', import.meta.url);

export function lookaheadText(): string {
  const rows = Object.entries(lookaheadChoices()).map(([rule, choices]) => `  ${rule}: '${choices}',\n`);
  return `/** Written by scripts/gen-lookahead.ts: of each rule of the grammar, which words lead where (known-lookahead.ts). */\n// oxfmt-ignore\nexport const LOOKAHEAD: Readonly<Record<string, string>> = {\n${rows.join('')}};\n`;
}

if (import.meta.main) writeFileSync(LOOKAHEAD_FILE, lookaheadText());
