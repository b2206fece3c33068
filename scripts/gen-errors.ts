/** Writes docs/errors.md from the tables of codes: `node scripts/gen-errors.ts`. A test fails when the page is not up to date. */
import { writeFileSync } from 'node:fs';
import { ADVICE } from '../core/errors/advice.ts';
import { MESSAGES } from '../core/errors/messages.ts';
import type { ErrorCode } from '../core/errors/strat-error.ts';
import { CODES, type CodeInfo, type DiagnosticCode } from '../dsl/diagnostics/codes.ts';
import { answersOf, type ExampleAnswers } from './docs/answers.ts';
import { commandAnswers, type CommandAnswers } from './docs/command-answers.ts';
import { ERROR_EXAMPLES, type ErrorExample } from './docs/error-examples.ts';
import { type CommandExample, PROGRAM_EXAMPLES } from './docs/program-examples.ts';

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

const fence = (words: string, text: string): string => ['```' + words, text.trimEnd(), '```'].join('\n');
const program = (text: string): string => fence(text.startsWith('strat 1') ? 'strat' : 'strat part', text);

const languageOf = (file: string): string => (file.endsWith('.yaml') ? 'yaml' : file.endsWith('.strat') ? 'strat' : 'csv');

function programError(code: ErrorCode, answers: ReadonlyMap<ErrorCode, CommandAnswers>): string {
  const advice = ADVICE[code];
  const example = PROGRAM_EXAMPLES[code];
  const answer = answers.get(code);
  const said = MESSAGES[code].split('\n').map((line) => `> ${plain(line)}`);
  const shown =
    typeof example === 'string' || answer === undefined
      ? [[], [`No example: ${plain(example as string)}`]]
      : [
          [
            ...Object.entries(example.files ?? {}).map(([file, text]) => `\`${file}\`:\n\n${fence(languageOf(file), text)}`),
            fence('text', `$ ${example.wrong}\n${answer.wrong.said}`),
          ],
          [fence('text', `$ ${example.right}`)],
        ];
  return [
    `### ${code}`,
    said.join('\n'),
    ...(advice === undefined ? [] : [advice.meaning]),
    ...shown[0]!,
    ...(advice === undefined ? [] : [`What to do: ${advice.fix}`]),
    ...shown[1]!,
  ].join('\n\n');
}

/**
 * What the commands of the program's examples are answered with.
 * @throws Error for a command that gives no such message, or whose correction fails
 */
export async function checkedCommands(
  examples: Partial<Record<ErrorCode, CommandExample | string>>,
): Promise<ReadonlyMap<ErrorCode, CommandAnswers>> {
  const typed = Object.entries(examples).flatMap(([code, example]) =>
    typeof example === 'string' ? [] : [[code as ErrorCode, example] as const],
  );
  const answers = await commandAnswers(typed.map(([, example]) => example));
  for (const [place, { wrong, right }] of answers.entries()) {
    const [code] = typed[place]!;
    if (wrong.code === 0 || !patternOf(MESSAGES[code]).test(wrong.said)) throw new Error(`the command of ${code} says: ${wrong.said}`);
    if (right.code !== 0) throw new Error(`the corrected command of ${code} says: ${right.said}`);
  }
  return new Map(typed.map(([code], place) => [code, answers[place]!]));
}

/** A message with anything in its slots. */
const patternOf = (message: string): RegExp =>
  new RegExp(
    message
      .split(/\{\w+\}/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*'),
  );

function diagnostic({ code, title, meaning, fix }: CodeInfo, example: ErrorExample, { wrong }: ExampleAnswers): string {
  const { files = {}, note } = example;
  const modules = Object.entries(files).filter(([path]) => path.endsWith('.strat') && path !== './tools.strat');
  // A part stands on other lines than in the whole that was checked.
  const answer = example.wrong.startsWith('strat 1') ? wrong[0]!.text : wrong[0]!.text.replace(/^(\w+) \d+:\d+ +/, '$1  ');
  return [
    `### ${code}: ${plain(title)}`,
    plain(meaning),
    ...(note === undefined ? [] : [note]),
    program(example.wrong),
    ...modules.map(([path, text]) => fence(`strat ${path}`, text)),
    fence('text', answer),
    `What to do: ${plain(fix)}`,
    program(example.right),
  ].join('\n\n');
}

/**
 * The examples of the language with what strat says of them.
 * @throws Error for an example that gives another code than its own, or whose correction gives any
 */
export async function checkedExamples<K extends string>(
  examples: Readonly<Record<K, ErrorExample>>,
): Promise<ReadonlyMap<K, ExampleAnswers>> {
  const answers = await answersOf(examples);
  for (const [code, { wrong, right }] of answers) {
    const [found, left] = [wrong, right].map((all) => [...new Set(all.map((answer) => answer.code))].join(', '));
    if (found !== code) throw new Error(`the example of ${code} is answered with ${found === '' ? 'nothing' : found}`);
    if (left !== '') throw new Error(`the corrected example of ${code} is answered with ${left}`);
  }
  return answers;
}

export async function errorsPage(): Promise<string> {
  const answers = await checkedExamples(ERROR_EXAMPLES);
  const commands = await checkedCommands(PROGRAM_EXAMPLES);
  const section = (info: CodeInfo): string => {
    const code = info.code as DiagnosticCode;
    return diagnostic(info, ERROR_EXAMPLES[code], answers.get(code)!);
  };
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
    'Each code of the language has a program that gives it, and the same program without the mistake; both were run when this page was written. Of a part of a',
    'strategy the other lines are left out: what it trades, an entry, an exit, a size, a stop. Codes of the program have a command that gives them, where one can, and',
    'the command that does not.',
    '',
    'Exit codes: 0 ok, 1 the input is wrong, 2 wrong usage, 3 a fault of strat or of the outside.',
    '',
    '## The program',
    '',
    (Object.keys(MESSAGES) as ErrorCode[]).map((code) => programError(code, commands)).join('\n\n'),
    ...groups
      .filter(({ members }) => members.length > 0)
      .flatMap(({ heading, members }) => ['', `## ${heading}`, '', members.map(section).join('\n\n')]),
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(new URL('../docs/errors.md', import.meta.url), await errorsPage());
