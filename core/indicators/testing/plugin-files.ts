import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MANIFEST = {
  strat: 1,
  name: '@acme/mean',
  kind: 'indicator',
  version: '1.0.0',
  entry: 'mean.js',
  inputs: { source: 'price' },
  params: { length: { kind: 'length', default: 5, min: 1, max: 50 } },
  outputs: { value: { kind: 'price', min: 0 } },
  state: 'length',
  lookback: 'length - 1',
};

/** The mean of the last `length` values: state is the window, oldest first. */
export const CODE = `export function init(params, state) { for (let i = 0; i < state.length; i++) state[i] = NaN; }
export function step(params, state, input, out) {
  let sum = 0;
  for (let i = 0; i < state.length; i++) {
    state[i] = i + 1 < state.length ? state[i + 1] : input[0];
    sum += state[i];
  }
  out[0] = sum / state.length;
}
`;

export interface PluginFiles {
  readonly manifest?: object | string;
  /** By name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes a plugin to `<folder>/indicator/<id>/` and gives its folder: a sound one in JavaScript, unless something else is said. */
export function writePlugin(folder: string, id: string, { manifest = MANIFEST, files = { 'mean.js': CODE } }: PluginFiles = {}): string {
  const path = join(folder, 'indicator', id);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'manifest.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}
