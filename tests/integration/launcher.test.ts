import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/strat.js', import.meta.url));
const SYSTEM_NODE = '/usr/bin/node';

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(launcher: string, args: readonly string[], node = process.execPath, nodeArgs: readonly string[] = []): Outcome {
  const { status, stdout, stderr } = spawnSync(node, [...nodeArgs, launcher, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { status, stdout, stderr };
}

/** Starts the launcher on a process that claims to be another Node or another platform. */
function startAs(claim: { readonly node?: string; readonly platform?: string }, args: readonly string[] = ['--help']): Outcome {
  const code = [
    claim.node === undefined
      ? ''
      : `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${claim.node}' } });`,
    claim.platform === undefined ? '' : `Object.defineProperty(process, 'platform', { value: '${claim.platform}' });`,
  ].join('\n');
  return start(LAUNCHER, args, process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(code)}`]);
}

const systemMajor = existsSync(SYSTEM_NODE)
  ? Number(spawnSync(SYSTEM_NODE, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout)
  : 0;

describe.skipIf(!(systemMajor >= 12 && systemMajor < 26))(`under the system's own older Node (${SYSTEM_NODE})`, () => {
  test.for([[], ['--help'], ['check', 'x.strat'], ['backtest', 'x.strat', '--json'], ['run'], ['nonsense']])(
    'strat %j says which Node it needs and how to get it',
    (args) => {
      const { status, stdout, stderr } = start(LAUNCHER, args, SYSTEM_NODE);
      expect(status).toBe(3);
      expect(stdout).toBe('');
      expect(stderr).toContain('strat needs Node 26 or later');
      expect(stderr).toContain(`found ${systemMajor}.`);
      for (const way of ['npm ci', 'npx strat', 'npm run strat --', 'https://nodejs.org']) expect(stderr).toContain(way);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );
});

describe('the launcher', () => {
  test.for(['12.22.12', '18.0.0', '24.9.1', '25.1.0', '27.0.0', '29.3.0'])('refuses Node %s', (node) => {
    const { status, stderr } = startAs({ node });
    expect(status).toBe(3);
    expect(stderr).toContain('strat needs Node 26');
    expect(stderr).toContain(`found ${node}`);
  });

  test('says why an odd release is refused', () => {
    expect(startAs({ node: '27.0.0' }).stderr).toContain('Odd releases');
    expect(startAs({ node: '24.0.0' }).stderr).not.toContain('Odd releases');
  });

  test('points from native Windows to WSL', () => {
    const { status, stderr } = startAs({ platform: 'win32' });
    expect(status).toBe(3);
    expect(stderr).toContain('WSL');
    expect(stderr).toContain('native Windows');
  });

  test('names another platform that it does not know', () => {
    const { status, stderr } = startAs({ platform: 'freebsd' });
    expect(status).toBe(3);
    expect(stderr).toContain('"freebsd"');
  });
});

describe('on a supported Node', () => {
  const root = mkdtempSync(join(tmpdir(), 'strat-launcher-'));
  const launcher = join(root, 'bin/strat.js');
  const main = (text: string): void => writeFileSync(join(root, 'core/cli/main.ts'), text);

  beforeAll(() => {
    for (const folder of ['bin', 'core/cli']) mkdirSync(join(root, folder), { recursive: true });
    cpSync(LAUNCHER, launcher);
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('main gets the arguments and gives the exit code', () => {
    main(
      'export const main = async (argv: readonly string[]): Promise<number> => { console.log(JSON.stringify(argv)); return argv.length; };',
    );
    expect(start(launcher, ['check', '--json'])).toEqual({ status: 2, stdout: '["check","--json"]\n', stderr: '' });
    expect(start(launcher, [])).toEqual({ status: 0, stdout: '[]\n', stderr: '' });
  });

  test('long output is complete before the process ends', () => {
    main("export const main = async (): Promise<number> => { process.stdout.write('x'.repeat(1 << 20)); return 1; };");
    const { status, stdout } = start(launcher, []);
    expect(status).toBe(1);
    expect(stdout).toHaveLength(1 << 20);
  });

  test('a package that is not installed is named, with what to do', () => {
    main("import 'no-such-package';\nexport const main = async (): Promise<number> => 0;");
    const { status, stderr } = start(launcher, []);
    expect(status).toBe(3);
    expect(stderr).toContain('no-such-package');
    expect(stderr).toContain('npm ci');
  });

  test('a fault on the way up ends with 3 and without a stack', () => {
    main("export const main = async (): Promise<number> => { throw new Error('no luck'); };");
    const { status, stderr } = start(launcher, []);
    expect(status).toBe(3);
    expect(stderr).toBe('strat could not start: no luck\n');
  });
});
