import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecider } from './decider.ts';
import { accountAt, barAt, meanDecisions, meanParams, meanStrategy, noSettings, walk } from './testing/fixture-strategies.ts';
import { historyInMemory } from './testing/history-in-memory.ts';

const BARS = 400;
const columns = walk(BARS, 5);
const plain = meanDecisions(columns, 0.1);
const rows = historyInMemory(
  columns,
  plain.map((_, index) => accountAt(index)),
);
const options = { params: meanParams, settings: noSettings, limits: { memoryMb: 32, timeoutMs: 5000 } };

describe('a decider', () => {
  it('gives the same rows after any history cut into any blocks', async () => {
    const cuts = fc.uniqueArray(fc.nat(BARS - 1), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const decider = createDecider(meanStrategy, options);
        for (const end of places.toSorted((a, b) => a - b)) await decider.catchUp(rows.slice(decider.bars(), end));
        const next = decider.bars();
        for (let index = next; index < Math.min(next + 3, BARS); index += 1) {
          expect(await decider.decide(index, barAt(columns, index), accountAt(index))).toEqual(plain[index]);
        }
        decider.dispose();
      }),
      { numRuns: 40 },
    );
  });
});
