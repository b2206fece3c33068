import { plainText } from '#core/runtime/report/plain-text.ts';
import { minuteText } from '#core/runtime/report/number-text.ts';
import { shownNumber } from '#core/runtime/strategy-test/sentence-fault.ts';
import type { FileResult, TestDocument } from '#core/runtime/strategy-test/strategy-test.ts';
import type { MutationScore, Survivor } from '#core/runtime/strategy-test/mutation-score.ts';
import type { ShownBar, TestFailure } from '#core/runtime/strategy-test/test-failure.ts';
import type { TestResult } from '#core/runtime/strategy-test/run-test.ts';
import { alignedTable, type Column, wrapped } from './aligned-table.ts';
import type { Paint } from './paint.ts';

const INDENT = '      ';

/** What became of the tests of a file, for people. */
export function fileText({ file, tests, error, mutation }: FileResult, width: number, paint: Paint): string {
  const lines = [paint.bold(plainText(file, 300))];
  if (error !== null) lines.push(`  ${paint.tone('FAIL', -1)}`, ...error.split('\n').map((line) => `${INDENT}${plainText(line, 500)}`));
  for (const test of tests) lines.push(...testLines(test, width, paint));
  if (mutation !== undefined) lines.push(...mutationLines(mutation, width, paint));
  return `${lines.join('\n')}\n`;
}

function testLines(test: TestResult, width: number, paint: Paint): readonly string[] {
  const name = plainText(test.name, 200);
  const size = paint.dim(`${counted(test.runs, 'market')}, ${counted(test.bars, 'bar')}, ${counted(test.fills, 'fill')}`);
  if (test.ok) return [`  ${paint.tone('ok', 1)}    ${name}  ${size}`];
  return [
    `  ${paint.tone('FAIL', -1)}  ${paint.bold(name)}`,
    ...test.failures.flatMap((failure, place) => {
      const before = test.failures[place - 1];
      // Several things about one bar: its table is shown once.
      const isSame =
        before?.at?.bar === failure.at?.bar && before?.at?.market === failure.at?.market && before?.at?.source === failure.at?.source;
      const bars = isSame || failure.at === null ? [] : barLines(failure.at.bars, failure.at.bar, width - INDENT.length, paint);
      return [...(place === 0 ? [] : ['']), ...failureLines(failure, width - INDENT.length), ...bars].map(indented);
    }),
  ];
}

/** How many changes of the rules the tests noticed, and each that they did not. */
function mutationLines({ killed, total, same, survivors }: MutationScore, width: number, paint: Paint): readonly string[] {
  const share = total === 0 ? '' : ` (${Math.floor((killed / total) * 100)} %)`;
  const rest = same === 0 ? '' : `; ${counted(same, 'change')} more ${same === 1 ? 'is' : 'are'} the same strategy`;
  const head = `  changes of the rules that the tests notice: ${paint.bold(`${killed} of ${total}`)}${share}${rest}`;
  return [head, ...survivors.flatMap((survivor) => survivorLines(survivor, width, paint))];
}

function survivorLines({ line, column, was, now, what, apart }: Survivor, width: number, paint: Paint): readonly string[] {
  const changed = now === '' ? shortened(was) : `${shortened(was)} -> ${shortened(now)}`;
  const where =
    apart === null
      ? 'no difference on the generated markets: perhaps it never matters'
      : `differs on seed ${apart.seed}, bar ${apart.bar} (${minuteText(apart.time)}): ${apart.strategy}; the mutant: ${apart.mutant}`;
  return [
    `  ${paint.warn('not noticed')}  ${line}:${column}  ${plainText(changed, 120)}  ${paint.dim(plainText(what, 100))}`,
    ...wrapped(plainText(where, 400), Math.max(20, width - 15)).map((text) => `               ${text}`),
  ];
}

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 50 ? `${line.slice(0, 50)}...` : line;
};

const indented = (line: string): string => (line === '' ? '' : `${INDENT}${line}`);
const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function failureLines({ line, expected, found, hint, at }: TestFailure, width: number): readonly string[] {
  const part = (label: string, text: string): readonly string[] =>
    wrapped(plainText(text, 500), Math.max(20, width - 10)).map((row, place) => `${place === 0 ? label.padEnd(10) : ' '.repeat(10)}${row}`);
  const source = at?.source ?? null;
  return [
    ...part('expected', `${expected}${line === null ? '' : `  (line ${line})`}`),
    ...part('found', `${found}${source === null ? '' : `, ${source}`}`),
    ...(hint === null ? [] : part('hint', hint)),
  ];
}

const COLUMNS = (blamed: number): readonly (Column<ShownBar> & { readonly rank: number })[] => [
  { title: '', rank: 0, text: ({ bar }) => (bar === blamed ? '>' : '') },
  { title: 'bar', rank: 0, isNumber: true, text: ({ bar }) => String(bar) },
  { title: 'time', rank: 9, text: ({ time }) => minuteText(new Date(time).toISOString()) },
  { title: 'open', rank: 3, isNumber: true, text: ({ open }) => shownNumber(open) },
  { title: 'high', rank: 5, isNumber: true, text: ({ high }) => shownNumber(high) },
  { title: 'low', rank: 5, isNumber: true, text: ({ low }) => shownNumber(low) },
  { title: 'close', rank: 1, isNumber: true, text: ({ close }) => shownNumber(close) },
  { title: 'position', rank: 4, isNumber: true, text: ({ position }) => (position === 0 ? '' : shownNumber(position)) },
  { title: 'stop', rank: 6, isNumber: true, text: ({ stop }) => (stop === null ? '' : shownNumber(stop)) },
  { title: 'filled', rank: 2, text: ({ fills }) => fills.map((fill) => plainText(fill, 60)).join('; ') },
];

function barLines(bars: readonly ShownBar[], blamed: number, width: number, paint: Paint): readonly string[] {
  return ['', ...alignedTable(COLUMNS(blamed), bars, width, paint)];
}

/** The last line. */
export function totalText({ passed, failed, files }: TestDocument, ms: number, paint: Paint): string {
  const broken = files.filter(({ error }) => error !== null).length;
  const all = passed + failed;
  const parts = [
    failed === 0 ? `${counted(passed, 'test')} passed` : `${failed} of ${counted(all, 'test')} failed`,
    ...(broken === 0 ? [] : [`${counted(broken, 'file')} could not be run`]),
  ];
  return `${paint.tone(parts.join(', '), failed + broken === 0 ? 1 : -1)} ${paint.dim(`(${(ms / 1000).toFixed(1)} s)`)}\n`;
}
