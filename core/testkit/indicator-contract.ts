import { expect } from 'vitest';
import { generateMarket } from '#core/data/market-generator.ts';
import { conformanceFault } from '#core/indicators/conformance.ts';
import { sampleInputs } from '#core/indicators/sample-inputs.ts';
import { type Columns, COLUMN_NAMES, sharedColumns, sliceColumns } from '#core/model/columns.ts';
import type { IndicatorPlugin, ScriptPlugin } from '#dsl/check/plugin-source.ts';
import { formulaValue } from '#dsl/plugin/formula.ts';
import { memorySize, PLUGIN_STATUS, PluginInstance } from '#dsl/plugin/plugin-instance.ts';
import { StepMachine } from '#dsl/plugin/step-machine.ts';
import { type ContractCase, contractSuite } from './contract-case.ts';
import { outputTexts, type ParamValues, paramsToTry } from './indicator-calls.ts';
import { compileIndicator, indicatorProgram, indicatorWords, openIndicator, programLookback, programValues } from './indicator-values.ts';
import { watchedEntries } from './watched-entries.ts';

export interface IndicatorContractOptions {
  /** Of the plugin: `import.meta.dirname`. */
  readonly folder: string;
  /** Of a module: what to try, `bull_power(length: 13)`; left out: each function with its defaults. */
  readonly calls?: readonly string[];
  /**
   * Of what adds up, counts or holds from its first bar on: it is not asked to forget where its bars begin. Its page should say so, because runs that begin
   * at different bars do not agree on it. Modules are known by themselves.
   */
  readonly keepsItsStart?: boolean;
  /** How the values of expressions are computed; the tests of the contract put liars here. */
  readonly values?: (plugin: IndicatorPlugin, expressions: readonly string[], columns: Columns) => readonly Float64Array[];
}

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const SEED = 7;
/** Bars behind those that an indicator waits for. */
const BARS = 60;
/** Bars at the end that tell whether values are to be there on every bar. */
const DENSE = 10;
/** Nothing is run for longer than this: what waits longer is only tried for what must hold on every bar. */
const MOST_BARS = 2000;
/** Bars without a price, one after the other. */
const HOLE = 3;
/** Bars that a later run begins later. */
const LATER = 37;
/** What may be left of the start, as a share of the largest value or price: docs/engine.md, and as much again for quotients of such values. */
const LEFT_OF_START = 1e-5;

/** What every indicator plugin holds, in JavaScript or as a module; its test calls this once. */
export function indicatorContract(options: IndicatorContractOptions): void {
  contractSuite('the indicator contract', indicatorCases(options));
}

/** An indicator with one choice of its params: expressions, and the bars that they wait for. */
interface Trial {
  readonly expressions: readonly string[];
  readonly lookback: number;
  /** Also for what it remembers of the bars before a hole. */
  readonly settled: number;
  /** It is known to keep where its bars begin: a module that adds up or holds. */
  readonly isKept: boolean;
}

export function indicatorCases({
  folder,
  calls,
  keepsItsStart = false,
  values = computed,
}: IndicatorContractOptions): readonly ContractCase[] {
  const opened = once(() => openIndicator(folder));
  const trials = once(() => trialsOf(opened(), calls));
  const longRuns = once(() => longRunsOf(opened()));
  const holds = (name: string, check: (plugin: IndicatorPlugin) => void): ContractCase => ({ name, run: async () => check(opened()) });
  const eachTrial = (
    name: string,
    which: 'all' | 'defaults',
    check: (trial: Trial, run: (columns: Columns) => readonly Float64Array[]) => void,
  ): ContractCase =>
    holds(name, (plugin) => {
      // One choice of params is enough where all that counts is which bars are known.
      for (const trial of plugin.form === 'script' && which === 'defaults' ? trials().slice(0, 1) : trials())
        check(trial, (columns) => values(plugin, trial.expressions, columns));
    });
  const eachLongRun = (name: string, check: (run: LongRun) => void): ContractCase => holds(name, () => longRuns().forEach(check));
  return [
    holds('is valid: its manifest, its code, and what both do on 200 bars', ({ manifest }) => {
      expect(manifest.name).not.toBe('');
    }),
    holds('goes on from a copy of its state with the same bits, at both ends of its params', (plugin) => {
      if (plugin.form === 'script')
        for (const params of paramsToTry(plugin.manifest)) expect(conformanceFault(plugin, { params })).toBeNull();
    }),
    eachLongRun('keeps to its windows', ({ outside }) => {
      expect(outside).toBeNull();
    }),
    eachLongRun('neither gives an infinite value nor runs out of fuel', ({ status }) => {
      expect(status).toBe(PLUGIN_STATUS.running);
    }),
    eachLongRun('keeps its outputs in the ranges of the manifest', ({ beyond }) => {
      expect(beyond).toBeNull();
    }),
    holds('takes the ends of its params, and nothing behind them', (plugin) => {
      if (plugin.form === 'script') expectEnds(plugin);
    }),
    eachTrial('gives values from its lookback on', 'all', ({ expressions, lookback }, run) => {
      if (lookback + BARS > MOST_BARS) return;
      const series = run(market(lookback + BARS));
      for (const [place, text] of expressions.entries()) {
        const values = series[place]!.subarray(lookback);
        expectValue(values, `${text} from bar ${lookback} on`);
        // One that has a value on all of the last bars has to have it from there on; values of others are rare by what they are.
        if (values.subarray(-DENSE).every(Number.isFinite))
          expect(values.findIndex(Number.isNaN), `${text}: bars na behind ${lookback}`).toBe(-1);
      }
    }),
    eachTrial('does not change when bars come behind', 'defaults', ({ expressions, lookback }, run) => {
      const bars = Math.min(lookback + BARS, MOST_BARS);
      const long = market(bars);
      const cut = bars - BARS / 2;
      expectSameStart(expressions, run(sliceColumns(long, 0, cut)), run(long), cut);
    }),
    eachTrial('knows nothing of bars to come, whatever they are', 'defaults', ({ expressions, lookback }, run) => {
      const bars = Math.min(lookback + BARS, MOST_BARS);
      const cut = bars - BARS / 2;
      const honest = run(market(bars));
      for (const poison of [Number.NaN, 1e12]) expectSameStart(expressions, run(poisoned(market(bars), cut, bars, poison)), honest, cut);
    }),
    eachTrial('forgets where its bars begin, by the bars that it waits for', 'all', ({ expressions, settled, isKept }, run) => {
      const bars = LATER + settled + BARS;
      if (keepsItsStart || isKept || bars > MOST_BARS) return;
      const [whole, later] = [run(market(bars)), run(sliceColumns(market(bars), LATER, bars))];
      for (const [place, text] of expressions.entries()) expectSameEnd(text, whole[place]!, later[place]!, LATER + settled);
    }),
    eachTrial('has values again after bars that are missing', 'defaults', ({ expressions, settled }, run) => {
      const bars = 2 * settled + HOLE + BARS;
      if (bars > MOST_BARS) return;
      const hole = settled + BARS / 2;
      const series = run(poisoned(market(bars), hole, hole + HOLE, Number.NaN));
      const since = hole + HOLE + settled;
      for (const [place, text] of expressions.entries()) expectValue(series[place]!.subarray(since), `${text} from bar ${since} on`);
    }),
  ];
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function computed(plugin: IndicatorPlugin, expressions: readonly string[], columns: Columns): readonly Float64Array[] {
  return programValues(indicatorProgram(plugin, expressions), columns);
}

function trialsOf(plugin: IndicatorPlugin, calls: readonly string[] | undefined): readonly Trial[] {
  const all =
    plugin.form === 'script'
      ? paramsToTry(plugin.manifest).map((params) => outputTexts(plugin.manifest, params))
      : (calls ?? indicatorWords(plugin).map((word) => `${word}()`)).map((call) => [call]);
  expect(all, 'a module that exports nothing').not.toEqual([]);
  return all.map((expressions) => {
    const program = indicatorProgram(plugin, expressions);
    return {
      expressions,
      lookback: programLookback(program, 'first'),
      settled: programLookback(program, 'settled'),
      isKept: program.unforgetting.length > 0,
    };
  });
}

function market(bars: number): Columns {
  return generateMarket({ seed: SEED, stepMs: HOUR_MS, startTime: START, startPrice: 100, tick: 0.01, bars });
}

/** A copy with other candles from bar `from` to bar `to`. */
function poisoned(columns: Columns, from: number, to: number, value: number): Columns {
  const copy = sharedColumns(columns.time.length);
  for (const name of COLUMN_NAMES) {
    copy[name].set(columns[name]);
    if (name !== 'time') copy[name].fill(value, from, to);
  }
  return copy;
}

function expectSameStart(expressions: readonly string[], one: readonly Float64Array[], other: readonly Float64Array[], bars: number): void {
  for (const [place, text] of expressions.entries())
    for (let bar = 0; bar < bars; bar++) expect(one[place]![bar], `${text} on bar ${bar}`).toBe(other[place]![bar]);
}

/** From a bar on, but for what is left of another start. */
function expectSameEnd(text: string, whole: Float64Array, later: Float64Array, from: number): void {
  const largest = whole.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  for (let bar = from; bar < whole.length; bar++) {
    const [one, other] = [whole[bar]!, later[bar - LATER]!];
    const isSame = Object.is(one, other) || Math.abs(one - other) <= LEFT_OF_START * largest;
    expect(isSame, `${text} on bar ${bar}: ${one}, and ${other} when the bars begin ${LATER} later (keepsItsStart?)`).toBe(true);
  }
}

function expectValue(values: Float64Array, what: string): void {
  expect(values.some(Number.isFinite), `a value of ${what}`).toBe(true);
  expect(
    values.every((value) => Number.isFinite(value) || Number.isNaN(value)),
    `only numbers and na in ${what}`,
  ).toBe(true);
}

interface LongRun {
  /** First access outside of a window; null = none. */
  readonly outside: string | null;
  /** A value that the manifest rules out; null = none. */
  readonly beyond: string | null;
  readonly status: number;
}

/** Of code in JavaScript, one for each choice of its params. */
function longRunsOf(plugin: IndicatorPlugin): readonly LongRun[] {
  return plugin.form === 'script' ? paramsToTry(plugin.manifest).map((params) => longRun(plugin, params)) : [];
}

/** The code alone, over all bars that it waits for and some more. */
function longRun({ manifest, code }: ScriptPlugin, params: ParamValues): LongRun {
  const { inputs, outputs, state, lookback } = manifest;
  const bars = Math.min(formulaValue(lookback, params) + BARS, MOST_BARS);
  const columns = sampleInputs(inputs, bars, SEED);
  const watched = watchedEntries(new StepMachine(code));
  const memory = new Float64Array(memorySize(formulaValue(state, params)));
  const instance = new PluginInstance(watched.entries, Float64Array.from(params.values()), memory, inputs.length, outputs.length);
  let beyond: string | null = null;
  for (let bar = 0; bar < bars; bar++) {
    instance.step(columns.map((column) => column[bar]!));
    for (const [index, { name, min, max }] of outputs.entries()) {
      const value = instance.out[index]!;
      if (value < min || value > max) beyond ??= `${name} is ${value} on bar ${bar}, the manifest says from ${min} to ${max}`;
    }
  }
  return { outside: watched.outside(), beyond, status: instance.status };
}

/** The ends of each param compile, the others at their defaults; what lies behind them is refused. */
function expectEnds(plugin: ScriptPlugin): void {
  const { manifest } = plugin;
  const defaults = new Map(manifest.params.map((param) => [param.name, param.default]));
  const codes = (name: string, value: number): readonly string[] => {
    const [expression] = outputTexts(manifest, new Map([...defaults, [name, value]]));
    return compileIndicator(plugin, [expression!])
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  };
  for (const { name, min, max } of manifest.params) {
    expect(codes(name, min), `${name} of ${min}`).toEqual([]);
    expect(codes(name, max), `${name} of ${max}`).toEqual([]);
    for (const value of [min - 1, max + 1]) expect(codes(name, value), `${name} of ${value}`).not.toEqual([]);
  }
}
