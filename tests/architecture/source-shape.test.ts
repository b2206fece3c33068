import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { barrelFaults, lineCount, MAX_LINES, nameFaults, sizeFaults, type SourceFile, stateFaults, WARN_LINES } from './source-shape.ts';

/** Files that may be longer than the limit, each with the reason. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'dsl/diagnostics/codes.ts': 'one table, a row a code',
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['bin', 'core', 'dsl', 'plugins', 'web', 'scripts', 'bench', 'tests', 'templates'];
const files: readonly SourceFile[] = FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,js,mjs}`, { cwd: ROOT }))
  .filter((path) => !path.startsWith('tests/fixtures/') && !path.startsWith('web/dist/') && !path.includes('/node_modules/'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const product = files.filter(({ path }) => /^(core|dsl|plugins|web)\//.test(path) && !/\.test\.tsx?$/.test(path));

describe('source files', () => {
  test('are found', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(product.length).toBeGreaterThan(30);
  });

  test(`are under ${MAX_LINES} lines, or listed with a reason`, () => {
    for (const { path, text } of files) {
      if (lineCount(text) > WARN_LINES) console.warn(`${path} has ${lineCount(text)} lines: is it one thing?`);
    }
    expect(sizeFaults(files, LONG_FILES)).toEqual([]);
  });

  test('have telling kebab-case names', () => {
    expect(files.flatMap(nameFaults)).toEqual([]);
  });

  test('are not barrels', () => {
    expect(product.flatMap(barrelFaults)).toEqual([]);
  });

  test('hold no module-level mutable state', () => {
    expect(product.flatMap(stateFaults)).toEqual([]);
  });
});

describe('the shape rules', () => {
  const file = (path: string, text = ''): SourceFile => ({ path, text });

  test('catch a long file and a stale reason', () => {
    expect(sizeFaults([file('core/a.ts', 'x\n'.repeat(501))], {})).toHaveLength(1);
    expect(sizeFaults([file('core/a.ts', 'x\n'.repeat(500))], {})).toEqual([]);
    expect(sizeFaults([file('core/a.ts', 'x\n'.repeat(501))], { 'core/a.ts': 'one table' })).toEqual([]);
    expect(sizeFaults([file('core/a.ts', 'x\n')], { 'core/a.ts': 'one table' })).toHaveLength(1);
  });

  test.for([
    'core/utils.ts',
    'core/data/candle-helpers.ts',
    'core/CamelCase.ts',
    'core/snake_case.ts',
    'core/types.ts',
    'core/common/bar.ts',
    'core/order-manager.test.ts',
  ])('catch the name %s', (path) => expect(nameFaults(file(path))).not.toEqual([]));

  test.for([
    'core/model/bar.ts',
    'core/model/xoshiro128.ts',
    'core/engine/ema.prop.test.ts',
    'vitest.config.ts',
    'bin/strat.js',
    'web/src/app.tsx',
    'templates/exchange/__name__/manifest.ts',
  ])('accept the name %s', (path) => expect(nameFaults(file(path))).toEqual([]));

  test('catch barrels, and let a file that adds something pass a name on', () => {
    expect(barrelFaults(file('core/index.ts', "export * from './a.ts';\n"))).toHaveLength(1);
    expect(
      barrelFaults(file('core/index.ts', "/** door */\nexport { a } from './a.ts';\nexport type { B } from './b.ts';\n")),
    ).toHaveLength(1);
    expect(barrelFaults(file('core/a.ts', "export { a } from './a.ts';\nexport const b = 1;\n"))).toEqual([]);
  });

  test('catch module-level state', () => {
    expect(stateFaults(file('core/a.ts', 'let count = 0;\n'))).toHaveLength(1);
    expect(stateFaults(file('core/a.ts', 'export const cache = new Map<string, number>();\n'))).toHaveLength(1);
    expect(stateFaults(file('core/a.ts', 'const seen: Set<string> = new Set();\n'))).toHaveLength(1);
    expect(stateFaults(file('core/a.ts', 'const NAMES = new Set([1]);\nfunction f() {\n  let n = 0;\n  return n;\n}\n'))).toEqual([]);
    expect(
      stateFaults(file('core/a.ts', 'const NONE: readonly number[] = [];\nconst NO: ReadonlyMap<string, number> = new Map();\n')),
    ).toEqual([]);
    expect(stateFaults(file('core/a.ts', 'const SEEN: number[] = [];\n'))).toHaveLength(1);
    expect(stateFaults(file('core/a.ts', 'const text = `\nlet x = 1;\n`;\n'))).toEqual([]);
  });
});
