import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_CONVENTIONS, settingsArray } from '#core/engine/simulation-settings.ts';
import type { Columns } from '#core/model/columns.ts';
import { firstInner, type InnerBars } from '#core/model/inner-bars.ts';
import { createCompiler } from '#dsl/compile.ts';
import { randomTicks } from './random-inner.ts';
import { anyColumns } from './random-program.ts';
import { runInterpreted } from './three-forms.ts';

const program = createCompiler().compile(`strat 1
strategy "ticks"
trade BTC/USDT on 1h
enter long when close > close[1] at limit close * 0.995 good for 2 bars
size 1 BTC
stop 1%
take at 1.5%
`).program!;

/** One limit order, one stop, one target, met by each price in turn: written apart from the engine. */
function byHand({ close, volume }: Columns, inner: InnerBars): readonly (readonly [what: string, price: number])[] {
  const fills: (readonly [string, number])[] = [];
  const isQuotes = inner.ask.length > 0;
  let order: { readonly limit: number; readonly last: number } | null = null;
  let held: { readonly stop: number; readonly target: number } | null = null;
  for (let bar = 0; bar < volume.length; bar++) {
    const first = firstInner(inner, bar);
    for (let at = first; at < inner.ends[bar]!; at++) {
      const [bid, isFirst] = [inner.open[at]!, at === first];
      const ask = isQuotes ? inner.ask[at]! : bid;
      if (order !== null && bar > order.last) order = null;
      if (held === null && order !== null && (isFirst ? ask <= order.limit : ask < order.limit)) {
        const price = isFirst ? ask : order.limit;
        fills.push([`${bar} entry`, price]);
        order = null;
        held = { stop: price - price * 0.01, target: price + price * 0.015 };
        // This price alone can be beyond the stop, which takes it.
        if (bid <= held.stop) {
          fills.push([`${bar} stop`, bid]);
          held = null;
        }
        continue;
      }
      if (held === null) continue;
      if (isFirst && bid >= held.target) fills.push([`${bar} take`, bid]);
      else if (bid <= held.stop) fills.push([`${bar} stop`, bid]);
      else if (bid > held.target) fills.push([`${bar} take`, held.target]);
      else continue;
      held = null;
      order = null;
    }
    if (bar > 0 && close[bar]! > close[bar - 1]! && held === null) order = { limit: close[bar]! * 0.995, last: bar + 2 };
  }
  return fills;
}

test.each(['trades', 'quotes'] as const)('%s meet orders one after the other, as worked out by hand', (kind) => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyColumns, fc.nat(), (columns, seed) => {
      const inner = randomTicks(columns, seed, kind, 0);
      const settings = settingsArray(
        { capital: 1e9, feeRate: 0, slippageRate: 0, conventions: DEFAULT_CONVENTIONS },
        0,
        columns.close.length,
      );
      const { log } = runInterpreted(program, columns, new Float64Array(0), settings, DEFAULT_CONVENTIONS, 1e9, undefined, inner);
      const fills = fillsOf(Float64Array.from(log)).map(({ bar, kind: what, price }) => [`${bar} ${what}`, price] as const);
      const expected = byHand(columns, inner);
      expect(fills.map(([text]) => text)).toEqual(expected.map(([text]) => text));
      expect(fills.filter(([, price], i) => Math.abs(price - expected[i]![1]) > price * 1e-12)).toEqual([]);
      for (const [text] of fills) seen.set(text.split(' ')[1]!, (seen.get(text.split(' ')[1]!) ?? 0) + 1);
    }),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 60) },
  );
  expect(Math.min(...['entry', 'stop', 'take'].map((name) => seen.get(name) ?? 0))).toBeGreaterThan(20);
});
