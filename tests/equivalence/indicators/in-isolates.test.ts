import { expect, test } from 'vitest';
import { columnList, sharedDoubles } from '#core/model/columns.ts';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import type { SeriesInput } from '#core/runtime/series/series-input.ts';
import { inSharedMemory, intoIsolate, openContext } from '#core/sandbox/hardened-context.ts';
import { BARE_CONDITION, callOf, withInputs } from '#dsl/prelude/testing/function-calls.ts';
import { FAMILIES } from '#dsl/prelude/testing/prelude-functions.ts';
import { BAR_KINDS, seedsOf } from './bar-kinds.ts';
import { emittedInPieces, firstDifference, inputOf, prepared } from './called-function.ts';

const ROWS = 90;
/** Where an isolate ends and another one goes on. */
const CUT = 47;
const SOURCE = '(if volume == 0 then na else close)';

/** Runs a piece with a copy of the state, and gives it back. */
const DRIVER = `'use strict';
(function (strategy, lo, hi, params, settings, state, bars, resultCount, ...views) {
  const results = views.slice(0, resultCount);
  const own = Float64Array.from(state);
  strategy.series(lo, hi, views.slice(resultCount), params, settings, own, results, bars);
  return own;
})`;

/** The emitted code in isolates that know nothing of each other: each piece in a fresh one, which is given the state that the last one left. */
async function inIsolates({ compiled }: PreparedSeries, input: SeriesInput, edges: readonly number[]): Promise<readonly Float64Array[]> {
  const results = Array.from({ length: compiled.results }, () => sharedDoubles(ROWS));
  const views = [...results, ...columnList(input.columns, input.further.columns).map(inSharedMemory)];
  let state: Float64Array = new Float64Array(compiled.stateSlots);
  for (const [place, lo] of edges.slice(0, -1).entries()) {
    const opened = openContext(compiled, { memoryMb: 64, timeoutMs: 10_000 }, false);
    const driver = opened.context.evalSync(DRIVER, { reference: true });
    const given = [input.params, input.settings, state, input.further.bars].map(intoIsolate);
    const called: unknown = await driver.apply(
      undefined,
      [opened.strategy.derefInto(), lo, edges[place + 1]!, ...given, compiled.results, ...views.map(intoIsolate)],
      { result: { copy: true } },
    );
    if (!(called instanceof Float64Array)) throw new Error('the driver gave no state');
    state = called;
    opened.dispose();
  }
  return results;
}

test.each(FAMILIES.map(({ name, functions }) => [name, functions] as const))(
  'functions of %s have the bits of the host, also when a second isolate goes on from the state of the first',
  async (_, functions) => {
    const series = prepared(functions.map((one) => withInputs(callOf(one), SOURCE, BARE_CONDITION)));
    for (const kind of ['a walk with rests', 'with huge jumps', 'with missing bars']) {
      const input = inputOf(series, BAR_KINDS[kind]!(seedsOf(11, ROWS)));
      const expected = emittedInPieces(series, input, [0, ROWS]);
      expect([kind, firstDifference(series, await inIsolates(series, input, [0, CUT, ROWS]), expected)]).toEqual([kind, null]);
    }
  },
);
