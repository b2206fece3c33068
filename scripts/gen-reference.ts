/**
 * Writes docs/reference/ from the grammar, the prelude and the tables of built-in names: `node scripts/gen-reference.ts`. Every example in it is run; a test
 * fails when a page is not up to date.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functionPages, NOTE, type ReferencePage } from './docs/functions-page.ts';
import { referencesPage } from './docs/references-page.ts';
import { STATEMENT_NOTES } from './docs/statement-notes.ts';
import { anchor, statementsPage } from './docs/statements-page.ts';
import { expressionsPage, valuesPage } from './docs/values-page.ts';

/** The files of the reference by their path from docs/reference/. @throws Error for anything of the language that has no text or no example */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const families = await functionPages();
  const files = new Map<string, string>([
    ['README.md', indexPage(families)],
    ['statements.md', await statementsPage()],
    ['expressions.md', await expressionsPage()],
    ['values.md', await valuesPage()],
    ['references.md', referencesPage()],
    ...families.map(({ file, text }) => [file, text] as const),
  ]);
  const pages = Array.from(files, ([file, text]) => [file, `${text.trimEnd()}\n`] as const);
  return new Map([...pages, ...families.flatMap(({ pictures }) => [...pictures])]);
}

function indexPage(families: readonly ReferencePage[]): string {
  const statements = STATEMENT_NOTES.map(({ title }) => `[${title}](statements.md#${anchor(title)})`).join(' · ');
  return [
    '# Reference of the language',
    NOTE,
    'Written from the grammar, the signatures and the definitions; each example was run. What the language is like is told in [language.md](../language.md), what an error means in [errors.md](../errors.md).',
    `**[Statements](statements.md)**: ${statements}`,
    '**[Expressions](expressions.md)**: [operators](expressions.md#operators) · [ways to write a value](expressions.md#ways-to-write-a-value) · [not known](expressions.md#not-known) · [time](expressions.md#time) · [syntax](expressions.md#syntax) · [words](expressions.md#words)',
    '**[Series and account values](values.md)**: [of the market](values.md#series-of-the-market) · [the account](values.md#the-account)',
    '**[Other programs](references.md)**: what functions are compared with, how closely, and the conventions in which programs differ',
    '## Functions',
    ...families.map(
      ({ file, title, functions }) => `**[${title}](${file})**: ${functions.map((name) => `[${name}](${file}#${name})`).join(' · ')}`,
    ),
    'A source that is left out is the close, hlc3 for `vwap`. Arguments can be named: `bbands(length: 20, width: 2)`. *First value* counts the bars before the first on which it is defined; *settled* those before the first on which it may be acted on, when where the data begin weighs less than a millionth ([engine.md](../engine.md#warm-up)); *state* is what is kept between bars, beside the candles themselves. All three are those of the example. *na* says when there is no value, *seed* what the first one is made of where values are made of earlier ones.',
  ].join('\n\n');
}

const FOLDER = fileURLToPath(new URL('../docs/reference/', import.meta.url));

if (import.meta.main) {
  const files = await referenceFiles();
  mkdirSync(FOLDER, { recursive: true });
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }))
    if (/\.(md|svg)$/.test(file) && !files.has(file)) rmSync(join(FOLDER, file));
  for (const [file, text] of files) {
    mkdirSync(dirname(join(FOLDER, file)), { recursive: true });
    writeFileSync(join(FOLDER, file), text);
  }
  // Isolates would keep the process.
  process.exit(0);
}
