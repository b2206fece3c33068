import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tradesOf } from '#core/engine/trades.ts';
import { reasonTexts } from '#core/runtime/reason-texts.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createPacer } from '#core/runtime/feeds/pacer.ts';
import { openPaperStrategy, outcomeOf } from '#core/runtime/paper/open-paper-strategy.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import { runPaperLoop } from '#core/runtime/paper/paper-loop.ts';
import { openStateFolder } from '#core/runtime/paper/state-folder.ts';
import { BUSY_STRATEGY, gappyFile, onFile, prepared, temporaryFolder } from './paper-runs.ts';

/** A run with the real journal, whose calls are written down in their order. */
async function recordedRun() {
  const folder = temporaryFolder();
  const state = openStateFolder(join(folder, 'home'), systemClock.now);
  onTestFinished(state.close);
  const { prepared: strategy, feed } = onFile(prepared(BUSY_STRATEGY, 'busy.strat'), gappyFile(folder, 200));
  const opened = openPaperStrategy(state, strategy, [feed], systemClock.now);
  const { record } = opened;
  onTestFinished(() => record.close());
  const calls: string[] = [];
  const events: PaperEvent[] = [];
  const [append, sync] = [record.append.bind(record), record.sync.bind(record)];
  vi.spyOn(record, 'append').mockImplementation((entries) => {
    for (const { type } of entries) calls.push(type === 'decision' && opened.account.hasNewOrders ? 'order' : type);
    append(entries);
  });
  vi.spyOn(record, 'sync').mockImplementation(async () => {
    await sync();
    calls.push('sync');
  });
  await runPaperLoop(opened, {
    clock: systemClock,
    pacers: [createPacer(systemClock, Infinity)],
    stopAfter: Infinity,
    limits: { memoryMb: 64, timeoutMs: 5000 },
    signal: new AbortController().signal,
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'fill') calls.push('told');
    },
  });
  return { calls, events, outcome: outcomeOf(opened), program: strategy.program };
}

it('an order is on the disk before anything else happens, and a fill in the journal before it is told', async () => {
  const { calls } = await recordedRun();
  const orders = calls.flatMap((call, at) => (call === 'order' ? [calls[at + 1]] : []));
  expect(orders.length).toBeGreaterThan(20);
  expect(new Set(orders)).toEqual(new Set(['sync']));
  // Before a row of tellings stands the record of the fills.
  const before = calls.flatMap((call, at) => (call === 'told' && calls[at - 1] !== 'told' ? [calls[at - 1]] : []));
  expect(new Set(before)).toEqual(new Set(['log']));
  expect(calls.slice(-2)).toEqual(['stop', 'sync']);
});

it('each exit is told with the trade that it closed, as the whole log gives them', async () => {
  const { events, outcome, program } = await recordedRun();
  const { log, columns } = outcome;
  const names = { market: 'BTC/USDT', setups: [null, null], reasonOf: reasonTexts(program, 'BTC/USDT') };
  const expected = tradesOf(log, columns, names).filter(({ exitTime }) => exitTime !== null);
  const told = events.flatMap((event) =>
    event.type === 'fill' && event.closed !== null ? [{ ...event.closed, exitReason: event.reason }] : [],
  );
  expect(expected.length).toBeGreaterThan(10);
  expect(told).toEqual(expected.map(({ profit, exitReason }) => ({ profit, exitReason })));
});
