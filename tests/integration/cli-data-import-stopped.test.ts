import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { startStrat, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const files = join(folder, 'files');
const ROWS = 60_000;
const MARKETS = ['AAA', 'BBB', 'CCC', 'DDD'];

const candles = (seed: number): string =>
  Array.from({ length: ROWS }, (_, row) => {
    const price = 100 + ((row * 7 + seed) % 100) / 4;
    return `${1_704_067_200_000 + row * 60_000},${price},${price + 1},${price - 1},${price + 0.5},${1 + (row % 9)}\n`;
  }).join('');

beforeAll(() => {
  mkdirSync(files);
  for (const [at, market] of MARKETS.entries())
    writeFileSync(join(files, `venue_${market}-USDT_1m.csv.gz`), gzipSync(`timestamp,open,high,low,close,volume\n${candles(at)}`));
});

interface Listed {
  readonly market: string;
  readonly rows: number;
  readonly digest: string;
}

async function listed(home: string): Promise<readonly Listed[]> {
  const { stdout } = await startStrat(['data', 'list', '--home', home, '--json']);
  const { series } = JSON.parse(stdout) as { readonly series: readonly Listed[] };
  return series.map(({ market, rows, digest }) => ({ market, rows, digest }));
}

const seriesFolder = (home: string, market: string): string => join(home, 'data', 'venue', `${market}-USDT`, 'candles-1m');

describe('an import that is stopped', () => {
  test('kill -9 leaves whole series only, Ctrl-C says how far it came, and the same command goes on', async () => {
    const whole = join(folder, 'whole');
    expect((await startStrat(['data', 'import', files, '--home', whole])).status).toBe(0);
    const truth = await listed(whole);
    expect(truth.map(({ rows }) => rows)).toEqual(MARKETS.map(() => ROWS));

    const home = join(folder, 'stopped');
    const command = ['data', 'import', files, '--home', home];
    // In the middle of the second file: its blocks are being written.
    const isWriting = (market: string): boolean => {
      const blocks = join(seriesFolder(home, market), 'blocks');
      return existsSync(blocks) && readdirSync(blocks).length > 0;
    };
    const killed = await startStrat(command, { stop: { when: () => isWriting('BBB'), signal: 'SIGKILL' } });
    expect(killed.signal).toBe('SIGKILL');
    const left = await listed(home);
    expect(left.length).toBeLessThan(MARKETS.length);
    for (const series of left) expect(truth).toContainEqual(series);

    const interrupted = await startStrat(command, { stop: { when: () => isWriting('CCC'), signal: 'SIGINT' } });
    expect(interrupted.status).toBe(130);
    expect(interrupted.stderr).toMatch(/Stopped: [1-3] of 4 files are done; the same command with --resume goes on/);
    for (const series of await listed(home)) expect(truth).toContainEqual(series);

    const last = await startStrat([...command, '--resume']);
    expect(last.status).toBe(0);
    // What Ctrl-C left whole is not read again.
    const done = Number(/Stopped: (\d)/.exec(interrupted.stderr)![1]);
    expect(last.stderr).toMatch(new RegExp(`^left out, as imported before: [${done}-3]\n$`));
    expect(await listed(home)).toEqual(truth);
    expect((await startStrat(['data', 'check', '--home', home])).status).toBe(0);
  });
});
