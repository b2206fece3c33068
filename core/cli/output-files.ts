import { accessSync, constants, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import type { Command, CommandInput } from './command.ts';
import { usage } from './command-line.ts';
import { unwritable } from '#core/files/file-error.ts';

/**
 * Refuses files to write that could not be written, before time is spent on what should go into them; and those that would destroy
 * what the command reads, or each other.
 * @param names options that name files to write
 * @param inputs files that the command reads
 * @throws StratError FILE_UNWRITABLE, USAGE
 */
export function checkOutputs(command: Command, input: CommandInput, names: readonly string[], inputs: readonly string[]): void {
  const taken = new Map(inputs.map((file) => [placeOf(file), 'is read by this command']));
  for (const name of names) {
    const file = input.value(name);
    if (file === undefined) continue;
    const place = placeOf(file);
    const use = taken.get(place);
    if (use !== undefined) throw usage(`--${name} would overwrite "${file}", which ${use}`, command);
    taken.set(place, `is written by --${name}`);
    refuseUnwritable(file);
  }
}

/**
 * Writes what a command was asked for: a file as a whole or not at all, so that a full disk leaves the one of before. A pipe, a device,
 * and a file whose folder takes no other are written where they are.
 * @throws StratError FILE_UNWRITABLE
 */
export function writeOutput(file: string, text: string): void {
  if (isReplaceable(file)) {
    replaceFile(file, text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function isReplaceable(file: string): boolean {
  if (!existsSync(file)) return true;
  try {
    accessSync(dirname(realpathSync(file)), constants.W_OK);
  } catch {
    return false;
  }
  return statSync(file).isFile();
}

/**
 * Writes a file as a whole or not at all: who reads it meanwhile sees the old one or the new, and a full disk loses nothing. A link stays one, and rights stay.
 * @throws StratError FILE_UNWRITABLE
 */
export function replaceFile(file: string, text: string | Uint8Array): void {
  const place = existsSync(file) ? realpathSync(file) : file;
  const beside = `${place}.${process.pid}.tmp`;
  const isTaken = existsSync(beside);
  try {
    writeFileSync(beside, text, { flag: 'wx', ...(existsSync(place) ? { mode: statSync(place).mode } : {}) });
    renameSync(beside, place);
  } catch (error) {
    // What was there before is another's.
    if (!isTaken) rmSync(beside, { force: true });
    throw unwritable(file, error);
  }
}

function refuseUnwritable(file: string): void {
  let isThere = true;
  try {
    if (statSync(file).isDirectory()) throw new StratError('FILE_UNWRITABLE', { file, reason: 'it is a folder' });
  } catch (error) {
    if (error instanceof StratError) throw error;
    isThere = false;
  }
  try {
    accessSync(isThere ? file : dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** One text for all names of a file; a file that is not there yet is named by its folder. */
function placeOf(file: string): string {
  const path = resolve(file);
  for (const [base, rest] of [
    [path, ''],
    [dirname(path), basename(path)],
  ] as const) {
    try {
      return join(realpathSync(base), rest);
    } catch {
      // Not there: named by its folder, or as given.
    }
  }
  return path;
}
