import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simFeed } from '#core/runtime/feeds/bar-feed.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createPacer } from '#core/runtime/feeds/pacer.ts';
import { openPaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import { runPaperLoop } from '#core/runtime/paper/paper-loop.ts';
import { openStateFolder } from '#core/runtime/paper/state-folder.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import { prepared, temporaryFolder } from './paper-runs.ts';

const HOURLY: Timeframe = { name: '1h', count: 1, unit: 'h', stepMs: 3_600_000 };
const STRATEGY = `strat 1
strategy "Talks"
trade BTC/USDT on 1h
enter long when close crosses above sma(close, 5)
exit long when close crosses below sma(close, 5)
size 10% of equity
stop 5%
notify "{symbol} above its mean at {close:2}" when close > sma(close, 5) via telegram level warning
notify "traded"
`;

/** Bars from..to of one account, and what was told on them. */
async function run(home: string, stopAfter: number): Promise<readonly string[]> {
  const state = openStateFolder(home, systemClock.now);
  const strategy = prepared(STRATEGY, 'talks.strat');
  const opened = openPaperStrategy(state, strategy, [simFeed('BTC/USDT', HOURLY, 5)], systemClock.now);
  const told: string[] = [];
  await runPaperLoop(opened, {
    clock: systemClock,
    pacers: [createPacer(systemClock, Infinity)],
    stopAfter,
    limits: { memoryMb: 64, timeoutMs: 5000 },
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.type === 'message') told.push(`${event.time / 3_600_000} ${event.level} ${event.via ?? 'all'}: ${event.text}`);
    },
  });
  opened.record.close();
  state.close();
  return told;
}

it('a strategy on paper tells what its notify lines say, once a rise, and the same when it was stopped on the way', async () => {
  const folder = temporaryFolder();
  const whole = await run(join(folder, 'whole'), 200);
  // Worked out apart from the language: rises of the close over the mean of five closes.
  const feed = simFeed('BTC/USDT', HOURLY, 5);
  const bars = Array.from({ length: 200 }, (_, index) => feed.bar(index)!);
  const above = bars.map(({ close }, at) => at >= 4 && close > bars.slice(at - 4, at + 1).reduce((sum, bar) => sum + bar.close, 0) / 5);
  const rises = bars.flatMap(({ time, close }, at) =>
    at >= 5 && above[at] && !above[at - 1] ? [`${time / 3_600_000} warning telegram: BTC/USDT above its mean at ${close.toFixed(2)}`] : [],
  );
  expect(rises.length).toBeGreaterThan(10);
  expect(whole.filter((text) => text.includes('telegram'))).toEqual(rises);
  expect(whole.filter((text) => text.endsWith('info all: traded')).length).toBeGreaterThan(10);
  const pieces: string[] = [];
  for (const stopAfter of [63, 64, 131, 200]) pieces.push(...(await run(join(folder, 'pieces'), stopAfter)));
  expect(pieces).toEqual(whole);
});
