import fc from 'fast-check';
import { expect, test } from 'vitest';

const seed = process.env['STRAT_FC_SEED'];

test('property tests draw from a fixed seed that STRAT_FC_SEED replaces', () => {
  expect(fc.readConfigureGlobal().seed).toBe(seed === undefined ? 20_260_101 : Number(seed));
});

test('a failing property prints its seed', () => {
  const failing = fc.property(fc.integer(), (n) => n < 1000);
  expect(() => fc.assert(failing, { seed: 42 })).toThrow('seed: 42');
});
