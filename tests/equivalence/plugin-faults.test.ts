import { describe, expect, test } from 'vitest';
import { pluginEventsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS, DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import { pluginNames } from '#core/runtime/plugin-faults.ts';
import type { PluginSource } from '#dsl/check/plugin-source.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';
import type { Program } from '#dsl/program.ts';
import { runDecided, runEmitted, runInterpreted } from './three-forms.ts';
import { flatColumns } from './flat-columns.ts';

const compiler = createCompiler();
const MANIFEST = {
  strat: 1,
  kind: 'indicator',
  version: '1.0.0',
  entry: 'p.js',
  inputs: { close: 'price' },
  params: { bar: { kind: 'number', default: 10 } },
  outputs: { value: { kind: 'number' }, other: { kind: 'number' } },
  state: 1,
  lookback: 0,
};
/** Counts bars; on bar `bar` it does `what`. */
const doing = (name: string, what: string): ReturnType<typeof scriptPlugin> =>
  scriptPlugin(
    { ...MANIFEST, name: `@t/${name}` },
    `export function init(params, state) {}
export function step(params, state, input, out) {
  out[0] = state[0];
  out[1] = 2;
  if (state[0] === params.bar) { ${what} }
  state[0] += 1;
}`,
  );
const PLUGINS = [doing('hangs', 'for (let i = 0; i < 10; i--) out[1] = i;'), doing('lies', 'out[1] = -1 / 0;')];
const plugins: PluginSource = (name) => ({ ok: true, plugin: PLUGINS.find(({ manifest }) => manifest.name === name)! });

function programOf(lines: string): Program {
  const { program, diagnostics } = compiler.compile(
    `strat 1\nstrategy "faults"\ntrade BTC/USDT on 1h\nuse indicator hangs from "plugin:@t/hangs"\nuse indicator lies from "plugin:@t/lies"\n${lines}\nsize 1 BTC\nstop 5%\n`,
    { plugins },
  );
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

const BARS = 30;
/** Plugin events of a program, which all forms must tell alike, and the bars of its entries. */
function events(lines: string): readonly string[] {
  const program = programOf(lines);
  const columns = flatColumns(BARS);
  const settings = settingsArray(DEFAULT_SETTINGS, 0, BARS);
  const params = new Float64Array(0);
  const strategy = emit(program, DEFAULT_CONVENTIONS);
  const oracle = runInterpreted(program, columns, params, settings, DEFAULT_CONVENTIONS, 10_000);
  for (const cuts of [[], [10], [3, 11, 12]]) expect(runEmitted(strategy, columns, params, settings, 10_000, cuts).log).toEqual(oracle.log);
  const decided = runDecided(strategy, columns, params, settings, DEFAULT_CONVENTIONS, 10_000);
  expect(decided.log).toEqual(oracle.log);
  expect(decided.decisions).toEqual(oracle.decisions);
  return pluginEventsOf(Float64Array.from(oracle.log)).map(
    (event) => `${event.bar} ${event.kind} ${pluginNames(program, event).join(' ')}`,
  );
}

describe('a plugin that fails', () => {
  test('by running out of fuel is disabled at that bar, once', () => {
    expect(events('enter long when hangs(bar: 10).value > 100')).toEqual(['10 disabled @t/hangs']);
  });

  test('is na from that bar on, so nothing trades on it', () => {
    const program = programOf('enter long when hangs(bar: 10).value is na');
    const settings = settingsArray(DEFAULT_SETTINGS, 0, BARS);
    const { log } = runEmitted(emit(program, DEFAULT_CONVENTIONS), flatColumns(BARS), new Float64Array(0), settings, 10_000, []);
    // The entry decided on bar 10 fills on bar 11: kind 1 in the second row, behind the event of the plugin.
    expect(log.slice(7, 9)).toEqual([1, 11]);
  });

  test('by an infinite value is flagged once and goes on', () => {
    expect(events('enter long when lies(bar: 5).other is na and lies(bar: 5).value > 7')).toEqual(['5 flagged @t/lies']);
    expect(events('enter long when lies(bar: 5).value > 7')).toEqual(['5 flagged @t/lies']);
  });

  test('does not take others with it, and each use is told for itself', () => {
    expect(
      events(
        'enter long when hangs(bar: 4).value > 1 or hangs(bar: 8).value > 100 or lies(bar: 8).value > 100 or lies(bar: 9).value > 100',
      ),
    ).toEqual(['4 disabled @t/hangs', '8 flagged @t/lies', '8 disabled @t/hangs', '9 flagged @t/lies']);
  });

  test('two uses of one plugin on one bar are one message', () => {
    expect(events('enter long when hangs(bar: 8).value > 100 or hangs(close[1] - close[1] + close, 8).value > 100')).toEqual([
      '8 disabled @t/hangs',
    ]);
  });

  test('nothing happens without plugins, and none of their code is there', () => {
    const { text } = emit(programOf('enter long when close > open'), DEFAULT_CONVENTIONS);
    expect(text).not.toMatch(/plug|fuel|subarray|\btry\b/);
  });
});

test("nothing of a plugin's text reaches the code", () => {
  const { text } = emit(programOf('enter long when hangs(bar: 10).value > 100'), DEFAULT_CONVENTIONS);
  for (const word of ['params', 'state', 'input', 'out[', 'init', 'step', 'hangs', '@t', 'export']) expect(text).not.toContain(word);
});
