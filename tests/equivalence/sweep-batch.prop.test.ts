import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import { columnList, type Columns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND, SETTING } from '#core/model/strategy-abi.ts';
import { BATCH_DRIVER } from '#core/sandbox/batch-driver.ts';
import { TRIAL, TRIAL_FIELDS } from '#core/sandbox/sweep-driver.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emitSeries } from '#dsl/emit/emit-series.ts';
import { emit, emitSwept } from '#dsl/emit/emit.ts';
import { cutSignals, type SignalCut } from '#dsl/emit/signal-cut.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { anyColumns } from './random-program.ts';
import { anySource } from './random-source.ts';
import { CAPITAL, type Outcome, runEmitted } from './three-forms.ts';

type Driver = (...given: unknown[]) => boolean;

/** Sets of a block: enough for the driver to look at stretches of bars and not at each. */
const SETS = 30;
/** Bars of a column of series: so few that it is written over many times. */
const RING = 16;

const compiler = createCompiler();
// oxlint-disable-next-line no-implied-eval, no-new-func -- texts that an isolate gets, without the isolate
const loaded = (text: string): unknown => new Function(`return ${text}`)();

/** The figures of a backtest by its equity and its fills, in plain loops. */
function figuresOf({ equity, log }: Outcome, ends: Float64Array, bars: number): Float64Array {
  const out = new Float64Array(TRIAL_FIELDS);
  const add = (field: keyof typeof TRIAL, value: number): void => void (out[TRIAL[field]]! += value);
  let peak = CAPITAL;
  for (const value of equity) {
    peak = Math.max(peak, value);
    out[TRIAL.maxDrawdownMoney] = Math.max(out[TRIAL.maxDrawdownMoney]!, peak - value);
    out[TRIAL.maxDrawdownShare] = Math.max(out[TRIAL.maxDrawdownShare]!, (peak - value) / peak);
  }
  out[TRIAL.finalEquity] = equity.at(-1)!;
  const held = new Set<number>();
  let [position, profit, since] = [0, 0, 0];
  const holds = (from: number, to: number): void => {
    for (let bar = from; bar < Math.min(to, bars); bar++) held.add(bar);
  };
  for (let row = 0; row < log.length; row += LOG_FIELDS) {
    const of = (field: keyof typeof LOG): number => log[row + LOG[field]]!;
    if (of('kind') >= LOG_KIND.droppedInvalid) continue;
    if (position === 0) [profit, since] = [0, of('bar')];
    position += of('qty');
    profit = profit - of('qty') * of('price') - of('fee');
    add('fees', of('fee'));
    add('slippage', Math.abs(Math.abs(of('qty')) * (of('price') - of('refPrice'))));
    if (position !== 0) continue;
    holds(since, of('bar') + 1);
    add('closed', 1);
    add('closedBars', of('bar') - since);
    if (profit > 0) [out[TRIAL.wins], out[TRIAL.won]] = [out[TRIAL.wins]! + 1, out[TRIAL.won]! + profit];
    if (profit < 0) [out[TRIAL.losses], out[TRIAL.lost]] = [out[TRIAL.losses]! + 1, out[TRIAL.lost]! - profit];
  }
  if (position !== 0) holds(since, bars);
  out[TRIAL.barsHeld] = held.size;
  const days = [...ends].map((bar) => equity[bar]!);
  const returns = days.slice(1).map((value, day) => value / days[day]! - 1);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const mean = sum(returns) / returns.length;
  out[TRIAL.dayMean] = mean;
  out[TRIAL.dayDeviation] = Math.sqrt(sum(returns.map((value) => (value - mean) * (value - mean))) / (returns.length - 1));
  out[TRIAL.dayDownside] = Math.sqrt(sum(returns.filter((value) => value < 0).map((value) => value * value)) / returns.length);
  return out;
}

const [FROM, DAY] = [0, 9];
const settingsOf = (columns: Columns): Float64Array =>
  settingsArray({ capital: CAPITAL, feeRate: 0.001, slippageRate: 0.0005, conventions: DEFAULT_CONVENTIONS }, 5, columns.close.length);
const dayEnds = (bars: number): Float64Array => Float64Array.from({ length: Math.floor(bars / DAY) }, (_, day) => (day + 1) * DAY - 1);

interface Sets {
  readonly program: Program;
  readonly columns: Columns;
  readonly params: readonly Float64Array[];
}

/** All sets by the driver of a sweep; `keysOf` says what decides on a group of series. */
function byBatch({ program, columns, params }: Sets, cut: SignalCut | null, keysOf = (keys: readonly NodeId[]) => keys): Float64Array {
  const settings = settingsOf(columns);
  const further = furtherColumns(columns, program);
  const { text, stateSlots } = emitSwept(cut?.rest ?? program, DEFAULT_CONVENTIONS)!;
  const groups = (cut?.groups ?? []).map((group) => ({ ...group, ...emitSeries(group.signals, cut!.mask) }));
  const constants = params.map((values) => runConstants(program.graph, values, settings));
  const known = groups.map(() => new Map<string, number>());
  const slots = constants.flatMap((values) =>
    groups.map(({ keys }, group) => {
      const key = keysOf(keys)
        .map((id) => values[id])
        .join(' ');
      const slot = known[group]!.get(key) ?? known[group]!.size;
      known[group]!.set(key, slot);
      return slot;
    }),
  );
  const trials = Float64Array.from(params.flatMap((values) => [settings[SETTING.firstBar]!, ...values]));
  const results = new Float64Array(params.length * TRIAL_FIELDS);
  const views = [
    new Float64Array(1),
    results,
    openRegisters(CAPITAL),
    dayEnds(columns.close.length),
    Float64Array.from(further.counts),
    ...columnList(columns, further.arrays),
  ];
  const shape = {
    mask: cut?.mask ?? 0,
    lookBack: cut?.lookBack ?? 0,
    groups: groups.map((one) => ({ count: one.count, stateSlots: one.stateSlots })),
  };
  const series = groups.map((group) => loaded(group.text));
  const driver = loaded(BATCH_DRIVER) as Driver;
  const given = [loaded(text), stateSlots, views, trials, params.length, FROM, CAPITAL, settings, series, shape, Float64Array.from(slots)];
  expect(driver(...given)).toBe(true);
  // What is left in memory of a block changes nothing in the next one.
  const first = results.slice();
  expect(driver(...given)).toBe(true);
  expect(results).toEqual(first);
  return results;
}

const anySets = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })), {
  minLength: SETS,
  maxLength: SETS,
});

test('sets of a block have the figures of their backtests, to the last bit, with series in common and without', () => {
  let [cuts, closed, missed] = [0, 0, 0];
  fc.assert(
    fc.property(anySource, anyColumns, anySets, fc.integer({ min: 1, max: 4 }), (source, columns, values, least) => {
      const { program } = compiler.compile(source);
      if (program === null || columns.close.length < 3 * DAY || emitSwept(program, DEFAULT_CONVENTIONS) === null) return;
      const params = values.map(([n, k, half]) =>
        Float64Array.from(program.params, ({ name, value }) => [n, k, half / 2][['n', 'k', 'x'].indexOf(name)] ?? value),
      );
      const sets = { program, columns, params };
      const settings = settingsOf(columns);
      const strategy = emit(program, DEFAULT_CONVENTIONS);
      const further = furtherColumns(columns, program);
      const alone = params.flatMap((own) => [
        ...figuresOf(
          runEmitted(strategy, columns, own, settings, CAPITAL, [], further),
          dayEnds(columns.close.length),
          columns.close.length,
        ),
      ]);
      expect([...byBatch(sets, null)]).toEqual(alone);
      for (let trial = 0; trial < SETS; trial++) closed += alone[trial * TRIAL_FIELDS + TRIAL.closed]!;
      const constants = params.map((own) => runConstants(program.graph, own, settings));
      const isShared = (keys: readonly NodeId[]): boolean =>
        new Set(constants.map((own) => keys.map((id) => own[id]).join(' '))).size * least <= SETS;
      const cut = cutSignals(program, isShared, RING);
      if (cut === null) return;
      cuts += 1;
      expect([...byBatch(sets, cut)]).toEqual(alone);
      // Series that are not told apart by what they are made of are those of other sets.
      if (cut.groups.some(({ keys }) => keys.length > 0) && JSON.stringify([...byBatch(sets, cut, () => [])]) !== JSON.stringify(alone))
        missed += 1;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect([cuts > 5, closed > 500, missed > 3]).toEqual([true, true, true]);
});
