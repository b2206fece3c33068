import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { ROOT, startStrat } from './paper-runs.ts';

interface Health {
  readonly status: string;
  readonly problems: readonly { readonly part: string; readonly text: string }[];
}

export interface Running {
  readonly says: (text: string, times?: number) => Promise<void>;
  readonly output: () => string;
  readonly log: () => string;
  /** Replaces the config, as an editor does: a new file renamed over the old one. */
  readonly configure: (text: string) => void;
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly health: () => Promise<{ readonly status: number; readonly body: Health }>;
  readonly strategy: (id: string) => Promise<StrategyStatus | undefined>;
  /** Resolves once the strategy has seen so many bars more. */
  readonly trades: (id: string, bars?: number) => Promise<void>;
  readonly doctor: () => Promise<{ readonly code: number | null; readonly output: string }>;
  readonly stop: () => Promise<number | null>;
}

/** Runs a script of this repository, or the launcher, to its end. */
export function script(cwd: string, file: string, ...args: readonly string[]): { readonly code: number | null; readonly output: string } {
  const run = spawnSync(process.execPath, [join(ROOT, file), ...args], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { code: run.status, output: `${run.stdout}${run.stderr}` };
}

/** `strat run` with a config of its own, as a process; waits until it listens. @param checkout of the repository that it is started from */
export async function bot(folder: string, config: string, checkout: string = ROOT): Promise<Running> {
  writeFileSync(join(folder, 'strat.yaml'), config);
  cpSync(join(ROOT, 'strategies/sma-cross/sma-cross.strat'), join(folder, 'one.strat'));
  const strat = startStrat(['run', '--port', '0'], folder, checkout);
  onTestFinished(() => strat.kill('SIGKILL'));
  await strat.says('State is kept');
  const url = /The page of the bot: (\S+)/.exec(strat.output())?.[1];
  const get: Running['get'] = async (path) => {
    const answer = await fetch(`${url}/api/v1/${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  const strategy: Running['strategy'] = async (id) => {
    const { body } = await get('strategies');
    return (body as { readonly strategies: readonly StrategyStatus[] }).strategies.find((one) => one.id === id);
  };
  return {
    says: strat.says,
    output: strat.output,
    log: () => readFileSync(join(folder, '.strat/bot.log'), 'utf8'),
    configure: (text) => {
      writeFileSync(join(folder, 'strat.yaml.new'), text);
      renameSync(join(folder, 'strat.yaml.new'), join(folder, 'strat.yaml'));
    },
    get,
    health: async () => (await get('health')) as { readonly status: number; readonly body: Health },
    strategy,
    trades: async (id, bars = 20) => {
      const from = (await strategy(id))?.bars ?? 0;
      await expect
        .poll(async () => (await strategy(id))?.bars, { timeout: 15_000, message: `${id} goes on` })
        .toBeGreaterThanOrEqual(from + bars);
    },
    doctor: async () => {
      const doctor = startStrat(['doctor', '--config', 'strat.yaml'], folder, checkout);
      const { code } = await doctor.ended;
      return { code, output: doctor.output() };
    },
    stop: async () => {
      strat.kill('SIGINT');
      return (await strat.ended).code;
    },
  };
}
