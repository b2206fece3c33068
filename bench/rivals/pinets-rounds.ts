/** The cross of two averages by PineTS over raw columns, with the answers of bench/peers/python/rounds.py: pinets-rounds.ts FOLDER BARS. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder, count] = process.argv.slice(2) as [string, string];
const bars = Number(count);
const load = createRequire(new URL('../peers/package.json', import.meta.url));
const { dependencies } = load('./package.json') as { readonly dependencies: { readonly pinets: string } };
interface Trade {
  readonly entry_bar_index: number;
  readonly exit_bar_index: number;
}
interface Runtime {
  readonly run: (script: string) => Promise<{ readonly strategy: { readonly closedtrades: readonly Trade[] } }>;
}
const { PineTS } = load('pinets') as { readonly PineTS: new (candles: readonly object[]) => Runtime };

const column = (name: string): Float64Array => {
  const { buffer, byteOffset } = readFileSync(join(folder, `${name}.f64`));
  return new Float64Array(buffer, byteOffset, bars);
};
const [time, open, high, low, close, volume] = ['t', 'o', 'h', 'l', 'c', 'v'].map(column) as [Float64Array, ...Float64Array[]];
const candles = Array.from(time, (openTime, at) => ({
  openTime,
  closeTime: openTime + 59_999,
  open: open![at],
  high: high![at],
  low: low![at],
  close: close![at],
  volume: volume![at],
}));
const SCRIPT = `//@version=6
strategy("SMA cross", initial_capital=10000000, default_qty_type=strategy.fixed, default_qty_value=1, commission_type=strategy.commission.percent, commission_value=0.04)
quick = ta.sma(close, 10)
trend = ta.sma(close, 30)
if ta.crossover(quick, trend)
    strategy.entry("long", strategy.long)
if ta.crossunder(quick, trend)
    strategy.close("long")
`;

// What the library prints is not an answer.
console.log = console.error;
const run = async (): Promise<readonly Trade[]> => (await new PineTS(candles).run(SCRIPT)).strategy.closedtrades;
const trades = (await run()).map((trade) => [trade.entry_bar_index, trade.exit_bar_index]);
process.stdout.write(`${JSON.stringify({ version: dependencies.pinets, trades, equity: null })}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const started = performance.now();
  await run();
  process.stdout.write(`${performance.now() - started}\n`);
}
