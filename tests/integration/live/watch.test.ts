import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SimulatedVenue, startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { writeConfig } from '../download/venue-session.ts';
import { startStrat } from '../paper-runs.ts';

/** The venue's clock runs, and the processes see it by its answers only: bars of a second, so nothing is waited for that takes longer. */
const SECOND = 1000;
const LISTED = Date.UTC(2024, 2, 1);
let venue: SimulatedVenue;
let folder: string;

beforeEach(async () => {
  venue = await startSimulatedVenue({
    seed: 1,
    listedMs: LISTED,
    untilMs: LISTED + SECOND,
    nowMs: LISTED + 3_600_000,
    isRunning: true,
    holes: [],
  });
  folder = mkdtempSync(join(tmpdir(), 'strat-watch-'));
  writeConfig(folder, { binance: venue });
});
afterEach(async () => {
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly type: string;
  readonly time: string;
  readonly text?: string;
}
const ARGS = ['data', 'watch', 'binance:BTC/USDT', '--timeframe', '1s', '--lateness', '0.1', '--json'];
const linesOf = (output: string): readonly Line[] =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
const barsOf = (output: string): readonly number[] =>
  linesOf(output).flatMap(({ type, time }) => (type === 'bar' ? [Date.parse(time)] : []));

async function strat(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const run = startStrat(args, folder);
  const { code } = await run.ended;
  return { code, output: run.output(), errors: run.errors() };
}

test('a watch that is stopped with Ctrl-C and one that is killed go on without a hole or a double; data diff lists what was corrected', async () => {
  const first = startStrat(ARGS, folder);
  await first.says('"type":"bar"', 3);
  first.kill('SIGINT');
  expect((await first.ended).code).toBe(0);
  expect(first.errors()).toContain('Stopped; what came until then is in the store');

  const second = startStrat(ARGS, folder);
  await second.says('"type":"bar"', 3);
  second.kill('SIGKILL');
  await second.ended;

  const third = await strat(...ARGS, '--stop-after', '8');
  expect(third.code).toBe(0);
  const exported = await strat('data', 'export', 'binance:BTC/USDT', 'live.csv', '--kind', 'live', '--timeframe', '1s', '--json');
  expect(exported.code).toBe(0);
  const list = JSON.parse((await strat('data', 'list', '--kind', 'live', '--json')).output) as {
    series: { rows: number; from: string; to: string }[];
  };
  const [{ rows, from, to }] = list.series as [{ rows: number; from: string; to: string }];
  expect(Date.parse(to) - Date.parse(from)).toBe((rows - 1) * SECOND);
  // What the killed one had written and not printed any more is not printed again: it is on the tape.
  const printed = [...barsOf(first.output()), ...barsOf(second.output()), ...barsOf(third.output)];
  expect(printed).toEqual([...new Set(printed)].toSorted((a, b) => a - b));
  expect(printed.length).toBeGreaterThanOrEqual(rows - 2);

  const diff = await strat('data', 'diff', 'binance:BTC/USDT', '--live', '--json');
  const corrected = [first.output(), second.output(), third.output].flatMap((output) =>
    linesOf(output).filter(({ type }) => type === 'revised-bar'),
  );
  const found = JSON.parse(diff.output) as { added: number; revised: number; removed: number };
  expect(found).toMatchObject({ added: 0, removed: 0 });
  // What a process before had told is told again by the next one.
  expect(found.revised).toBe(new Set(corrected.map(({ text }) => text)).size);
  expect(diff.code).toBe(found.revised === 0 ? 0 : 1);
}, 60_000);

test('a venue that is away is told once, and so is its return; the bars of that time are there', async () => {
  const watch = startStrat(ARGS, folder);
  await watch.says('"type":"bar"', 2);
  venue.faults.draw({ seed: 1, rate: 1, faults: ['reset'] });
  await watch.says('"type":"away"');
  venue.faults.draw(null);
  await watch.says('"type":"back"');
  await watch.says('"type":"bar"', barsOf(watch.output()).length + 2);
  watch.kill('SIGINT');
  await watch.ended;
  const bars = barsOf(watch.output());
  expect(bars).toEqual(bars.map((_, at) => bars[0]! + at * SECOND));
  expect(linesOf(watch.output()).filter(({ type }) => type === 'away' || type === 'back')).toHaveLength(2);
}, 60_000);

test('a venue that is away from the start is waited for; Ctrl-C ends that, and is no failure', async () => {
  venue.faults.draw({ seed: 1, rate: 1, faults: ['reset'] });
  const watch = startStrat(ARGS, folder);
  await watch.says('"type":"away"');
  watch.kill('SIGINT');
  expect((await watch.ended).code).toBe(0);
  expect(linesOf(watch.output()).map(({ type }) => type)).toEqual(['away']);
}, 60_000);

test.each([
  [['binance:XYZ/USDT'], 1, 'it has no market XYZ/USDT'],
  [['binance:BTC/USDT', '--timeframe', '7m'], 1, 'it has no bars of 7m'],
  [['binance:BTC/USDT', '--venue', 'okx'], 2, 'One venue gives the bars'],
  [['binanze:BTC/USDT'], 1, 'There is no venue "binanze"'],
  [[], 2, 'Name a market'],
])('refuses %j', async (args, code, reason) => {
  const run = await strat('data', 'watch', ...args);
  expect(run.code).toBe(code);
  expect(run.errors).toContain(reason);
});
