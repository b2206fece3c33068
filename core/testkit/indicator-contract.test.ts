/** The contract of indicators itself: each liar is caught, by the name of the demand that it breaks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CODE, MANIFEST, type PluginFiles, writePlugin } from '#core/indicators/testing/plugin-files.ts';
import { brokenCases } from './contract-case.ts';
import { candleTable } from './candles.ts';
import { indicatorCases, type IndicatorContractOptions } from './indicator-contract.ts';
import { indicatorProgram, indicatorValues, programValues } from './indicator-values.ts';

const VALID = 'is valid: its manifest, its code, and what both do on 200 bars';
const SLICES = 'goes on from a copy of its state with the same bits, at both ends of its params';
const WINDOWS = 'keeps to its windows';
const FAULTS = 'neither gives an infinite value nor runs out of fuel';
const RANGES = 'keeps its outputs in the ranges of the manifest';
const ENDS = 'takes the ends of its params, and nothing behind them';
const LOOKBACK = 'gives values from its lookback on';
const PREFIX = 'does not change when bars come behind';
const FUTURE = 'knows nothing of bars to come, whatever they are';
const FORGETS = 'forgets where its bars begin, by the bars that it waits for';
const HOLE = 'has values again after bars that are missing';

function written(files: PluginFiles): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-indicator-contract-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return writePlugin(folder, 'mean', files);
}
const broken = async (files: PluginFiles, options: Omit<IndicatorContractOptions, 'folder'> = {}): Promise<readonly string[]> =>
  brokenCases(indicatorCases({ folder: written(files), ...options }));
/** With a step of its own. */
const stepping = (step: string, manifest: object = {}): PluginFiles => ({
  manifest: { ...MANIFEST, ...manifest },
  files: { 'mean.js': `export function init(params, state) {} export function step(params, state, input, out) { ${step} }` },
});
const module = (text: string): PluginFiles => ({
  manifest: { strat: 1, name: '@acme/mean', kind: 'indicator', version: '1.0.0', entry: 'mean.strat' },
  files: { 'mean.strat': `strat 1\nmodule "mean"\n${text}\n` },
});

test('holds for an honest one in JavaScript', async () => expect(await broken({})).toEqual([]));
test('holds for an honest module, with its defaults and with others', async () => {
  const mean = module('export def mean(length: length = 3) = sum(close, length) / length');
  expect(await broken(mean)).toEqual([]);
  expect(await broken(mean, { calls: ['mean(20)'] })).toEqual([]);
  // What the language knows to add up need not be told.
  expect(await broken(module('export def mean() = cum(if close is na then 0 * volume else volume)'))).toEqual([]);
});

describe('finds in JavaScript', () => {
  test.for([
    { name: 'a place outside of the state', files: stepping('state[state.length] = 1; out[0] = input[0];'), catches: [WINDOWS] },
    { name: 'a read outside of the inputs', files: stepping('const old = input[1]; out[0] = input[0];'), catches: [WINDOWS] },
    {
      name: 'an infinite value now and then',
      files: stepping('state[0]++; out[0] = state[0] % 15 === 14 ? 1 / 0 : 1;'),
      catches: [FAULTS, FORGETS],
    },
    {
      name: 'a param that makes it too slow',
      files: stepping(
        'const n = params.length; for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) out[0] = i;',
      ),
      catches: [SLICES, FAULTS, LOOKBACK],
    },
    { name: 'a range that one end of a param leaves', files: stepping('out[0] = 30 - params.length;'), catches: [SLICES, RANGES] },
    {
      name: 'a range that is left after more bars than 200',
      files: stepping('state[0]++; out[0] = 400 - state[0];', { lookback: 500 }),
      catches: [RANGES, FORGETS],
    },
    {
      name: 'a lookback that is too short',
      files: stepping('state[0]++; if (state[0] > 30 + params.length) out[0] = 1;'),
      catches: [LOOKBACK, FORGETS],
    },
    { name: 'a sum that never recovers from na', files: stepping('state[0] += input[0]; out[0] = state[0];'), catches: [FORGETS, HOLE] },
    {
      name: 'an average that remembers longer than it says',
      files: stepping(
        'if (!isFinite(input[0])) return; state[0] = state[0] === 0 ? input[0] : 0.95 * state[0] + 0.05 * input[0]; out[0] = state[0];',
      ),
      catches: [FORGETS],
    },
    { name: 'an output without a value', files: stepping('out[0] = NaN;'), catches: [LOOKBACK, HOLE] },
    {
      name: 'a param without ends that the language can write',
      files: stepping('out[0] = 1;', { params: { share: { kind: 'percent', default: 0.1 } }, state: 1, lookback: 0 }),
      catches: [ENDS, LOOKBACK, PREFIX, FUTURE, FORGETS, HOLE],
    },
  ])('$name', async ({ files, catches }) => expect(await broken(files)).toEqual(catches));

  test('what adds up from its first bar on, unless it says so', async () => {
    const total = stepping('if (!isFinite(input[0])) return; state[0] += input[0]; out[0] = state[0];');
    expect(await broken(total)).toEqual([FORGETS]);
    expect(await broken(total, { keepsItsStart: true })).toEqual([]);
  });

  test('code that is not valid, in every case', async () => {
    expect(await broken({ files: { 'mean.js': `${CODE}\neval("1");` } })).toContain(VALID);
    expect(await broken({ manifest: { ...MANIFEST, state: 'size' } })).toContain(VALID);
  });
});

describe('finds in a module', () => {
  test.for([
    { name: 'a mistake', text: 'export def mean() = cloze', catches: VALID },
    { name: 'nothing to call', text: 'def mean(length: length = 3) = sum(close, length)', catches: LOOKBACK },
    { name: 'a function without a value', text: 'export def mean() = if close > 0 then na else close', catches: LOOKBACK },
    { name: 'a sum that never recovers from na', text: 'export def mean() { let total = total[1] + close start 0\ntotal }', catches: HOLE },
  ])('$name', async ({ text, catches }) => expect(await broken(module(text))).toContain(catches));
});

describe('finds in the values', () => {
  test('a look at the bar that comes', async () => {
    const values: IndicatorContractOptions['values'] = (plugin, expressions, columns) =>
      programValues(indicatorProgram(plugin, expressions), columns).map((series) => series.map((value, bar) => series[bar + 1] ?? value));
    expect(await broken({}, { values })).toEqual([PREFIX, FUTURE]);
  });
  test('a look at how many bars there are', async () => {
    const values: IndicatorContractOptions['values'] = (_plugin, expressions, { time }) =>
      expressions.map(() => new Float64Array(time.length).fill(time.length));
    expect(await broken({}, { values })).toEqual([PREFIX, FORGETS]);
  });
});

test('indicatorValues gives what a strategy gets', () => {
  const table = candleTable('1 1 1 1 0\n3 3 3 3 0\n8 8 8 8 0');
  const [mean, twice] = indicatorValues(written({}), ['mean(close, length: 2).value', '2 * mean(close, length: 1).value'], table);
  expect(mean).toEqual(Float64Array.of(Number.NaN, 2, 5.5));
  expect(twice).toEqual(Float64Array.of(2, 6, 16));
  expect(() => indicatorValues(written({}), ['mean(close, lenght: 2).value'], table)).toThrow('E0205');
});
