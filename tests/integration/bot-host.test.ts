import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StrategyStatus } from '#core/ports/bot-control.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { ROOT, startStrat, temporaryFolder } from './paper-runs.ts';

const CONFIG = `exchanges:
  market: { use: exchange/sim, seed: 5, speed: 40 }
risk:
  - { use: risk/max-position, maxShare: 50% }
strategies:
  - { file: one.strat, exchange: market, params: { fast: 20 } }
  - { file: two.strat, exchange: market }
`;

interface Running {
  readonly folder: string;
  readonly says: (text: string, times?: number) => Promise<void>;
  readonly output: () => string;
  /** Replaces a text in a file of the bot, as an editor does: a new file renamed over the old one. */
  readonly edit: (file: string, from: string, to: string) => void;
  readonly strat: (...args: readonly string[]) => { readonly code: number | null; readonly output: string };
  readonly strategies: () => Promise<readonly StrategyStatus[]>;
  readonly stop: () => Promise<number | null>;
  readonly ended: () => Promise<number | null>;
  readonly kill: () => Promise<void>;
}

/** `strat run` with a config of its own, as a process; waits until it listens. */
async function bot(folder: string): Promise<Running> {
  const strat = startStrat(['run', '--port', '0'], folder);
  onTestFinished(() => strat.kill('SIGKILL'));
  await strat.says('State is kept');
  const url = /The page of the bot: (\S+)/.exec(strat.output())?.[1];
  return {
    folder,
    says: strat.says,
    output: strat.output,
    edit: (file, from, to) => {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(`${path}.new`, text.replace(from, to));
      renameSync(`${path}.new`, path);
    },
    strat: (...args) => {
      const run = spawnSync(process.execPath, [join(ROOT, 'bin/strat.js'), ...args], { cwd: folder, encoding: 'utf8' });
      return { code: run.status, output: `${run.stdout}${run.stderr}` };
    },
    strategies: async () => {
      const answer = await fetch(`${url}/api/v1/strategies`);
      return ((await answer.json()) as { readonly strategies: readonly StrategyStatus[] }).strategies;
    },
    stop: async () => {
      strat.kill('SIGINT');
      return (await strat.ended).code;
    },
    ended: async () => (await strat.ended).code,
    kill: async () => {
      strat.kill('SIGKILL');
      await strat.ended;
    },
  };
}

function folderWithBot(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'strat.yaml'), CONFIG);
  for (const name of ['one.strat', 'two.strat']) cpSync(join(ROOT, 'strategies/sma-cross/sma-cross.strat'), join(folder, name));
  return folder;
}

test('a running bot takes edits of params, limits and strategies, and a broken edit changes nothing', async () => {
  const { says, edit, strategies, output, stop } = await bot(folderWithBot());
  const paramsOf = async (id: string): Promise<unknown> => (await strategies()).find((strategy) => strategy.id === id)?.params;
  expect(await paramsOf('one')).toEqual({ fast: 20, slow: 80 });

  edit('strat.yaml', 'fast: 20', 'fast: 10');
  await says('fast: 20 -> 10');
  expect(await paramsOf('one')).toEqual({ fast: 10, slow: 80 });
  expect(output(), 'the other strategy goes on untouched').not.toMatch(/two: continuing/);

  edit('strat.yaml', 'maxShare: 50%', 'maxShare: 5%');
  await says('50% -> 5%');

  edit('strat.yaml', 'fast: 10', 'fats: 15');
  await says('Config refused');
  expect(output()).toContain('there is no param "fats"');
  expect(await paramsOf('one')).toEqual({ fast: 10, slow: 80 });
  edit('strat.yaml', 'fats: 15', 'fast: 10');
  await says('nothing has changed');

  edit('two.strat', 'param slow = 80', 'param slow = 60');
  await says('two goes on with the new rules', 2);
  expect(await paramsOf('two')).toEqual({ fast: 20, slow: 60 });

  edit('two.strat', 'enter long when', 'enter long whem');
  await says('Config refused', 2);
  expect((await strategies()).map(({ state }) => state)).toEqual(['running', 'running']);

  edit('strat.yaml', '  - { file: two.strat, exchange: market }\n', '');
  // two.strat is still broken: it is no longer asked for.
  await says('two ended');
  expect((await strategies()).map(({ id }) => id)).toEqual(['one']);
  expect(await stop()).toBe(0);
});

const PAIR = `strat 1
strategy "Pair"
trade BTC/USDT, ETH/USDT on 1h
param level = 0 in 0..1 step 0.1
enter long when close / open > level
size 20% of equity
stop 90%
`;

test('edits reach all markets of a strategy, whose positions go on, after a kill too; other markets are refused', async () => {
  const folder = temporaryFolder();
  const pair = 'strategies: [{ file: pair.strat, exchange: market, params: { level: 0 } }]';
  writeFileSync(join(folder, 'strat.yaml'), `${CONFIG.split('strategies:')[0]}${pair}\n`);
  writeFileSync(join(folder, 'pair.strat'), PAIR);
  const first = await bot(folder);
  const held = async (running: Running): Promise<readonly (readonly [string, number])[]> =>
    (await running.strategies()).flatMap(({ markets }) => markets.map(({ market, qty }) => [market, qty] as const));
  await expect.poll(async () => (await held(first)).every(([, qty]) => qty > 0), { timeout: 20_000 }).toBe(true);
  const before = await held(first);
  expect(before.map(([market]) => market)).toEqual(['BTC/USDT', 'ETH/USDT']);

  first.edit('strat.yaml', 'level: 0', 'level: 0.1');
  await first.says('level: 0 -> 0.1');
  expect((await first.strategies()).map(({ params }) => params)).toEqual([{ level: 0.1 }]);
  first.edit('pair.strat', '> level', '> levle');
  await first.says('Config refused');
  expect(await held(first)).toEqual(before);
  await first.kill();

  first.edit('pair.strat', '> levle', '> level');
  const second = await bot(folder);
  expect(await held(second)).toEqual(before);
  second.edit('pair.strat', 'stop 90%', 'exit long when close > open * 0 reason "all of it"\nstop 90%');
  await second.says('pair goes on with the new rules');
  for (const [market] of before) await expect.poll(second.output, { timeout: 20_000 }).toMatch(new RegExp(`pair ${market} .*all of it`));

  second.edit('pair.strat', 'BTC/USDT, ETH/USDT', 'BTC/USDT');
  await second.says('the market BTC/USDT, ETH/USDT');
  // It was the only one: the bot ends without it.
  expect(await second.ended()).toBe(0);
});

test('the commands act on it: status, pause, resume, flatten and kill', async () => {
  const { strat, strategies, stop, says } = await bot(folderWithBot());
  expect(strat('status')).toMatchObject({ code: 0, output: expect.stringMatching(/one +running/) });
  expect(strat('pause', 'one')).toMatchObject({ code: 0 });
  expect((await strategies()).map(({ state }) => state)).toEqual(['paused', 'running']);
  expect(strat('resume', 'one').code).toBe(0);
  expect((await strategies()).map(({ state }) => state)).toEqual(['running', 'running']);
  expect(strat('flatten', 'two').code).toBe(0);
  expect((await strategies()).map(({ state }) => state)).toEqual(['running', 'paused']);
  expect(strat('pause', 'nobody').code).toBe(1);
  await says('equity');
  expect(await stop()).toBe(0);
  expect(strat('status').code).toBe(3);
});

test('a start with a faulty config names every fault with its place and starts nothing', async () => {
  const folder = folderWithBot();
  writeFileSync(join(folder, 'strat.yaml'), `${CONFIG}htp: { port: 1 }\n`);
  const strat = startStrat(['run'], folder);
  expect((await strat.ended).code).toBe(1);
  expect(strat.errors()).toMatch(/strat\.yaml:8:1 .*htp/);
});

test('a strategy that is a pipe or a device is refused without waiting for it', async () => {
  const folder = folderWithBot();
  for (const name of ['one.strat', 'two.strat']) rmSync(join(folder, name));
  spawnSync('mkfifo', [join(folder, 'one.strat')]);
  symlinkSync('/dev/zero', join(folder, 'two.strat'));
  const strat = startStrat(['run'], folder);
  expect((await strat.ended).code).toBe(1);
  for (const name of ['one.strat', 'two.strat']) expect(strat.errors()).toContain(`${name}: cannot be read: it is no regular file`);
});

test('a backtest with the config of the bot runs under its risk rules, costs and params, and says so', () => {
  const folder = folderWithBot();
  writeFileSync(join(folder, 'strat.yaml'), `costs: { fee: 0.2% }\n${CONFIG.replace('fast: 20', 'fast: 15').replace('50%', '5%')}`);
  const run = (...args: readonly string[]): BacktestDocument => {
    const { stdout } = spawnSync(
      process.execPath,
      [join(ROOT, 'bin/strat.js'), 'backtest', 'one.strat', '--synthetic', '5', '--bars', '2000', '--json', ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    return JSON.parse(stdout) as BacktestDocument;
  };
  const free = run();
  const ruled = run('--config', 'strat.yaml');
  expect([free.settings.riskPlugins, ruled.settings.riskPlugins]).toEqual([[], ['risk/max-position']]);
  expect([free.settings.feeRate, ruled.settings.feeRate]).toEqual([0.001, 0.002]);
  expect(ruled.params).toMatchObject({ fast: 15 });
  // 5 % of 10,000 at 30,000 is a sixtieth of a coin; the strategy alone takes four times as much.
  expect(Math.max(...ruled.trades.map(({ qty, entryPrice }) => qty * entryPrice))).toBeLessThan(10_000 * 0.06);
  expect(Math.max(...free.trades.map(({ qty, entryPrice }) => qty * entryPrice))).toBeGreaterThan(1500);
  expect(run('--config', 'strat.yaml', '--fee', '0.3%', '--set', 'fast=10')).toMatchObject({
    settings: { feeRate: 0.003 },
    params: { fast: 10 },
  });
});
