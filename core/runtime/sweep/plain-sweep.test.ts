import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ParamAxis } from './param-axis.ts';
import { plainSweep } from './plain-sweep.ts';
import { outcomeText, parseOutcome, type PlainTrial, type SetValues } from './plain-trial.ts';
import { SweepBook } from './sweep-book.ts';
import { gridSpace } from './sweep-space.ts';
import { TRIAL_METRICS, type TrialMetrics } from './trial-metrics.ts';
import { openTrialProcess, type TrialProcess } from './trial-process.ts';

const ENTRY = join(import.meta.dirname, 'testing/dying-sweep-process.ts');
const VALUES = Float64Array.from({ length: 12 }, (_, place) => place);
const AXIS: ParamAxis = { name: 'n', index: 0, values: VALUES, texts: [...VALUES].map(String), isUnbounded: false };
const SPACE = gridSpace([AXIS]);
const metricsOf = (value: number): TrialMetrics => Object.fromEntries(TRIAL_METRICS.map((name) => [name, value])) as TrialMetrics;
const trial = async ({ n }: SetValues): Promise<PlainTrial> => ({ metrics: metricsOf(Number(n)) });
const watch = { signal: new AbortController().signal, onProgress: () => undefined };
const book = (): SweepBook => new SweepBook(SPACE, 'sharpe', 100);
const opened = (answer = 'hello'): TrialProcess => openTrialProcess({ entry: ENTRY, env: process.env, request: 'hello', answer });

/** Runs sets here, as a process would that takes so many ms for each. */
const pretended =
  (ms: (n: number) => number): (() => TrialProcess) =>
  () => ({
    ready: Promise.resolve(),
    run: async (values) => {
      await new Promise((done) => setTimeout(done, ms(Number(values['n']))));
      return trial(values);
    },
    close: () => undefined,
  });

test('sets are booked in their order whichever worker ends first', async () => {
  const own = book();
  const seen: number[] = [];
  const crew = { workers: 3, run: trial, open: pretended((n) => (n % 3 === 0 ? 20 : 1)) };
  const progress = { ...watch, onProgress: (sets: number) => void seen.push(sets) };
  expect(await plainSweep(Float64Array.of(0), SPACE, own, ([n]) => n === 4 || n === 11, crew, progress)).toEqual({
    isDone: true,
    workers: 3,
  });
  expect(seen).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10].map((set) => set + 1));
  expect([own.ran, own.leftOut]).toEqual([10, 2]);
});

test('a process that ends at a set, and the second one that does, end the sweep with what is to be done', async () => {
  const own = book();
  let count = 0;
  const open = (): TrialProcess => {
    count += 1;
    return opened();
  };
  // The sweep itself is held up at its first set until the others are there.
  const first = Promise.withResolvers<PlainTrial>();
  setTimeout(() => first.resolve({ error: 'late' }), 1500);
  const sweeping = plainSweep(Float64Array.of(0), SPACE, own, () => false, { workers: 2, run: async () => first.promise, open }, watch);
  await expect(sweeping).rejects.toMatchObject({ code: 'SWEEP_WORKER', message: expect.stringContaining('it was ended by SIGKILL') });
  expect(count).toBeGreaterThanOrEqual(3);
  // What was before the set is kept.
  expect([own.ran, own.invalid.count]).toEqual([0, 1]);
});

test('a process that found other files is not asked for results', async () => {
  const other = opened('other');
  await expect(other.ready).rejects.toThrow('not what they were when the sweep began');
  await expect(other.run({ n: '1' })).rejects.toThrow('not what they were');
});

test('one that cannot be started says so', async () => {
  const nothing = openTrialProcess({ entry: join(import.meta.dirname, 'nothing.ts'), env: process.env, request: '', answer: '' });
  await expect(nothing.ready).rejects.toThrow(/it ended with code 1: Error: Cannot find module/);
});

test('outcomes are the same behind the pipe, and what is none is refused', () => {
  for (const outcome of [
    { metrics: metricsOf(1 / 3) },
    { metrics: { ...metricsOf(0.1), sharpe: null } },
    { error: 'fast makes no window' },
  ])
    expect(parseOutcome(outcomeText(outcome))).toEqual(outcome);
  expect(parseOutcome(outcomeText({ fault: new Error('odd') }))).toMatchObject({ fault: { code: 'INTERNAL', data: { reason: 'odd' } } });
  const wrong = ['', '3', 'null', '[]', '{}', '{"metrics":{}}', '{"code":"NONE","data":{}}', '{"code":"USAGE","data":{"reason":[]}}'];
  const more = { ...metricsOf(1), other: 1 };
  const text = { ...metricsOf(1), sharpe: 'high' };
  for (const one of [...wrong, JSON.stringify({ metrics: more }), JSON.stringify({ metrics: text })]) expect(parseOutcome(one)).toBeNull();
});
