import { describe, expect, it } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { Decider } from './decider.ts';
import { createDecider } from './decider.ts';
import { createHistoryRows } from './history-rows.ts';
import {
  accountAt,
  barAt,
  meanDecisions,
  meanParams,
  meanStrategy,
  meanStrategyDoing,
  strategyDoing,
  noSettings,
  walk,
} from './testing/fixture-strategies.ts';

const columns = walk(2500, 7);
const plain = meanDecisions(columns, 0.1);
const accounts = plain.map((_, index) => accountAt(index));
const options = { params: meanParams, settings: noSettings, limits: { memoryMb: 32, timeoutMs: 1000 } };
const decide = (decider: Decider, index: number): Promise<Float64Array> => decider.decide(index, barAt(columns, index), accountAt(index));

describe('createDecider', () => {
  it('decides bar by bar what a plain loop gives, past the growth of its columns', async () => {
    const decider = createDecider(meanStrategy, options);
    for (let index = 0; index < plain.length; index += 1) expect(await decide(decider, index)).toEqual(plain[index]);
    expect(decider.bars()).toBe(2500);
    decider.dispose();
  });

  it.each([1, 2, 500, 1023, 1024, 1025, 2499])('goes on after a history of %i bars as if it had never stopped', async (split) => {
    const rows = createHistoryRows({ columns, accounts });
    const decider = createDecider(meanStrategy, options);
    await decider.catchUp(rows.slice(0, Math.floor(split / 3)));
    await decider.catchUp(rows.slice(Math.floor(split / 3), split));
    for (let index = split; index < Math.min(split + 20, 2500); index += 1) expect(await decide(decider, index)).toEqual(plain[index]);
    decider.dispose();
  });

  it('gives zeros where a strategy writes nothing, whatever it wrote on the bar before', async () => {
    const decider = createDecider(strategyDoing('if (lo % 2 === 0) D[0] = 5'), options);
    const firsts = [];
    for (let index = 0; index < 4; index += 1) firsts.push((await decide(decider, index))[0]);
    expect(firsts).toEqual([5, 0, 5, 0]);
    decider.dispose();
  });

  it('refuses a bar out of turn and rows of another length', async () => {
    const decider = createDecider(meanStrategy, options);
    await expect(decide(decider, 1)).rejects.toThrow('bar 1 where bar 0 is next');
    await expect(decider.decide(0, barAt(columns, 0), new Float64Array(3))).rejects.toThrow('an account row has 3 values instead of');
    await expect(decider.catchUp(new Float64Array(20))).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
    decider.dispose();
  });

  it('ends with an error a user can read, and for good', async () => {
    const decider = createDecider(meanStrategyDoing(2, 'for (;;) ;'), { ...options, limits: { memoryMb: 32, timeoutMs: 100 } });
    await decide(decider, 0);
    await decide(decider, 1);
    await expect(decide(decider, 2)).rejects.toMatchObject({ code: 'SANDBOX_TIMEOUT' });
    await expect(decide(decider, 2)).rejects.toBeInstanceOf(StratError);
    expect(() => createDecider({ text: '({})', stateSlots: 0, paramCount: 1, lookBack: 0, columns: [] }, options)).toThrow(StratError);
  });
});
