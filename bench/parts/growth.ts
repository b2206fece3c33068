import { generateMarket } from '#core/data/market-generator.ts';
import { prepareStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { inputOf, openProgram, timedRun } from '../limit/timed-program.ts';
import { writeResults } from '../measure/results.ts';

const COUNTS = [16, 64, 256, 512];
const BARS = 200_000;
const ROUNDS = 15;
const WARM_RUNS = 12;
/** Indicators of one block. */
const BLOCK = 4;

/** A program that looks at so many indicators of different lengths at every bar, and hardly ever trades. */
export function programOf(count: number): string {
  const blocks = Array.from({ length: count / BLOCK }, (_, at) => at);
  const lines = blocks.flatMap((at) => [
    `let ema_${at} = ema(close, ${5 + at})`,
    `let sma_${at} = sma(close, ${6 + at})`,
    `let rsi_${at} = rsi(close, ${5 + at})`,
    `let atr_${at} = atr(${5 + at})`,
  ]);
  const sums = blocks.map(
    (at) => `let score_${at} = (ema_${at} - sma_${at}) / atr_${at} + rsi_${at}${at === 0 ? '' : ` + score_${at - 1}`}`,
  );
  const last = `score_${blocks.length - 1}`;
  return [
    'strat 1',
    'strategy "Many indicators"',
    'trade BTC/USDT on 1m',
    ...lines,
    ...sums,
    `enter long when ${last} > ${blocks.length * 90}`,
    `exit long when ${last} < ${blocks.length * 50}`,
    'size 1000 USDT',
    '',
  ].join('\n');
}

/** `npm run bench -- growth`: what a further indicator costs where there are many. All programs take turns; least times. */
export async function growthPart(): Promise<void> {
  const columns = generateMarket({ seed: 3, bars: BARS, startTime: Date.UTC(2024, 0, 1), stepMs: 60_000, startPrice: 30_000, tick: 0.01 });
  const programs = COUNTS.map((count) => {
    const prepared = prepareStrategy(createCompiler(), programOf(count), `many-${count}.strat`, {});
    if (!prepared.ok) throw new Error(prepared.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
    const input = inputOf(prepared.value, columns);
    return { count, input, isolate: openProgram(prepared.value, input), times: [] as number[] };
  });
  try {
    for (const { input, isolate } of programs) for (let warm = 0; warm < WARM_RUNS; warm += 1) await timedRun(isolate, input);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { input, isolate, times } of programs) times.push((await timedRun(isolate, input)).runMs);
    const rows = programs.map(({ count, times }) => ({ indicators: count, nsPerBar: (Math.min(...times) * 1e6) / BARS / count }));
    writeResults('growth', { bars: BARS, rounds: ROUNDS, rows });
    console.log(`${BARS.toLocaleString('en-US')} bars, least of ${ROUNDS} rounds in turns`);
    for (const { indicators, nsPerBar } of rows)
      console.log(
        `  ${String(indicators).padStart(4)} indicators: ${nsPerBar.toFixed(2)} ns a bar and indicator, ${(nsPerBar / rows[0]!.nsPerBar).toFixed(2)} of the first`,
      );
  } finally {
    for (const { isolate } of programs) isolate.dispose();
  }
}
