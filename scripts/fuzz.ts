/**
 * `npm run fuzz`: 20,000 mutants of programs through the compiler (scripts/mutants.ts), then emitted code against the definitions, look-ahead and warm-up on
 * 10,000 random programs each; for the night. Every run draws others and prints its seed; `STRAT_FC_SEED=123` draws those of that seed again,
 * `STRAT_FC_RUNS=2000` fewer. Exit 1 if anything differed, was thrown or took too long.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNS = '10000';
const FOLDERS = ['tests/equivalence', 'tests/engine', 'core/engine', 'dsl/graph', 'dsl/plugin'];

const seed = process.env['STRAT_FC_SEED'] ?? String(Date.now() % 2 ** 31);
const runs = process.env['STRAT_FC_RUNS'];

/** Whether a program of this folder ended well. */
function ends(args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return spawnSync(process.execPath, args, { cwd, env: { ...process.env, STRAT_FC_SEED: seed, ...env }, stdio: 'inherit' }).status === 0;
}

const isTotal = ends(['scripts/mutants.ts'], {});
console.log(`${runs ?? RUNS} cases of each property, STRAT_FC_SEED=${seed}`);
const properties = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'property', ...FOLDERS];
const hold = ends(properties, { STRAT_FC_RUNS: runs ?? RUNS });
process.exitCode = isTotal && hold ? 0 : 1;
