import { describe, expect, it } from 'vitest';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { hasSharedData, sharedJson } from '../shared-data.ts';
import { skenderQuotes } from './reference-files.ts';

/** Turning points and bricks of Skender, which draws them where they were; here they are told when they are known. */
const BARS = skenderQuotesOrNone();

function skenderQuotesOrNone(): ReturnType<typeof skenderQuotes> {
  return hasSharedData ? skenderQuotes('default') : { close: [] };
}

type ResultRow = Readonly<Record<string, number | string | boolean | null>>;
const results = (name: string): readonly ResultRow[] => sharedJson(`indicators/skender/${name}.standard.json.gz`) as readonly ResultRow[];

describe.skipIf(!hasSharedData)('Skender', () => {
  it('zigzag of closes by 5 %: the same turning points, but for the last, which is not confirmed', () => {
    const [high, low, highBars, lowBars] = seriesValues(
      ['high', 'low', 'high_bars', 'low_bars'].map((member) => `zigzag(5%, close, close).${member}`),
      BARS,
    );
    const found = new Map<number, string>();
    for (const bar of BARS.close.keys()) {
      if (!Number.isNaN(high![bar])) found.set(bar - highBars![bar]!, `H ${high![bar]}`);
      if (!Number.isNaN(low![bar])) found.set(bar - lowBars![bar]!, `L ${low![bar]}`);
    }
    const points = results('zigzag-close').flatMap(({ pointType, zigZag }, bar) =>
      pointType === 'H' || pointType === 'L' ? [[bar, `${pointType} ${zigZag}`] as const] : [],
    );
    // Where the data begin is the first turning point; Skender draws its first line from there without marking it.
    const [first, ...others] = [...found].toSorted(([a], [b]) => a - b);
    expect(first).toEqual([0, `L ${BARS.close[0]}`]);
    expect(others).toEqual(points);
    expect(points.length).toBeGreaterThan(3);
  });

  it('zigzag: each is told on the first bar that is 5 % away, and never moves', () => {
    const [high, highBars] = seriesValues(['zigzag(5%, close, close).high', 'zigzag(5%, close, close).high_bars'], BARS);
    const known = [...BARS.close.keys()].filter((bar) => bar > 0 && high![bar] !== high![bar - 1] && !Number.isNaN(high![bar]));
    expect(known.length).toBeGreaterThan(1);
    for (const bar of known) {
      const since = BARS.close.slice(bar - highBars![bar]!, bar);
      expect(Math.min(...since)).toBeGreaterThan(high![bar]! * 0.95);
      expect(BARS.close[bar]).toBeLessThanOrEqual(high![bar]! * 0.95);
    }
  });

  it.each([
    ['renko', 'renko(1)'],
    ['renko-atr', 'renko(6.14974828784330, 212.8)'],
  ])('%s: the same bricks on the same bars', (name, call) => {
    const [open, close, bricks] = seriesValues(
      ['open', 'close', 'bricks'].map((member) => `${call}.${member}`),
      BARS,
    );
    const found = [...BARS.close.keys()].flatMap((bar) => {
      const count = bricks![bar]! || 0;
      const step = close![bar]! - open![bar]!;
      // The last one of the bar is told; those before lead to it.
      return Array.from({ length: Math.abs(count) }, (_, k) => {
        const end = close![bar]! - (Math.abs(count) - 1 - k) * step;
        return [dayOf(BARS.time![bar]!), round(end - step), round(end)];
      });
    });
    const expected = results(name).map((row) => [
      String(row['date']).slice(0, 10),
      round(Number(row['open'])),
      round(Number(row['close'])),
    ]);
    expect(found).toEqual(expected);
  });
});

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const round = (price: number): number => Math.round(price * 1e8) / 1e8;
