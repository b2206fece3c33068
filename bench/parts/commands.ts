import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { visit } from '#core/runtime/report/testing/browser.ts';
import { createCompiler } from '#dsl/compile.ts';
import { chromiumPath } from '../../tests/setup/chromium.ts';
import { editorTimes } from '../commands/editor-times.ts';
import { writeResults } from '../measure/results.ts';
import { spreadOf } from '../measure/spread.ts';

interface Figure {
  readonly name: string;
  readonly rounds: number;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STRATEGY = `${ROOT}strategies/sma-cross/sma-cross.strat`;
/** The longest of the shipped strategies, for what grows with the text. Aims: 5 ms to parse and check it warm, 400 ms for the process. */
const TYPICAL = `${ROOT}strategies/macd-trend/macd-trend.strat`;
const CANDLES = fileURLToPath(new URL('../../../shared/data/candles/binance_BTC-USDT_1h.csv.gz', import.meta.url));
const DATA = existsSync(CANDLES) ? ['--data', CANDLES] : ['--synthetic', '1', '--bars', '34349'];

function figure(name: string, times: readonly number[]): Figure {
  const { median, min, max } = spreadOf(times);
  return { name, rounds: times.length, medianMs: median, minMs: min, maxMs: max };
}

function strat(args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}bin/strat.js`, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`strat ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { ms, stdout };
}

function timed(rounds: number, run: () => void): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
}

function backtestFigures(rounds: number): readonly Figure[] {
  const runs = Array.from({ length: rounds }, () => {
    const { ms, stdout } = strat(['backtest', STRATEGY, ...DATA, '--json']);
    const document = JSON.parse(stdout) as { readonly resultHash: string; readonly timing: Readonly<Record<string, number>> };
    return { ms, hash: document.resultHash, timing: document.timing };
  });
  if (new Set(runs.map((run) => run.hash)).size !== 1) throw new Error('equal runs gave different results');
  const stages = Object.keys(runs[0]!.timing).map((stage) =>
    figure(
      `  of it ${stage}`,
      runs.map((run) => run.timing[stage]!),
    ),
  );
  return [
    figure(
      'strat backtest, whole process, 34,349 hourly bars',
      runs.map((run) => run.ms),
    ),
    ...stages,
  ];
}

/** The report of four years of hours in a browser that starts with it: aim, a second. */
async function reportFigures(rounds: number): Promise<readonly Figure[]> {
  const browser = chromiumPath();
  if (browser === null) return [];
  const folder = mkdtempSync(join(tmpdir(), 'strat-bench-'));
  const file = join(folder, 'report.html');
  try {
    strat(['backtest', STRATEGY, ...DATA, '--report', file]);
    const figures: Figure[] = [];
    for (const [place, width] of [
      ['laptop', 1280],
      ['phone', 375],
    ] as const) {
      const times: number[] = [];
      while (times.length < rounds) times.push((await visit(browser, file, { width, height: 900, scheme: 'light' })).loadMs);
      figures.push(figure(`HTML report of 34,349 hourly bars opens, ${place}`, times));
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run bench -- commands`: how long strat takes, as a user meets it. */
export async function commandsPart(): Promise<void> {
  const source = readFileSync(TYPICAL, 'utf8');
  const compiler = createCompiler();
  const figures = [
    ...backtestFigures(11),
    figure(
      'strat check of macd-trend, whole process',
      Array.from({ length: 11 }, () => strat(['check', TYPICAL]).ms),
    ),
    figure(
      'strat --version, whole process',
      Array.from({ length: 11 }, () => strat(['--version']).ms),
    ),
    ...(await reportFigures(5)),
    ...[...(await editorTimes(TYPICAL, 40))].map(([name, times]) => figure(name, times)),
    figure('parse and check of macd-trend, warm', timed(200, () => void compiler.compile(source)).slice(100)),
  ];
  writeResults('commands', { data: DATA.join(' ').replace(ROOT, ''), figures });
  const width = Math.max(...figures.map(({ name }) => name.length));
  console.log(`${'ms'.padStart(width + 3)}  median     min     max  rounds`);
  for (const { name, medianMs, minMs, maxMs, rounds } of figures) {
    console.log(
      `${name.padEnd(width)}  ${[medianMs, minMs, maxMs].map((ms) => ms.toFixed(1).padStart(7)).join(' ')}  ${String(rounds).padStart(6)}`,
    );
  }
}
