import { generateMarket } from '#core/data/market-generator.ts';
import { COLUMN_NAMES, type Columns } from '#core/model/columns.ts';
import type { IndicatorInput } from '#dsl/plugin/indicator-manifest.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 0, 1);
/** Every so many bars an input is na, as after a missing bar. */
const NA_EVERY = 37;

/** Inputs of a plugin on a generated market, one column an input: the candles for those that are called after them, else values of their kind. */
export function sampleInputs(inputs: readonly IndicatorInput[], bars: number, seed: number): readonly Float64Array[] {
  return inputs.map(({ name, kind }, index) => {
    const market = generateMarket({ seed, stepMs: HOUR_MS, startTime: START, startPrice: 100, tick: 0.01, bars });
    const own = COLUMN_NAMES.find((column) => column === name);
    if (own !== undefined) return market[own];
    // Another market for each, so that two inputs of one kind are not the same.
    const other = generateMarket({ seed: seed + 1 + index, stepMs: HOUR_MS, startTime: START, startPrice: 100, tick: 0.01, bars });
    return Float64Array.from({ length: bars }, (_, bar) => (bar % NA_EVERY === NA_EVERY - 1 ? Number.NaN : valueOf(kind, other, bar)));
  });
}

function valueOf(kind: IndicatorInput['kind'], { open, close, volume }: Columns, bar: number): number {
  switch (kind) {
    case 'price':
      return close[bar]!;
    case 'quantity':
      return volume[bar]!;
    case 'money':
      return close[bar]! * volume[bar]!;
    case 'percent':
    case 'number':
      return close[bar]! / open[bar]! - 1;
    case 'duration':
      return HOUR_MS * (bar % 24);
    case 'bars':
      return bar % 24;
    case 'condition':
      return close[bar]! > open[bar]! ? 1 : 0;
  }
}
