import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Exclusions } from './exclusions.ts';

describe('conditions that exclude themselves', () => {
  const b = new GraphBuilder({ market: null, timeframe: '1h', stepMs: 3_600_000 });
  const [close, open, volume] = [b.column('close'), b.column('open'), b.column('volume')];
  const below = (x: number, value: number) => b.compare('lt', x, b.constant(value));
  const above = (x: number, value: number) => b.compare('gt', x, b.constant(value));
  const and = (x: number, y: number) => b.logic('and', x, y);
  const or = (x: number, y: number) => b.logic('or', x, y);
  const not = (x: number) => b.logic('not', x);
  const intervals = (id: number) => {
    const node = b.node(id);
    return node.op === 'const'
      ? { low: node.value, high: node.value }
      : id === volume
        ? { low: 0, high: Infinity }
        : { low: -Infinity, high: Infinity };
  };
  const crossesAbove = and(b.compare('gt', close, open), b.compare('le', b.delay(close, b.constant(1)), b.delay(open, b.constant(1))));

  it.each<[what: string, condition: number, isNever: boolean]>([
    ['below 30 and above 70', and(below(close, 30), above(close, 70)), true],
    ['below 70 and above 30', and(below(close, 70), above(close, 30)), false],
    ['below 30 and at least 30', and(below(close, 30), not(below(close, 30))), true],
    ['at most 30 and at least 30', and(not(above(close, 30)), not(below(close, 30))), false],
    ['negative volume', below(volume, 0), true],
    ['no volume', not(above(volume, 0)), false],
    ['below and above another', and(b.compare('lt', close, open), b.compare('gt', close, open)), true],
    ['below it, and it below', and(b.compare('lt', close, open), b.compare('lt', open, close)), true],
    ['at most and at least another', and(b.compare('le', close, open), b.compare('ge', close, open)), false],
    ['a cross above while below', and(crossesAbove, b.compare('lt', close, open)), true],
    ['a cross above', crossesAbove, false],
    ['either of two impossible ones', or(below(volume, 0), and(below(close, 1), above(close, 2))), true],
    ['one of two is possible', or(below(volume, 0), above(close, 2)), false],
    ['a condition and not the same', and(crossesAbove, not(crossesAbove)), true],
    ['false', b.truth(0), true],
    ['unknown', b.truth(Number.NaN), true],
  ])('%s', (_, condition, isNever) => {
    expect(new Exclusions((id) => b.node(id), intervals).isNeverTrue(condition)).toBe(isNever);
  });
});
