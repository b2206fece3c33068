import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BUSY_STRATEGY, backtestEssence, essences, gappyFile, onFile, prepared, runPaper, temporaryFolder } from './paper-runs.ts';

it('swap and queues on paper are those of the backtest, over a restart too, which finds the costs unchanged', async () => {
  const folder = temporaryFolder();
  const file = gappyFile(folder, 120);
  const plain = prepared(BUSY_STRATEGY, 'busy.strat');
  const costs = { swap: { long: 0.2, short: 0.1 }, queue: { share: 0.02 }, conventions: { ...plain.settings.conventions, tick: 10 } };
  const strategy = { ...plain, settings: { ...plain.settings, ...costs } };
  const expected = await backtestEssence(strategy, file);
  expect(expected).toMatchObject({ metrics: { swap: expect.toSatisfy((paid: number) => paid > 0) as number } });
  const home = join(folder, 'home');
  await runPaper(home, [onFile(strategy, file)], { stopAfter: 50 });
  const outcomes = await runPaper(home, [onFile(strategy, file)]);
  expect(essences(outcomes)).toEqual([expected]);
  expect(outcomes[0]!.strategy.notes.join()).not.toContain('costs');
});
