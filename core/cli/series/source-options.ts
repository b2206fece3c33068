import { MAX_SYNTHETIC_BARS, SYNTHETIC_BARS } from '#core/runtime/synthetic-market-data.ts';
import { CAPS_OPTION, capsOf } from '../caps-option.ts';
import type { Command, CommandInput, CommandIo, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';
import { countOption, periodOption, seedOption, timeframeOption } from '../option-values.ts';
import { storedMarkets } from '../stored-market-option.ts';
import { storeFolder } from '../stored-markets.ts';
import { readStrategyFile } from '../strategy-file.ts';
import type { NameFile, SourceRequest } from './series-source.ts';

/** Options that say which bars and which names expressions are computed with. */
export const SOURCE_OPTIONS: readonly CommandOption[] = [
  {
    name: 'data',
    value: 'PATH',
    isMany: true,
    help: 'candles; MARKET=PATH says whose they are. The first are the chart (a generated market)',
  },
  {
    name: 'market',
    value: 'VENUE:MARKET',
    isMany: true,
    help: 'candles of the data store, such as binance:BTC/USDT; the first are the chart, of an hour where these are stored',
  },
  { name: 'synthetic', value: 'SEED', help: 'another generated market (7, the one of the first config of the bot)' },
  { name: 'bars', value: 'N', help: `length of the generated market (${SYNTHETIC_BARS})` },
  {
    name: 'timeframe',
    value: 'LENGTH',
    help: "length of a bar, such as 15m, 4h or 1d (that of the file's trade line, else of the candles)",
  },
  CAPS_OPTION,
  { name: 'from', value: 'DATE', help: 'first day that counts, UTC; earlier bars serve warm-up' },
  { name: 'to', value: 'DATE', help: 'end, UTC, not included' },
  { name: 'file', value: 'FILE', help: 'a strategy or module whose names the expressions may use' },
];

/** @throws StratError USAGE */
export function sourceRequest(command: Command, input: CommandInput, io: CommandIo): SourceRequest {
  const data = input.values('data');
  const markets = storedMarkets(command, input);
  const isGiven = data.length + markets.length > 0;
  const all = markets.find(({ market }) => market === null);
  if (all !== undefined) throw usage(`--market names a market here, found "${all.text}"`, command);
  const seed = seedOption(command, input, 'synthetic');
  const bars = countOption(command, input, 'bars');
  if (isGiven && seed !== undefined) throw usage(`--synthetic and --${data.length > 0 ? 'data' : 'market'} exclude each other`, command);
  if (!isGiven && input.values('caps').length > 0) throw usage('--caps tells of real markets and needs --data or --market', command);
  if (isGiven && bars !== undefined)
    throw usage('--bars is the length of a generated market; --from and --to choose from candles', command);
  if ((bars ?? 0) > MAX_SYNTHETIC_BARS) throw usage(`--bars takes at most ${MAX_SYNTHETIC_BARS}, found "${input.value('bars')}"`, command);
  const period = periodOption(command, input);
  const stored = { markets, folder: storeFolder(input, io) };
  return { data, stored, caps: capsOf(input), seed, bars, timeframe: timeframeOption(command, input, 'timeframe'), ...period };
}

/** @throws StratError FILE_UNREADABLE */
export function nameFile(input: CommandInput): NameFile | null {
  const path = input.value('file');
  return path === undefined ? null : { path, text: readStrategyFile(path) };
}
