import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** An engine that runs the same cross of averages. */
export interface Rival {
  readonly name: string;
  readonly bars: number;
  readonly rounds: number;
  /** What its fills say of a trade of ours: their bars are so many later. */
  readonly fillsLater: number;
  /** What it does otherwise; '' = nothing, and the final equity is compared too. */
  readonly otherwise: string;
  /** Command line over a folder of raw columns; @throws Error where the engine is not there */
  readonly command: (folder: string) => readonly string[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The Pythons in which engines are looked for, by STRAT_BENCH_PYTHON, `:` between them. */
const PYTHONS = (process.env['STRAT_BENCH_PYTHON'] ?? 'python3').split(':');

function python(engine: string, bars: number): Rival['command'] {
  return (folder) => {
    const script = here('../peers/python/rounds.py');
    const found = PYTHONS.find((command) => spawnSync(command, ['-c', `import ${engine}`]).status === 0);
    if (found === undefined) throw new Error(`no Python has it (STRAT_BENCH_PYTHON=${PYTHONS.join(':')})`);
    return [found, script, engine, folder, String(bars)];
  };
}

export const RIVALS: readonly Rival[] = [
  {
    name: 'backtesting.py',
    bars: 1_000_000,
    rounds: 3,
    fillsLater: 0,
    otherwise: 'a unit a trade, no slippage of sales',
    command: python('backtesting', 1_000_000),
  },
  { name: 'vectorbt', bars: 1_000_000, rounds: 21, fillsLater: 0, otherwise: '', command: python('vectorbt', 1_000_000) },
  {
    name: 'PineTS',
    bars: 100_000,
    rounds: 3,
    fillsLater: 0,
    otherwise: 'a unit a trade, no slippage',
    command: (folder) => {
      const found = spawnSync(process.execPath, ['-e', `require('node:module').createRequire('${here('../peers/')}')('pinets')`]);
      if (found.status !== 0) throw new Error('npm ci --prefix bench/peers --ignore-scripts installs it');
      return [process.execPath, here('pinets-rounds.ts'), folder, '100000'];
    },
  },
  {
    name: 'backtrader',
    bars: 100_000,
    rounds: 3,
    fillsLater: 0,
    otherwise: 'a size by the close before the fill',
    command: python('backtrader', 100_000),
  },
  {
    name: 'nautilus_trader',
    bars: 100_000,
    rounds: 3,
    fillsLater: -1,
    otherwise: 'fills at the close that decides, no slippage, its own fees',
    command: python('nautilus_trader', 100_000),
  },
  {
    name: 'freqtrade',
    bars: 100_000,
    rounds: 3,
    fillsLater: 0,
    otherwise: 'no slippage, amounts of eight decimals',
    command: python('freqtrade', 100_000),
  },
];

/** Engines of the comparison that nothing here runs, and why. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  'backtest-kit': 'its dependencies functools-kit 5 and di-singleton are not in the package registry',
};
