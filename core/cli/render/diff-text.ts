import type { ChangedPosition, DiffDocument, PositionDifference, Reconciliation } from '#core/runtime/diff/diff-runs.ts';
import type { RunPosition } from '#core/runtime/diff/run-positions.ts';
import { marketMoneyText } from '#core/runtime/report/money-text.ts';
import { groupedNumber, minuteText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { RuleChange } from '#dsl/tools/diff/diff-programs.ts';
import { alignedTable, type Column, wrapped } from './aligned-table.ts';
import { metricLines } from './comparison-text.ts';
import type { Paint } from './paint.ts';

/** So many trades of a kind are shown. */
const MAX_TRADES = 10;

/** What differs between two backtests, for the terminal; every text of the files is made harmless. */
export function diffText(document: DiffDocument, names: readonly [string, string], width: number, paint: Paint): string {
  const { rules, params, trades, reconciliation, metrics, isSame } = document;
  const blocks = [
    names.flatMap((name, i) => wrapped(`${'AB'[i]}: ${plainText(name, 200)}`, width)),
    isSame ? wrapped('They mean the same, and traded the same to the last bit.', width) : [],
    [
      paint.bold('Rules'),
      ...(rules.length === 0 ? ['none differs in what it means'] : rules.flatMap((rule) => ruleLines(rule, width, paint))),
    ],
    params.length === 0 ? [] : [paint.bold('Params'), ...params.map(paramLine)],
    [
      paint.bold('Trades'),
      ...wrapped(
        `${trades.common} in both, ${trades.appeared.length} appear, ${trades.vanished.length} vanish, ${trades.changed.length} change${sizeWords(trades.changed)}`,
        width,
      ),
    ],
    positionLines('Appear', trades.appeared, width, paint),
    positionLines('Vanish', trades.vanished, width, paint),
    changedLines(trades.changed, width, paint),
    [paint.bold(`Profit, ${reconciliation.currency}`), ...sumLines(reconciliation, width, paint)],
    figureLines(metrics, width, paint),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** A size of a share of the equity is another one wherever the equity is. */
function sizeWords(changed: readonly ChangedPosition[]): string {
  const count = changed.filter(({ differs }) => differs.every((what) => what === 'size')).length;
  return count === 0 ? '' : ` (${count} in nothing but size)`;
}

/** Those that differ. */
function figureLines(metrics: DiffDocument['metrics'], width: number, paint: Paint): readonly string[] {
  const other = metrics.filter(({ a, b }) => a !== b);
  const rest = `the other ${metrics.length - other.length} are equal`;
  if (other.length === 0) return [paint.bold('Figures'), 'all are equal'];
  return [
    paint.bold('Figures'),
    ...metricLines({ metrics: other }, width, paint),
    ...(other.length === metrics.length ? [] : [paint.dim(rest)]),
  ];
}

function ruleLines({ kind, of, a, b, lets }: RuleChange, width: number, paint: Paint): readonly string[] {
  const head = plainText(`${kind}${of === '' ? '' : ` (${of})`}`, 80);
  const sign = a === null ? paint.tone('+', 1) : b === null ? paint.tone('-', -1) : paint.warn('~');
  const written = (name: string, part: RuleChange['a']): readonly string[] =>
    part === null ? [] : indented(`${name}, line ${part.line}: ${plainText(part.text ?? '', 400)}`, width);
  return [
    `${sign} ${head}`,
    ...written('A', a),
    ...written('B', b),
    ...lets.a.flatMap((text) => indented(`where in A: ${plainText(text, 300)}`, width)),
    ...lets.b.flatMap((text) => indented(`where in B: ${plainText(text, 300)}`, width)),
  ];
}

const indented = (text: string, width: number): readonly string[] =>
  wrapped(text, Math.max(20, width - 4)).map((line, i) => (i === 0 ? '  ' : '    ') + line);

function paramLine({ name, a, b }: DiffDocument['params'][number]): string {
  const told = (value: string | null): string => (value === null ? 'not there' : plainText(value, 40));
  return `${plainText(name, 64)}: ${told(a)} in A, ${told(b)} in B`;
}

type Ranked<Row> = Column<Row> & { readonly rank: number };
const exitOf = ({ exits, isOpen }: RunPosition): string => minuteText(isOpen ? null : (exits.at(-1)?.time ?? null));
const POSITION_COLUMNS: readonly Ranked<RunPosition>[] = [
  { title: 'Market', rank: 5, text: ({ market }) => plainText(market, 20) },
  { title: 'Side', rank: 1, text: ({ side }) => side },
  { title: 'Entry', rank: 0, text: ({ entryTime }) => minuteText(entryTime) },
  { title: 'Exit', rank: 3, text: exitOf },
  {
    title: 'Profit',
    rank: 2,
    isNumber: true,
    text: ({ profit, market }) => marketMoneyText(Number(profit), market),
    tone: ({ profit }) => Math.sign(Number(profit)),
  },
  { title: 'Reason', rank: 4, text: (position) => reasonOf(position) },
];

const reasonOf = ({ exits, isOpen }: RunPosition): string => plainText(isOpen ? 'open' : (exits.at(-1)?.reason ?? ''), 24);

function positionLines(title: string, positions: readonly RunPosition[], width: number, paint: Paint): readonly string[] {
  if (positions.length === 0) return [];
  return [
    paint.bold(title),
    ...alignedTable(POSITION_COLUMNS, positions.slice(0, MAX_TRADES), width, paint),
    ...moreLine(positions.length, paint),
  ];
}

const WORDS: Readonly<Record<PositionDifference, string>> = {
  size: 'size',
  price: 'entry price',
  exit: 'exit',
  reason: 'reason',
  costs: 'costs',
};
const CHANGED_COLUMNS: readonly Ranked<ChangedPosition>[] = [
  { title: 'Market', rank: 6, text: ({ a }) => plainText(a.market, 20) },
  { title: 'Side', rank: 1, text: ({ a }) => a.side },
  { title: 'Entry', rank: 0, text: ({ a }) => minuteText(a.entryTime) },
  { title: 'Differs in', rank: 3, text: ({ differs }) => differs.map((what) => WORDS[what]).join(', ') },
  { title: 'Exit in A', rank: 5, text: ({ a }) => exitOf(a) },
  { title: 'Exit in B', rank: 5, text: ({ b }) => exitOf(b) },
  { title: 'Reason in A', rank: 7, text: ({ a }) => reasonOf(a) },
  { title: 'Reason in B', rank: 7, text: ({ b }) => reasonOf(b) },
  { title: 'Profit in A', rank: 4, isNumber: true, text: ({ a }) => marketMoneyText(Number(a.profit), a.market) },
  { title: 'Profit in B', rank: 4, isNumber: true, text: ({ b }) => marketMoneyText(Number(b.profit), b.market) },
  {
    title: 'B - A',
    rank: 2,
    isNumber: true,
    text: ({ a, difference }) => marketMoneyText(Number(difference), a.market),
    tone: ({ difference }) => Math.sign(Number(difference)),
  },
];

/** Those that moved the profit most. */
function changedLines(changed: readonly ChangedPosition[], width: number, paint: Paint): readonly string[] {
  if (changed.length === 0) return [];
  const sorted = changed.toSorted((x, y) => Math.abs(Number(y.difference)) - Math.abs(Number(x.difference)));
  return [
    paint.bold('Change, the largest first'),
    ...alignedTable(CHANGED_COLUMNS, sorted.slice(0, MAX_TRADES), width, paint),
    ...moreLine(changed.length, paint),
  ];
}

const moreLine = (count: number, paint: Paint): readonly string[] =>
  count > MAX_TRADES ? [paint.dim(`... ${groupedNumber(count - MAX_TRADES, 0)} more; --json has all`)] : [];

interface SumRow {
  readonly what: string;
  readonly amount: string;
}

/** The way from one profit to the other, in exact decimals with their points below each other. */
function sumLines({ profitA, appeared, vanished, changed, profitB }: Reconciliation, width: number, paint: Paint): readonly string[] {
  const rows: readonly SumRow[] = [
    { what: 'A', amount: profitA },
    { what: '+ appeared', amount: appeared },
    { what: '- vanished', amount: vanished },
    { what: '+ changed', amount: changed },
    { what: '= B', amount: profitB },
  ];
  const digits = Math.max(...rows.map(({ amount }) => amount.split('.')[1]?.length ?? 0));
  const exact = (amount: string): string => {
    const [whole = '', rest = ''] = amount.split('.');
    return digits === 0 ? whole : `${whole}.${rest.padEnd(digits, '0')}`;
  };
  const columns: readonly Ranked<SumRow>[] = [
    { title: '', rank: 0, text: ({ what }) => what },
    { title: '', rank: 0, isNumber: true, text: ({ amount }) => groupedNumber(Number(amount), 2) },
    { title: 'exactly', rank: 1, isNumber: true, text: ({ amount }) => exact(amount) },
  ];
  return alignedTable(columns, rows, width, paint);
}
