import { createBuiltins } from '../../dsl/check/builtins.ts';
import { CLAUSE_WORDS, SOFT_WORDS, STATEMENT_WORDS, UNIT_WORDS } from '../../dsl/grammar/words.ts';
import { createCompiler } from '../../dsl/compile.ts';
import { prepareStrategy } from '../../core/runtime/prepare-strategy.ts';
import { syntaxOf } from './ebnf.ts';
import { BUILT_IN } from './function-calls.ts';
import { NOTE } from './functions-page.ts';
import { runOnGenerated } from './run-part.ts';
import { onSample, SAMPLE } from './sample.ts';
import { short, shownValue } from './shown-value.ts';
import { ACCOUNT_NOTES, FORM_NOTES, LITERALS, OPERATORS, SERIES_NOTES } from './value-notes.ts';
import { wholeStrategy } from './strategy-part.ts';

const compiler = createCompiler();
/** The bar of the sample whose values are shown. */
const AT = SAMPLE.time.length - 1;
const when = new Date(SAMPLE.time[AT]!).toISOString().slice(0, 16).replace('T', ' ');
const fence = (words: string, text: string): string => ['```' + words, text, '```'].join('\n');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

/** Kind and value of expressions on the last bar of the sample; of none, nothing. */
async function values(expressions: readonly string[]): Promise<readonly (readonly [kind: string, value: string])[]> {
  const asked = expressions.filter((text) => text !== '');
  const computed = await onSample(asked);
  return expressions.map((text) => {
    if (text === '') return ['', ''];
    const [result] = computed[asked.indexOf(text)]!.results;
    return [result!.kind, shownValue(result!.values[AT]!, result!.kind)];
  });
}

/** Operators with their precedence, literals, units, words. */
export async function expressionsPage(): Promise<string> {
  const operators = await values(OPERATORS.map(([, , example]) => example));
  const literals = await values(LITERALS.map(([, , example]) => example));
  const shared = new Set<string>(['order', 'settings']);
  const rules = [
    'expression',
    'conjunction',
    'negation',
    'comparison',
    'relation',
    'additive',
    'product',
    'unary',
    'suffix',
    'path',
    'primary',
    'quantity',
    'args',
    'argument',
    'list',
    'choice',
  ];
  const syntax = rules.map((rule) => syntaxOf(rule, shared)[0]!).map(({ name, text }) => `${name} = ${text}`);
  const words = (all: readonly string[]): string => all.map((word) => `\`${word}\``).join(' ');
  return [
    '# Expressions',
    NOTE,
    `Values and conditions: what stands behind \`let\`, \`when\` and in the places of numbers. [All of the reference](README.md). Values below are those of the bar of ${when} on the market of \`--synthetic 1\`.`,
    '## Operators',
    'Those that bind most come first; brackets go before all. Of equal ones the left goes first.',
    table(
      ['operator', 'meaning', 'example', 'gives'],
      OPERATORS.map(([operator, meaning, example], place) => [
        operator,
        meaning,
        example === '' ? '' : `\`${example}\``,
        operators[place]![1],
      ]),
    ),
    '## Ways to write a value',
    table(
      ['kind', 'how', 'example'],
      LITERALS.map(([kind, meaning, example], place) => [kind, meaning, `\`${example}\` is ${literals[place]![1]}`]),
    ),
    'A price is quote per base, so price times quantity is money, money over price a quantity, and price over price a ratio, which has no unit. `+` and `-` take equal units. A number without a unit takes that of the other side (`close > 30000`), except against a percent or a duration, where the wrong reading is silent and expensive: E0304. `price + 2%`, `money + 2%` and `quantity + 2%` are relative changes. Money of two currencies does not mix: E0306.',
    'A value is a constant, a param or a series. Lengths and bars back are constants or params (E0303), so that what a strategy remembers is known before it runs.',
    '## Not known',
    'A value is na before its indicator has warmed up, after 0/0, and where data are missing. Arithmetic passes na on. A comparison with na is unknown, and so is `not` of unknown; `false and unknown` is false, `true or unknown` is true. Rules act only on what is known to be true.',
    '## Time',
    'A decision is made at the close of a bar. There is no name for a later bar. `x[1]` is the bar before; `for`, `within` and lengths count bars that exist; a duration in their place is rounded up to bars. A longer chart is read as of its last bar that has closed, another market as of its last bar, for at most 3 missing bars. The clock (`hour`, `weekday`, times of day) is that of the open of the bar, in the zone of the session if there is exactly one, else UTC.',
    '## Syntax',
    fence('text', syntax.join('\n')),
    '## Words',
    `Reserved, since statements start with them: ${words(STATEMENT_WORDS)}.`,
    `Reserved, inside of statements: ${words(CLAUSE_WORDS)}.`,
    `Words with a meaning in their places, which may be names: ${words([...new Set<string>([...SOFT_WORDS, ...UNIT_WORDS])])}.`,
    'Names begin with a small letter and hold letters, digits and `_`, at most 64. One name has one meaning in a file, and none that is built in. `#` begins a comment, `##` above a definition is its text for editors.',
  ].join('\n\n');
}

/** Built-in series and account values. @throws Error for a built-in name that has no text, here or among the functions */
export async function valuesPage(): Promise<string> {
  const { names } = createBuiltins(new Map(), new Map());
  const all = Array.from(names, ([name, builtin]) =>
    builtin.kind === 'members' ? [...builtin.members.keys()].map((member) => `${name}.${member}`) : [name],
  ).flat();
  const known = { ...SERIES_NOTES, ...ACCOUNT_NOTES, ...FORM_NOTES, ...BUILT_IN };
  const missing = all.filter((name) => !(name in known));
  if (missing.length > 0) throw new Error(`scripts/docs/value-notes.ts has nothing on ${missing.join(', ')}`);
  const series = Object.keys(SERIES_NOTES);
  const computed = await values(series);
  const told = await accountValues();
  return [
    '# Series and account values',
    NOTE,
    'Names that need no definition. [All of the reference](README.md).',
    '## Series of the market',
    `Values are those of the bar of ${when} on the market of \`--synthetic 1\`. They are read on another chart with \`on\` and \`of\`.`,
    ...series.map(
      (name, place) => `<a id="${name}"></a>**\`${name}\`** ${SERIES_NOTES[name]!} *${computed[place]![0]}*, here ${computed[place]![1]}.`,
    ),
    '## The account',
    'Of the strategy on the traded chart, after the close of the bar; they cannot be asked for on another chart (E0405). Values are those at the exit of the first trade of this strategy on the same market:',
    fence('strat part', ACCOUNT_EXAMPLE),
    ...Object.entries(ACCOUNT_NOTES).map(
      ([name, text]) => `<a id="${name.replace('.', '-')}"></a>**\`${name}\`** ${text} Here ${told.get(name)!}.`,
    ),
    '## In few places',
    ...Object.entries(FORM_NOTES).map(([name, text]) => `<a id="${name}"></a>**\`${name}\`** ${text}`),
  ].join('\n\n');
}

const ACCOUNT_EXAMPLE = `long {
  enter when close crosses above sma(close, 50)
  exit when position.bars >= 24 bars
  size 50% of equity
  stop 10%
}`;

/** What each account value is when the exit of the example is decided: told by its reason. */
async function accountValues(): Promise<ReadonlyMap<string, string>> {
  const names = Object.keys(ACCOUNT_NOTES);
  const lets = names.map((name, place) => `let asked${place} = ${name === 'position.open' ? 'if position.open then 1 else 0' : name}`);
  const reason = names.map((_, place) => `{asked${place}:4}`).join('|');
  const text = `${lets.join('\n')}\n${ACCOUNT_EXAMPLE.replace('24 bars', `24 bars reason "${reason}"`)}`;
  const prepared = prepareStrategy(compiler, wholeStrategy(text), 'example.strat', {});
  if (!prepared.ok) throw new Error(`the example of account values: ${prepared.error.map(({ message }) => message).join('; ')}`);
  const { trades } = (await runOnGenerated(prepared.value)).document;
  const told = trades.find(({ exitReason }) => exitReason.includes('|'))!.exitReason.split('|');
  const shown = (name: string, value: string): string => {
    if (name === 'entry.time') return shownValue(Number(value), 'time');
    return name === 'position.open' ? shownValue(Number(value), 'condition') : short(value);
  };
  return new Map(names.map((name, place) => [name, shown(name, told[place]!)]));
}
