import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { generateMarket } from '#core/data/market-generator.ts';
import type { Columns } from '#core/model/columns.ts';
import type { EntryIntent } from '#core/ports/risk-rule.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { otherMarkets } from '#core/runtime/further-columns.ts';
import { replayFeed } from '#core/runtime/feeds/bar-feed.ts';
import { loadMarketData, type MarketData } from '#core/runtime/market-data.ts';
import { drawingsOf } from '#core/runtime/drawings.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { essence, essences, prepared, runPaper, temporaryFolder } from './paper-runs.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 1, 1);
const BARS = 1500;

/** A market with one bar of ten missing, and from `gap[0]` on for `gap[1]` bars none. */
function candles(seed: number, bars: number, gap: readonly [from: number, length: number] = [0, 0]): Columns {
  const whole = generateMarket({ seed, bars, stepMs: HOUR, startTime: START, startPrice: 3000, tick: 0.01, missingRate: 0.1 });
  const from = START + gap[0] * HOUR;
  const to = from + gap[1] * HOUR;
  const kept = [...whole.time.keys()].filter((index) => whole.time[index]! < from || whole.time[index]! >= to);
  const { time, open, high, low, close, volume } = whole;
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (index) => column[index]!);
  return { time: pick(time), open: pick(open), high: pick(high), low: pick(low), close: pick(close), volume: pick(volume) };
}

function write(file: string, { time, open, high, low, close, volume }: Columns): string {
  const lines = Array.from(time, (at, i) => [at, open[i], high[i], low[i], close[i], volume[i]].join(','));
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  return file;
}

/** Predictions every three hours, made when the bar of that hour closes. */
const PREDICTIONS = Array.from({ length: 600 }, (_, index) => ({
  open: START + (3 * index + 1) * HOUR,
  up: Math.round(5000 + 4900 * Math.sin(index / 5)) / 10_000,
}));
const PREDICTION_TEXT = `timestamp,up\n${PREDICTIONS.map(({ open, up }) => `${open},${up}`).join('\n')}\n`;

const HEAD = `strat 1
strategy "Columns"
trade BTC/USDT on 1h
use model net from "./models/net" with { r1 = roc(close, 1) }
session ny { hours 09:30..16:00 zone "America/New_York" days mon..fri holidays "nyse" }
`;
const TRADING = `${HEAD}
let up_day = close > open on 1d
chart ETH/USDT { let lead = sma(close, 3) }
long {
  enter when (close on 4h) > (sma(close, 3) on 4h) and lead > lead[1] and net.up > 40% and not ny.last
  exit when net.up < 30% or (hour >= 22 and up_day) or close of ETH/USDT < sma(close, 5) of ETH/USDT on 4h
  size 40% of equity
  stop 3%
}
short {
  enter when ny.active and ny.bars > 2 and quote_volume > 1000 USDT and weekday < fri and net.up < 50%
  exit when ny.last or net.age > 2h
  size 20% of equity
  stop 2%
}
`;

interface Place {
  readonly folder: string;
  readonly strategy: (text: string) => PreparedStrategy;
  readonly data: (strategy: PreparedStrategy) => MarketData;
}

function place(traded: Columns, other: Columns): Place {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models/net.csv.gz'), gzipSync(PREDICTION_TEXT));
  const files = [write(join(folder, 'x_BTC-USDT_1h.csv'), traded), write(join(folder, 'x_ETH-USDT_1h.csv'), other)];
  return {
    folder,
    strategy: (text) => prepared(text, join(folder, 'columns.strat')),
    data: ({ program, source }) =>
      loadMarketData(
        { file: source.file, markets: program.markets, timeframe: program.timeframe, reads: otherMarkets(program) },
        { data: files, timeframe: null, from: null, to: null },
      ),
  };
}

describe('what a strategy reads besides its candles', () => {
  it('is what the definitions say, bar by bar', async () => {
    const [traded, other] = [candles(1, BARS), candles(2, BARS)];
    const { strategy, data } = place(traded, other);
    const plots = ['close on 4h', 'sma(close, 3) on 1d', 'close of ETH/USDT', 'net.up', 'hour', 'nz(ny.bars, -1)', 'quote_volume'];
    const text = `${HEAD}enter long when close > open\nsize 1% of equity\nstop 5%\n${plots.map((plot) => `plot ${plot}`).join('\n')}\n`;
    const ready = strategy(text);
    const { outcome, document } = await backtest(ready, data(ready), DEFAULT_LIMITS, {});
    const series = drawingsOf(ready, 'BTC/USDT', outcome.columns, outcome.further, 0).plots.map(({ values }) => [...values]);

    const bars = Array.from(traded.time, (time, index) => ({ time, close: traded.close[index]!, volume: traded.volume[index]! }));
    const newYork = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      hourCycle: 'h23',
      hour: 'numeric',
      minute: 'numeric',
      weekday: 'short',
      dateStyle: undefined,
      day: 'numeric',
      month: 'numeric',
    });
    const wall = (time: number): Record<string, string> =>
      Object.fromEntries(newYork.formatToParts(time).map(({ type, value }) => [type, value]));
    const dayOf = (time: number): string => `${wall(time)['month']}-${wall(time)['day']}`;
    const minuteOf = (time: number): number => Number(wall(time)['hour']) * 60 + Number(wall(time)['minute']);
    const holidays = ['2-19', '3-29'];
    const days = [...Map.groupBy(bars, ({ time }) => dayOf(time)).values()];
    /** When a day is over: the first midnight of New York behind its last bar. */
    const dayEnd = (time: number): number => {
      let end = time + HOUR;
      while (dayOf(end) === dayOf(time)) end += HOUR;
      return end;
    };
    const over = days.map((day) => ({ end: dayEnd(day[0]!.time), close: day.at(-1)!.close }));
    const inSession = (time: number): boolean =>
      !['Sat', 'Sun'].includes(wall(time)['weekday']!) &&
      !holidays.includes(dayOf(time)) &&
      minuteOf(time) < 960 &&
      minuteOf(time) + 60 > 570;
    const seen = new Map<string, number>();
    const expected = bars.map(({ time, close, volume }) => {
      const now = time + HOUR;
      const four =
        bars.filter((bar) => Math.floor(bar.time / (4 * HOUR)) * 4 * HOUR + 4 * HOUR <= now && bar.time > now - 200 * HOUR).at(-1)?.close ??
        Number.NaN;
      const last = over.filter(({ end }) => end <= now).slice(-3);
      const at = [...other.time].findLastIndex((open) => open + HOUR <= now);
      // Its last value counts for three missing bars.
      const isFresh = at >= 0 && now - (other.time[at]! + HOUR) < 4 * HOUR;
      const up = PREDICTIONS.findLast((one) => one.open + HOUR <= now)?.up ?? Number.NaN;
      const isActive = inSession(time);
      if (isActive) seen.set(dayOf(time), (seen.get(dayOf(time)) ?? 0) + 1);
      return [
        four,
        last.length < 3 ? Number.NaN : (last[0]!.close + last[1]!.close + last[2]!.close) / 3,
        isFresh ? other.close[at]! : Number.NaN,
        up,
        Number(wall(time)['hour']),
        isActive ? seen.get(dayOf(time))! : -1,
        close * volume,
      ];
    });
    // The sum of a mean is kept from bar to bar: its last digits are those of the bars before.
    const rounded = (rows: readonly (readonly number[])[]): number[][] =>
      rows.map((row) => row.map((value, at) => (at === 1 ? Math.round(value * 1e6) / 1e6 : value)));
    expect(rounded(bars.map((_, index) => series.map((values) => values[index]!)))).toEqual(rounded(expected));
    const digest = (name: string): string => createHash('sha256').update(readFileSync(name)).digest('hex');
    expect(document.data.map(({ market, sha256 }) => [market, sha256])).toEqual(
      [data(ready), ...data(ready).others].map(({ market, file }) => [market, digest(file)]),
    );
    expect(document.strategy.models).toEqual([{ path: 'models/net.csv.gz', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(document.warnings).toContainEqual({ code: 'DATA', message: expect.stringContaining('quote_volume') });
  });

  it('is the same on paper, also after restarts, killed runners and snapshots, as in a backtest', { timeout: 60_000 }, async () => {
    // More bars of the other market close at once than the rings of a runner hold.
    const { folder, strategy, data } = place(candles(3, 3200, [700, 2200]), candles(4, 3200));
    const ready = strategy(TRADING);
    const expected = essence((await backtest(ready, data(ready), DEFAULT_LIMITS, {})).document);
    expect(expected).toMatchObject({ metrics: { tradeCount: expect.toSatisfy((count: number) => count > 20) } });
    const home = join(folder, 'home');
    const feed = replayFeed(data(ready));
    expect(essences(await runPaper(join(folder, 'at-once'), [{ prepared: ready, feeds: [feed] }]))).toEqual([expected]);
    let outcomes: Awaited<ReturnType<typeof runPaper>> = [];
    for (const stopAfter of [300, 640, Infinity]) {
      outcomes = await runPaper(home, [{ prepared: ready, feeds: [feed] }], { stopAfter });
    }
    expect(essences(outcomes)).toEqual([expected]);
    let pid = 0;
    const killed = await runPaper(join(folder, 'killed'), [{ prepared: ready, feeds: [feed] }], {
      journalBytes: 20_000,
      onEvent: (event) => {
        if (event.type === 'runner' && 'pid' in event.event && event.event.pid !== undefined) ({ pid } = event.event);
        if (event.type === 'bar' && [200, 201, 900].includes(event.index)) process.kill(pid, 'SIGKILL');
      },
    });
    expect(essences(killed)).toEqual([expected]);
    expect(killed[0]?.end?.undecided).toBe(0);
  });

  it('is the same under risk rules, which go bar by bar', async () => {
    const { strategy, data } = place(candles(5, BARS), candles(6, BARS));
    const ready = strategy(TRADING);
    const free = await backtest(ready, data(ready), DEFAULT_LIMITS, {});
    const idle = { id: 'idle', rule: { afterBar: () => null, review: (intent: EntryIntent) => ({ qty: intent.qty, reason: null }) } };
    const ruled = await backtest(ready, data(ready), DEFAULT_LIMITS, {}, [idle]);
    expect(ruled.document.resultHash).toBe(free.document.resultHash);
  });
});
