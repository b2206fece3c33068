import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { ClockPort } from '#core/ports/clock.ts';
import { readConfigFile } from './read-config-file.ts';

export interface WatchOptions {
  readonly clock: ClockPort;
  /** The text is another one, or the file came or went. Awaited before the next look; must not throw, and what it throws comes out of `stop`. */
  readonly onChange: () => void | Promise<void>;
  /** SHA-256 of the text that is in force (`Config.sha256`): what changed before the watch began is told too. Default: the text as it is now. */
  readonly seen?: string | null;
  /** Ms without a change before it is told; an editor's truncate, write and rename fall into one. Default 150. */
  readonly settleMs?: number;
  /** Ms between looks when the system tells nothing: network drives, containers, links. Default 1000. */
  readonly pollMs?: number;
}

export interface ConfigWatch {
  /** Ends the watch; resolves when nothing of it is left. To be awaited from outside of `onChange`, which it waits for. */
  readonly stop: () => Promise<void>;
}

/** What the file is now, as one text: its hash, or why there is none. */
function stateOf(path: string): string {
  const file = readConfigFile(path);
  return file.ok ? file.value.sha256 : `unreadable: ${file.error}`;
}

/** Tells when somebody looks at the folder. Null when the system cannot watch it: the polling is enough. */
function watchFolder(path: string, wake: () => void): { readonly close: () => void } | null {
  try {
    const name = basename(path);
    // the folder, since a watch on the file stays with the old one when an editor renames a new one over it
    const watcher = watch(dirname(path), { persistent: false }, (_, changed) => {
      if (changed === null || changed === name) wake();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

/**
 * Watches a config file for another text, whatever way it is written: in place, by rename, in pieces, deleted and made anew. Told
 * once a text, by its hash; a touch is no change. It does not judge the text.
 */
export function watchConfig(path: string, { clock, onChange, seen, settleMs = 150, pollMs = 1000 }: WatchOptions): ConfigWatch {
  const file = resolve(path);
  const end = new AbortController();
  let wake = new AbortController();
  const watcher = watchFolder(file, () => wake.abort());
  let fault: { readonly error: unknown } | null = null;
  let told = seen ?? stateOf(file);

  /** Null when the watch ended meanwhile. */
  const settled = async (): Promise<string | null> => {
    for (let state = stateOf(file); ;) {
      await clock.sleep(settleMs, end.signal);
      if (end.signal.aborted) return null;
      const next = stateOf(file);
      if (next === state) return state;
      state = next;
    }
  };
  const run = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await clock.sleep(pollMs, wake.signal);
      if (end.signal.aborted) return;
      wake = new AbortController();
      if (stateOf(file) === told) continue;
      const state = await settled();
      if (state === null || state === told) continue;
      told = state;
      try {
        await onChange();
      } catch (error) {
        fault ??= { error };
      }
    }
  };
  const running = run();
  return {
    stop: async () => {
      end.abort();
      wake.abort();
      watcher?.close();
      await running;
      if (fault !== null) throw fault.error;
    },
  };
}
