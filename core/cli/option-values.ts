import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { Command, CommandInput } from './command.ts';
import { usage } from './command-line.ts';

/** `_` between digits may group thousands, as in the language. */
const NUMBER = /^\d+(_\d{3})*(\.\d+)?$/;

/** A positive number such as `10000` or `0.5`; undefined when the option was not given. */
export function numberOption(command: Command, input: CommandInput, name: string): number | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const value = NUMBER.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (!(value > 0)) throw usage(`--${name} takes a number above zero such as 10000 or 0.5, found "${text}"`, command);
  return value;
}

/** A whole number above zero. */
export function countOption(command: Command, input: CommandInput, name: string): number | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const value = NUMBER.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (!(value > 0) || !Number.isInteger(value)) throw usage(`--${name} takes a whole number above zero, found "${text}"`, command);
  return value;
}

/** Where to listen; 0 = any free port. */
export function portOption(command: Command, input: CommandInput): number | undefined {
  const text = input.value('port');
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw usage(`--port takes a number from 0 to 65535, found "${text}"`, command);
  return Number(text);
}

/** The start of pseudo-random numbers: a whole number, zero too. */
export function seedOption(command: Command, input: CommandInput, name: string): number | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw usage(`--${name} takes a whole number of up to 9 digits, found "${text}"`, command);
  return Number(text);
}

/** A share written as a percent or basis points, `0.1%` or `10bp`, or `0`; null for any other text. A bare number is refused: 0.1 could be either. */
export function rateOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s?(%|bp)?$/.exec(text);
  const amount = Number(match?.[1]);
  if (match === null || (match[2] === undefined && amount !== 0)) return null;
  return amount / (match[2] === 'bp' ? 10_000 : 100);
}

/** `0.1%`, `10bp`, `0`. */
export function rateOption(command: Command, input: CommandInput, name: string): number | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const rate = rateOf(text);
  if (rate === null) throw usage(`--${name} takes a percent such as 0.1% or 10bp, found "${text}"`, command);
  if (rate >= 1) throw usage(`--${name} must be under 100%, found "${text}"`, command);
  return rate;
}

/** The same, or below zero: `-0.01%`. */
export function signedRateOption(command: Command, input: CommandInput, name: string): number | undefined {
  const text = input.value(name);
  if (text?.startsWith('-') !== true) return rateOption(command, input, name);
  const rate = rateOf(text.slice(1));
  if (rate === null || rate >= 1) throw usage(`--${name} takes a percent such as 0.01% or -0.01%, found "${text}"`, command);
  return -rate;
}

/** One of the given words. */
export function choiceOption<T extends string>(command: Command, input: CommandInput, name: string, choices: readonly T[]): T | undefined {
  const text = input.value(name);
  if (text === undefined) return undefined;
  const choice = choices.find((word) => word === text);
  if (choice === undefined) throw usage(`--${name} takes ${choices.join(' or ')}, found "${text}"`, command);
  return choice;
}

/** `2024-01-31` or a time in ISO 8601; without a zone it is UTC. Ms since the epoch. */
export function timeOption(command: Command, input: CommandInput, name: string): number | null {
  const text = input.value(name);
  return text === undefined ? null : timeOf(command, name, text);
}

/** The half-open range of open times that `--from` and `--to` name, ms; null = open. */
export function periodOption(command: Command, input: CommandInput): { readonly from: number | null; readonly to: number | null } {
  const from = timeOption(command, input, 'from');
  const to = timeOption(command, input, 'to');
  if (from !== null && to !== null && from >= to)
    throw usage(`--from must lie before --to, found "${input.value('from')}" and "${input.value('to')}"`, command);
  return { from, to };
}

/** A moment that was given for an option. */
export function timeOf(command: Command, name: string, text: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  const hasZone = match?.[6] !== undefined;
  const time = match === null ? Number.NaN : Date.parse(match[4] === undefined || hasZone ? text : `${text}Z`);
  const isRealDay =
    match !== null && new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))).getUTCDate() === Number(match[3]);
  if (Number.isNaN(time) || !isRealDay) throw usage(`--${name} takes a date such as 2024-01-31 (UTC), found "${text}"`, command);
  return time;
}

export function timeframeOption(command: Command, input: CommandInput, name: string): Timeframe | null {
  const text = input.value(name);
  if (text === undefined) return null;
  const timeframe = parseTimeframe(text);
  if (timeframe === null) throw usage(`--${name} takes a length such as 15m, 1h, 4h, 1d or 1mo, found "${text}"`, command);
  return timeframe;
}

/** `name=value` pairs; the same name twice is refused. */
export function assignmentsOption(command: Command, input: CommandInput, name: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const text of input.values(name)) {
    const cut = text.indexOf('=');
    if (cut < 1) throw usage(`--${name} takes name=value, found "${text}"`, command);
    const key = text.slice(0, cut).trim();
    if (pairs.has(key)) throw usage(`--${name} gives "${key}" twice`, command);
    pairs.set(key, text.slice(cut + 1).trim());
  }
  return pairs;
}
