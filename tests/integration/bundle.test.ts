import { isAscii } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleCommandLine, withoutFacades } from '../../scripts/build-cli.ts';
import { ROOT, temporaryFolder } from './cli-process.ts';

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function node(args: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}): Outcome {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...more };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], { encoding: 'utf8', cwd, env });
  return { status, stdout, stderr };
}

const MAIN = `import { word } from './commands/check.ts';
export const main = async (): Promise<number> => {
  console.log(new Error('here').stack!.includes('.mjs') ? 'bundle' : 'sources', word, import.meta.dirname);
  return 0;
};
`;

describe('a clone with a bundle', () => {
  let folder = '';
  const place = (path: string): string => join(folder, path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(place(path)), { recursive: true });
    writeFileSync(place(path), text);
  };
  const word = (text: string): void => write('core/cli/commands/check.ts', `export const word: string = '${text}';\n`);
  const start = (env: Readonly<Record<string, string>> = {}): string => {
    const { status, stdout, stderr } = node([place('bin/strat.js')], folder, env);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout.trim();
  };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'strat-bundle-')));
    cpSync(join(ROOT, 'bin'), place('bin'), { recursive: true });
    cpSync(join(ROOT, 'scripts/build-cli.ts'), place('scripts/build-cli.ts'));
    mkdirSync(place('node_modules'));
    symlinkSync(join(ROOT, 'node_modules/rolldown'), place('node_modules/rolldown'));
    write('package.json', '{ "type": "module" }');
    write('core/cli/main.ts', MAIN);
    word('first');
    node([place('scripts/build-cli.ts')], folder);
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test('runs it, and code in it finds what lies beside its source', () => {
    expect(start()).toBe(`bundle first ${place('core/cli')}`);
  });

  test('runs a source that was edited, even to as many characters at the same time', () => {
    const file = place('core/cli/commands/check.ts');
    const { atime, mtime } = statSync(file);
    word('other');
    utimesSync(file, atime, mtime);
    expect(start()).toBe(`sources other ${place('core/cli')}`);
    word('first');
    expect(start()).toBe(`bundle first ${place('core/cli')}`);
  });

  test('looks at what the command may run, and what that may load later', () => {
    write('core/cli/main.ts', MAIN.replace('return 0;', "if (process.argv[2] === 'late') await import('./commands/late.ts'); return 0;"));
    write('core/cli/commands/late.ts', "await import('../later.ts');\n");
    write('core/cli/later.ts', "console.log('later');\n");
    node([place('scripts/build-cli.ts')], folder);
    const late = (): string =>
      node([place('bin/strat.js'), 'late'], folder)
        .stdout.replaceAll(/\s+/g, ' ')
        .trim();
    expect(late()).toBe(`bundle first ${place('core/cli')} later`);
    write('core/cli/later.ts', "console.log('other');\n");
    expect(late()).toBe(`sources first ${place('core/cli')} other`);
    expect(start()).toMatch(/^bundle first/);
    word('second');
    expect(start()).toMatch(/^sources second/);
  });

  test('remembers that a source was touched and is the same', () => {
    const stamp = place('node_modules/.cache/strat/stamp.json');
    const before = readFileSync(stamp, 'utf8');
    word('first');
    expect(start()).toMatch(/^bundle/);
    const after = readFileSync(stamp, 'utf8');
    expect(after).not.toBe(before);
    expect(start()).toMatch(/^bundle/);
    expect(readFileSync(stamp, 'utf8')).toBe(after);
    expect(readdirSync(dirname(stamp)).filter((name) => name.startsWith('stamp'))).toEqual(['stamp.json']);
  });

  test('runs the sources when it was moved, when a source is gone, and where the stamp or the bundle is damaged', () => {
    const stamp = place('node_modules/.cache/strat/stamp.json');
    const whole = readFileSync(stamp, 'utf8');
    writeFileSync(stamp, whole.slice(0, 40));
    expect(start()).toMatch(/^sources first/);
    writeFileSync(stamp, whole);
    expect(start()).toMatch(/^bundle first/);
    rmSync(stamp);
    expect(start()).toMatch(/^sources first/);
    writeFileSync(stamp, whole);
    const other = `${folder}-moved`;
    renameSync(folder, other);
    folder = other;
    expect(start()).toBe(`sources first ${place('core/cli')}`);
  });

  test('runs the sources with STRAT_DEBUG, whose stacks are read', () => {
    expect(start({ STRAT_DEBUG: '1' })).toMatch(/^sources first/);
  });
});

describe('the bundle of the command line', () => {
  const modules = join(ROOT, 'node_modules/.cache');
  let folder = '';
  beforeAll(async () => {
    mkdirSync(modules, { recursive: true });
    folder = mkdtempSync(join(modules, 'strat-test-'));
    await bundleCommandLine(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has no import of a module of Node, which would load all of it', () => {
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(
      texts.filter((text) => text.includes('process.getBuiltinModule("node:fs")') || text.includes('process.getBuiltinModule(`node:fs`)')),
    ).not.toEqual([]);
    for (const text of texts) expect(text).not.toMatch(/(?:^|;)import[^;]*["'`]node:/);
  });

  test('is made of ASCII, which Node reads by the quick way', () => {
    for (const file of readdirSync(folder)) expect(isAscii(readFileSync(join(folder, file))), file).toBe(true);
  });

  /** The same command by the bundle and by the sources. */
  function both(args: readonly string[], cwd = ROOT): readonly [Outcome, Outcome] {
    const run = (main: string): Outcome => {
      const code = `process.exitCode = await (await import('${pathToFileURL(main).href}')).main(${JSON.stringify(args)})`;
      return node(['--input-type=module', '--eval', code], cwd);
    };
    return [run(join(folder, 'main.mjs')), run(join(ROOT, 'core/cli/main.ts'))];
  }

  test('backtests as the sources do, in the sandbox and with a report', () => {
    const report = join(temporaryFolder(), 'report.html');
    const args = ['backtest', 'strategies/sma-cross/sma-cross.strat', '--synthetic', '1', '--report', report, '--json'];
    const documents = both(args).map(({ stdout }) => ({ ...(JSON.parse(stdout) as object), timing: null }));
    expect(documents[0]).toEqual(documents[1]);
    expect(documents[0]).toHaveProperty('resultHash');
  });

  test('has the engine that isolates load without its types: to remove them takes WebAssembly, and longer than a backtest', () => {
    const args = ['backtest', 'strategies/sma-cross/sma-cross.strat', '--synthetic', '1', '--leverage', '2', '--json'];
    const without = 'process.getBuiltinModule("node:module").stripTypeScriptTypes = () => { throw new Error("types"); };';
    const [bundled, sources] = both(args).map(({ stdout }) => (JSON.parse(stdout) as { readonly resultHash: string }).resultHash);
    expect(bundled).toBe(sources);
    const run = (main: string): Outcome => {
      const code = `${without}process.exitCode = await (await import('${pathToFileURL(main).href}')).main(${JSON.stringify(args)})`;
      return node(['--input-type=module', '--eval', code], ROOT);
    };
    expect((JSON.parse(run(join(folder, 'main.mjs')).stdout) as { readonly resultHash: string }).resultHash).toBe(sources);
    expect(run(join(ROOT, 'core/cli/main.ts')).status).not.toBe(0);
  });

  test('sweeps on threads as the sources do', () => {
    const args = ['sweep', 'strategies/sma-cross/sma-cross.strat', '--synthetic', '1', '--param', 'fast=5..12', '--workers', '2', '--json'];
    const documents = both(args).map(({ stdout }) => ({ ...(JSON.parse(stdout) as object), timing: null }));
    expect(documents[0]).toEqual(documents[1]);
    expect(documents[0]).toMatchObject({ workers: 2, sets: { ran: 2 } });
  });

  test('sweeps in processes as the sources do', () => {
    const args = [
      'sweep',
      'strategies/sma-cross/sma-cross.strat',
      '--synthetic',
      '1',
      '--leverage',
      '2',
      '--param',
      'fast=5..12',
      '--workers',
      '2',
      '--json',
    ];
    const documents = both(args).map(({ stdout }) => ({ ...(JSON.parse(stdout) as object), timing: null }));
    expect(documents[0]).toEqual(documents[1]);
    expect(documents[0]).toMatchObject({ workers: 2, sets: { ran: 2 }, plain: 'its account is on margin, or pays for what it holds' });
  });

  test.for([
    [['check', 'strategies/sma-cross/sma-cross.strat']],
    [['--help']],
    [['backtest', '--help']],
    [['backtest', 'no-such-file.strat', '--synthetic', '1']],
    [['nonsense']],
    [['plugin', 'list']],
    [['data', 'list']],
  ])('strat %j says what the sources say', ([args]) => {
    const [ours, theirs] = both(args!);
    expect(ours).toEqual(theirs);
  });

  test('knows the errors that plugins throw, which load strat from its sources', () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'mine/risk/odd'), { recursive: true });
    writeFileSync(join(cwd, 'strat.yaml'), 'plugins: { folders: [mine] }\nrisk:\n  - { use: risk/odd }\n');
    writeFileSync(
      join(cwd, 'mine/risk/odd/manifest.ts'),
      `import { StratError } from 'strat/errors';
import { definePlugin } from 'strat/ports/plugin';
export const manifest = definePlugin({
  id: 'risk/odd', kind: 'risk', api: 1, summary: 'Says why it does not start', capabilities: [], requires: [],
  config: { type: 'object', additionalProperties: false, properties: {} },
  load: async () => ({ setup: () => { throw new StratError('PLUGIN_LIED', { plugin: 'risk/odd', phase: 'setup', reason: 'told by itself' }); } }),
});
`,
    );
    const [ours, theirs] = both(['doctor', '--config', 'strat.yaml'], cwd);
    expect(ours.stdout).toContain('broke its contract in setup: told by itself');
    expect(ours.stdout.replace(/\d+ ms/g, 'MS')).toBe(theirs.stdout.replace(/\d+ ms/g, 'MS'));
  });
});

describe('imports of modules of Node', () => {
  test.for([
    ['import { a, b as c } from "node:fs";', 'const { a, b: c } = process.getBuiltinModule("node:fs");'],
    ['import path from "node:path";', 'const path = process.getBuiltinModule("node:path");'],
    ['import "node:module";', ''],
    ['import { a } from "./node:fs.mjs";', 'import { a } from "./node:fs.mjs";'],
  ])('%s becomes %s', ([line, expected]) => {
    expect(withoutFacades(`// a file\n${line}\nconst text = '';`)).toBe(`// a file\n${expected}\nconst text = '';`);
  });

  test('are left alone in texts of the program', () => {
    const code = 'const text = `\nimport { a } from "node:fs";\n`;';
    expect(withoutFacades(code)).toBe(code);
  });

  test.for(['import * as fs from "node:fs";', 'import fs, { a } from "node:fs";'])('%s is refused, as it cannot be rewritten', (line) => {
    expect(() => withoutFacades(line)).toThrow('cannot be rewritten');
  });
});
