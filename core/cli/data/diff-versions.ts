import { compareTape } from '#core/data/live-bars/compare-tape.ts';
import { type SeriesKey, seriesName } from '#core/data/store/series-key.ts';
import type { RowDifference, VersionDiff } from '#core/data/store/series-store.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';
import { isoOf, momentOf, versionDocument } from './version-document.ts';

export const dataDiffCommand: Command = {
  name: 'data diff',
  summary: 'show which rows differ between two versions',
  usage:
    'data diff VENUE:MARKET [BEFORE [AFTER]] [--kind KIND] [--timeframe LENGTH] [--json] | VENUE:MARKET --live [--timeframe LENGTH] [--json]',
  description:
    'Compares two versions of a series: rows added, removed and with other values, of which the first 20 are shown. BEFORE and AFTER are numbers, names or first digits of digests; left out, they are the last but one and the newest.\n\nWith --live the bars as they were when they closed (recorded by the bot and by "data watch") are compared with the candles as they are now: with what the venue has corrected since, and what a download brought.',
  options: [
    ...SERIES_OPTIONS,
    { name: 'live', help: 'compare what was live with the candles of now; exit code 1 where they differ' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data diff binance:BTC/USDT',
    'strat data diff binance:BTC/USDT paper-1',
    'strat data diff binance:BTC/USDT 3 5 --timeframe 1h --json',
    'strat data diff binance:BTC/USDT --live --timeframe 1m',
  ],
  async run(input, io) {
    const [series, given, after, more] = input.args;
    if (more !== undefined) throw usage('Two versions are compared: data diff VENUE:MARKET BEFORE AFTER', dataDiffCommand);
    const isLive = input.flag('live');
    if (isLive && (given !== undefined || input.value('kind') !== undefined))
      throw usage('--live compares the two newest of its series: it takes no versions and no --kind', dataDiffCommand);
    const store = storeOf(input, io);
    try {
      const { key, version: newest } = seriesArgument(dataDiffCommand, input, store, series, isLive ? 'live' : null);
      const before = isLive ? newest : (given ?? store.versions(key)[1]?.version ?? newest);
      const diff = isLive ? await compareTape(store, key) : await store.diff(key, before, after ?? newest);
      const isSame = diff.added + diff.revised + diff.removed === 0;
      if (input.flag('json')) io.out(jsonText(diffDocument(key, diff)));
      else io.out(diffText(isLive ? liveTitle(key, diff) : versionsTitle(key, diff), diff));
      return isLive && !isSame ? 1 : 0;
    } finally {
      store.close();
    }
  },
};

function diffDocument(key: SeriesKey, { before, after, added, revised, removed, first }: VersionDiff): object {
  const rows = first.map(({ time, before: was, after: is }) => ({ time: isoOf(time), before: shownRow(was), after: shownRow(is) }));
  const documents = { before: versionDocument(before), after: versionDocument(after) };
  return { schema: 'strat.data-diff/1', ...key, ...documents, added, revised, removed, first: rows };
}

/** NaN as null; times are said beside it. */
function shownRow(row: Readonly<Record<string, number>> | null): Readonly<Record<string, number | null>> | null {
  if (row === null) return null;
  const values = Object.entries(row).filter(([name]) => name !== 'time');
  return Object.fromEntries(values.map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
}

const versionsTitle = (key: SeriesKey, { before, after }: VersionDiff): string =>
  `${seriesName(key)}, version ${before.version} to ${after.version}`;

const stepOf = (timeframe: string | null): number => parseTimeframe(timeframe ?? '')?.stepMs ?? 0;

const liveTitle = ({ venue, market, timeframe }: SeriesKey, { before, after }: VersionDiff): string =>
  `${venue}:${market} ${timeframe}, ${before.rows} bars as they were live (${momentOf(before.from, stepOf(timeframe))} to ${momentOf(before.to, stepOf(timeframe))}) to candles of version ${after.version}`;

function diffText(title: string, { after, added, revised, removed, first }: VersionDiff): string {
  const total = added + revised + removed;
  if (total === 0) return `${title}: the same rows (digest ${after.digest.slice(0, 12)})\n`;
  const lines = [`${title}: ${added} added, ${revised} with other values, ${removed} removed`, ...first.map(lineOf)];
  if (total > first.length) lines.push(`... ${total - first.length} more`);
  return `${lines.join('\n')}\n`;
}

function lineOf({ time, before, after }: RowDifference): string {
  const at = new Date(time).toISOString().replace('.000Z', 'Z');
  const values = (row: Readonly<Record<string, number>>): string =>
    Object.entries(row)
      .filter(([name, value]) => name !== 'time' && !Number.isNaN(value))
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  if (before === null) return `+ ${at}  ${values(after!)}`;
  if (after === null) return `- ${at}  ${values(before)}`;
  const changed = Object.keys(after).filter((name) => !Object.is(before[name], after[name]));
  return `~ ${at}  ${changed.map((name) => `${name} ${shown(before[name])} -> ${shown(after[name])}`).join(', ')}`;
}

const shown = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? 'na' : String(value));
