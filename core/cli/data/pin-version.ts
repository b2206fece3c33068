import { seriesName } from '#core/data/store/series-key.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';
import { versionDocument } from './version-document.ts';

export const dataPinCommand: Command = {
  name: 'data pin',
  summary: 'name a version, so that it is kept',
  usage: 'data pin VENUE:MARKET NAME [--version VERSION] [--kind KIND] [--timeframe LENGTH] [--remove]',
  description:
    'Gives a version of a series a name, under which it is read and compared, and keeps it whatever comes later. A name that another version of the series has goes over to this one. --remove takes the name away.',
  options: [
    { name: 'version', value: 'VERSION', help: 'a number, a name or the first digits of a digest (the newest)' },
    { name: 'remove', help: 'take the name away' },
    ...SERIES_OPTIONS,
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data pin binance:BTC/USDT paper-1',
    'strat data pin binance:BTC/USDT before-split --version 12',
    'strat data pin binance:BTC/USDT paper-1 --remove',
  ],
  async run(input, io) {
    const [series, name, more] = input.args;
    if (name === undefined || more !== undefined) throw usage('Name a series and a name: data pin VENUE:MARKET NAME', dataPinCommand);
    const store = storeOf(input, io);
    const { key, version: newest } = seriesArgument(dataPinCommand, input, store, series);
    if (input.flag('remove')) {
      if (input.value('version') !== undefined) throw usage('--remove takes a name away, whatever its version', dataPinCommand);
      await store.unpin(key, name);
      io.out(
        input.flag('json')
          ? jsonText({ schema: 'strat.data-pin/1', ...key, removed: name })
          : `${name} is no name of ${seriesName(key)} any more\n`,
      );
      return 0;
    }
    const version = await store.pin(key, input.value('version') ?? newest, name);
    io.out(
      input.flag('json')
        ? jsonText({ schema: 'strat.data-pin/1', ...key, pinned: name, ...versionDocument(version) })
        : `${name} = version ${version.version} of ${seriesName(key)}, ${version.rows} rows, digest ${version.digest.slice(0, 12)}\n`,
    );
    return 0;
  },
};
