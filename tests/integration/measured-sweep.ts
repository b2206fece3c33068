import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sharedColumns } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { blockSweep } from '#core/runtime/sweep/block-sweep.ts';
import { declaredAxis } from '#core/runtime/sweep/param-axis.ts';
import { SweepBook } from '#core/runtime/sweep/sweep-book.ts';
import { gridSpace } from '#core/runtime/sweep/sweep-space.ts';
import type { TrialMetrics } from '#core/runtime/sweep/trial-metrics.ts';
import { createCompiler } from '#dsl/compile.ts';

/** A process that runs 100,000 sets and prints what it holds after each tenth, in MB. One argument has it keep something of each set: `figures`, or `buffers` of a kilobyte. */
const BARS = 300;
const [leak = ''] = process.argv.slice(2);
const SOURCE = `strat 1
strategy "Measured"
trade BTC/USDT on 1m
param fast = 2 in 2..41 step 1
param slow = 5 in 5..54 step 1
param loss = 1% in 0.1%..5% step 0.1%
enter long when sma(close, fast) crosses above sma(close, slow)
exit long when sma(close, fast) crosses below sma(close, slow)
size 20% of equity
stop loss`;

// As a flag of the process it would be in every isolate, which have none of it.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
setFlagsFromString('--no-expose-gc');

const leaked: (TrialMetrics | Buffer)[] = [];
class LeakingBook extends SweepBook {
  override add(set: number, metrics: TrialMetrics): void {
    if (leak !== '') leaked.push(leak === 'buffers' ? Buffer.alloc(1024, 1) : metrics);
    super.add(set, metrics);
  }
}

const prepared = prepareStrategy(createCompiler(), SOURCE, 'measured.strat', {});
if (!prepared.ok) throw new Error(JSON.stringify(prepared.error));
const columns = sharedColumns(BARS);
for (let bar = 0; bar < columns.time.length; bar++) {
  const price = 100 + 8 * Math.sin(bar / 9) + 3 * Math.sin(bar / 2.3);
  columns.time[bar] = 60_000 * bar;
  columns.open[bar] = columns.close[bar] = price;
  columns.high[bar] = price + 1;
  columns.low[bar] = price - 1;
}
const axes = prepared.value.program.params.map((param, index) => {
  const axis = declaredAxis(param, index);
  if (!axis.ok) throw new Error(axis.error);
  return axis.value;
});
const space = gridSpace(axes);
const book = new LeakingBook(space, 'sharpe', 10);
const timeframe = parseTimeframe('1m')!;
const data = { market: 'BTC/USDT', timeframe, columns, further: new Map(), file: '', sha256: '', warnings: [], fromIndex: 0, others: [] };
const held: { readonly sets: number; readonly systemMb: number; readonly heapMb: number }[] = [];
const onProgress = (sets: number): void => {
  if (sets < (held.length + 1) * 10_000) return;
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  held.push({ sets, systemMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 });
};
await blockSweep(prepared.value, data, space, book, 2, { signal: new AbortController().signal, onProgress });
process.stdout.write(`${JSON.stringify({ ran: book.ran, kept: leaked.length, held })}\n`);
