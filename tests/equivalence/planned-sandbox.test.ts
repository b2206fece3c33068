import { describe, expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import type { Columns } from '#core/model/columns.ts';
import { type CompiledStrategy, LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { type BacktestInput, runBacktest } from '#core/sandbox/isolate.ts';
import { createIsolatePool } from '#core/sandbox/isolate-pool.ts';
import { runProcessBacktest } from '#core/sandbox/process-backtest.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';
import type { Program } from '#dsl/program.ts';
import { flatColumns } from './flat-columns.ts';
import { CAPITAL, runInterpreted } from './three-forms.ts';

const LIMITS = { memoryMb: 64, timeoutMs: 10_000 };
const BARS = 30;

/** Gives an infinite value on bar 20. */
const LIES = scriptPlugin(
  {
    strat: 1,
    kind: 'indicator',
    name: '@t/lies',
    version: '1.0.0',
    entry: 'p.js',
    inputs: { close: 'price' },
    outputs: { value: { kind: 'number' } },
    state: 1,
    lookback: 0,
  },
  `export function init(params, state) {}
export function step(params, state, input, out) {
  out[0] = state[0] === 20 ? 1 / 0 : 2;
  state[0] += 1;
}`,
);

function programOf(lines: string): Program {
  const source = `strat 1\nstrategy "planned"\ntrade BTC/USDT on 1h\n${lines}`;
  const { program, diagnostics } = createCompiler().compile(source, { plugins: () => ({ ok: true, plugin: LIES }) });
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

const settings = settingsArray({ ...DEFAULT_SETTINGS, capital: CAPITAL }, 0, BARS);

function inputOf({ plan }: CompiledStrategy, columns: Columns): BacktestInput {
  return { columns, params: new Float64Array(0), settings, registers: openTradingRegisters(plan, CAPITAL) };
}

const rowsOf = (log: Iterable<number>): readonly (readonly number[])[] => {
  const all = [...log];
  return Array.from({ length: all.length / LOG_FIELDS }, (_, row) => all.slice(row * LOG_FIELDS, (row + 1) * LOG_FIELDS));
};

const TWO_BARS = 'size 1 BTC\nstop 5%\ntimeout 2 bars';

describe('a planned strategy in the sandbox', () => {
  test('tells of plugins and orders in the order of bars, in the isolate, in a process and on the host', async () => {
    const program = programOf(
      `use indicator lies from "plugin:@t/lies"\nenter long when close > 0 and (lies().value is na or lies().value > 1)\n${TWO_BARS}`,
    );
    const strategy = emit(program, DEFAULT_CONVENTIONS);
    const columns = flatColumns(BARS);
    const oracle = runInterpreted(program, columns, new Float64Array(0), settings, DEFAULT_CONVENTIONS, CAPITAL, {
      arrays: [],
      counts: [BARS],
    });
    const rows = rowsOf(oracle.log);
    expect(rows.filter((row) => row[LOG.kind] === LOG_KIND.pluginFlagged).map((row) => row[LOG.bar])).toEqual([20]);
    const bars = rows.map((row) => row[LOG.bar]!);
    expect(bars).toEqual(bars.toSorted((a, b) => a - b));
    expect([bars[0], bars.at(-1)! > 20]).toEqual([1, true]);
    for (const run of [runBacktest, runProcessBacktest]) {
      const output = await run(strategy, inputOf(strategy, columns), LIMITS);
      expect(rowsOf(output.log)).toEqual(rows);
      expect([...output.equity]).toEqual(oracle.equity);
      expect([...output.registers]).toEqual(oracle.registers);
    }
  });

  test('may fill more orders in a bar than the broker that is inlined into run', async () => {
    const strategy = emit(
      programOf('enter long when close > 0\nsize 0.001 BTC\nadd 1% every 0.1% against max 400 times\nstop 99.5%'),
      DEFAULT_CONVENTIONS,
    );
    const columns = flatColumns(BARS);
    columns.low[2] = 1;
    const output = await runProcessBacktest(strategy, inputOf(strategy, columns), LIMITS);
    // One entry on bar 1, and 400 rungs on bar 2: each a thousandth lower, the last at 100 * 0.999^400 = 67, above the low.
    const kinds = rowsOf(output.log).map((row) => row[LOG.kind]);
    expect(kinds.filter((kind) => kind === LOG_KIND.add)).toHaveLength(400);
    expect(output.log.length).toBeGreaterThan(BARS * 10 * LOG_FIELDS);
  });

  test.each([
    ['a method of the engine', 'X.constructor.prototype.decide=()=>{};', /read only property 'decide'/],
    ['the engine itself', 'X.decide=()=>{};', /read only property 'decide'/],
    ['what the engine inherits', 'Object.setPrototypeOf(X,{});', /not extensible/],
    ['its registers', 'X.registers=V;', /read only property 'registers'/],
  ])('cannot change %s', async (_, attack, reason) => {
    const strategy = emit(programOf(`enter long when close > 0\n${TWO_BARS}`), DEFAULT_CONVENTIONS);
    const text = strategy.text.replace(
      'let i=lo;\nfor(;i<hi;i++){\nif(idle===0){X.',
      `${attack}let i=lo;\nfor(;i<hi;i++){\nif(idle===0){X.`,
    );
    expect(text).not.toBe(strategy.text);
    await expect(runBacktest({ ...strategy, text }, inputOf(strategy, flatColumns(BARS)), LIMITS)).rejects.toMatchObject({
      code: 'SANDBOX_CRASHED',
      data: { reason: expect.stringMatching(reason) },
    });
  });

  test('is not taken for another one of the same text by a pool of isolates', async () => {
    const program = programOf(`enter long when close > 0\n${TWO_BARS}`);
    const strategies = [
      emit(program, DEFAULT_CONVENTIONS),
      emit(program, { ...DEFAULT_CONVENTIONS, fillAt: 'close' }),
      emit(programOf('enter short when close > 0\nsize 1 BTC\nstop 5%\ntimeout 2 bars'), DEFAULT_CONVENTIONS),
    ];
    expect(new Set(strategies.map(({ text }) => text)).size).toBe(1);
    const pool = createIsolatePool({ maxIdle: 4 });
    const logs: string[] = [];
    for (const strategy of strategies) {
      const { log } = await pool.runBacktest(strategy, inputOf(strategy, flatColumns(BARS)), LIMITS);
      expect([...log]).toEqual([...(await runBacktest(strategy, inputOf(strategy, flatColumns(BARS)), LIMITS)).log]);
      logs.push(String(log));
    }
    expect(new Set(logs).size).toBe(3);
    pool.dispose();
  });
});
