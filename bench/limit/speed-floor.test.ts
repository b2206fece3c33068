import { expect, test } from 'vitest';
import { generateMarket } from '#core/data/market-generator.ts';
import { runInPlace } from '#core/sandbox/run-in-place.ts';
import { slowForm } from './speed-floor.ts';
import { inputOf, type ProgramName, preparedProgram } from './timed-program.ts';

const columns = generateMarket({ seed: 7, bars: 9000, startTime: Date.UTC(2024, 0, 1), stepMs: 60_000, startPrice: 30_000, tick: 0.01 });

test.for<ProgramName>(['sma-cross', 'rsi-bands'])('the slow form of %s does the same work', (name) => {
  const prepared = preparedProgram(name);
  const slow = slowForm(prepared);
  expect(slow.compiled.text).not.toBe(prepared.compiled.text);
  const [found, expected] = [slow, prepared].map((one) => runInPlace(one.compiled, inputOf(one, columns)));
  expect(expected!.log.length).toBeGreaterThan(0);
  expect(found!.log).toEqual(expected!.log);
  expect(found!.equity).toEqual(expected!.equity);
});

test('a text without loops that watch has no slow form', () => {
  const prepared = preparedProgram('sma-cross');
  expect(() => slowForm({ ...prepared, compiled: { ...prepared.compiled, text: '({ run() {}, decide() {} })' } })).toThrow(RangeError);
});
