import { DownloadRecords } from '#core/data/download/download-record.ts';
import { seriesName } from '#core/data/store/series-key.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';

export const dataRemoveCommand: Command = {
  name: 'data remove',
  summary: 'remove a series with all of its versions',
  usage: 'data remove VENUE:MARKET --yes [--kind KIND] [--timeframe LENGTH] [--json]',
  description:
    'Removes a series from the store: all of its versions, pinned ones too, and what downloads noted of it. Without --yes it says what would go.',
  options: [{ name: 'yes', help: 'do it' }, ...SERIES_OPTIONS, HOME_OPTION, JSON_OPTION],
  examples: ['strat data remove binance:BTC/USDT --timeframe 5m', 'strat data remove binance:BTC/USDT --timeframe 5m --yes'],
  async run(input, io) {
    if (input.args.length > 1) throw usage('Name one series', dataRemoveCommand);
    const store = storeOf(input, io);
    const { key, rows } = seriesArgument(dataRemoveCommand, input, store, input.args[0]);
    const versions = store.versions(key).length;
    const isAgreed = input.flag('yes');
    // First: without the notes something is only asked for once more; with them and without the series holes would be taken for known.
    if (isAgreed) new DownloadRecords(store.path).forget(key);
    const isRemoved = isAgreed && (await store.remove(key));
    if (input.flag('json')) io.out(jsonText({ schema: 'strat.data-remove/1', ...key, rows, versions, removed: isRemoved }));
    else {
      const what = `${seriesName(key)}, ${rows} rows, ${versions} version${versions === 1 ? '' : 's'}`;
      io.out(isRemoved ? `removed: ${what}\n` : `would remove: ${what}; add --yes to do it\n`);
    }
    return 0;
  },
};
