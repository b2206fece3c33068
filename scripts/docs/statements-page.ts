import { createCompiler } from '../../dsl/compile.ts';
import { prepareStrategy } from '../../core/runtime/prepare-strategy.ts';
import { fileURLToPath } from 'node:url';
import { statementRules, syntaxOf } from './ebnf.ts';
import { NOTE } from './functions-page.ts';
import { BARS, runOnGenerated } from './run-part.ts';
import { STATEMENT_NOTES, type StatementNote } from './statement-notes.ts';
import { wholeStrategy } from './strategy-part.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Rules that have a section of their own. */
const SHARED = new Set(['order', 'settings', 'enterStatement', 'letStatement']);
/** Longer lines are broken at their alternatives. */
const WIDTH = 100;
const compiler = createCompiler();

/** The statements of the language. @throws Error for a statement of the grammar without a text, and for an example that has a finding or does not trade */
export async function statementsPage(): Promise<string> {
  const noted = new Set(STATEMENT_NOTES.map(({ rule }) => rule));
  const missing = statementRules().filter((rule) => !noted.has(rule));
  if (missing.length > 0) throw new Error(`scripts/docs/statement-notes.ts has nothing on ${missing.join(', ')}`);
  const sections: string[] = [];
  for (const note of STATEMENT_NOTES) sections.push(await section(note));
  return [
    '# Statements',
    NOTE,
    'Every statement starts with a word of its own; line breaks mean nothing. [All of the reference](README.md).',
    `In the syntax \`[x]\` may be left out, \`{x}\` stands any number of times, \`a | b\` is one of the two, and what is quoted stands as it is. Small words are written as they are, CAPITALS stand for a
name, a number, a text and the like. \`expr\` is any [expression](expressions.md), \`value\` one without comparisons and \`and\`, \`or\`, \`not\`; \`TYPE\` is \`number\`, \`percent\`, \`price\`, \`quantity\`, \`money\`,
\`duration\`, \`bars\`, \`condition\` or \`length\`; \`TIMEFRAME\` a duration or the name of one; \`settings\` are braces with \`NAME value\`, \`NAME TEXT\` or \`NAME value .. value\`. Clauses in braces come in any order.`,
    `Each example was run on ${BARS.toLocaleString('en')} bars of \`--synthetic 1\`. Of a part of a strategy the other lines are left out: what it trades, an entry, an exit, a size, a stop.`,
    STATEMENT_NOTES.map(({ title }) => `[${title}](#${anchor(title)})`).join(' · '),
    ...sections,
  ].join('\n\n');
}

export const anchor = (title: string): string => title.replaceAll(',', '').replaceAll(' ', '-').toLowerCase();

async function section({ title, rule, does, clauses, example }: StatementNote): Promise<string> {
  const [own, ...parts] = syntaxOf(rule, new Set([...SHARED].filter((shared) => shared !== rule)));
  const lines = [own!.text, ...parts.map(({ name, text }) => broken(name, text))];
  const rows = clauses.map(([clause, meaning, otherwise]) => `| ${clause.replaceAll('|', '\\|')} | ${meaning} | ${otherwise} |`);
  return [
    `## ${title}`,
    fence('text', lines.join('\n')),
    does,
    ...(rows.length === 0 ? [] : [['| | meaning | left out |', '|---|---|---|', ...rows].join('\n')]),
    fence(example.startsWith('strat 1') ? 'strat' : 'strat part', example),
    await outcome(title, example),
  ].join('\n\n');
}

/** A line of syntax; a long one with each of its ways on a line of its own. */
function broken(name: string, text: string): string {
  const line = `${name} = ${text}`;
  if (line.length <= WIDTH) return line;
  let depth = 0;
  const ways = text.split(/( \| )/).filter((part) => part !== ' | ');
  const lines: string[] = [];
  for (const way of ways) {
    if (depth > 0) lines.push(`${lines.pop()!} | ${way}`);
    else lines.push(way);
    const signs = way.replaceAll(/"."/g, '');
    depth += signs.replaceAll(/[^[{(]/g, '').length - signs.replaceAll(/[^\]})]/g, '').length;
  }
  return `${name} = ${lines.join(`\n${' '.repeat(name.length + 1)}| `)}`;
}

const fence = (words: string, text: string): string => ['```' + words, text.trimEnd(), '```'].join('\n');

async function outcome(title: string, example: string): Promise<string> {
  const prepared = prepareStrategy(compiler, wholeStrategy(example), 'example.strat', { path: `${ROOT}example.strat` });
  const findings = prepared.ok ? prepared.value.warnings : prepared.error;
  if (!prepared.ok || findings.length > 0)
    throw new Error(`the example of ${title}: ${findings.map(({ code, message }) => `${code} ${message}`).join('; ')}`);
  const { trades } = (await runOnGenerated(prepared.value)).document;
  const closed = trades.filter((trade) => trade.exitPrice !== null);
  const shown = closed.find((trade) => trade.exitReason === title) ?? closed[0];
  if (shown === undefined) throw new Error(`the example of ${title} does not trade`);
  const { side, market, entryTime, entryPrice, exitTime, exitPrice, exitReason } = shown;
  const when = (time: string | null): string => time!.slice(0, 16).replace('T', ' ');
  return `It trades: ${trades.length} exits, among them ${side} ${market} from ${when(entryTime)} at ${entryPrice.toFixed(2)} to ${when(exitTime)} at ${exitPrice!.toFixed(2)} (${exitReason}).`;
}
