import type { Fill } from '#core/engine/log-rows.ts';
import { createHash } from 'node:crypto';
import { canonicalBytes } from '#core/engine/canonical.ts';
import { ledgerOf } from '#core/engine/ledger.ts';
import { fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_SETTINGS } from '#core/engine/simulation-settings.ts';
import { attributionOf } from '#core/engine/statistics/attribution.ts';
import { dailyEquity } from '#core/engine/statistics/daily-equity.ts';
import { doubtsOf } from '#core/engine/statistics/doubts.ts';
import { metricsOf } from '#core/engine/statistics/metrics.ts';
import { periodReturns } from '#core/engine/statistics/period-returns.ts';
import { significanceOf } from '#core/engine/statistics/significance.ts';
import { tradesOf } from '#core/engine/trades.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG_KIND } from '#core/model/strategy-abi.ts';
import { type BacktestDocument, isoTime, tradeRecord } from '../../backtest-document.ts';
import { doubtWarning } from '../../doubt-warnings.ts';
import type { PlotSeries } from '../../drawings.ts';
import type { ReportSeries } from '../html-report.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2022, 0, 1);

/** A random walk of hourly bars and `tradeCount` positions on it, made into a document by the real functions. Repeatable. */
export function sampleRun(
  bars: number,
  tradeCount: number,
  plots: readonly PlotSeries[] = [],
): { readonly document: BacktestDocument; readonly series: ReportSeries } {
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const columns = walk(bars, random);
  const log = tradesLog(columns, tradeCount, random);
  const { capital } = DEFAULT_SETTINGS;
  const fills = fillsOf(log);
  const names = {
    market: 'BTC/USDT',
    setups: ['breakout', null],
    reasonOf: ({ kind, rule }: Fill) => (kind === 'exit' && rule === 0 ? 'target reached' : null),
  };
  const trades = tradesOf(log, columns, names);
  const equity = new Float64Array(bars);
  let cash = capital;
  let qty = 0;
  let at = 0;
  for (let i = 0; i < bars; i++) {
    for (let fill = fills[at]; fill !== undefined && fill.bar === i; fill = fills[++at]) {
      cash -= fill.qty * fill.price + fill.fee;
      qty += fill.qty;
    }
    equity[i] = cash + qty * columns.close[i]!;
  }
  const run = { columns, equity, from: 0, to: bars, capital, fills, trades, books: ledgerOf([fills], capital) };
  const metrics = metricsOf(run);
  const document: BacktestDocument = {
    schema: 'strat.backtest/1',
    engine: 'strat 0.1.0',
    strategy: { name: 'sma cross', file: 'strategies/sma-cross/sma-cross.strat', sha256: 'a'.repeat(64) },
    params: { fast: 10, slow: 30 },
    data: [
      {
        market: 'BTC/USDT',
        timeframe: '1h',
        rows: bars,
        from: isoTime(columns.time[0] ?? START),
        to: isoTime(columns.time[bars - 1] ?? START),
        sha256: 'b'.repeat(64),
      },
    ],
    settings: {
      ...DEFAULT_SETTINGS,
      currency: 'USDT',
      period: { from: isoTime(columns.time[0] ?? START), to: isoTime(columns.time[bars - 1] ?? START), bars },
      riskPlugins: [],
    },
    metrics,
    periods: periodReturns(dailyEquity(columns.time, equity, 0, bars), capital),
    attribution: attributionOf(trades),
    significance: significanceOf(run, 1),
    trades: trades.map(tradeRecord),
    ambiguous: [],
    warnings: [
      { code: 'W1001', message: 'The file has 2 gaps, the longest of 3 bars from 2022-03-01T00:00:00Z' },
      ...doubtsOf({ ...run, metrics }).map(doubtWarning),
    ],
    resultHash: createHash('sha256').update(canonicalBytes(trades, equity)).digest('hex'),
    timing: { loadMs: 21, compileMs: 5, runMs: 33, totalMs: 59 },
  };
  return { document, series: { columns, equity, plots, marks: [], from: 0, to: bars } };
}

function walk(bars: number, random: () => number): Columns {
  const columns = sharedColumns(bars);
  let price = 40_000;
  for (let i = 0; i < bars; i++) {
    const open = price;
    price *= 1 + (random() + random() + random() - 1.5) * 0.01;
    columns.time[i] = START + i * HOUR;
    columns.open[i] = open;
    columns.close[i] = price;
    columns.high[i] = Math.max(open, price) * (1 + random() * 0.003);
    columns.low[i] = Math.min(open, price) * (1 - random() * 0.003);
    columns.volume[i] = random() * 100;
  }
  return columns;
}

/** Positions one after the other, every fifth short, every fourth ended by a stop, the last of 500 and more left open. */
function tradesLog(columns: Columns, tradeCount: number, random: () => number): Float64Array {
  const rows: number[] = [];
  const slot = Math.floor((columns.time.length - 2) / Math.max(1, tradeCount));
  const fee = (qty: number, price: number): number => Math.abs(qty) * price * DEFAULT_SETTINGS.feeRate;
  for (let n = 0; n < tradeCount; n++) {
    const entry = 1 + n * slot;
    const exit = entry + 1 + Math.floor(random() * (slot - 2));
    const side = n % 5 === 4 ? -1 : 1;
    const entryRef = columns.open[entry]!;
    const exitRef = columns.open[exit]!;
    const entryPrice = entryRef * (1 + side * DEFAULT_SETTINGS.slippageRate);
    const exitPrice = exitRef * (1 - side * DEFAULT_SETTINGS.slippageRate);
    const qty = (side * 5000) / entryPrice;
    rows.push(LOG_KIND.entry, entry, qty, entryPrice, entryRef, fee(qty, entryPrice), n % 2);
    if (tradeCount >= 500 && n === tradeCount - 1) break;
    const kind = n % 4 === 3 ? LOG_KIND.stop : LOG_KIND.exit;
    rows.push(kind, exit, -qty, exitPrice, exitRef, fee(qty, exitPrice), kind === LOG_KIND.stop ? -1 : n % 2);
  }
  return Float64Array.from(rows);
}
