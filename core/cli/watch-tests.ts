import { readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isStratError } from '#core/errors/strat-error.ts';
import { findTests } from '#core/runtime/strategy-test/find-tests.ts';
import type { CommandIo, ExitCode } from './command.ts';
import { errorText } from './error-text.ts';

const LOOK_MS = 300;

/** Runs the tests, and again whenever a strategy, a module or a file of tests or candles beside them has changed. */
export async function watchTests(
  places: readonly string[],
  run: () => Promise<ExitCode>,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  let code: ExitCode = 0;
  for (let seen = ''; !signal.aborted;) {
    const now = stateOf(places);
    if (now === seen) {
      await sleep(LOOK_MS, signal);
      continue;
    }
    if (seen !== '') io.out('\n');
    seen = now;
    code = (await runTold(run, io, signal)) ?? code;
    if (!signal.aborted) io.err('Watching for changes; Ctrl-C ends it\n');
  }
  return code;
}

/** What a run of the tests cannot go on after is told: the next change may mend it. null = Ctrl-C ended it, which says nothing of the tests. */
async function runTold(run: () => Promise<ExitCode>, io: CommandIo, signal: AbortSignal): Promise<ExitCode | null> {
  try {
    return await run();
  } catch (error) {
    if (!isStratError(error)) throw error;
    if (signal.aborted) return null;
    io.err(`${errorText(error)}\n`);
    return 1;
  }
}

/** Names, sizes and times of all strategies and tests in the folders of the tests, as one text. */
function stateOf(places: readonly string[]): string {
  const folders = new Set(places.flatMap(foldersOf));
  return [...folders]
    .flatMap((folder) => {
      try {
        return readdirSync(folder)
          .filter((name) => /\.(strat|yaml|csv|gz)$/.test(name))
          .map((name) => {
            const { mtimeMs, size } = statSync(`${folder}/${name}`);
            return `${folder}/${name} ${mtimeMs} ${size}`;
          });
      } catch {
        return [`${folder} is gone`];
      }
    })
    .join('\n');
}

function foldersOf(place: string): readonly string[] {
  try {
    return findTests([place]).map((file) => dirname(file));
  } catch {
    return [dirname(place)];
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
