import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { replCommand } from '#core/cli/commands/repl.ts';
import { ReplSession } from '#core/cli/repl/repl-session.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import { storedMarket } from '#core/runtime/stored-market.ts';
import type { EvalDocument } from '#core/runtime/series/eval-document.ts';
import { startStrat, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const BTC: SeriesKey = { venue: 'binance', market: 'BTC/USDT', kind: 'candles', timeframe: '1h' };

/** Closes 1, 2, 3, ... times a factor. */
async function store(key: SeriesKey, bars: number, stepMs: number, factor: number): Promise<void> {
  mkdirSync(join(folder, '.strat'), { recursive: true });
  const open = openSeriesStore(join(folder, '.strat/data'), { now: () => START });
  const close = Float64Array.from({ length: bars }, (_, bar) => (bar + 1) * factor);
  const columns = { time: close.map((_, bar) => START + bar * stepMs), open: close, high: close, low: close, close, volume: close };
  await open.merge(key, { length: bars, columns }, { source: 'test' });
  open.close();
}

beforeAll(async () => {
  await store(BTC, 48, HOUR, 1);
  await store({ ...BTC, timeframe: '1d' }, 10, 24 * HOUR, 1000);
  await store({ ...BTC, market: 'ETH/USDT' }, 48, HOUR, 10);
  writeFileSync(join(folder, 'caps.csv'), 'date,market,market_cap\n2023-12-31,BTC,5e11\n2024-01-01,BTC,6e11\n');
});

const run = async (argv: readonly string[]) => startStrat(argv, { cwd: folder });
const document = async (...argv: readonly string[]): Promise<EvalDocument> =>
  JSON.parse((await run(['eval', ...argv, '--json'])).stdout) as EvalDocument;
const last = ({ expressions }: EvalDocument): readonly unknown[] =>
  expressions.flatMap(({ results }) => results.map(({ values }) => values.at(-1)));

describe('strat eval --market', () => {
  it('computes on candles of the store: of an hour, or of another length that they make', async () => {
    expect(last(await document('close', '--market', 'binance:BTC/USDT'))).toEqual([48]);
    expect(last(await document('close', '--market', 'binance:BTC/USDT', '--timeframe', '4h'))).toEqual([48]);
    expect(last(await document('close', '--market', 'binance:BTC/USDT', '--timeframe', '1d'))).toEqual([10_000]);
  });

  it('finds the other markets that expressions read', async () => {
    expect(last(await document('close of ETH/USDT', '--market', 'binance:BTC/USDT'))).toEqual([480]);
  });

  it('takes market capitalisations', async () => {
    const values = last(await document('market_cap', '--market', 'binance:BTC/USDT', '--caps', 'caps.csv'));
    // That of a day is known when it is over: at the last bar, of the second day, that of the first.
    expect(values).toEqual([6e11]);
  });

  it.each([
    [['close', '--market', 'kraken:BTC/USDT'], 'candles of kraken:BTC/USDT'],
    [['close', '--market', 'binance:*'], 'names a market here'],
    [['close', '--market', 'binance:BTC/USDT', '--synthetic', '1'], '--synthetic and --market exclude each other'],
    [['close', '--caps', 'caps.csv'], '--caps tells of real markets'],
  ])('says what it cannot: %j', async (argv, says) => {
    const { status, stderr } = await run(['eval', ...argv]);
    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain(says);
  });
});

describe('strat repl', () => {
  it('computes on candles of the store, and changes to others', async () => {
    const io = { out: () => undefined, err: () => undefined, width: 60, color: false, isTerminal: true, showsProgress: false, env: {} };
    const stored = { markets: [storedMarket('binance:BTC/USDT')!], folder: join(folder, '.strat/data') };
    const request = { data: [], stored, caps: new Map(), timeframe: null, from: null, to: null };
    const session = new ReplSession(replCommand, request, null, io);
    const answers: string[] = [];
    for (const line of ['close', ':data binance:ETH/USDT', 'close', ':data kraken:ETH/USDT', 'close'])
      answers.push((await session.answer(line)).text);
    expect(answers).toEqual([
      expect.stringMatching(/^48 /),
      expect.stringContaining('ETH/USDT 1h: 48 bars'),
      expect.stringMatching(/^480 /),
      expect.stringContaining('candles of kraken:ETH/USDT'),
      expect.stringMatching(/^480 /),
    ]);
  });
});
