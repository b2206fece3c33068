import { expect } from 'vitest';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { columnList, type Columns } from '#core/model/columns.ts';
import { LOG, LOG_FIELDS, LOG_KIND, type RunConventions, SETTING } from '#core/model/strategy-abi.ts';
import { BATCH_DRIVER } from '#core/sandbox/batch-driver.ts';
import { TRIAL, TRIAL_FIELDS } from '#core/sandbox/sweep-driver.ts';
import { emitSeries } from '#dsl/emit/emit-series.ts';
import { emit, emitSwept } from '#dsl/emit/emit.ts';
import type { SignalCut } from '#dsl/emit/signal-cut.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import type { Program } from '#dsl/program.ts';
import { furtherColumns } from './further-columns.ts';
import { CAPITAL, type Outcome, runEmitted } from './three-forms.ts';

type Driver = (...given: unknown[]) => boolean;

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

const FROM = 0;
/** Bars of a day. */
export const DAY = 9;
const dayEnds = (bars: number): Float64Array => Float64Array.from({ length: Math.floor(bars / DAY) }, (_, day) => (day + 1) * DAY - 1);

/** Sets of a plain program: each is a run of its own. */
export interface Sets {
  readonly program: Program;
  readonly columns: Columns;
  readonly params: readonly Float64Array[];
  readonly settings: Float64Array;
  readonly conventions: RunConventions;
}

/** The figures of all sets, each by a run alone. */
export function figuresAlone({ program, columns, params, settings, conventions }: Sets): readonly number[] {
  const strategy = emit(program, conventions);
  const further = furtherColumns(columns, program);
  const bars = columns.close.length;
  return params.flatMap((own) => [...figuresOf(runEmitted(strategy, columns, own, settings, CAPITAL, [], further), dayEnds(bars), bars)]);
}

/** The same by the driver of a sweep; `keysOf` says what decides on a group of series. */
export function byBatch(
  { program, columns, params, settings: given, conventions }: Sets,
  cut: SignalCut | null,
  keysOf = (keys: readonly NodeId[]) => keys,
): Float64Array {
  const settings = given.slice();
  const further = furtherColumns(columns, program);
  const { text, stateSlots } = emitSwept(cut?.rest ?? program, conventions)!;
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
  const input = [loaded(text), stateSlots, views, trials, params.length, FROM, CAPITAL, settings, series, shape, Float64Array.from(slots)];
  expect(driver(...input)).toBe(true);
  // What is left in memory of a block changes nothing in the next one.
  const first = results.slice();
  expect(driver(...input)).toBe(true);
  expect(results).toEqual(first);
  return results;
}
