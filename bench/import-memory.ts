/**
 * `npm run bench:import-memory [-- --rows 20000000]`: the most memory that `strat data import` holds while it reads a CSV.gz of 20 million seeded minutes into a store,
 * and how long it takes. Exit code 1 when it is over 500 MB. Linux, whose kernel remembers the peak of a process; needs about 3 GB of disk in the folder for temporary files, all of which is removed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { Xoshiro128 } from '#core/model/xoshiro128.ts';

const MOST_MB = 500;
const LINES_AT_ONCE = 10_000;
const MINUTE = 60_000;

const { values } = parseArgs({ options: { rows: { type: 'string' } } });
const rows = Number(values.rows ?? 20_000_000);
if (!(rows >= 1)) throw new Error('npm run bench:import-memory -- [--rows N]');

/** Minutes of a random walk in cents, which ends before today so that no bar is still to come. */
function* csvText(): Generator<string> {
  const random = Xoshiro128.fromSeed(1);
  const start = Date.UTC(2024, 0, 1) - rows * MINUTE;
  let cents = 4_000_000;
  yield 'timestamp,open,high,low,close,volume\n';
  for (let from = 0; from < rows; from += LINES_AT_ONCE) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(rows, from + LINES_AT_ONCE); row++) {
      const open = cents;
      cents = Math.max(1000, cents + Math.floor(random.nextUnit() * 2001) - 1000);
      const [high, low] = [
        Math.max(open, cents) + Math.floor(random.nextUnit() * 300),
        Math.min(open, cents) - Math.floor(random.nextUnit() * 300),
      ];
      lines.push(
        `${start + row * MINUTE},${open / 100},${high / 100},${low / 100},${cents / 100},${Math.floor(random.nextUnit() * 1e8) / 1e5}\n`,
      );
    }
    yield lines.join('');
  }
}

const peakMb = (pid: number): number => {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

const root = mkdtempSync(join(tmpdir(), 'strat-import-memory-'));
try {
  const file = join(root, 'bench_BTC-USDT_1m.csv.gz');
  await pipeline(Readable.from(csvText()), createGzip({ level: 1 }), createWriteStream(file));
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../bin/strat.js'), 'data', 'import', file, '--home', join(root, 'home')],
    { stdio: 'inherit' },
  );
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakMb(child.pid!))), 50);
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${rows} rows, ${Math.round(statSync(file).size / 1e6)} MB packed: ${Math.round(peak)} MB at most, ${seconds.toFixed(1)} s, exit code ${code}`,
  );
  if (code !== 0 || peak > MOST_MB) process.exitCode = 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
