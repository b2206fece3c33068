import { seriesName } from '#core/data/store/series-key.ts';
import type { RowDifference, VersionDiff } from '#core/data/store/series-store.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';
import { isoOf, versionDocument } from './version-document.ts';

export const dataDiffCommand: Command = {
  name: 'data diff',
  summary: 'show which rows differ between two versions',
  usage: 'data diff VENUE:MARKET [BEFORE [AFTER]] [--kind KIND] [--timeframe LENGTH] [--json]',
  description:
    'Compares two versions of a series: rows added, removed and with other values, of which the first 20 are shown. BEFORE and AFTER are numbers, names or first digits of digests; left out, they are the last but one and the newest.',
  options: [...SERIES_OPTIONS, HOME_OPTION, JSON_OPTION],
  examples: [
    'strat data diff binance:BTC/USDT',
    'strat data diff binance:BTC/USDT paper-1',
    'strat data diff binance:BTC/USDT 3 5 --timeframe 1h --json',
  ],
  async run(input, io) {
    const [series, given, after, more] = input.args;
    if (more !== undefined) throw usage('Two versions are compared: data diff VENUE:MARKET BEFORE AFTER', dataDiffCommand);
    const store = storeOf(input, io);
    const { key, version: newest } = seriesArgument(dataDiffCommand, input, store, series);
    const before = given ?? store.versions(key)[1]?.version ?? newest;
    const diff = await store.diff(key, before, after ?? newest);
    store.close();
    if (input.flag('json')) {
      const rows = diff.first.map(({ time, before: was, after: is }) => ({
        time: isoOf(time),
        before: shownRow(was),
        after: shownRow(is),
      }));
      const { added, revised, removed } = diff;
      const documents = { before: versionDocument(diff.before), after: versionDocument(diff.after) };
      io.out(jsonText({ schema: 'strat.data-diff/1', ...key, ...documents, added, revised, removed, first: rows }));
    } else io.out(diffText(seriesName(key), diff));
    return 0;
  },
};

/** NaN as null; times are said beside it. */
function shownRow(row: Readonly<Record<string, number>> | null): Readonly<Record<string, number | null>> | null {
  if (row === null) return null;
  const values = Object.entries(row).filter(([name]) => name !== 'time');
  return Object.fromEntries(values.map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
}

function diffText(name: string, { before, after, added, revised, removed, first }: VersionDiff): string {
  const title = `${name}, version ${before.version} to ${after.version}`;
  if (before.digest === after.digest) return `${title}: the same rows (digest ${after.digest.slice(0, 12)})\n`;
  const total = added + revised + removed;
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
