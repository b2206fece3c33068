import type { ScriptPlugin } from '../../check/plugin-source.ts';
import { readManifest } from '../read-manifest.ts';
import { readStepCode } from '../read-step-code.ts';

/** An indicator in JavaScript from its two files, for tests that hand one over themselves. */
export function scriptPlugin(manifest: object, code: string): ScriptPlugin {
  const read = readManifest(JSON.stringify(manifest));
  if (!read.ok || read.value.form !== 'script')
    throw new Error(read.ok ? 'no script' : read.error.map(({ key, reason }) => `${key}: ${reason}`).join());
  const script = readStepCode(
    code,
    read.value.params.map(({ name }) => name),
  );
  if (!script.ok) throw new Error(`${script.error.line}:${script.error.column} ${script.error.message}`);
  return { form: 'script', manifest: read.value, code: script.value };
}

/** The example of the language's design, language.md 9.6. */
export const FISHER_MANIFEST = {
  strat: 1,
  name: '@acme/fisher',
  kind: 'indicator',
  version: '1.2.0',
  entry: 'fisher.js',
  inputs: { high: 'price', low: 'price' },
  params: { length: { kind: 'length', default: 10, min: 2, max: 500 } },
  outputs: { value: { kind: 'number' }, trigger: { kind: 'number' } },
  state: '4 + 2 * length',
  lookback: 'length',
  license: 'MIT',
};

/** Written for its uses of state: a ring, a count, values of the bar before. */
export const FISHER_CODE = `
const COUNT = 0, X = 1, VALUE = 2, RING = 4;
export function init(params, state) { state[COUNT] = 0; }
export function step(params, state, input, out) {
  const n = params.length;
  const mid = (input[0] + input[1]) / 2;
  if (isNaN(mid)) return;
  state[RING + state[COUNT] % n] = mid;
  state[COUNT] += 1;
  let highest = mid, lowest = mid;
  for (let i = 0; i < n; i++) {
    if (i < state[COUNT]) {
      highest = Math.max(highest, state[RING + i]);
      lowest = Math.min(lowest, state[RING + i]);
    }
  }
  let x = 0;
  if (highest > lowest) x = 0.66 * ((mid - lowest) / (highest - lowest) - 0.5) + 0.67 * state[X];
  x = Math.max(-0.999, Math.min(0.999, x));
  out[1] = state[VALUE];
  out[0] = 0.5 * Math.log((1 + x) / (1 - x)) + 0.5 * state[VALUE];
  state[X] = x;
  state[VALUE] = out[0];
}
`;
