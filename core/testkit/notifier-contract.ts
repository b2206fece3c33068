import { expect } from 'vitest';
import type { Notification, NotifierPort } from '#core/ports/notifier.ts';
import type { PluginInstance } from '#core/ports/plugin.ts';
import { type ContractCase, contractSuite } from './contract-case.ts';
import type { LogLine } from './plugin-surroundings.ts';

/** A notifier set up in a test, with the other end of its channel. */
export interface NotifierHarness {
  readonly instance: PluginInstance<'notifier'>;
  /** What reached the channel, in order; the same one twice when it was sent twice. */
  readonly arrived: () => readonly { readonly key: string; readonly title: string }[];
  /** Makes the channel fail for good until it is called with false; none when it cannot fail. */
  readonly breakChannel?: (isBroken: boolean) => void;
  readonly lines: readonly LogLine[];
  /** Aborts the context's signal and closes the other end. */
  readonly end: () => Promise<void>;
}

export interface NotifierContractOptions {
  readonly create: () => NotifierHarness | Promise<NotifierHarness>;
  /** What it must not say in logs and errors: addresses, tokens. */
  readonly secrets?: readonly string[];
}

/** What every notifier holds; the test of a plugin calls it once. */
export function notifierContract(options: NotifierContractOptions): void {
  contractSuite('the notifier contract', notifierCases(options));
}

const BURST = 2000;
const PATIENCE_MS = 10_000;

const notification = (key: string, changes: Partial<Notification> = {}): Notification =>
  Object.freeze({
    key,
    level: 'error',
    strategy: 'alpha',
    title: `Title of ${key}`,
    text: `Text of ${key}`,
    time: Date.UTC(2026, 0, 1),
    ...changes,
  });

/** Rejects when a promise does not settle: a notifier may fail, it may not hang. */
async function settled(what: string, promise: Promise<unknown>): Promise<'kept' | 'broken'> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} does not settle`)), PATIENCE_MS);
  try {
    return await Promise.race([
      promise.then(
        () => 'kept' as const,
        () => 'broken' as const,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export function notifierCases({ create, secrets = [] }: NotifierContractOptions): readonly ContractCase[] {
  const within = (
    name: string,
    check: (port: NotifierPort, harness: NotifierHarness, signal: AbortSignal) => Promise<void>,
  ): ContractCase => ({
    name,
    run: async () => {
      const harness = await create();
      const { signal } = new AbortController();
      try {
        await harness.instance.start?.(signal);
        await check(harness.instance.port, harness, signal);
      } finally {
        await harness.instance.stop?.(signal);
        await harness.end();
      }
    },
  });
  return [
    within('delivers a notification once, with its title', async (port, { arrived }, signal) => {
      expect(await settled('notify', port.notify(notification('one'), signal))).toBe('kept');
      expect(arrived().map(({ key, title }) => ({ key, title }))).toEqual([{ key: 'one', title: 'Title of one' }]);
    }),
    within('sends one message for one key, however often it is asked', async (port, { arrived }, signal) => {
      const asked = [notification('same'), notification('same'), notification('same')].map(async (one) => port.notify(one, signal));
      await settled('notify', Promise.allSettled(asked));
      await settled('notify', port.notify(notification('same'), signal));
      expect(arrived().map(({ key }) => key)).toEqual(['same']);
    }),
    within('keeps the order of its messages', async (port, { arrived }, signal) => {
      await settled('notify', Promise.all(['a', 'b', 'c'].map(async (key) => port.notify(notification(key), signal))));
      expect(arrived().map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    }),
    within('takes texts of any characters', async (port, { arrived }, signal) => {
      const text = 'CRLF \r\n@everyone \u001b[31m <b>&amp; \u202e \u0000 "\\" '.repeat(3);
      expect(await settled('notify', port.notify(notification('odd', { title: text, text, strategy: null }), signal))).toBe('kept');
      expect(arrived()).toHaveLength(1);
    }),
    within('settles all of a burst when it is told to stop', async (port, _harness, _signal) => {
      const stop = new AbortController();
      const asked = Array.from({ length: BURST }, async (_, i) => port.notify(notification(`burst ${i}`), stop.signal));
      const all = Promise.allSettled(asked);
      stop.abort();
      expect(await settled('the burst', all)).toBe('kept');
    }),
    within('sends nothing when it is told to stop beforehand', async (port, { arrived }) => {
      await settled('notify', port.notify(notification('late'), AbortSignal.abort()));
      expect(arrived()).toEqual([]);
    }),
    within('rejects when its channel fails, and works again with the channel', async (port, { breakChannel, arrived }, signal) => {
      if (breakChannel === undefined) return;
      breakChannel(true);
      expect(await settled('notify', port.notify(notification('lost'), signal))).toBe('broken');
      breakChannel(false);
      expect(await settled('notify', port.notify(notification('next'), signal))).toBe('kept');
      expect(arrived().map(({ key }) => key)).toContain('next');
    }),
    within('keeps its secrets out of logs and errors', async (port, { breakChannel, lines }, signal) => {
      breakChannel?.(true);
      const error: unknown = await port.notify(notification('secret'), signal).then(
        () => null,
        (reason: unknown) => reason,
      );
      const said = JSON.stringify([lines, error instanceof Error ? [error.message, error.stack, String(error.cause)] : error]);
      for (const secret of secrets) expect(said).not.toContain(secret);
    }),
  ];
}
