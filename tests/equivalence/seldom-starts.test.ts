import { expect, test } from 'vitest';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { type Columns, sharedColumns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import type { Program } from '#dsl/program.ts';
import { CAPITAL, runEmitted, runInterpreted } from './three-forms.ts';

const BARS = 40;

function programOf(lines: string): Program {
  const { program, diagnostics } = createCompiler().compile(`strat 1\nstrategy "starts"\ntrade BTC/USDT on 1h\n${lines}\nsize 1 BTC\n`);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return program!;
}

/** Candles that open at a price and close one above. */
function columnsAt(price: number): Columns {
  const columns = sharedColumns(BARS);
  for (const [name, value] of Object.entries({ open: price, close: price + 1, high: price + 2, low: price - 1, volume: 1 }))
    columns[name as 'open'].fill(value);
  for (let bar = 0; bar < BARS; bar += 1) columns.time[bar] = bar * 3_600_000;
  return columns;
}

/** Kind and bar of what each form logs: loops in functions, in one function, by the plan, and the definitions. */
function logsOf(program: Program, columns: Columns, settings: Float64Array, change = (text: string): string => text): readonly string[] {
  const params = new Float64Array();
  const forms = [0, Infinity].map((fewest) => emit(program, DEFAULT_CONVENTIONS, false, undefined, fewest));
  const logs = [...forms, emit(program, DEFAULT_CONVENTIONS, true)].map(
    (form) => runEmitted({ ...form, text: change(form.text) }, columns, params, settings, CAPITAL, []).log,
  );
  return [...logs, runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, CAPITAL).log].map((log) =>
    Array.from(
      { length: log.length / LOG_FIELDS },
      (_, row) => `${log[row * LOG_FIELDS + LOG.kind]} ${log[row * LOG_FIELDS + LOG.bar]}`,
    ).join(),
  );
}

const settingsFor = (firstBar: number, tick: number | null = null): Float64Array =>
  settingsArray({ capital: CAPITAL, feeRate: 0, slippageRate: 0, conventions: { ...DEFAULT_CONVENTIONS, tick } }, firstBar, BARS);

const ALWAYS = programOf('enter long when close > open\nstop 50%');

// A mean that forgets so slowly needs billions of bars; as 32-bit numbers these are below zero, or small.
test.each([2 ** 31, 3e9, 2 ** 32 + 5, 2 ** 40])('where the first order may come at bar %d, there is none', (firstBar) => {
  expect(logsOf(ALWAYS, columnsAt(100), settingsFor(firstBar))).toEqual(['', '', '', '']);
  const cut = (text: string): string => text.replace('K[6]>hi?hi:', '');
  expect(logsOf(ALWAYS, columnsAt(100), settingsFor(firstBar), cut).slice(0, 2)).not.toEqual(['', '']);
});

test('what stands in for na may be infinite, and compares as that', () => {
  const program = programOf(`let a = if sma(close, 5) is na then close * (open / (high - high)) else close
let b = if sma(close, 5) is na then open * (open / (low - low)) else open
enter long when not (a / 2 > b / 2)
stop 50%`);
  // Infinite is not more than infinite: it is bought on the second bar, and never later, as closes are above opens.
  const bought = `${LOG_KIND.entry} 1`;
  expect(logsOf(program, columnsAt(100), settingsFor(0))).toEqual([bought, bought, bought, bought]);
});

test('at a price that rounding to a tick makes zero, nothing is bought', () => {
  const dropped = Array.from({ length: BARS - 1 }, (_, bar) => `${LOG_KIND.droppedInvalid} ${bar + 1}`).join();
  expect(logsOf(ALWAYS, columnsAt(2), settingsFor(0, 1e8))).toEqual([dropped, dropped, dropped, dropped]);
});
