import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IndicatorShelf } from '../../core/indicators/indicator-shelf.ts';
import { type LockEntry, lockText } from '../../core/indicators/lock-file.ts';
import type { Compiler } from '../../dsl/compile.ts';

const FISHER = fileURLToPath(new URL('../../plugins/indicator/fisher/', import.meta.url));

const manifest = (name: string): string =>
  JSON.stringify({
    strat: 1,
    name: `@local/${name}`,
    kind: 'indicator',
    version: '1.0.0',
    entry: `${name}.js`,
    summary: 'an example',
    inputs: { high: 'price' },
    params: { length: { kind: 'length', default: 10, min: 2, max: 500 } },
    outputs: { value: { kind: 'number' } },
    state: '1',
    lookback: '1',
    license: 'MIT',
  });

/** Counts its calls; from the thousandth on it goes round in circles: trying it does not show that. */
const ENDLESS = `export function init(params, state) { state[0] = 0; }
export function step(params, state, input, out) {
  state[0] += 1;
  out[0] = 1;
  if (state[0] < 1000) return;
  for (let i = 0; i < 10000; i++) for (let j = 0; j < 10000; j++) out[0] += 1;
}
`;
const PLAIN = 'export function init(params, state) {}\nexport function step(params, state, input, out) { out[0] = 1; }\n';

/** A folder as a reader may have it: files beside a strategy, plugins, and a lock file from before one of them was edited. */
export class ExampleFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'strat-examples-'));
  readonly shelf: IndicatorShelf;

  constructor(compiler: Compiler) {
    const folder = join(this.path, 'plugins');
    cpSync(FISHER, join(folder, 'indicator/fisher'), { recursive: true });
    for (const [name, code] of [
      ['endless', ENDLESS],
      ['changed', PLAIN],
    ] as const) {
      this.write(`plugins/indicator/${name}/manifest.json`, manifest(name));
      this.write(`plugins/indicator/${name}/${name}.js`, code);
    }
    const open = (): IndicatorShelf => new IndicatorShelf({ folders: [{ folder, isOwn: false }], lockFolder: this.path, compiler });
    const before = open();
    const entries = before.found.flatMap((indicator): [string, LockEntry][] => {
      const loaded = before.load(indicator);
      return loaded.ok ? [[indicator.manifest.name, loaded.value.entry]] : [];
    });
    this.write('strat.lock', lockText(new Map(entries)));
    appendFileSync(join(folder, 'indicator/changed/changed.js'), '// edited\n');
    this.shelf = open();
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
