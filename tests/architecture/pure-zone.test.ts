/** Three independent locks on the pure zones (architecture.md section 2), each tried with an offender that must not pass. */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ZONES = ['core/model', 'core/engine', 'core/errors', 'dsl'];

const sources = (root: string): string[] =>
  ZONES.flatMap((zone) => globSync(`${zone}/**/*.ts`, { cwd: root }))
    // The extension of an editor is no part of the language.
    .filter((file) => !file.endsWith('.test.ts') && !file.startsWith('dsl/tools/vscode/'))
    .toSorted();

function run(script: string, args: readonly string[], cwd: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Bundles all pure sources for a platform that has neither Node nor a browser; throws where an import needs one. */
async function bundle(root: string): Promise<string> {
  const entry = sources(root)
    .map((file) => `export * as _${file.replace(/\W/g, '_')} from './${file}';`)
    .join('\n');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  return outputFiles.map((file) => file.text).join('\n');
}

describe('the pure zones', () => {
  test('are not empty', () => {
    for (const zone of ZONES) expect(sources(ROOT).filter((file) => file.startsWith(`${zone}/`)).length).toBeGreaterThan(1);
  });

  test('type-check without Node, without a browser and without a clock library', () => {
    expect(run('typescript/bin/tsc', ['-p', 'tsconfig.pure.json', '--noEmit'], ROOT)).toEqual({ status: 0, output: '' });
  });

  test('are all in the pure type-check', () => {
    const { output } = run('typescript/bin/tsc', ['-p', 'tsconfig.pure.json', '--noEmit', '--listFilesOnly'], ROOT);
    const listed = new Set(output.split('\n').map((line) => line.replace(ROOT, '')));
    expect(sources(ROOT).filter((file) => !listed.has(file))).toEqual([]);
  });

  test('bundle for a neutral platform, without any import left', async () => {
    const text = await bundle(ROOT);
    expect(text.length).toBeGreaterThan(10_000);
    expect(text.match(/^\s*(import\s.*|.*\brequire\(.*)$/gm) ?? []).toEqual([]);
  });
});

/** What must not get in: file text -> which locks stop it. */
const OFFENDERS: readonly { readonly name: string; readonly text: string; readonly locks: readonly ('types' | 'lint' | 'bundle')[] }[] = [
  { name: 'node:fs', text: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;", locks: ['types', 'bundle'] },
  { name: 'node:crypto', text: "import { randomUUID } from 'node:crypto';\nexport const x = randomUUID;", locks: ['types', 'bundle'] },
  { name: 'process', text: 'export const x = process.env;', locks: ['types', 'lint'] },
  { name: 'Buffer', text: 'export const x = Buffer.alloc(1);', locks: ['types', 'lint'] },
  { name: 'console', text: "export const x = () => console.log('x');", locks: ['types', 'lint'] },
  { name: 'timers', text: 'export const x = () => setTimeout(() => 1, 1);', locks: ['types', 'lint'] },
  { name: 'performance', text: 'export const x = () => performance.now();', locks: ['types', 'lint'] },
  { name: 'fetch', text: "export const x = () => fetch('x');", locks: ['types', 'lint'] },
  { name: 'crypto', text: 'export const x = () => crypto.randomUUID();', locks: ['types', 'lint'] },
  { name: 'structuredClone', text: 'export const x = structuredClone({});', locks: ['types', 'lint'] },
  { name: 'Date', text: 'export const x = () => Date.now();', locks: ['lint'] },
  { name: 'new Date', text: 'export const x = () => new Date(0).getTime();', locks: ['lint'] },
  { name: 'Math.random', text: 'export const x = () => Math.random();', locks: ['lint'] },
  { name: 'Intl', text: 'export const x = () => new Intl.NumberFormat();', locks: ['lint'] },
  { name: 'toLocaleString', text: 'export const x = (n: number) => n.toLocaleString();', locks: ['lint'] },
  { name: 'localeCompare', text: "export const x = (s: string) => s.localeCompare('b');", locks: ['lint'] },
  { name: 'globalThis', text: "export const x = Reflect.get(globalThis, 'Date');", locks: ['lint'] },
  { name: 'eval', text: "export const x = (): unknown => eval('1');", locks: ['lint'] },
  { name: 'new Function', text: "export const x = (): unknown => new Function('return 1');", locks: ['lint'] },
];

describe('an offender in a pure zone', () => {
  const root = mkdtempSync(join(tmpdir(), 'strat-pure-'));
  const place = (zone: string, index: number): string => `${zone}/offender-${index}.ts`;
  let types = '';
  let lint: ReadonlySet<string>;

  beforeAll(() => {
    for (const file of ['package.json', 'tsconfig.json', 'tsconfig.pure.json', '.oxlintrc.json'])
      cpSync(join(ROOT, file), join(root, file));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    for (const zone of ZONES) {
      OFFENDERS.forEach(({ text }, index) => {
        const path = join(root, place(zone, index));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${text}\n`);
      });
      writeFileSync(join(root, zone, 'innocent.ts'), 'export const innocent = (n: number): number => Math.sqrt(n);\n');
    }
    types = run('typescript/bin/tsc', ['-p', 'tsconfig.pure.json', '--noEmit', '--pretty', 'false'], root).output;
    const report = run('oxlint/bin/oxlint', ['--format', 'unix', ...ZONES], root).output;
    lint = new Set(report.split('\n').map((line) => (line.split(':')[0] ?? '').replace(`${root}/`, '')));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test.for(OFFENDERS.map((offender, index) => ({ ...offender, index })))('$name is stopped', async ({ locks, index }) => {
    for (const zone of ZONES) {
      const file = place(zone, index);
      const caught = { types: types.includes(`${file}(`), lint: lint.has(file) };
      expect({ file, ...caught }).toMatchObject({
        file,
        ...(locks.includes('types') ? { types: true } : {}),
        ...(locks.includes('lint') ? { lint: true } : {}),
      });
    }
    if (!locks.includes('bundle')) return;
    const alone = mkdtempSync(join(tmpdir(), 'strat-bundle-'));
    mkdirSync(join(alone, 'core/model'), { recursive: true });
    cpSync(join(root, place('core/model', index)), join(alone, 'core/model/offender.ts'));
    await expect(bundle(alone)).rejects.toThrow('Could not resolve');
    rmSync(alone, { recursive: true });
  });

  test('does not make the linter or the compiler complain of innocent code', () => {
    expect(types).not.toContain('innocent');
    expect([...lint].filter((file) => file.includes('innocent'))).toEqual([]);
  });

  test('is no offender in a host zone', () => {
    mkdirSync(join(root, 'core/data'), { recursive: true });
    writeFileSync(join(root, 'core/data/clock.ts'), 'export const clock = (): number => Date.now();\n');
    expect(run('oxlint/bin/oxlint', ['core/data'], root).status).toBe(0);
  });
});
