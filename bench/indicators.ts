/**
 * `npm run bench:indicators`: what the compiler emits for ten indicators against other libraries and TA-Lib's C core, alternated in one run. Before anything is timed
 * the last values are compared. Prints a table of ratios (how many times ours is faster) and writes bench/results/indicators.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createCompiler } from '#dsl/compile.ts';
import { emittedIndicator } from './indicators/emitted-indicator.ts';
import { loadPeers } from './indicators/peers.ts';
import { seededBars } from './indicators/seeded-bars.ts';
import { buildAddon, builtCore, TaLibCore } from './indicators/ta-lib.ts';

/** By name: the expression; results in the order in which the peers give them. */
const INDICATORS: Readonly<Record<string, string>> = {
  sma: 'sma(close, 20)',
  ema: 'ema(close, 20)',
  rsi: 'rsi(close, 14)',
  macd: 'macd(close, 12, 26, 9)',
  bbands: '[bbands(close, 20, 2).upper, bbands(close, 20, 2).mid, bbands(close, 20, 2).lower]',
  atr: 'atr(14)',
  adx: 'adx(14)',
  stoch: 'stoch(14, 3, 3)',
  'stoch fast': 'stoch(14, 1, 3)',
  obv: 'obv',
  vwap: 'vwap()',
};
/** Values that are not compared, as the function is another one; its work per bar is the same. */
const OTHER_VALUES: Readonly<Record<string, string>> = {
  'obv by technicalindicators': 'starts at 0',
  'obv by trading-signals': 'starts at 0',
  'obv by indicatorts': 'starts at 0',
  'vwap by technicalindicators': 'from the first bar on, ours from the start of each day',
  'vwap by trading-signals': 'from the first bar on, ours from the start of each day',
  'vwap by indicatorts': 'a window of closes',
  'rsi by technicalindicators': 'two decimals',
  'atr by indicatorts': 'a simple average',
};
/** Rounds of a pair: at least 3, at most 21, as far as this many ms reach. */
const BUDGET_MS = 4000;
const CORE = 'TA-Lib C';

interface Row {
  readonly bars: number;
  readonly indicator: string;
  readonly peer: string;
  readonly rounds: number;
  readonly oursNsPerBar: number;
  readonly peerNsPerBar: number;
  /** Median of the ratios of the rounds. */
  readonly ratio: number;
  readonly minRatio: number;
  readonly maxRatio: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function checkValues(indicator: string, peer: string, ours: readonly number[], theirs: readonly number[]): void {
  if (OTHER_VALUES[`${indicator} by ${peer}`] !== undefined) return;
  for (const [place, value] of theirs.entries()) {
    const found = ours[place]!;
    const difference = Math.abs(found - value) / Math.max(1, Math.abs(value));
    if (!(difference < 1e-6)) throw new Error(`${indicator}, result ${place}: ours ends with ${found}, ${peer} with ${value}`);
  }
}

async function compare(bars: number): Promise<{ readonly rows: readonly Row[]; readonly missing: readonly string[] }> {
  const columns = seededBars(bars);
  const compiler = createCompiler();
  const missing: string[] = [];
  try {
    buildAddon();
  } catch (error) {
    missing.push(`talib (npm): ${(error as Error).message}`);
  }
  const { peers, missing: notLoaded } = await loadPeers(columns);
  missing.push(...notLoaded);
  let core: TaLibCore | null = null;
  try {
    core = new TaLibCore(builtCore(), columns);
  } catch (error) {
    missing.push(`${CORE}: ${(error as Error).message}`);
  }
  const rows: Row[] = [];
  for (const [indicator, expression] of Object.entries(INDICATORS)) {
    const { run, results } = emittedIndicator(compiler, expression, columns);
    const ours = (): number => {
      const started = performance.now();
      run();
      return performance.now() - started;
    };
    for (let warm = 0; warm < 20; warm += 1) run();
    const rivals = peers.flatMap(({ name, runs }) => {
      const rival = runs[indicator];
      if (rival === undefined) return [];
      const timed = (): { readonly ms: number; readonly last: readonly number[] } => {
        const started = performance.now();
        const last = rival();
        return { ms: performance.now() - started, last };
      };
      return [{ name, timed: async () => timed() }];
    });
    if (core !== null && indicator in { sma: 1, ema: 1, rsi: 1, macd: 1, bbands: 1, atr: 1, adx: 1, stoch: 1, obv: 1 })
      rivals.push({ name: CORE, timed: () => core.run(indicator) });
    for (const { name, timed } of rivals) {
      const first = await timed();
      checkValues(
        indicator,
        name,
        results.map((values) => values[bars - 1]!),
        first.last,
      );
      const pairs: (readonly [number, number])[] = [];
      let spent = 0;
      while (pairs.length < 3 || (pairs.length < 21 && spent < BUDGET_MS)) {
        const { ms } = await timed();
        const own = ours();
        pairs.push([own, ms]);
        spent += own + ms;
      }
      const ratios = pairs.map(([own, ms]) => ms / own);
      rows.push({
        bars,
        indicator,
        peer: name,
        rounds: pairs.length,
        oursNsPerBar: (median(pairs.map(([own]) => own)) / bars) * 1e6,
        peerNsPerBar: (median(pairs.map(([, ms]) => ms)) / bars) * 1e6,
        ratio: median(ratios),
        minRatio: Math.min(...ratios),
        maxRatio: Math.max(...ratios),
      });
    }
  }
  core?.close();
  return { rows, missing };
}

function print(rows: readonly Row[]): void {
  const peers = [...new Set(rows.map(({ peer }) => peer))];
  const width = 20;
  console.log(`${'times faster'.padEnd(14)}${'ours ns/bar'.padStart(12)}${peers.map((peer) => peer.padStart(width)).join('')}`);
  for (const indicator of Object.keys(INDICATORS)) {
    const own = rows.filter((row) => row.indicator === indicator);
    if (own.length === 0) continue;
    const cells = peers.map((peer) => own.find((row) => row.peer === peer)?.ratio.toFixed(2) ?? '-');
    console.log(
      `${indicator.padEnd(14)}${median(own.map(({ oursNsPerBar }) => oursNsPerBar))
        .toFixed(2)
        .padStart(12)}${cells.map((cell) => cell.padStart(width)).join('')}`,
    );
  }
  const of = (peer: string): readonly number[] => rows.flatMap((row) => (row.peer === peer ? [row.ratio] : []));
  const mean = (values: readonly number[]): number => Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length);
  const line = (name: string, f: (values: readonly number[]) => number): void =>
    console.log(`${name.padEnd(26)}${peers.map((peer) => f(of(peer)).toFixed(2).padStart(width)).join('')}`);
  line('geometric mean', mean);
  line('least', (values) => Math.min(...values));
}

const all: Row[] = [];
const absent = new Set<string>();
for (const bars of [100_000, 1_000_000]) {
  const { rows, missing } = await compare(bars);
  all.push(...rows);
  for (const one of missing) absent.add(one);
  console.log(`\n${bars.toLocaleString('en-US')} bars`);
  print(rows);
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads, Node ${process.version}`;
console.log(`\n${machine}; medians of the ratios of alternated rounds`);
for (const [pair, reason] of Object.entries(OTHER_VALUES)) console.log(`values not compared: ${pair} (${reason})`);
for (const one of absent) console.log(`not run: ${one}`);
if (absent.size > 0) console.log('The peers are installed by: npm ci --prefix bench/peers --ignore-scripts');
const results = fileURLToPath(new URL('results/', import.meta.url));
mkdirSync(results, { recursive: true });
writeFileSync(`${results}indicators.json`, `${JSON.stringify({ machine, rows: all, missing: [...absent] }, null, 2)}\n`);
