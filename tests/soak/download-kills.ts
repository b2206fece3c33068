import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import { SIMULATED_MARKETS } from '#core/testkit/venue/binance-wire.ts';
import type { VenueFaultName } from '#core/testkit/venue/fault-plan.ts';
import { type SimulatedVenue, startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { DAY, difference, HOUR, LISTED, type Wanted, writeConfig } from '../integration/download/venue-session.ts';

const STRAT = fileURLToPath(new URL('../../bin/strat.js', import.meta.url));
const { spot, perpetual } = SIMULATED_MARKETS;
/** What `strat data download` is asked for. */
const ARGUMENTS = [`binance:${spot}`, `binance:${perpetual}`, '--kind', 'candles,trades', '--timeframe', '1h,5m', '--from', '2024-02-28'];
export const KILLED: readonly Wanted[] = [
  { market: spot, timeframe: '1h' },
  { market: spot, timeframe: '5m' },
  { market: perpetual, timeframe: '1h' },
  { market: perpetual, timeframe: '5m' },
  { market: spot, kind: 'trades' },
];
const FAULTS: readonly VenueFaultName[] = [
  'throttle',
  'error502',
  'reset',
  'cut',
  'cut-json',
  'html',
  'drop',
  'repeat',
  'bad-price',
  'clock-step',
];
/** Starting takes about a second; a whole download two more. */
const LONGEST_MS = 3500;

/** A venue and a folder with a config that leads to it. */
export async function startKilledVenue(folder: string, seed: number): Promise<SimulatedVenue> {
  const venue = await startSimulatedVenue({
    seed,
    listedMs: LISTED,
    untilMs: LISTED + 400 * DAY,
    nowMs: LISTED + 4 * DAY,
    tradeMs: 600_000,
  });
  writeConfig(folder, { binance: venue });
  return venue;
}

export interface RunningDownload {
  readonly child: ChildProcess;
  /** What it said on stderr. */
  readonly said: () => string;
  readonly gone: Promise<number | null>;
}

/** The command, in a process of its own. @param limit of `ulimit -f`: 512 or 1024 bytes each */
export function startDownload(folder: string, limit: number | null = null): RunningDownload {
  const line = `${limit === null ? '' : `ulimit -f ${limit}; `}exec "$0" "$@"`;
  const child = spawn('sh', ['-c', line, process.execPath, STRAT, 'data', 'download', ...ARGUMENTS], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  return { child, said: () => said, gone: new Promise((resolve) => child.once('close', resolve)) };
}

/** Where store and venue differ after a download that nothing disturbs; empty: nowhere. */
export async function settledDifference(folder: string, venue: SimulatedVenue): Promise<string> {
  venue.faults.draw(null);
  venue.setNow(venue.now() + HOUR);
  const { said, gone } = startDownload(folder);
  const code = await gone;
  if (code !== 0) return `the last download ended with ${code}: ${said()}`;
  const store = openSeriesStore(join(folder, '.strat/data'), { now: () => Date.now() });
  try {
    const found = await Promise.all(KILLED.map(async (wanted) => difference({ store, venue }, wanted, Date.UTC(2024, 1, 28))));
    return found.flatMap((text, at) => (text === '' ? [] : [`${JSON.stringify(KILLED[at])}: ${text}`])).join('\n');
  } finally {
    store.close();
  }
}

/**
 * Kills downloads (SIGKILL), each at another moment, while the venue goes on and fails now and then; every tenth time, and at the end, one may end, and store and
 * venue are compared.
 * @param random from 0 to 1
 */
export async function* downloadKills(folder: string, venue: SimulatedVenue, rounds: number, random: () => number): AsyncGenerator<string> {
  for (let round = 1; round <= rounds; round++) {
    venue.faults.draw({ seed: round, rate: 0.1, faults: FAULTS });
    const { child, gone } = startDownload(folder);
    await pause(random() * LONGEST_MS);
    child.kill('SIGKILL');
    await gone;
    venue.setNow(venue.now() + Math.floor(random() * 10 * HOUR));
    yield round % 10 === 0 || round === rounds ? await settledDifference(folder, venue) : '';
  }
}
