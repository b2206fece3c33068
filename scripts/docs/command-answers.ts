import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../core/cli/main.ts';
import { generateMarket } from '../../core/data/market-generator.ts';
import type { CommandExample } from './program-examples.ts';

/** What a command that failed said, and its exit code. */
export interface CommandAnswer {
  readonly code: number;
  readonly said: string;
}

const STRATEGY = `strat 1
strategy "Mine"
trade BTC/USDT on 1h
param n = 20 in 10..50 step 5
enter long when close crosses above sma(close, n)
exit long when close crosses below sma(close, n)
size 10% of equity
stop 5%
`;

function candles(): string {
  const market = generateMarket({ seed: 1, bars: 200, stepMs: 3_600_000, startTime: Date.UTC(2024, 0, 1), startPrice: 30_000, tick: 0.01 });
  const { time, open, high, low, close, volume } = market;
  const lines = Array.from(time, (at, bar) => [at, open[bar], high[bar], low[bar], close[bar], volume[bar]].join(','));
  return `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

/** What both commands of an example gave. */
export interface CommandAnswers {
  readonly wrong: CommandAnswer;
  readonly right: CommandAnswer;
}

/** Types commands in this process, one after the other, in a folder of its own. This process moves there meanwhile. */
export async function commandAnswers(examples: readonly CommandExample[]): Promise<readonly CommandAnswers[]> {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'strat-errors-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('my.strat', STRATEGY);
  for (const file of ['candles.csv', 'binance_BTC-USDT_1h.csv', 'kraken_BTC-USDT_1h.csv']) write(file, candles());
  try {
    process.chdir(folder);
    const answers: CommandAnswers[] = [];
    for (const { wrong, right, files = {} } of examples) {
      for (const [file, text] of Object.entries(files)) write(file, text);
      answers.push({ wrong: await typed(wrong), right: await typed(right) });
    }
    return answers;
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function typed(line: string): Promise<CommandAnswer> {
  let [out, said] = ['', ''];
  let code = 0;
  for (const command of line.split(' && ')) {
    const [, ...words] = command.split(' ');
    const io = { width: 80, color: false, isTerminal: false, showsProgress: false, env: {} };
    code = await main(words, { ...io, out: (text) => void (out += text), err: (text) => void (said += text) });
    if (code !== 0) break;
  }
  // How long it took is another time every time.
  return { code, said: (said === '' ? out : said).trimEnd().replaceAll(/ \(\d+\.\d+ s\)/g, '') };
}
