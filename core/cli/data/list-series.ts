import type { SeriesEntry } from '#core/data/store/series-store.ts';
import { STORED_KINDS } from '#core/data/store/series-key.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption } from '../option-values.ts';
import { alignedTable } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { HOME_OPTION, JSON_OPTION, storeOf } from './series-argument.ts';
import { minuteOf, versionDocument } from './version-document.ts';

export const dataListCommand: Command = {
  name: 'data list',
  summary: 'show what is in the store',
  usage: 'data list [VENUE[:MARKET]...] [--kind KIND] [--home DIR] [--json]',
  description:
    'Shows each series: rows, the times of the first and the last (UTC), the number of its newest version, the first digits of its digest, and where the newest rows came from. Names of venues or markets keep the list to these.',
  options: [{ name: 'kind', value: 'KIND', help: `only these: ${STORED_KINDS.join(', ')}` }, HOME_OPTION, JSON_OPTION],
  examples: ['strat data list', 'strat data list binance', 'strat data list binance:BTC/USDT --json'],
  async run(input, io) {
    const kind = choiceOption(dataListCommand, input, 'kind', STORED_KINDS);
    if (input.args.includes('')) throw usage('A name of a venue is empty', dataListCommand);
    const store = storeOf(input, io);
    const isWanted = ({ key }: SeriesEntry): boolean =>
      (kind === undefined || key.kind === kind) &&
      (input.args.length === 0 || input.args.some((name) => name === key.venue || name === `${key.venue}:${key.market}`));
    const entries = store.list().filter(isWanted);
    const damaged = store.damaged();
    if (input.flag('json')) {
      const series = entries.map((entry) => ({ ...entry.key, ...versionDocument(entry) }));
      io.out(jsonText({ schema: 'strat.data-list/1', store: store.path, series, damaged }));
    } else if (entries.length === 0) {
      io.out(input.args.length === 0 && kind === undefined ? `There is nothing in "${store.path}" yet.\n` : 'There is no such series.\n');
    } else {
      const table = alignedTable<SeriesEntry>(
        [
          { title: 'venue', text: ({ key }) => key.venue, rank: 0 },
          { title: 'market', text: ({ key }) => key.market, rank: 0 },
          { title: 'series', text: ({ key }) => [key.kind, ...(key.timeframe === null ? [] : [key.timeframe])].join(' '), rank: 0 },
          { title: 'rows', isNumber: true, text: ({ rows }) => String(rows), rank: 1 },
          { title: 'from', text: ({ from }) => minuteOf(from), rank: 2 },
          { title: 'to', text: ({ to }) => minuteOf(to), rank: 1 },
          { title: 'version', isNumber: true, text: ({ version }) => String(version), rank: 3 },
          { title: 'digest', text: ({ digest }) => digest.slice(0, 12), rank: 4 },
          { title: 'written', text: ({ updated }) => minuteOf(updated), rank: 5 },
          { title: 'source', text: ({ source }) => source, rank: 6 },
        ],
        entries,
        io.isTerminal ? io.width : Infinity,
        painter(io.color),
      );
      io.out(`${table.join('\n')}\n`);
    }
    for (const { folder, reason } of damaged) io.err(`"${folder}" cannot be read: ${reason}\n`);
    return damaged.length === 0 ? 0 : 1;
  },
};
