import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Outcome, ROOT, startStrat, type StartOptions, temporaryFolder } from './cli-process.ts';

export const STRATEGY = join(ROOT, 'strategies/sma-cross/sma-cross.strat');
export const HOUR = 3_600_000;
export const START = Date.UTC(2024, 0, 1);
export const BARS = 600;
export const CANDLES = 'binance_BTC-USDT_1h.csv';

/** Two waves on top of each other, so that averages cross: prices that are easy to write and to check. */
export function candles(bars: number, stepMs: number): string {
  const close = (i: number): number => Number((30_000 + 2000 * Math.sin(i / 15) + 700 * Math.sin(i / 4)).toFixed(2));
  const lines = Array.from({ length: bars }, (_, i) => {
    const [open, end] = [close(i - 1), close(i)];
    return [START + i * stepMs, open, Math.max(open, end) + 10, Math.min(open, end) - 10, end, 100].join(',');
  });
  return `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

export const statements = (...lines: readonly string[]): string =>
  ['strat 1', 'strategy "test"', 'trade BTC/USDT on 1h', ...lines, 'size 10% of equity', 'stop 90%', ''].join('\n');

/** A temporary folder with candles and strategies, right and wrong, in which `strat` is run. */
export interface Workplace {
  readonly path: (name: string) => string;
  /** Writes a file and returns its name. */
  readonly put: (name: string, text: string | Uint8Array) => string;
  /** In the folder, with a cache of compiled modules of its own. */
  readonly strat: (args: readonly string[], options?: StartOptions) => Promise<Outcome>;
  /** `strat backtest ARGS --json`, which has to succeed without a word on stderr. */
  readonly backtest: (...args: readonly string[]) => Promise<Backtest>;
}

export function workplace(): Workplace {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  const put = (name: string, text: string | Uint8Array): string => {
    writeFileSync(path(name), text);
    return name;
  };
  put(CANDLES, candles(BARS, HOUR));
  put('coinbase_BTC-USD_1d.csv', candles(100, 24 * HOUR));
  put('plain.csv', candles(BARS, HOUR));
  put('empty.csv', '');
  put(
    'binary.csv',
    Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256),
  );
  put('wrong.csv', candles(20, HOUR).replace(/^(\d+),[\d.]+(.*)$/m, '$1,-5$2'));
  put('good.strat', statements('enter long when close > close[1]'));
  put('two.strat', statements('enter long when close > close[1]').replace('BTC/USDT', 'BTC/USDT, ETH/USDT'));
  put('wrong.strat', statements('enter long when closee > 1'));
  put('empty.strat', '');
  put('utf16.strat', Buffer.from(`\ufeff${statements('enter long when close > close[1]')}`, 'utf16le'));
  mkdirSync(path('folder.strat'));
  const strat = (args: readonly string[], options: StartOptions = {}): Promise<Outcome> =>
    startStrat(args, { cwd: folder, env: { XDG_CACHE_HOME: path('cache') }, ...options });
  const backtest = async (...args: readonly string[]): Promise<Backtest> => {
    const { status, stdout, stderr } = await strat(['backtest', ...args, '--json']);
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Backtest;
  };
  return { path, put, strat, backtest };
}

/** Nothing that a terminal obeys: control, hidden and turning characters. */
export const harmless = (text: string): boolean => !/[\p{Cc}\p{Cf}]/u.test(text.replaceAll('\n', ''));
export const hasStack = (text: string): boolean => /^\s+at /m.test(text) || text.includes('node:internal');
export const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The document of `--json` as far as tests read it; its keys are under test themselves. */
export interface Backtest {
  readonly [key: string]: unknown;
  readonly strategy: { readonly name: string; readonly file: string; readonly sha256: string };
  readonly params: Readonly<Record<string, unknown>>;
  readonly data: readonly { readonly rows: number; readonly [key: string]: unknown }[];
  readonly settings: {
    readonly period: { readonly from: string; readonly to: string; readonly bars: number };
    readonly [key: string]: unknown;
  };
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly trades: readonly {
    readonly [key: string]: unknown;
    readonly positionId: number;
    readonly profit: number | null;
    readonly entryTime: string;
    readonly exitTime: string | null;
  }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly resultHash: string;
  readonly timing: Readonly<Record<string, number>>;
}
