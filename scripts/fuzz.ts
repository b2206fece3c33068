/**
 * `npm run fuzz`: emitted code against the definitions, look-ahead and warm-up, on 10,000 random programs each; for the night. Every run draws others and
 * prints its seed; `STRAT_FC_SEED=123` draws those of that seed again, `STRAT_FC_RUNS=2000` fewer. Exit 1 if anything differed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNS = '10000';
const FOLDERS = ['tests/equivalence', 'dsl/graph', 'dsl/plugin'];

const seed = process.env['STRAT_FC_SEED'] ?? String(Date.now() % 2 ** 31);
const runs = process.env['STRAT_FC_RUNS'] ?? RUNS;
console.log(`${runs} cases of each property, STRAT_FC_SEED=${seed}`);
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'property', ...FOLDERS], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, STRAT_FC_SEED: seed, STRAT_FC_RUNS: runs },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
