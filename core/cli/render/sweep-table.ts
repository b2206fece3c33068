import type { TrialMetricName } from '#core/runtime/sweep/trial-metrics.ts';
import type { SweepRow } from '#core/runtime/sweep/sweep-file.ts';
import { type MetricUnit, METRIC_GROUPS, metricText, metricTone } from '#core/runtime/report/metric-groups.ts';
import { groupedNumber } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { SweepDocument } from '../sweep/sweep-document.ts';
import { alignedTable, type Column, wrapped } from './aligned-table.ts';
import { painter } from './paint.ts';

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;
/** Shown besides what the sets are ranked by; the last are left out first. */
const SHOWN: readonly TrialMetricName[] = [
  'netProfitPct',
  'sharpe',
  'maxDrawdownPct',
  'tradeCount',
  'profitFactor',
  'winRatePct',
  'exposurePct',
];
const TITLES: Partial<Record<TrialMetricName, string>> = {
  netProfitPct: 'profit',
  sharpe: 'Sharpe',
  maxDrawdownPct: 'drawdown',
  tradeCount: 'trades',
  profitFactor: 'profit factor',
  winRatePct: 'won',
  exposurePct: 'in market',
};

/** A sweep for the terminal: the best sets, how many were tried, and what that says of the best. */
export function renderSweep(document: SweepDocument, options: { readonly color: boolean; readonly width: number }): string {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width));
  const paint = painter(options.color);
  const head = [
    paint.bold(plainText(`${document.strategy.name}: sweep over ${document.axes.map(({ name }) => name).join(', ')}`, width)),
    ...document.data
      .flatMap(({ market, timeframe }) => wrapped(`${plainText(market, 40)}, ${timeframe}, ${whole(document.bars)} bars`, width))
      .slice(0, 1),
    ...wrapped(setsText(document), width),
    ...(document.plain === null ? [] : wrapped(`One backtest a set: ${document.plain}.`, width)),
    ...document.sets.invalidNamed.flatMap((row) => wrapped(`Could not run: ${paramsText(row)}: ${plainText(row.error ?? '')}`, width)),
  ];
  const table = document.best.length === 0 ? ['No set ran.'] : alignedTable(columnsOf(document), document.best, width, paint);
  const blocks = [head, [paint.bold(`Best by ${document.by}`), ...table], luckLines(document, width), endLines(document, width)];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

const whole = (count: number): string => groupedNumber(count, 0);

function setsText({ sets, sample, isDone }: SweepDocument): string {
  const { asked, combinations, ran, leftOut, invalid, resumedAt } = sets;
  const of = sample === null ? `${whole(asked)} sets` : `a sample of ${whole(asked)} of ${whole(combinations)} sets`;
  const parts = [
    `${whole(ran)} ran${resumedAt > 0 ? ' (those of the file included)' : ''}`,
    ...(leftOut > 0 ? [`${whole(leftOut)} break a "require" of the strategy and were left out`] : []),
    ...(invalid > 0 ? [`${whole(invalid)} could not run`] : []),
  ];
  return `Of ${of} ${parts.join(', ')}${isDone ? '' : '; stopped before the end'}.`;
}

const paramsText = ({ params }: SweepRow): string =>
  Object.entries(params)
    .map(([name, value]) => `${plainText(name, 40)}=${plainText(value, 40)}`)
    .join(' ');

function columnsOf({ axes, by, currency }: SweepDocument): readonly (Column<SweepRow> & { readonly rank: number })[] {
  const names = [by, ...SHOWN.filter((name) => name !== by)];
  return [
    ...axes.map(({ name }) => ({
      title: plainText(name, 20),
      isNumber: true,
      rank: 0,
      text: ({ params }: SweepRow) => plainText(params[name] ?? '', 20),
    })),
    ...names.map((name, place) => ({
      title: TITLES[name] ?? name,
      isNumber: true,
      rank: place,
      text: ({ metrics }: SweepRow) => metricText(metrics![name], unitOf(name), currency ?? ''),
      tone: ({ metrics }: SweepRow) => metricTone(name, metrics![name]),
    })),
  ];
}

const unitOf = (name: TrialMetricName): MetricUnit =>
  METRIC_GROUPS.flatMap(({ lines }) => lines).find((line) => line.name === name)?.unit ?? 'ratio';

function luckLines({ luck, sets, best, isDone }: SweepDocument, width: number): readonly string[] {
  if (!isDone || best.length === 0 || sets.ran < 2) return [];
  const tried = `The best of ${whole(sets.ran)} sets is partly luck.`;
  if (luck === null || luck.luckySharpe === null) return wrapped(`${tried} Try it on candles that it has not seen.`, width);
  const expected = `With Sharpe ratios spread as here, the best of so many sets without any skill would have one of about ${groupedNumber(luck.luckySharpe, 2)}.`;
  const chance =
    luck.deflatedSharpePct === null
      ? ''
      : ` The probability that the true one of the first set is above that is ${groupedNumber(luck.deflatedSharpePct, 1)} % (deflated Sharpe ratio).`;
  return wrapped(
    `${tried} ${expected}${chance} Sweeps that you ran before count as well, and try the set on candles that it has not seen.`,
    width,
  );
}

const workersText = (workers: number, arePlain: boolean): string =>
  workers === 1 ? 'on one thread' : arePlain ? `in ${workers} processes` : `on ${workers} threads`;

function endLines({ isDone, out, timing, sets, workers, plain }: SweepDocument, width: number): readonly string[] {
  const seconds = `${groupedNumber(timing.runMs / 1000, 2)} s ${workersText(workers, plain !== null)}`;
  const where = out === null ? '' : `; all results are in ${plainText(out)}`;
  if (isDone) return wrapped(`${seconds}${where}.`, width);
  const again =
    out === null
      ? 'Nothing was kept: with --out FILE a sweep can be gone on with.'
      : `What is done is in ${plainText(out)}: the same command with --resume goes on.`;
  return wrapped(`Stopped after ${whole(sets.ran + sets.invalid)} sets. ${again}`, width);
}
