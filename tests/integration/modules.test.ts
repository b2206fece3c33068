import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import {
  backtestEssence,
  BUSY_STRATEGY,
  essences,
  gappyFile,
  onFile,
  prepared,
  ROOT,
  runPaper,
  startStrat,
  temporaryFolder,
} from './paper-runs.ts';

const MODULE = 'strat 1\nmodule "averages"\nexport def quick_of(n: length) = sma(close, n)\n';
const STRATEGY = BUSY_STRATEGY.replace('let quick = sma(close, fast)', 'let quick = quick_of(fast)').replace(
  'param fast',
  'use quick_of from "./lib/averages.strat"\nparam fast',
);

/** A folder with the busy strategy, its fast average in a module. */
function folderWithModule(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'busy.strat'), STRATEGY);
  writeFileSync(join(folder, 'lib/averages.strat'), MODULE);
  return folder;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function strat(folder: string, ...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly all: string } {
  const run = spawnSync(process.execPath, [join(ROOT, 'bin/strat.js'), ...args], { cwd: folder, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, all: `${run.stdout}${run.stderr}` };
}

describe('a strategy with a module', () => {
  test('gives the same trades as with the function in its own file, and says which module it read', async () => {
    const folder = folderWithModule();
    const file = gappyFile(folder, 600);
    const withModule = prepared(STRATEGY, join(folder, 'busy.strat'));
    const alone = prepared(BUSY_STRATEGY, join(folder, 'busy.strat'));
    const own = { strategy: { name: 'Busy', file: join(folder, 'busy.strat'), sha256: sha256(BUSY_STRATEGY) } };
    const modules = [{ path: 'lib/averages.strat', sha256: sha256(MODULE) }];
    const expected = await backtestEssence(alone, file);
    expect(expected).toMatchObject(own);
    expect(expected).not.toHaveProperty('strategy.modules');
    const found = await backtestEssence(withModule, file);
    expect(found).toEqual({ ...expected, strategy: { ...own.strategy, sha256: sha256(STRATEGY), modules } });
    expect(found).toHaveProperty(
      'trades.length',
      expect.toSatisfy((count: number) => count > 10),
    );
    expect(essences(await runPaper(join(folder, 'home'), [onFile(withModule, file)]))).toEqual([found]);
  });

  test('an account that goes on after an edit of the module says that its modules changed', async () => {
    const folder = folderWithModule();
    const file = gappyFile(folder, 200);
    const home = join(folder, 'home');
    const path = join(folder, 'busy.strat');
    const notes = async (): Promise<readonly string[]> => {
      const said: string[] = [];
      const outcomes = await runPaper(home, [onFile(prepared(STRATEGY, path), file)], { stopAfter: 40 });
      for (const { strategy } of outcomes) said.push(...strategy.notes);
      return said;
    };
    expect(await notes()).toEqual(['new account']);
    expect((await notes()).join()).not.toContain('changed');
    writeFileSync(join(folder, 'lib/averages.strat'), MODULE.replace('sma(', 'ema('));
    expect((await notes()).join()).toMatch(/its modules changed: account and position go on/);
  });

  test('is checked and run from any working folder, by any path', () => {
    const folder = folderWithModule();
    expect(strat(folder, 'check', 'busy.strat', 'lib/averages.strat')).toMatchObject({ code: 0 });
    expect(strat(join(folder, 'lib'), 'check', '../busy.strat')).toMatchObject({ code: 0 });
    const run = strat(join(folder, 'lib'), 'backtest', '../busy.strat', '--synthetic', '5', '--bars', '500', '--json');
    const document = JSON.parse(run.out) as BacktestDocument;
    expect(document.strategy.modules).toEqual([{ path: 'lib/averages.strat', sha256: sha256(MODULE) }]);
  });

  test('is refused when a link leads out of its folder', () => {
    const folder = folderWithModule();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'inner/busy.strat'), STRATEGY);
    symlinkSync('../lib', join(folder, 'inner/lib'));
    const run = strat(folder, 'check', 'inner/busy.strat');
    expect(run).toMatchObject({ code: 1, all: expect.stringMatching(/E0701 +4:\d+ .*out of the folder/) });
    expect(run.all).not.toContain('quick_of"');
  });
});

test('a running bot takes an edit of a module, and a broken one changes nothing', { timeout: 60_000 }, async () => {
  const folder = folderWithModule();
  writeFileSync(
    join(folder, 'strat.yaml'),
    'exchanges:\n  market: { use: exchange/sim, seed: 5, speed: 40 }\nstrategies:\n  - { file: busy.strat, exchange: market }\n',
  );
  const running = startStrat(['run', '--port', '0'], folder);
  onTestFinished(() => running.kill('SIGKILL'));
  await running.says('State is kept');
  const edit = (from: string, to: string): void => {
    const path = join(folder, 'lib/averages.strat');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(`${path}.new`, text.replace(from, to));
    renameSync(`${path}.new`, path);
  };
  edit('sma(', 'ema(');
  await running.says('busy goes on with the new rules');
  edit('ema(', 'emma(');
  await running.says('Config refused');
  expect(running.output()).toMatch(/\.\/lib\/averages\.strat:3:\d+: .*emma/);
  edit('emma(', 'rma(');
  await running.says('busy goes on with the new rules', 2);
  running.kill('SIGINT');
  expect((await running.ended).code).toBe(0);
});
