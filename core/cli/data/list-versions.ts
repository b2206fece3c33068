import type { SeriesVersion } from '#core/data/store/series-store.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';
import { minuteOf, versionDocument } from './version-document.ts';

export const dataVersionsCommand: Command = {
  name: 'data versions',
  summary: 'show the versions of a series that are kept',
  usage: 'data versions VENUE:MARKET [--kind KIND] [--timeframe LENGTH] [--json]',
  description:
    'Shows the versions of a series that can be read, newest first: the ten newest ones, and those with a pin. Each says what it changed about the one before it, and where its rows came from.',
  options: [...SERIES_OPTIONS, HOME_OPTION, JSON_OPTION],
  examples: ['strat data versions binance:BTC/USDT', 'strat data versions binance:BTC/USDT:USDT --kind funding --json'],
  async run(input, io) {
    if (input.args.length > 1) throw usage('Name one series', dataVersionsCommand);
    const store = storeOf(input, io);
    const { key } = seriesArgument(dataVersionsCommand, input, store, input.args[0]);
    const versions = store.versions(key);
    if (input.flag('json')) {
      io.out(jsonText({ schema: 'strat.data-versions/1', ...key, versions: versions.map(versionDocument) }));
      return 0;
    }
    const table = alignedTable<SeriesVersion>(
      [
        { title: 'version', isNumber: true, text: ({ version }) => String(version), rank: 0 },
        { title: 'written', text: ({ updated }) => minuteOf(updated), rank: 2 },
        { title: 'rows', isNumber: true, text: ({ rows }) => String(rows), rank: 0 },
        { title: 'added', isNumber: true, text: ({ change }) => String(change.added), rank: 3 },
        { title: 'revised', isNumber: true, text: ({ change }) => String(change.revised), rank: 3 },
        { title: 'removed', isNumber: true, text: ({ change }) => String(change.removed), rank: 3 },
        { title: 'to', text: ({ to }) => minuteOf(to), rank: 4 },
        { title: 'digest', text: ({ digest }) => digest.slice(0, 12), rank: 1 },
        { title: 'pins', text: ({ pins }) => pins.join(' '), rank: 1 },
        { title: 'source', text: ({ provenance }) => provenance.source, rank: 5 },
      ],
      versions,
      io.isTerminal ? io.width : Infinity,
      painter(io.color),
    );
    io.out(`${seriesName(key)}\n${table.join('\n')}\n`);
    return 0;
  },
};
