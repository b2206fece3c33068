import type { ComparedTrade, Comparison } from '#core/runtime/report/compare-results.ts';
import { METRIC_GROUPS, metricText } from '#core/runtime/report/metric-groups.ts';
import { marketMoneyText } from '#core/runtime/report/money-text.ts';
import { groupedNumber, minuteText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { alignedTable, type Column, wrapped } from './aligned-table.ts';
import type { Paint } from './paint.ts';

/** So many trades of a kind are shown. */
const MAX_TRADES = 8;
/** Known figures, in the order in which people read them. */
const LINES = new Map(METRIC_GROUPS.flatMap(({ lines }) => lines.map((line) => [line.name as string, line] as const)));

/** Two results side by side for the terminal; every text of the files is made harmless. */
export function comparisonText(names: readonly [string, string], comparison: Comparison, width: number, paint: Paint): string {
  const { inputs, isSameResult, trades } = comparison;
  const blocks = [
    names.flatMap((name, i) => wrapped(`${'AB'[i]}: ${plainText(name, 200)}`, width)),
    isSameResult ? wrapped('The results are the same to the last bit: trades and equity have one hash.', width) : [],
    section('What went in differs', inputs.length === 0 ? ['in nothing'] : inputLines(comparison, width), paint),
    section('Figures', metricLines(comparison, width, paint), paint),
    section(
      'Trades',
      wrapped(
        `${trades.common} in both, ${trades.changed.length} with another exit, ${trades.onlyA.length} only in A, ${trades.onlyB.length} only in B`,
        width,
      ),
      paint,
    ),
    tradeLines('Only in A', trades.onlyA, width, paint),
    tradeLines('Only in B', trades.onlyB, width, paint),
    tradeLines(
      'With another exit, as in B',
      trades.changed.map(({ b }) => b),
      width,
      paint,
    ),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return [paint.bold(title), ...lines];
}

function inputLines({ inputs }: Comparison, width: number): string[] {
  const shown = (text: string | null): string => (text === null ? 'nothing' : plainText(text, 80));
  return inputs.flatMap(({ name, a, b }) =>
    wrapped(`${plainText(name, 60)}: ${shown(a)} in A, ${shown(b)} in B`, width - 2).map((line, i) => (i === 0 ? '- ' : '  ') + line),
  );
}

type Row = Comparison['metrics'][number];
const numberText = (name: string, value: number | null): string => metricText(value, LINES.get(name)?.unit ?? 'ratio', '').trim();
const METRIC_COLUMNS: readonly (Column<Row> & { readonly rank: number })[] = [
  { title: '', rank: 0, text: ({ name }) => LINES.get(name)?.label ?? plainText(name, 40) },
  { title: 'A', rank: 1, isNumber: true, text: ({ name, a }) => numberText(name, a) },
  { title: 'B', rank: 2, isNumber: true, text: ({ name, b }) => numberText(name, b) },
  { title: 'B - A', rank: 3, isNumber: true, text: ({ name, difference }) => (difference === 0 ? '' : numberText(name, difference)) },
];

/** Figures of two runs side by side. */
export function metricLines({ metrics }: Pick<Comparison, 'metrics'>, width: number, paint: Paint): string[] {
  const order = [...LINES.keys()];
  const placeOf = ({ name }: Row): number => (LINES.has(name) ? order.indexOf(name) : order.length);
  return alignedTable(
    METRIC_COLUMNS,
    metrics.toSorted((a, b) => placeOf(a) - placeOf(b)),
    width,
    paint,
  );
}

const TRADE_COLUMNS: readonly (Column<ComparedTrade> & { readonly rank: number })[] = [
  { title: 'Market', rank: 5, text: ({ market }) => plainText(market, 20) },
  { title: 'Side', rank: 1, text: ({ side }) => plainText(side, 8) },
  { title: 'Entry', rank: 0, text: ({ entryTime }) => minuteText(plainText(entryTime, 30)) },
  { title: 'Exit', rank: 3, text: ({ exitTime }) => minuteText(exitTime === null ? null : plainText(exitTime, 30)) },
  {
    title: 'Profit',
    rank: 2,
    isNumber: true,
    text: ({ profit, market }) => (profit === null ? '' : marketMoneyText(profit, market)),
    tone: ({ profit }) => Math.sign(profit ?? 0),
  },
  { title: 'Reason', rank: 4, text: ({ exitReason }) => plainText(exitReason, 24) },
];

function tradeLines(title: string, trades: readonly ComparedTrade[], width: number, paint: Paint): string[] {
  if (trades.length === 0) return [];
  const more = trades.length > MAX_TRADES ? [paint.dim(`... ${groupedNumber(trades.length - MAX_TRADES, 0)} more ...`)] : [];
  return [paint.bold(title), ...alignedTable(TRADE_COLUMNS, trades.slice(0, MAX_TRADES), width, paint), ...more];
}
