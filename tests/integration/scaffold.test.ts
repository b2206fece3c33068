import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bot } from './running-bot.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KINDS = ['exchange', 'risk', 'notifier', 'strategy', 'indicator', 'indicator-module'] as const;
const ID = 'my-first-2';
const OTHER = 'elsewhere-1';
/** What the kernel starts. */
const PLUGINS = KINDS.slice(0, 3);
/** Both forms lie in one folder, so that they need two names. */
const idOf = (kind: string, id: string): string => (kind === 'indicator-module' ? `${id}-module` : id);
const placeOf = (kind: string, id: string): string =>
  join(kind === 'strategy' ? 'strategies' : kind === 'indicator-module' ? 'indicator' : kind, idOf(kind, id));
const RUNNER_PACKAGES = ['isolated-vm', 'node-gyp-build'];
const temp = mkdtempSync(join(tmpdir(), 'strat-scaffold-'));
/** A copy of the repository: what is generated inside must not land in the checkout. */
const copy = join(temp, 'strat');
const outside = join(temp, 'elsewhere', 'my plugins');

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}
function run(cwd: string, script: string, ...args: readonly string[]): Outcome {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  // The run inside must not think that it is part of this one.
  for (const name of Object.keys(env)) if (name.startsWith('VITEST') || name === 'STRAT_TEST_REPORT') delete env[name];
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
const tool = (name: string): string => join(ROOT, 'node_modules', name);
const create = (...args: readonly string[]): Outcome => run(copy, 'scripts/create-module.ts', ...args);
/** What a run that failed had to say. */
const failureOf = ({ status, output }: Outcome): string => (status === 0 ? '' : output);

/** A strategy that reads a plugin as its template makes it. */
function strategyWith(kind: string, id: string): string {
  const name = id.replaceAll('-', '_');
  return `strat 1
strategy "With ${id}"
trade BTC/USDT on 1h
use indicator ${name} from "plugin:@local/${id}"
let line = ${kind === 'indicator' ? `${name}(length: 5).value` : `close / (1 + ${name}(length: 5))`}
enter long when close crosses above line
exit long when close crosses below line
size 10% of equity
stop 5%
`;
}

beforeAll(() => {
  mkdirSync(outside, { recursive: true });
  for (const part of ['bin', 'core', 'dsl', 'plugins', 'templates', 'scripts', 'strategies', 'tests/setup'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json', '.oxlintrc.json', 'vitest.config.ts']) cpSync(join(ROOT, file), join(copy, file));
  // Runners may read what is theirs and no links to elsewhere; the rest is too much to copy.
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const [from, to] = [join(ROOT, 'node_modules', name), join(copy, 'node_modules', name)];
    mkdirSync(join(copy, 'node_modules'), { recursive: true });
    if (RUNNER_PACKAGES.includes(name)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
});
afterAll(() => rmSync(temp, { recursive: true, force: true }));

describe('npm run create, inside the repository', () => {
  const places = KINDS.map((kind) => (kind === 'strategy' ? placeOf(kind, ID) : join('plugins', placeOf(kind, ID))));

  test.for(KINDS)('makes the folder of a new %s and says what to do next', (kind) => {
    const { status, output } = create(kind, idOf(kind, ID));
    expect(output).toContain('Next:');
    expect(output).toContain('npx vitest run');
    expect(status).toBe(0);
  });

  test('leaves no placeholder', () => {
    for (const place of places) {
      for (const file of readdirSync(join(copy, place))) {
        expect(file).not.toContain('__');
        expect(readFileSync(join(copy, place, file), 'utf8')).not.toMatch(/__name__|__word__/i);
      }
    }
  });

  test('what it made type-checks', () => {
    writeFileSync(join(copy, 'tsconfig.made.json'), JSON.stringify({ extends: './tsconfig.json', include: places }));
    expect(failureOf(run(copy, tool('typescript/bin/tsc'), '-p', 'tsconfig.made.json', '--noEmit'))).toBe('');
  });

  test('what it made lints', () => expect(failureOf(run(copy, tool('oxlint/bin/oxlint'), '--deny-warnings', ...places))).toBe(''));

  test('what it made passes its own tests', () => {
    const outcome = run(copy, tool('vitest/vitest.mjs'), 'run', '--project', 'unit', ...places);
    expect(failureOf(outcome)).toBe('');
    expect(outcome.output).toMatch(/Test Files {2}6 passed/);
  });

  test('what it made is found by the kernel', () => {
    const { output, status } = run(copy, 'bin/strat.js', 'plugin', 'list');
    for (const kind of PLUGINS) expect(output).toContain(`${kind}/${ID}`);
    for (const kind of ['indicator', 'indicator-module']) expect(output).toMatch(new RegExp(`${placeOf(kind, ID)} +not locked`));
    expect(status).toBe(0);
  });

  test(
    'a bot that runs takes what is made meanwhile by an edit of its config and of the lock file alone',
    { timeout: 120_000 },
    async () => {
      const late = 'made-late';
      const folder = join(temp, 'running');
      mkdirSync(folder);
      const config = (rest: string, venue = '', strategies = ''): string =>
        `exchanges: { market: { use: exchange/sim, seed: 5, speed: 100 }${venue} }\n${rest}strategies: [{ file: one.strat, exchange: market }${strategies}]\n`;
      const running = await bot(folder, config(''), copy);
      await running.trades('one');
      for (const kind of KINDS) expect(failureOf(create(kind, idOf(kind, late)))).toBe('');
      for (const kind of ['indicator', 'indicator-module'])
        writeFileSync(join(folder, `${kind}.strat`), strategyWith(kind, idOf(kind, late)));
      expect(failureOf(run(folder, join(copy, 'bin/strat.js'), 'plugin', 'lock', '--config', 'strat.yaml'))).toBe('');
      running.configure(
        config(
          `risk: [{ use: risk/${late} }]\nnotifiers: [{ use: notifier/${late} }]\n`,
          `, venue: { use: exchange/${late}, speed: 100 }`,
          `, { file: ${join(copy, 'strategies', late, `${late}.strat`)}, exchange: venue }, { file: indicator.strat, exchange: market }, { file: indicator-module.strat, exchange: market }`,
        ),
      );
      for (const id of ['one', late, 'indicator', 'indicator-module']) await running.trades(id);
      const { status, body } = await running.health();
      expect([status, body.problems]).toEqual([200, []]);
      expect((await running.get('config')).body).toMatchObject({
        config: { risk: [{ use: `risk/${late}` }], notifiers: [{ use: `notifier/${late}` }] },
      });
      expect(await running.stop()).toBe(0);
    },
  );
});

describe('npm run create --dir, outside the repository', () => {
  test.for(KINDS)('makes the folder of a new %s', (kind) => {
    expect(failureOf(create(kind, idOf(kind, OTHER), '--dir', outside))).toBe('');
    expect(existsSync(join(outside, placeOf(kind, OTHER)))).toBe(true);
  });

  test('what it made type-checks, lints and passes its own tests with the tools of its folder', () => {
    expect(failureOf(run(outside, 'node_modules/typescript/bin/tsc', '--noEmit'))).toBe('');
    expect(failureOf(run(outside, 'node_modules/oxlint/bin/oxlint', '--deny-warnings'))).toBe('');
    const outcome = run(outside, 'node_modules/vitest/vitest.mjs', 'run');
    expect(failureOf(outcome)).toBe('');
    expect(outcome.output).toMatch(/Test Files {2}6 passed/);
  });

  test('what it made is loaded and started when the config names it, also where no package is installed', () => {
    rmSync(join(outside, 'node_modules'), { recursive: true });
    const config = join(temp, 'elsewhere', 'strat.yaml');
    writeFileSync(
      config,
      `plugins: { folders: [my plugins] }
exchanges: { mine: { use: exchange/${OTHER}, speed: 5 } }
risk: [{ use: risk/${OTHER} }]
notifiers: [{ use: notifier/${OTHER} }]
strategies: [{ file: my plugins/strategies/${OTHER}/${OTHER}.strat, exchange: mine }]
`,
    );
    expect(failureOf(run(temp, join(copy, 'bin/strat.js'), 'plugin', 'lock', '--config', config))).toBe('');
    const { status, output } = run(temp, join(copy, 'bin/strat.js'), 'doctor', '--config', config);
    expect(output).toContain('No problems found.');
    for (const kind of ['indicator', 'indicator-module']) expect(output).toMatch(new RegExp(`${placeOf(kind, OTHER)} .*locked`));
    for (const kind of PLUGINS) expect(output).toMatch(new RegExp(`${kind}/${OTHER} .*\\n {4}(mine: )?ok {2}load`));
    expect(status).toBe(0);
  });
});

describe('npm run create refuses', () => {
  test.for([
    { args: ['exchange', 'sim'], says: 'already' },
    { args: ['exchange', ID], says: 'already' },
    { args: ['exchange', 'sim', '--dir', outside], says: 'already' },
    { args: ['risk', OTHER, '--dir', outside], says: 'already' },
    { args: ['indicator', 'fisher'], says: 'already' },
    { args: ['indicator-module', idOf('indicator', ID)], says: 'already' },
    { args: ['indicator', 'stop'], says: 'it is a word of the language' },
    { args: ['magic', 'wand'], says: 'no kind "magic"' },
    { args: ['risk', 'CamelCase'], says: 'cannot be a name' },
    { args: ['risk', '../../escape'], says: 'cannot be a name' },
    { args: ['risk', '__proto__'], says: 'cannot be a name' },
    { args: ['risk', 'a'.repeat(65)], says: 'cannot be a name' },
    { args: ['risk'], says: 'Usage' },
    { args: ['risk', 'ok', '--dri', 'x'], says: 'Usage' },
  ])('$args', ({ args, says }) => {
    const { status, output } = create(...args);
    expect(output).toContain(says);
    expect(status).toBeGreaterThan(0);
    expect(output).not.toContain('    at ');
  });
});
