import { barAt, type Columns } from '#core/model/columns.ts';
import { openRegisters } from '#core/engine/broker-registers.ts';
import { ACCOUNT_FIELDS } from '#core/model/strategy-abi.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { createDecider } from '#core/sandbox/decider.ts';
import { openContext } from '#core/sandbox/hardened-context.ts';
import { packRow } from '#core/sandbox/history-rows.ts';
import { CAPITAL, inputOf } from './timed-program.ts';

const LIMITS = { memoryMb: 64, timeoutMs: 1000 };

/** Microseconds of each call: one bar through the isolate, and an empty function there. */
export interface StepTimes {
  readonly stepUs: Float64Array;
  readonly emptyUs: Float64Array;
}

/** Shows a strategy bar after bar, an empty call after each; the first half is for V8 to warm up. */
export function stepTimes(prepared: PreparedStrategy, columns: Columns): StepTimes {
  const { params, settings } = inputOf(prepared, columns);
  const decider = createDecider(prepared.compiled, { params, settings, limits: LIMITS });
  const opened = openContext({ text: '({})' }, LIMITS, false);
  const empty = opened.context.evalSync('(function () {})', { reference: true });
  const account = openRegisters(CAPITAL).slice(0, ACCOUNT_FIELDS);
  const nothing: never[] = [];
  const bars = columns.time.length;
  const rows = Array.from({ length: bars }, (_, index) => packRow(barAt(columns, index), account));
  const row = new Float64Array(rows[0]?.length ?? 0);
  const warm = Math.floor(bars / 2);
  const [stepUs, emptyUs] = [new Float64Array(bars - warm), new Float64Array(bars - warm)];
  try {
    for (let index = 0; index < bars; index += 1) {
      // Live, a bar has just been packed when it is shown. To pack it here would leave rows behind, and the collector of garbage would run on into the times.
      row.set(rows[index]!);
      const started = performance.now();
      empty.applySync(undefined, nothing);
      const between = performance.now();
      decider.step(row);
      const ended = performance.now();
      if (index < warm) continue;
      emptyUs[index - warm] = (between - started) * 1e3;
      stepUs[index - warm] = (ended - between) * 1e3;
    }
    return { stepUs, emptyUs };
  } finally {
    decider.dispose();
    opened.dispose();
  }
}
