import { type CapData, loadCaps } from '#core/runtime/cap-data.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import type { CommandInput, CommandOption } from './command.ts';

/** Of every command that runs strategies or finds markets. */
export const CAPS_OPTION: CommandOption = {
  name: 'caps',
  value: 'PATH',
  isMany: true,
  help: 'market capitalisations, for market_cap: a CSV of date, market, market_cap; MARKET=PATH for a file of one market',
};

/** Files of capitalisations that a command line names. */
export const capFiles = (input: CommandInput): readonly string[] => input.values('caps').map((text) => dataPath(text).path);

/** @throws StratError FILE_UNREADABLE, DATA_CAPS */
export const capsOf = (input: CommandInput): CapData => loadCaps(input.values('caps'));
