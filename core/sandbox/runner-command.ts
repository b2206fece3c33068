import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface RunnerCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The tool by which the operating system limits the runner's memory; undefined where there is none. */
  readonly osLimit: string | undefined;
}

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'];
/** Writable memory that Node itself maps, mostly without touching it (measured 1.1 GB with Node 26). */
const NODE_DATA_MB = 1536;
/** Heap of the runner's own JavaScript, outside the isolate. */
const OWN_HEAP_MB = 96;

/** The runner's entry, beside this file: `.ts` in the repository, `.js` in the published package. */
export const RUNNER_ENTRY = entryOf('runner-process');
/** The entry of a process for one whole backtest. */
export const BACKTEST_ENTRY = entryOf('backtest-process');

function entryOf(name: string): string {
  return join(import.meta.dirname, `${name}${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);
}

/**
 * How a runner is started: Node's permission model lets it read its own code and nothing else, no writing, no network, no children, no
 * workers (a second line: it has to allow native addons), and `prlimit`, where there is one, caps memory the moment it is asked for.
 */
export function runnerCommand(entry: string, residentMb: number): RunnerCommand {
  const packageRoot = dirname(dirname(import.meta.dirname));
  const require = createRequire(import.meta.url);
  const isolatedVm = require.resolve('isolated-vm');
  const gypBuild = createRequire(isolatedVm).resolve('node-gyp-build');
  const readable = [
    join(packageRoot, 'core'),
    join(packageRoot, 'package.json'),
    dirname(isolatedVm),
    dirname(gypBuild),
    '/etc/alpine-release',
  ];
  const node = [
    '--no-node-snapshot',
    '--disable-warning=PERM0001',
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${OWN_HEAP_MB}`,
    entry,
  ];
  const prlimit = process.platform === 'linux' ? PRLIMIT.find((path) => existsSync(path)) : undefined;
  if (prlimit === undefined) return { file: process.execPath, args: node, osLimit: undefined };
  const bytes = (NODE_DATA_MB + residentMb) * 2 ** 20;
  return { file: prlimit, args: [`--data=${bytes}`, '--core=0', '--', process.execPath, ...node], osLimit: 'prlimit' };
}
