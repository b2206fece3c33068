import { describe, expect, test } from 'vitest';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import { painter } from './paint.ts';
import { RunLines } from './run-lines.ts';

const plain = painter(false);
const TIME = Date.UTC(2024, 0, 9, 17);
const fill = (kind: 'entry' | 'exit', qty: number, reason: string, profit: number | null): PaperEvent => ({
  type: 'fill',
  id: 'sma-cross',
  market: 'BTC/USDT',
  fill: { type: 'fill', kind, bar: 1, qty, price: 30_078.25, refPrice: 30_078.25, fee: 2, rule: 0 },
  reason,
  closed: profit === null ? null : { profit },
  time: TIME,
  equity: 10_001.51,
  position: 0,
});
const shown = (width: number, event: PaperEvent): readonly string[] => (new RunLines(plain, () => width).event(event) ?? '').split('\n');

describe('what a bot on paper says', () => {
  test('a fill stands on one line where there is room, and in a file', () => {
    for (const width of [140, Infinity]) {
      expect(shown(width, fill('entry', 0.0667, 'entry', null))).toHaveLength(1);
      expect(shown(width, fill('exit', -0.0667, 'the trend is over', 1.51))).toHaveLength(1);
    }
  });

  test('in 80 columns what came of it stands below', () => {
    expect(shown(80, fill('exit', -0.0667, 'the trend is over', 1.51))).toEqual([
      '2024-01-09 17:00  sma-cross  sell             0.0667 at    30,078.25',
      '                  the trend is over  profit +1.51  equity 10,001.51',
    ]);
    expect(shown(80, fill('entry', 0.0667, 'entry', null))[1]).toBe('                  entry  equity 10,001.51');
  });

  test.for([30, 40, 60, 80, 100, 120, 132])('no line is wider than a terminal of %i columns', (width) => {
    const events: readonly PaperEvent[] = [
      fill('exit', -0.0667, 'a reason of thirty-two letters..', -12_345.67),
      { type: 'message', id: 'sma-cross', market: 'BTC/USDT', time: TIME, text: 'word '.repeat(40), via: null, level: 'info' },
      { type: 'undecided', id: 'sma-cross', market: 'BTC/USDT', time: TIME, reason: 'the runner did not answer within its time' },
    ];
    for (const event of events) expect(Math.max(...shown(width, event).map(({ length }) => length))).toBeLessThanOrEqual(width);
  });
});
