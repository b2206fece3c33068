/** Strategies with indicator plugins, from the command line to the bot. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IndicatorShelf } from '#core/indicators/indicator-shelf.ts';
import { writePlugin } from '#core/indicators/testing/plugin-files.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { drawingsOf } from '#core/runtime/drawings.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { createCompiler } from '#dsl/compile.ts';
import { backtestEssence, essences, gappyFile, marketData, onFile, runPaper, temporaryFolder } from './paper-runs.ts';
import { script } from './running-bot.ts';

const BARS = 1500;

/** `highest` as a plugin: state is a window, the oldest first. */
const TOP = {
  manifest: {
    strat: 1,
    name: '@acme/top',
    kind: 'indicator',
    version: '2.1.0',
    entry: 'top.js',
    inputs: { high: 'price' },
    params: { length: { kind: 'length', default: 20, min: 1, max: 500 } },
    outputs: { value: { kind: 'price', min: 0 } },
    state: 'length',
    lookback: 'length - 1',
  },
  files: {
    'top.js': `export function init(params, state) { for (let i = 0; i < state.length; i++) state[i] = NaN; }
export function step(params, state, input, out) {
  let top = input[0];
  for (let i = 0; i < state.length; i++) {
    state[i] = i + 1 < state.length ? state[i + 1] : input[0];
    top = Math.max(top, state[i]);
  }
  out[0] = top;
}
`,
  },
};
const breakout = (use: string, top: string): string => `strat 1
strategy "Breakout"
trade BTC/USDT on 1h
${use}
param length = 20 in 5..60 step 5
let top = ${top}
enter long when close > top[1]
exit long when close < lowest(low, 10)[1]
size 30% of equity
stop 2%
plot top as "top"
`;
const WITH_PLUGIN = breakout('use indicator top as upper from "plugin:@acme/top"', 'upper(length: length).value');
const BUILT_IN = breakout('', 'highest(high, length)');

interface Place {
  readonly folder: string;
  /** `strat ARGS` in the folder. */
  readonly strat: (...args: readonly string[]) => { readonly code: number | null; readonly output: string };
  readonly edit: (file: string, from: string, to: string) => void;
}

/** A folder with a config, a plugin and a strategy that uses it; nothing is pinned. */
function place(): Place {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'strat.yaml'), 'plugins: { folders: [mine] }\nrisk: [{ use: risk/max-position, maxShare: 20% }]\n');
  writePlugin(join(folder, 'mine'), 'top', TOP);
  writeFileSync(join(folder, 'plugin.strat'), WITH_PLUGIN);
  writeFileSync(join(folder, 'built-in.strat'), BUILT_IN);
  return {
    folder,
    strat: (...args) => script(folder, 'bin/strat.js', ...args),
    edit: (file, from, to) => {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).toContain(from);
      writeFileSync(join(folder, file), text.replace(from, to));
    },
  };
}

test('check and backtest refuse what is not pinned, or not as it was pinned, and say what to do', { timeout: 120_000 }, () => {
  const { strat, edit } = place();
  const first = strat('check', 'plugin.strat');
  expect(first.output).toMatch(/^E0703 4:\d+ /m);
  expect(first.output).toContain('look at it, then run: strat plugin lock');
  expect(first.code).toBe(1);
  expect(strat('plugin', 'lock').code).toBe(0);
  expect(strat('check', 'plugin.strat').output).not.toMatch(/E\d{4}/);

  edit('plugin.strat', 'plugin:@acme/top', 'plugin:@acme/tops');
  const slip = strat('check', 'plugin.strat');
  expect(slip.output).toMatch(/^E0703 /m);
  expect(slip.output).toContain('did you mean plugin:@acme/top?');
  edit('plugin.strat', 'plugin:@acme/tops', 'plugin:@acme/top');

  edit('mine/indicator/top/top.js', 'let top', 'let  top');
  const changed = strat('backtest', 'plugin.strat', '--synthetic', '3', '--bars', '500');
  expect(changed.output).toMatch(/^E0704 /m);
  expect(changed.output).toContain('strat plugin lock');
  expect(changed.code).toBe(1);
});

test(
  'a plugin gives the trades of the function that it copies: alone, under risk rules, and with another value of its param',
  { timeout: 120_000 },
  () => {
    const { strat } = place();
    expect(strat('plugin', 'lock').code).toBe(0);
    const run = (file: string, ...args: readonly string[]): BacktestDocument =>
      JSON.parse(strat('backtest', file, '--synthetic', '3', '--bars', String(BARS), '--json', ...args).output) as BacktestDocument;
    for (const args of [[], ['--config', 'strat.yaml'], ['--set', 'length=55']]) {
      const [own, known] = [run('plugin.strat', ...args), run('built-in.strat', ...args)];
      expect(own.trades.length, 'it trades').toBeGreaterThan(5);
      expect(own.trades).toEqual(known.trades);
      expect(own.metrics).toEqual(known.metrics);
      expect(own.settings).toEqual(known.settings);
      expect(own.strategy.plugins).toEqual([{ name: '@acme/top', version: '2.1.0', code: expect.stringMatching(/^sha512-/) }]);
    }
  },
);

/** A strategy of the folder, with the plugins that are pinned there. */
function preparedIn({ folder }: Place, text = WITH_PLUGIN): PreparedStrategy {
  const compiler = createCompiler();
  const indicators = new IndicatorShelf({ folders: [{ folder: join(folder, 'mine'), isOwn: false }], lockFolder: folder, compiler });
  const result = prepareStrategy(compiler, text, 'plugin.strat', { indicators });
  if (!result.ok) throw new Error(result.error.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return result.value;
}

test('on paper it decides as in a backtest', { timeout: 120_000 }, async () => {
  const where = place();
  expect(where.strat('plugin', 'lock').code).toBe(0);
  const file = gappyFile(where.folder, 600);
  const strategy = preparedIn(where);
  mkdirSync(join(where.folder, 'home'));
  const outcomes = await runPaper(join(where.folder, 'home'), [onFile(strategy, file)]);
  expect(essences(outcomes)).toEqual([await backtestEssence(strategy, file)]);
});

test.skipIf(process.platform !== 'linux')(
  'its backtest runs in a process of its own, and that of other strategies does not',
  { timeout: 120_000 },
  async () => {
    const where = place();
    expect(where.strat('plugin', 'lock').code).toBe(0);
    const file = gappyFile(where.folder, 20_000);
    const children = async (text: string): Promise<number> => {
      const strategy = preparedIn(where, text);
      let most = 0;
      const look = setInterval(() => {
        const tasks = readdirSync('/proc/self/task').map((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8'));
        most = Math.max(
          most,
          tasks
            .join(' ')
            .split(/\s+/)
            .filter((pid) => pid !== '').length,
        );
      }, 5);
      await backtest(strategy, marketData(strategy, file), DEFAULT_LIMITS, {});
      clearInterval(look);
      return most;
    };
    expect(await children(BUILT_IN)).toBe(0);
    expect(await children(WITH_PLUGIN)).toBe(1);
  },
);

describe('plots', () => {
  test('are those of the function that it copies, and end where the plugin takes too long', { timeout: 120_000 }, () => {
    const where = place();
    expect(where.strat('plugin', 'lock').code).toBe(0);
    const file = gappyFile(where.folder, 400);
    const strategy = preparedIn(where);
    const { columns } = marketData(strategy, file);
    const further = { columns: [], bars: Float64Array.of(columns.time.length) };
    const {
      plots: [own],
    } = drawingsOf(strategy, 'BTC/USDT', columns, further, 0);
    const {
      plots: [known],
    } = drawingsOf(preparedIn(where, BUILT_IN), 'BTC/USDT', columns, further, 0);
    // The plugin has a value before its window is full, and is not acted on before.
    expect(own!.values.slice(19)).toEqual(known!.values.slice(19));
    expect(own!.label).toBe('top');

    // One call and 20 turns for the start and for each bar.
    const {
      plots: [cut],
    } = drawingsOf(strategy, 'BTC/USDT', columns, further, 0, { mostFuel: 21 * 100 });
    expect(cut!.label).toBe('top (ends early: a plugin is too slow)');
    expect(cut!.values.findLastIndex((value) => !Number.isNaN(value))).toBe(99);
  });
});
