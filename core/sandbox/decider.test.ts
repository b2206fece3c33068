import { describe, expect, it } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { Columns } from '#core/model/columns.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { rowLength } from '#core/model/trade-plan.ts';
import type { Decider } from './decider.ts';
import { createDecider, openDeciders } from './decider.ts';
import {
  accountAt,
  barAt,
  meanDecisions,
  meanParams,
  meanStrategy,
  meanStrategyDoing,
  strategyDoing,
  noSettings,
  planOf,
  walk,
} from './testing/fixture-strategies.ts';
import { ROW_FIELDS } from './row-layout.ts';
import { packRow } from './history-rows.ts';
import { historyInMemory } from './testing/history-in-memory.ts';

const columns = walk(2500, 7);
const plain = meanDecisions(columns, 0.1);
const accounts = plain.map((_, index) => accountAt(index));
const options = { params: meanParams, settings: noSettings, limits: { memoryMb: 32, timeoutMs: 1000 } };
const decide = (decider: Decider, index: number): Promise<Float64Array> => decider.decide(index, barAt(columns, index), accountAt(index));

/** Reads one column of its own chart and two of chart 2: adds up every bar, by its place, and the one three bars before. */
const chartsStrategy: CompiledStrategy = {
  text: `({ run() {}, decide(lo, hi, C, P, K, S, A, D, M, N) {
    for (let i = lo; i < hi; i += 1) {
      S[1] = S[1] * 0.5 + C[6][i & M];
      while (S[0] < N[2] && C[7][S[0] & M] <= C[0][i & M]) {
        S[2] = S[2] + (1 + S[0] % 13) * C[8][S[0] & M] + (S[0] < 3 ? 0 : C[8][(S[0] - 3) & M]);
        S[0] += 1;
      }
      D[(i - lo) * ${rowLength(planOf(3))}] = S[0];
      D[(i - lo) * ${rowLength(planOf(3))} + 1] = S[1];
      D[(i - lo) * ${rowLength(planOf(3))} + 2] = S[2];
    }
  } })`,
  plan: planOf(3),
  engine: null,
  stateSlots: 3,
  paramCount: 2,
  lookBack: 3,
  columns: [
    { chart: 0, column: { kind: 'calendar', name: 'hour' } },
    { chart: 2, column: { kind: 'closeTime' } },
    { chart: 2, column: { kind: 'bar', name: 'close' } },
  ],
};

describe('bars of other charts', () => {
  // At once: none, one, and many more than a ring holds.
  const closing = [0, 1, 2, 0, 1500, 3, 0, 5000, 1, ...Array.from({ length: 1500 }, (_, index) => index % 4)];
  const hours = closing.map((_, index) => (index * 7) % 24);
  const closes = closing.map((count, index) => Array.from({ length: count }, (_, at) => index + at / 7));
  const tails = closing.map((count, index) =>
    Float64Array.from([hours[index]!, count, ...closes[index]!.flatMap((close) => [2, columns.time[index]!, close])]),
  );
  const all: number[] = [];
  let [mean, mixed] = [0, 0];
  const expected = closing.map((_, index) => {
    mean = mean * 0.5 + hours[index]!;
    for (const close of closes[index]!) {
      mixed = mixed + (1 + (all.length % 13)) * close + (all.length < 3 ? 0 : all.at(-3)!);
      all.push(close);
    }
    return [all.length, mean, mixed];
  });

  it.each([0, 4, 5, 8, 700, 1400])('reach a strategy in order and all, after a history of %i bars', async (split) => {
    const decider = createDecider(chartsStrategy, options);
    await decider.catchUp(historyInMemory(columns, accounts.slice(0, closing.length), tails).slice(0, split));
    for (let index = split; index < Math.min(split + 12, closing.length); index += 1) {
      const given = packRow(barAt(columns, index), accountAt(index), tails[index]);
      const row = index % 2 === 0 ? decider.step(given) : await decider.decideRow(given);
      expect([...row.subarray(0, 3)]).toEqual(expected[index]);
    }
    expect(decider.bars()).toBe(Math.min(split + 12, closing.length));
    decider.dispose();
  });

  it('are where they were once steps have been practised', async () => {
    const longer = walk(4200, 7);
    const [stepping, plainly] = [createDecider(chartsStrategy, options), createDecider(chartsStrategy, options)];
    for (let index = 0; index < longer.time.length; index += 1) {
      const closed = Array.from({ length: index % 3 }, (_, at) => [2, longer.time[index]!, index + at / 7]).flat();
      const row = packRow(barAt(longer, index), accountAt(index), Float64Array.of(index % 24, index % 3, ...closed));
      const [stepped, decided] = [stepping.step(row).slice(), await plainly.decideRow(row)];
      if (index < 4090) continue;
      expect(stepped).toEqual(decided);
    }
    for (const decider of [stepping, plainly]) decider.dispose();
  });

  it.each([
    ['no tail', []],
    ['no count', [1]],
    ['a bar less than announced', [1, 1]],
    ['a bar cut off', [1, 1, 2, 5]],
    ['more than announced', [1, 0, 2, 5, 6]],
    ['a chart that there is not', [1, 1, 3, 5, 6]],
    ['the traded chart', [1, 1, 0, 5]],
    ['half a bar', [1, 0.5, 2, 5, 6]],
    ['a negative count', [1, -1]],
    ['an endless count', [1, Infinity, 2, 5, 6]],
    ['a count that is none', [1, Number.NaN]],
  ])('a row with %s is refused', async (_, tail) => {
    const decider = createDecider(chartsStrategy, options);
    const given = decider.decide(0, barAt(columns, 0), accountAt(0), Float64Array.from(tail));
    await expect(given).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
    decider.dispose();
  });
});

describe('deciders of several markets in one isolate', () => {
  const given = { params: options.params, settings: options.settings };
  const [first, second] = [walk(60, 3), walk(60, 4)];
  const rowsOf = async (decider: Decider, columns: Columns): Promise<readonly number[][]> => {
    const rows: number[][] = [];
    for (let index = 0; index < 60; index += 1) rows.push([...(await decider.decide(index, barAt(columns, index), accountAt(index)))]);
    return rows;
  };

  it('have nothing in common but their code', async () => {
    const alone = [createDecider(meanStrategy, options), createDecider(meanStrategy, options)] as const;
    const expected = [await rowsOf(alone[0], first), await rowsOf(alone[1], second)];
    for (const { dispose } of alone) dispose();
    const deciders = openDeciders(meanStrategy, options.limits, 2);
    const [one, other] = [deciders.open(given), deciders.open(given)];
    expect(await Promise.all([rowsOf(one, first), rowsOf(other, second)])).toEqual(expected);
    one.dispose();
    const later = deciders.open(given);
    expect(await rowsOf(later, first)).toEqual(expected[0]);
    expect(other.bars()).toBe(60);
    deciders.dispose();
    await expect(other.decide(60, barAt(first, 0), accountAt(0))).rejects.toThrow(StratError);
  });

  it('end together', async () => {
    const deciders = openDeciders(strategyDoing('if (C[4][0] > 1e6) throw new Error("no")'), options.limits, 2);
    const [one, other] = [deciders.open(given), deciders.open(given)];
    await other.decide(0, barAt(first, 0), accountAt(0));
    await expect(one.decide(0, { ...barAt(first, 0), close: 1e7 }, accountAt(0))).rejects.toMatchObject({ code: 'SANDBOX_CRASHED' });
    await expect(other.decide(1, barAt(first, 1), accountAt(1))).rejects.toThrow(StratError);
    for (const { dispose } of [one, other, deciders]) dispose();
  });
});

describe('createDecider', () => {
  it('decides bar by bar what a plain loop gives, past the growth of its columns', async () => {
    const decider = createDecider(meanStrategy, options);
    for (let index = 0; index < plain.length; index += 1) expect(await decide(decider, index)).toEqual(plain[index]);
    expect(decider.bars()).toBe(2500);
    decider.dispose();
  });

  it.each([1, 2, 500, 1023, 1024, 1025, 2499])('goes on after a history of %i bars as if it had never stopped', async (split) => {
    const rows = historyInMemory(columns, accounts);
    const decider = createDecider(meanStrategy, options);
    await decider.catchUp(rows.slice(0, Math.floor(split / 3)));
    await decider.catchUp(rows.slice(Math.floor(split / 3), split));
    for (let index = split; index < Math.min(split + 20, 2500); index += 1) expect(await decide(decider, index)).toEqual(plain[index]);
    decider.dispose();
  });

  it('gives the same rows after it has practised', () => {
    const longer = walk(4200, 7);
    const expected = meanDecisions(longer, 0.1);
    const steps = (strategy: CompiledStrategy): Float64Array[] => {
      const decider = createDecider(strategy, options);
      const rows = expected.map((_, index) => decider.step(packRow(barAt(longer, index), accountAt(index))).slice());
      decider.dispose();
      return rows;
    };
    expect(steps(meanStrategy)).toEqual(expected);
    // Whether it has: calls that the strategy counts outside of its state are more than bars.
    const counting = meanStrategyDoing(4150, 'sum += calls - i;');
    const text = `(() => { let calls = 0; const of = ${counting.text}; return { run: of.run, decide(...given) { calls += 1; of.decide(...given); } }; })()`;
    expect(steps({ ...counting, text }).slice(0, 4150)).toEqual(expected.slice(0, 4150));
    expect(steps({ ...counting, text })[4150]![2]! - expected[4150]![2]!).toBeCloseTo(4096 + 1, 3);
  });

  it('gives the same rows by steps in this thread, between calls of the other kind', async () => {
    const decider = createDecider(meanStrategy, options);
    const rows = historyInMemory(columns, accounts);
    await decider.catchUp(rows.slice(0, 700));
    for (let index = 700; index < 2500; index += 1) {
      const row = rows.slice(index, index + 1);
      expect(index % 3 === 0 ? await decider.decideRow(row) : decider.step(row)).toEqual(plain[index]);
    }
    expect(decider.bars()).toBe(2500);
    expect(() => decider.step(new Float64Array(ROW_FIELDS + 1))).toThrow('values are not one row');
    decider.dispose();
  });

  it('ends by a step that throws, and for good', () => {
    const decider = createDecider(strategyDoing('throw new Error("no")'), options);
    const row = historyInMemory(columns, accounts).slice(0, 1);
    expect(() => decider.step(row)).toThrow(expect.objectContaining({ code: 'SANDBOX_CRASHED' }));
    expect(() => decider.step(row)).toThrow(expect.objectContaining({ code: 'SANDBOX_CRASHED' }));
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
    await expect(decider.catchUp(new Float64Array(ROW_FIELDS + 1))).rejects.toMatchObject({ code: 'SANDBOX_INPUT' });
    decider.dispose();
  });

  it('ends with an error a user can read, and for good', async () => {
    const decider = createDecider(meanStrategyDoing(2, 'for (;;) ;'), { ...options, limits: { memoryMb: 32, timeoutMs: 100 } });
    await decide(decider, 0);
    await decide(decider, 1);
    await expect(decide(decider, 2)).rejects.toMatchObject({ code: 'SANDBOX_TIMEOUT' });
    await expect(decide(decider, 2)).rejects.toBeInstanceOf(StratError);
    expect(() => createDecider({ ...meanStrategy, paramCount: 1 }, options)).toThrow(StratError);
  });
});
