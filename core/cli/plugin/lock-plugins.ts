import { StratError } from '#core/errors/strat-error.ts';
import type { IndicatorShelf } from '#core/indicators/indicator-shelf.ts';
import { type Lock, type LockEntry, lockFault, lockText } from '#core/indicators/lock-file.ts';
import { nearest } from '#core/model/nearest-word.ts';
import type { CommandInput, CommandIo, ExitCode } from '../command.ts';
import { replaceFile } from '../output-files.ts';
import { openPluginWorld } from '../plugin-world.ts';
import { jsonText } from '../render/json-text.ts';

type Change = 'new' | 'changed' | 'unchanged' | 'removed';

interface LockChange {
  readonly name: string;
  readonly version: string;
  readonly change: Change;
}

const WORDS: Readonly<Record<Change, string>> = {
  new: 'pinned    ',
  changed: 'CHANGED   ',
  unchanged: 'as before ',
  removed: 'removed   ',
};

/**
 * Pins indicator plugins as they are now. One that is not valid is not pinned, and stays as it was.
 * @param names those to pin; none = all, and what no folder has any more is removed
 * @throws StratError PLUGIN_LOCK when the lock file cannot be believed, PLUGIN_MISSING for a name that no folder has, FILE_UNWRITABLE
 */
export async function lockPlugins(names: readonly string[], input: CommandInput, io: CommandIo): Promise<ExitCode> {
  const { kernel, discovery } = await openPluginWorld(input, io);
  await kernel.close();
  const { indicators: shelf } = discovery;
  if (!shelf.lock.ok) throw new StratError('PLUGIN_LOCK', { file: shelf.lockPath, reason: shelf.lock.error });
  for (const name of names) refuseUnknown(name, shelf);
  const { lock, changes, faults } = pinned(shelf, shelf.lock.value, names);
  if (changes.some(({ change }) => change !== 'unchanged')) replaceFile(shelf.lockPath, lockText(lock));
  const problems = [...shelf.problems.map(({ id, key, reason }) => `${id}: ${key}: ${reason}`), ...faults];
  if (input.flag('json')) {
    io.out(jsonText({ schema: 'strat.lock/1', file: shelf.lockPath, plugins: changes, problems }));
  } else {
    for (const { name, version, change } of changes) io.out(`${WORDS[change]} ${name} ${version}\n`);
    io.out(`${shelf.lockPath}: ${lock.size} ${lock.size === 1 ? 'plugin' : 'plugins'}\n`);
    for (const problem of problems) io.err(`not pinned: ${problem}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

function refuseUnknown(name: string, { found }: IndicatorShelf): void {
  const known = found.map(({ manifest }) => manifest.name);
  if (known.includes(name)) return;
  const meant = nearest(name, known);
  const hint = meant === null ? '. Name its folder in the config, under plugins.folders' : `; did you mean ${meant.word}?`;
  throw new StratError('PLUGIN_MISSING', { plugin: name, by: 'named on the command line', hint });
}

function pinned(
  shelf: IndicatorShelf,
  before: Lock,
  names: readonly string[],
): { readonly lock: Lock; readonly changes: readonly LockChange[]; readonly faults: readonly string[] } {
  const lock = new Map<string, LockEntry>(before);
  const changes: LockChange[] = [];
  const faults: string[] = [];
  for (const indicator of shelf.found) {
    const { name, version } = indicator.manifest;
    if (names.length > 0 && !names.includes(name)) continue;
    const loaded = shelf.load(indicator);
    if (!loaded.ok) {
      faults.push(`${name}: ${loaded.error}`);
      continue;
    }
    const { entry } = loaded.value;
    const old = before.get(name);
    changes.push({ name, version, change: old === undefined ? 'new' : lockFault(old, entry) === null ? 'unchanged' : 'changed' });
    lock.set(name, entry);
  }
  const found = new Set(shelf.found.map(({ manifest }) => manifest.name));
  for (const [name, { version }] of names.length > 0 ? [] : before) {
    if (found.has(name)) continue;
    changes.push({ name, version, change: 'removed' });
    lock.delete(name);
  }
  return { lock, changes, faults };
}
