import { join } from 'node:path';
import { barRuleName, parseBarRule } from '#core/data/bars-from-trades/bar-rule.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { STORED_KINDS, type SeriesKey, type StoredKind, seriesName } from '#core/data/store/series-key.ts';
import type { SeriesEntry, SeriesStore } from '#core/data/store/series-store.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Command, CommandInput, CommandIo, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';
import { choiceOption, timeframeOption } from '../option-values.ts';

export const HOME_OPTION: CommandOption = { name: 'home', value: 'DIR', help: 'folder whose data are meant (STRAT_HOME, else .strat)' };
/** Which series of a market. */
export const SERIES_OPTIONS: readonly CommandOption[] = [
  { name: 'kind', value: 'KIND', help: `what of it: ${STORED_KINDS.join(', ')} (candles)` },
  {
    name: 'timeframe',
    value: 'LENGTH',
    help: 'length of its bars, such as 1h, or of bars their rule (where there is one series of it: that one)',
  },
];
export const JSON_OPTION: CommandOption = { name: 'json', help: 'print one JSON document' };

/** The store that a command is about. */
export const storeOf = (input: CommandInput, io: CommandIo): SeriesStore =>
  openSeriesStore(join(input.value('home') ?? io.env['STRAT_HOME'] ?? '.strat', 'data'), { now: () => Date.now() });

/**
 * Finds the series that `VENUE:MARKET` and the options name.
 * @param only the kind, where `--kind` does not say it
 * @throws StratError USAGE, STORE_MISSING
 */
export function seriesArgument(
  command: Command,
  input: CommandInput,
  store: SeriesStore,
  text: string | undefined,
  only: StoredKind | null = null,
): SeriesEntry {
  if (text === undefined) throw usage('Name a series: VENUE:MARKET, such as binance:BTC/USDT', command);
  const { venue, market } = venueAndMarket(command, text);
  const kind = only ?? seriesKind(command, input);
  const timeframe = kind === 'bars' ? ruleOption(command, input) : timeframeOption(command, input, 'timeframe');
  const ofMarket = store.list().filter(({ key }) => key.venue === venue && key.market === market);
  const found = ofMarket.filter(({ key }) => key.kind === kind && (timeframe === null || key.timeframe === timeframe.name));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (found.length > 1) throw usage(`There are several: ${lengthsOf(found)}; choose one with --timeframe`, command);
  const what = seriesName({ venue, market, kind, timeframe: timeframe?.name ?? null });
  const near = ofMarket.map(({ key }) => seriesName(key));
  const hint = near.length === 0 ? '"strat data list" shows what there is' : `There is ${near.join(', ')}`;
  throw new StratError('STORE_MISSING', { what, hint });
}

/** `VENUE:MARKET`; the market may have a colon of its own. @throws StratError USAGE */
export function venueAndMarket(command: Command, text: string): Pick<SeriesKey, 'venue' | 'market'> {
  const colon = text.indexOf(':');
  const [venue, market] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon <= 0 || market === '') throw usage(`"${text}" names no series: write VENUE:MARKET, such as binance:BTC/USDT`, command);
  return { venue, market };
}

function ruleOption(command: Command, input: CommandInput): { readonly name: string } | null {
  const text = input.value('timeframe');
  if (text === undefined) return null;
  const rule = parseBarRule(text);
  if (rule === null) throw usage(`--timeframe of bars takes their rule, such as tick:100, found "${text}"`, command);
  return { name: barRuleName(rule) };
}

export const seriesKind = (command: Command, input: CommandInput): StoredKind =>
  choiceOption(command, input, 'kind', STORED_KINDS) ?? 'candles';

const lengthsOf = (entries: readonly SeriesEntry[]): string => entries.map(({ key }) => key.timeframe ?? key.kind).join(', ');
