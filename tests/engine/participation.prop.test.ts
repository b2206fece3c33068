import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS } from '#core/engine/simulation-settings.ts';
import type { Columns } from '#core/model/columns.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Program } from '#dsl/program.ts';
import { plannedSettings } from '../equivalence/planned-settings.ts';
import { anyColumns } from '../equivalence/random-program.ts';
import { runInterpreted } from '../equivalence/three-forms.ts';

const compiler = createCompiler();

function programOf(rules: string): Program {
  const { program } = compiler.compile(`strat 1\nstrategy "one"\ntrade BTC/USDT on 1h\n${rules}`);
  return program!;
}

/** `bar qty price` of each fill; quantities rounded, as both sides add them up in doubles. */
type Told = readonly [bar: number, qty: number, price: number];
const told = (list: readonly Told[]): string[] => list.map(([bar, qty, price]) => `${bar} ${qty.toPrecision(8)} @${price}`);

interface Case {
  readonly share: number;
  readonly wanted: number;
  readonly exitBar: number;
  readonly stopPct: number;
}

/** One long market order at the close of bar 0, an exit at the close of `exitBar`, a stop: a loop that knows nothing but volumes. */
function bruteForce(columns: Columns, { share, wanted, exitBar, stopPct }: Case): Told[] {
  const fills: Told[] = [];
  let [buying, held, level, isLeaving] = [wanted, 0, -Infinity, false];
  for (let bar = 1; bar < columns.time.length; bar++) {
    const [open, low] = [columns.open[bar]!, columns.low[bar]!];
    let room = share * columns.volume[bar]!;
    if (bar === exitBar + 1 && held > 0) isLeaving = true;
    const sell = (price: number): void => {
      const qty = Math.min(room, held);
      buying = 0;
      isLeaving = true;
      if (qty > 0) fills.push([bar, -qty, price]);
      room -= qty;
      held -= qty;
      if (held > 0) return;
      isLeaving = false;
      level = -Infinity;
    };
    if (isLeaving) {
      sell(open);
    } else if (buying > 0 && room > 0) {
      const qty = Math.min(room, buying);
      if (held === 0) level = open * (1 - stopPct / 100);
      fills.push([bar, qty, open]);
      [buying, held, room] = [buying - qty, held + qty, room - qty];
    }
    if (held > 0 && !isLeaving && low <= level) sell(Math.min(open, level));
  }
  return fills;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  share: fc.constantFrom(0.0003, 0.001, 0.01),
  wanted: fc.constantFrom(1, 10, 60),
  exitBar: fc.integer({ min: 1, max: 40 }),
  stopPct: fc.constantFrom(1, 3, 90),
});

test('a market order, its exit and its stop fill as a loop over the volumes says', () => {
  let several = 0;
  fc.assert(
    fc.property(anyColumns, anyCase, (columns, one) => {
      const program = programOf(
        `enter long when bar_index == 0 size ${one.wanted} BTC stop ${one.stopPct}%\nexit long when bar_index == ${one.exitBar}`,
      );
      const settings = plannedSettings(program, columns.close.length, {
        participation: one.share,
        feeRate: 0,
        makerRate: 0,
        slippageRate: 0,
      });
      const { log } = runInterpreted(program, columns, new Float64Array(), settings, DEFAULT_CONVENTIONS, 1e9);
      const fills = fillsOf(Float64Array.from(log)).map(({ bar, qty, price }): Told => [bar, qty, price]);
      expect(told(fills)).toEqual(told(bruteForce(columns, one)));
      if (fills.length > 3) several += 1;
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 150) },
  );
  expect(several).toBeGreaterThan(20);
});
