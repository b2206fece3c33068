import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { downloadKills, settledDifference, startDownload, startKilledVenue } from './download-kills.ts';

let folder: string;
let venue: SimulatedVenue;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strat-download-'));
  venue = await startKilledVenue(folder, 5);
});
afterEach(async () => {
  await venue.close();
  rmSync(folder, { recursive: true });
});

test('a download that is killed five times goes on until the store has what the venue has', async () => {
  let seed = 11;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const found: string[] = [];
  for await (const difference of downloadKills(folder, venue, 5, random)) found.push(difference);
  expect(found).toEqual(['', '', '', '', '']);
});

test('a full disk is told, with exit code 3, and the same command goes on when there is room', async () => {
  const { said, gone } = startDownload(folder, 24);
  expect(await gone).toBe(3);
  expect(said()).toMatch(/No room to write the series binance:BTC\/USDT/);
  expect(await settledDifference(folder, venue)).toBe('');
});

test('two downloads of the same series at once do no harm', async () => {
  const both = [startDownload(folder), startDownload(folder)];
  expect(await Promise.all(both.map(async ({ gone }) => gone))).toEqual([0, 0]);
  expect(await settledDifference(folder, venue)).toBe('');
});

test('Ctrl-C ends it with 130, says that it can go on, and it does', async () => {
  const { child, said, gone } = startDownload(folder);
  venue.faults.script(...Array.from({ length: 12 }, () => null), 'stall-body');
  while (venue.requests.length < 10) await pause(5);
  child.kill('SIGINT');
  expect(await gone).toBe(130);
  expect(said()).toContain('The same command goes on from there');
  expect(await settledDifference(folder, venue)).toBe('');
});
