import type { ScanRequest } from '#core/runtime/scan/scan-request.ts';
import { CAPS_OPTION } from '../caps-option.ts';
import type { Command, CommandInput, CommandOption } from '../command.ts';
import { usage } from '../command-line.ts';
import { countOption, timeframeOption } from '../option-values.ts';

export const SOURCE_OPTIONS: readonly CommandOption[] = [
  { name: 'venue', value: 'VENUE', isMany: true, help: 'markets of this venue (of all in the store)' },
  { name: 'quote', value: 'CURRENCY', isMany: true, help: 'markets in this currency, such as USDT (in all)' },
  { name: 'market', value: 'SERIES', isMany: true, help: 'these markets of the store, as VENUE:BASE/QUOTE, with @VERSION not the newest' },
  {
    name: 'data',
    value: 'PATH',
    isMany: true,
    help: 'candle files instead of the store: a file, a folder with all that is below it, a pattern; MARKET=PATH says whose a file is',
  },
  CAPS_OPTION,
];

/** What is asked. */
export const QUESTION_OPTIONS: readonly CommandOption[] = [
  { name: 'filter', value: 'EXPR', isMany: true, help: 'a condition that must hold; of several, all' },
  { name: 'rank', value: 'EXPR', help: 'a number by which markets are ordered, the highest first (by name)' },
  { name: 'ascending', help: 'the lowest first' },
  { name: 'top', value: 'N', help: 'so many, the first ones (all)' },
  { name: 'show', value: 'EXPR', isMany: true, help: 'a column; `as "text"` behind it names it (close and quote_volume)' },
  {
    name: 'at',
    value: 'TIME',
    help: 'what was known at this moment, UTC: 2024-01-31, or 2024-01-31T12:00 (when the newest bar had closed)',
  },
  { name: 'timeframe', value: 'LENGTH', help: "length of the bars, made of shorter ones (the strategy's, else 1d)" },
  { name: 'stale', value: 'LENGTH', help: 'a market whose last bar closed longer ago is left out, such as 12h or 10d (three bars)' },
  { name: 'file', value: 'FILE', help: 'a strategy or module whose names the expressions may use' },
  { name: 'set', value: 'NAME=VALUE', isMany: true, help: 'another value for a param of the file' },
];

const USUAL_COLUMNS = ['close', 'quote_volume'];

/** What the words of a command line ask. @throws StratError USAGE */
export function questionOf(
  command: Command,
  input: CommandInput,
): Pick<ScanRequest, 'filters' | 'rank' | 'top' | 'shown'> & {
  readonly timeframe: ReturnType<typeof timeframeOption>;
  readonly staleMs: number | null;
} {
  const by = input.value('rank');
  if (input.flag('ascending') && by === undefined) throw usage('--ascending is the order of a --rank', command);
  return {
    filters: input.values('filter'),
    rank: by === undefined ? null : { by, isAscending: input.flag('ascending') },
    top: countOption(command, input, 'top') ?? null,
    shown: input.values('show').length > 0 ? input.values('show') : USUAL_COLUMNS,
    timeframe: timeframeOption(command, input, 'timeframe'),
    staleMs: timeframeOption(command, input, 'stale')?.stepMs ?? null,
  };
}
