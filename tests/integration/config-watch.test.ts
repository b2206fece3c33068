import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConfigWatch, watchConfig } from '#core/config/watch-config.ts';
import type { ClockPort } from '#core/ports/clock.ts';

const clock: ClockPort = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
};

let folder = '';
let path = '';
let told = 0;
let watch: ConfigWatch | null = null;

/** Polling is off, or alone: both ways of noticing have to work without the other. */
function start(way: 'events' | 'polling', seen?: string | null): void {
  watch = watchConfig(path, {
    clock,
    settleMs: 60,
    pollMs: way === 'events' ? 3_600_000 : 20,
    onChange: () => void (told += 1),
    ...(seen === undefined ? {} : { seen }),
  });
}

/** How many changes were told: waits for that many, then long enough to see one too many. */
async function tellings(count: number): Promise<number> {
  const isEnough = (): boolean => told >= count;
  for (let looks = 0; looks < 1500 && !isEnough(); looks++) await delay(10);
  await delay(300);
  return told;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strat-watch-'));
  path = join(folder, 'strat.yaml');
  told = 0;
  writeFileSync(path, 'http: { port: 1 }\n');
});

afterEach(async () => {
  await watch?.stop();
  watch = null;
  rmSync(folder, { recursive: true, force: true });
});

describe.for(['events', 'polling'] as const)('a config file watched by %s', (way) => {
  test('written in place is told once', async () => {
    start(way);
    await delay(50);
    writeFileSync(path, 'http: { port: 2 }\n');
    expect(await tellings(1)).toBe(1);
  });

  test('replaced by rename is told each time', async () => {
    start(way);
    await delay(50);
    for (const port of [2, 3]) {
      writeFileSync(`${path}.tmp`, `http: { port: ${port} }\n`);
      renameSync(`${path}.tmp`, path);
      expect(await tellings(port - 1)).toBe(port - 1);
    }
  });

  test('moved aside and written anew, as some editors do, is told once', async () => {
    start(way);
    await delay(50);
    renameSync(path, `${path}~`);
    writeFileSync(path, 'http: { port: 2 }\n');
    expect(await tellings(1)).toBe(1);
  });

  test('written in pieces is told when it is whole', async () => {
    start(way);
    await delay(50);
    writeFileSync(path, '');
    for (const piece of ['http:\n', '  port: ', '2\n']) {
      await delay(15);
      appendFileSync(path, piece);
    }
    expect(await tellings(1)).toBe(1);
  });

  test('left half-written for long and then completed is told twice', async () => {
    start(way);
    await delay(50);
    writeFileSync(path, 'http: {');
    expect(await tellings(1)).toBe(1);
    appendFileSync(path, ' port: 2 }\n');
    expect(await tellings(2)).toBe(2);
  });

  test('deleted for long and made anew is told twice, also with the same text', async () => {
    start(way);
    await delay(50);
    unlinkSync(path);
    expect(await tellings(1)).toBe(1);
    writeFileSync(path, 'http: { port: 1 }\n');
    expect(await tellings(2)).toBe(2);
  });

  test('touched, rewritten with the same text, or changed and changed back is not told', async () => {
    start(way);
    await delay(50);
    utimesSync(path, new Date(), new Date(0));
    writeFileSync(path, 'http: { port: 1 }\n');
    writeFileSync(path, 'http: { port: 2 }\n');
    writeFileSync(path, 'http: { port: 1 }\n');
    writeFileSync(join(folder, 'other.yaml'), 'x');
    expect(await tellings(0)).toBe(0);
  });

  test('that appears later is told', async () => {
    unlinkSync(path);
    start(way);
    await delay(50);
    writeFileSync(path, 'http: { port: 1 }\n');
    expect(await tellings(1)).toBe(1);
  });
});

test('a change between loading and watching is told', async () => {
  start('polling', 'the hash of another text');
  expect(await tellings(1)).toBe(1);
});

test('a link that is turned to another file is told', async () => {
  const link = join(folder, 'link.yaml');
  const target = join(folder, 'second.yaml');
  writeFileSync(target, 'http: { port: 2 }\n');
  symlinkSync(path, link);
  path = link;
  start('polling');
  await delay(50);
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
  expect(await tellings(1)).toBe(1);
});

test('after stop nothing is told, and nothing of it is left', async () => {
  const before = process.getActiveResourcesInfo().toSorted();
  start('events');
  await watch?.stop();
  writeFileSync(path, 'http: { port: 2 }\n');
  expect(await tellings(0)).toBe(0);
  expect(
    process
      .getActiveResourcesInfo()
      .toSorted()
      .filter((name) => name !== 'Timeout'),
  ).toEqual(before.filter((name) => name !== 'Timeout'));
});

test('stop in the middle of waiting for the text to settle tells nothing', async () => {
  start('events');
  await delay(50);
  writeFileSync(path, 'http: { port: 2 }\n');
  await delay(20);
  await watch?.stop();
  expect(await tellings(0)).toBe(0);
});

test('a listener that throws ends neither the watch nor the bot; stop hands its error out', async () => {
  watch = watchConfig(path, {
    clock,
    settleMs: 20,
    pollMs: 20,
    onChange: () => {
      told += 1;
      throw new Error(`fault ${told}`);
    },
  });
  await delay(50);
  writeFileSync(path, 'a');
  expect(await tellings(1)).toBe(1);
  writeFileSync(path, 'b');
  expect(await tellings(2)).toBe(2);
  await expect(watch.stop()).rejects.toThrow('fault 1');
  watch = null;
});

test('a folder that does not exist is no reason to fail', async () => {
  path = join(folder, 'none', 'strat.yaml');
  start('polling');
  expect(await tellings(0)).toBe(0);
});
