import type { AttributionRow } from '#core/engine/statistics/attribution.ts';
import { type AccountStrategyRecord, type BacktestDocument, titleOf, type TradeRecord } from '#core/runtime/backtest-document.ts';
import { costTexts } from '#core/runtime/report/cost-texts.ts';
import { intervalLines } from '#core/runtime/report/interval-lines.ts';
import { LUCK_GROUP, metricText, metricTone, shortGroups } from '#core/runtime/report/metric-groups.ts';
import { marketMoneyText, moneyText } from '#core/runtime/report/money-text.ts';
import { groupedNumber, minuteText, priceText, quantityText, shareText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import {
  askText,
  delistedText,
  marginTexts,
  markText,
  conventionLines,
  currencyTexts,
  detailTexts,
  riskText,
  runNotes,
  sourceTexts,
  stockText,
} from '#core/runtime/report/run-notes.ts';
import { alignedTable, type Column, wrapped } from './aligned-table.ts';
import { type Paint, painter } from './paint.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const MIN_WIDTH = 40;
const METRIC_GAP = 3;
/** A metric with its value; wider than the upper bound, the eye loses the line between them. */
const MIN_CELL = 31;
const MAX_CELL = 44;
const MAX_WIDTH = 120;
/** So many trades from the start and from the end are shown. */
const EDGE_TRADES = 5;
/** So many markets of a strategy are named. */
const MAX_NAMES = 5;

/** A finished backtest for the terminal. Every text that comes from a file is made harmless (threats.md 46). */
export function renderBacktestTable(document: BacktestDocument, options: RenderOptions): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width));
  const paint = painter(options.color);
  const blocks = [
    heading(document, width, paint),
    metricBlock(document, width, paint),
    ...attributionBlocks(document, width, paint),
    tradeBlock(document, width, paint),
    noteBlock(document, width, paint),
    footer(document, width, paint),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function heading(document: BacktestDocument, width: number, paint: Paint): string[] {
  const { settings } = document;
  const known = [...detailTexts(document), askText(document), markText(document), stockText(document), delistedText(document)].filter(
    (text) => text !== null,
  );
  const capital = `${moneyText(settings.capital, settings.currency)} ${plainText(settings.currency, 8)}`;
  return [
    paint.bold(plainText(titleOf(document), width)),
    ...sourceLines(document, width),
    ...known.flatMap((text) => wrapped(text, width)),
    ...wrapped(
      `Starting capital ${capital}; fee ${shareText(settings.feeRate)}, slippage ${shareText(settings.slippageRate)} of each fill`,
      width,
    ),
    ...currencyTexts(document).flatMap((text) => wrapped(text, width)),
    ...costTexts(settings).flatMap(([, text]) => wrapped(text, width)),
    ...marginTexts(settings).flatMap((text) => wrapped(text, width)),
    ...(document.strategies === undefined
      ? paramLines(document.params, width)
      : document.strategies.flatMap((one) => strategyLines(one, width))),
  ];
}

function paramLines(params: BacktestDocument['params'], width: number): readonly string[] {
  const texts = Object.entries(params).map(([name, value]) => `${plainText(name, 40)}=${plainText(String(value), 40)}`);
  return texts.length === 0 ? [] : wrapped(`Params ${texts.join(', ')}`, width);
}

/** One of several on the account: what it trades, and its params. */
function strategyLines({ label, markets, params }: AccountStrategyRecord, width: number): readonly string[] {
  const names = markets.slice(0, MAX_NAMES).map((market) => plainText(market, 40));
  const rest = markets.length - names.length;
  const traded = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const texts = Object.entries(params).map(([name, value]) => `${plainText(name, 40)}=${plainText(String(value), 40)}`);
  return wrapped(`${plainText(label, 40)}: ${traded}${texts.length === 0 ? '' : `; params ${texts.join(', ')}`}`, width);
}

/** The markets; of many the first and how many more. */
function sourceLines(document: BacktestDocument, width: number): string[] {
  const { first, more } = sourceTexts(document);
  const rest = more.length === 0 ? [] : [`... and ${groupedNumber(more.length, 0)} more markets: --json lists all`];
  return [...first, ...rest].flatMap((text) => wrapped(text, width));
}

const ATTRIBUTION_COLUMNS: readonly (Column<AttributionRow> & { readonly rank: number })[] = [
  { title: 'Name', rank: 0, text: ({ name }) => plainText(name ?? 'none', 30) },
  { title: 'Exits', rank: 2, isNumber: true, text: ({ exits }) => groupedNumber(exits, 0) },
  { title: 'Won %', rank: 3, isNumber: true, text: ({ winRatePct }) => groupedNumber(winRatePct, 1) },
  { title: 'Profit', rank: 1, isNumber: true, text: ({ profit }) => groupedNumber(profit, 2), tone: ({ profit }) => Math.sign(profit) },
  { title: 'Fees', rank: 4, isNumber: true, text: ({ fees }) => groupedNumber(fees, 2) },
  { title: 'Mean %', rank: 5, isNumber: true, text: ({ averagePct }) => groupedNumber(averagePct, 2) },
];

/** Which strategy and which market earned what, where there are several. */
function attributionBlocks({ attribution }: BacktestDocument, width: number, paint: Paint): string[][] {
  const tables = [
    ['By strategy', attribution.strategy ?? []],
    ['By market', attribution.market],
  ] as const;
  return tables
    .filter(([, rows]) => rows.length > 1)
    .map(([title, rows]) => {
      const isCut = rows.length > 2 * EDGE_TRADES;
      const shown = isCut ? [...rows.slice(0, EDGE_TRADES), ...rows.slice(-EDGE_TRADES)] : rows;
      const lines = alignedTable(ATTRIBUTION_COLUMNS, shown, width, paint);
      if (isCut) lines.splice(1 + EDGE_TRADES, 0, paint.dim(`... ${groupedNumber(rows.length - 2 * EDGE_TRADES, 0)} more ...`));
      return [paint.bold(title), ...lines];
    });
}

/** The metrics that most people look for; all of them are in the JSON and in the report. */
function metricBlock(document: BacktestDocument, width: number, paint: Paint): string[] {
  const currency = plainText(document.settings.currency, 8);
  const groups = shortGroups(document.metrics).map(({ title, lines }) => ({
    title,
    lines: lines.map(({ name, label, unit }) => {
      const value = document.metrics[name];
      return { label, text: metricText(value, unit, currency), tone: metricTone(name, value) };
    }),
  }));
  const luck = groups.find(({ title }) => title === LUCK_GROUP);
  luck?.lines.push(...intervalLines(document).map((line) => ({ ...line, tone: 0 as const })));
  const shown = groups.filter(({ lines }) => lines.length > 0);
  const needed = Math.max(...shown.flatMap(({ lines }) => lines.map(({ label, text }) => label.length + 1 + text.length)));
  const columns = Math.max(1, Math.min(3, Math.floor((width + METRIC_GAP) / (Math.max(needed, MIN_CELL) + METRIC_GAP))));
  const cellWidth = Math.min(MAX_CELL, Math.floor((width - METRIC_GAP * (columns - 1)) / columns));
  const blank = ' '.repeat(cellWidth);
  const blocks = shown.map(({ title, lines }) => [
    paint.bold(title) + ' '.repeat(cellWidth - title.length),
    ...lines.map(
      ({ label, text, tone }) => label + ' '.repeat(Math.max(1, cellWidth - label.length - text.length)) + paint.tone(text, tone),
    ),
  ]);
  const stacks = stacked(blocks, columns, blank);
  const height = Math.max(...stacks.map((stack) => stack.length));
  return Array.from({ length: height }, (_, row) =>
    stacks
      .map((stack) => stack[row] ?? blank)
      .join(' '.repeat(METRIC_GAP))
      .trimEnd(),
  );
}

/** Blocks in so many columns, in their order, as low as that goes. */
function stacked(blocks: readonly (readonly string[])[], columns: number, blank: string): string[][] {
  const joined = blocks.flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
  if (columns === 1 || blocks.length < 2) return [joined];
  const heightOf = (stacks: readonly (readonly string[])[]): number => Math.max(...stacks.map((stack) => stack.length));
  const splits = blocks
    .slice(1)
    .map((_, i) => [stacked(blocks.slice(0, i + 1), 1, blank)[0]!, ...stacked(blocks.slice(i + 1), columns - 1, blank)]);
  return splits.reduce((best, split) => (heightOf(split) < heightOf(best) ? split : best));
}

/** Least important last: columns are dropped from the end of this list until the rest fits. */
const TRADE_COLUMNS: readonly (Column<TradeRecord> & { readonly rank: number })[] = [
  { title: '#', rank: 0, isNumber: true, text: (trade) => String(trade.positionId) },
  { title: 'Strategy', rank: 2, text: (trade) => plainText(trade.strategy ?? '', 20) },
  { title: 'Market', rank: 2, text: (trade) => plainText(trade.market, 20) },
  { title: 'Side', rank: 1, text: (trade) => trade.side },
  { title: 'Setup', rank: 9, text: (trade) => plainText(trade.setup ?? '', 16) },
  { title: 'Entry', rank: 2, text: (trade) => minuteText(trade.entryTime) },
  { title: 'Price', rank: 7, isNumber: true, text: (trade) => priceText(trade.entryPrice) },
  { title: 'Exit', rank: 5, text: (trade) => minuteText(trade.exitTime) },
  { title: 'Price', rank: 8, isNumber: true, text: (trade) => (trade.exitPrice === null ? '' : priceText(trade.exitPrice)) },
  { title: 'Qty', rank: 10, isNumber: true, text: (trade) => quantityText(trade.qty) },
  {
    title: 'Profit',
    rank: 3,
    isNumber: true,
    text: (trade) => (trade.profit === null ? '' : marketMoneyText(trade.profit, trade.market)),
    tone: ({ profit }) => Math.sign(profit ?? 0),
  },
  { title: '%', rank: 4, isNumber: true, text: (trade) => (trade.profitPct === null ? '' : groupedNumber(trade.profitPct, 2)) },
  { title: 'Reason', rank: 6, text: (trade) => plainText(trade.exitReason, 20) },
];

function tradeBlock(document: BacktestDocument, width: number, paint: Paint): string[] {
  const { trades } = document;
  if (trades.length === 0) return [paint.bold('Trades'), 'none'];
  const isCut = trades.length > 2 * EDGE_TRADES;
  const shown = isCut ? [...trades.slice(0, EDGE_TRADES), ...trades.slice(-EDGE_TRADES)] : trades;
  const isShown: Readonly<Record<string, boolean>> = {
    Strategy: document.strategies !== undefined,
    Market: document.markets !== undefined,
    Setup: shown.some((trade) => trade.setup !== null),
  };
  const columns = TRADE_COLUMNS.filter(({ title }) => isShown[title] ?? true);
  const rows = alignedTable(columns, shown, width, paint);
  if (isCut) rows.splice(1 + EDGE_TRADES, 0, paint.dim(`... ${groupedNumber(trades.length - 2 * EDGE_TRADES, 0)} more ...`));
  return [paint.bold(isCut ? `Trades (first and last ${EDGE_TRADES} of ${groupedNumber(trades.length, 0)} exits)` : 'Trades'), ...rows];
}

function noteBlock(document: BacktestDocument, width: number, paint: Paint): string[] {
  const warnings = document.warnings.flatMap(({ code, message }) =>
    wrapped(`${plainText(code, 24)} ${plainText(message, 500)}`, width - 2).map((line, i) => (i === 0 ? paint.warn('! ') : '  ') + line),
  );
  const notes = runNotes(document).flatMap((note) => wrapped(note, width - 2).map((line, i) => (i === 0 ? '- ' : '  ') + line));
  return [...warnings, ...notes];
}

function footer(document: BacktestDocument, width: number, paint: Paint): string[] {
  const conventions = conventionLines(document).map(({ name, value, meaning }) => `${meaning} (${name} ${value})`);
  const total = document.timing['totalMs'];
  const time = total === undefined ? '' : `, ${groupedNumber(total, 0)} ms`;
  return [
    ...wrapped('More figures, months and where the profit came from: --json, or --report FILE.html for all of it with charts.', width),
    ...wrapped(`Conventions: ${conventions.join('; ')}.`, width),
    ...wrapped(`Risk plugins: ${plainText(riskText(document), 200)}.`, width),
    ...wrapped(`${plainText(document.engine, 40)}${time}, result ${document.resultHash.slice(0, 16)}`, width),
  ].map((line) => paint.dim(line));
}
