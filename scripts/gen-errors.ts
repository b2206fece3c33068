/** Writes docs/errors.md from the tables of codes: `node scripts/gen-errors.ts`. A test fails when the page is not up to date. */
import { writeFileSync } from 'node:fs';
import { ADVICE } from '../core/errors/advice.ts';
import { MESSAGES } from '../core/errors/messages.ts';
import type { ErrorCode } from '../core/errors/strat-error.ts';
import { CODES, type CodeInfo } from '../dsl/diagnostics/codes.ts';

const GROUPS: readonly (readonly [prefix: string, heading: string])[] = [
  ['E01', 'Text'],
  ['E02', 'Names'],
  ['E03', 'Kinds and units'],
  ['E04', 'Time'],
  ['E05', 'Trading rules'],
  ['E06', 'Params'],
  ['E07', 'Imports'],
  ['E08', 'Not run by this version'],
  ['E10', 'While running'],
  ['W', 'Warnings'],
];

/** Text that Markdown shows as it stands. */
const plain = (text: string): string => text.replace(/[<>*_|]/g, '\\$&');

function programError(code: ErrorCode): string {
  const advice = ADVICE[code];
  const prose = advice === undefined ? [] : ['', advice.meaning, '', `What to do: ${advice.fix}`];
  return [`### ${code}`, '', ...MESSAGES[code].split('\n').map((line) => `> ${plain(line)}`), ...prose].join('\n');
}

function diagnostic({ code, title, meaning, fix }: CodeInfo): string {
  return [`### ${code}: ${plain(title)}`, '', plain(meaning), '', `What to do: ${plain(fix)}`].join('\n');
}

export function errorsPage(): string {
  const infos: readonly CodeInfo[] = Object.values(CODES);
  const groups = GROUPS.map(([prefix, heading]) => ({ heading, members: infos.filter(({ code }) => code.startsWith(prefix)) }));
  const homeless = infos.filter(({ code }) => !GROUPS.some(([prefix]) => code.startsWith(prefix)));
  if (homeless.length > 0) throw new Error(`no heading in gen-errors.ts for ${homeless.map(({ code }) => code).join(', ')}`);
  return [
    '# Errors',
    '',
    '<!-- Written by scripts/gen-errors.ts from core/errors and dsl/diagnostics/codes.ts; do not edit. -->',
    '',
    'Every error that strat reports on purpose has a code. Names like `FILE_UNREADABLE` come from the program, codes like `E0103` and',
    '`W0201` from the checker of the language, with line, column and a hint. `{name}` stands for what was found.',
    '',
    'Exit codes: 0 ok, 1 the input is wrong, 2 wrong usage, 3 a fault of strat or of the outside.',
    '',
    '## The program',
    '',
    (Object.keys(MESSAGES) as ErrorCode[]).map(programError).join('\n\n'),
    ...groups
      .filter(({ members }) => members.length > 0)
      .flatMap(({ heading, members }) => ['', `## ${heading}`, '', members.map(diagnostic).join('\n\n')]),
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
