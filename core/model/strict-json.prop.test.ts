import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStrictJson } from './strict-json.ts';

test('strict JSON agrees with JSON.parse about everything that it accepts', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const read = readStrictJson(text, 1e6);
      const seen = read.ok ? JSON.stringify(read.value) : read.error.reason;
      expect([JSON.stringify(JSON.parse(text)), 'the key "__proto__" is not allowed']).toContain(seen);
    }),
    { numRuns: 300 },
  );
});
