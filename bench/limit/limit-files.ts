import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Columns, COLUMN_NAMES, sharedColumns } from '#core/model/columns.ts';

/** The C limit, the hand-written kernels and the bars that go with them lie beside the repository. */
const SHARED = fileURLToPath(new URL('../../../shared/bench/', import.meta.url));
export const HAS_LIMIT = existsSync(SHARED);
const ROUNDS_SOURCE = fileURLToPath(new URL('c-rounds.c', import.meta.url));
export const SWEEP_SOURCE = join(SHARED, 'sweep.c');
export const HAND_WRITTEN = join(SHARED, 'kernels-js.cjs');

/** A folder with the program of the limit and raw columns of bars. */
export interface LimitFolder {
  readonly path: string;
  readonly program: string;
  readonly bars: number;
  /** The first so many bars in shared memory. */
  readonly columns: (bars: number) => Columns;
  readonly dispose: () => void;
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.slice(-500)}`);
}

/** As the limit is built. @throws Error without a C compiler */
export function buildC(source: string, program: string): void {
  must('gcc', ['-O3', '-march=native', '-ffp-contract=off', `-I${SHARED}`, source, '-o', program, '-lm']);
}

/** @throws Error without the files of the limit or a C compiler */
export function limitFolder(bars: number): LimitFolder {
  if (!HAS_LIMIT) throw new Error(`the C limit is not there: ${SHARED}`);
  const path = mkdtempSync(join(tmpdir(), 'strat-limit-'));
  const program = join(path, 'c-rounds');
  buildC(ROUNDS_SOURCE, program);
  must(process.execPath, [join(SHARED, 'make-bars.mjs'), String(bars), path]);
  return {
    path,
    program,
    bars,
    columns: (wanted) => readColumns(path, wanted),
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The first so many bars of a folder of raw columns, in shared memory. */
function readColumns(folder: string, bars: number): Columns {
  const columns = sharedColumns(bars);
  for (const name of COLUMN_NAMES) {
    const { buffer, byteOffset } = readFileSync(join(folder, `${name[0]!}.f64`));
    columns[name].set(new Float64Array(buffer, byteOffset, bars));
  }
  return columns;
}
