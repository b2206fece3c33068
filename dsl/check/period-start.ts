import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { NodeId } from '../graph/node.ts';
import type { BuiltinFunction } from './functions.ts';
import { typeWords } from './type.ts';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
const YEAR_DAYS = 365;

/**
 * `vwap(1d)`: whether a bar is the first of a period of that length; a condition stands for itself. Parts of a day are counted from 00:00 UTC on, days
 * are those of the calendar (the session's zone, else UTC), weeks start on Monday, and what is written as months or years are months of the calendar.
 */
export const startsAnew: BuiltinFunction = {
  parameters: ['anchor'],
  takesConditions: true,
  apply: (context, [anchor]) => {
    const { type, node } = anchor!.value;
    if (type.kind === 'condition') return { type, node };
    const { builder, chart } = context;
    const range = type.kind === 'duration' ? context.fixedRange(node) : null;
    if (range === null || !(range.low > 0)) {
      const found = type.kind === 'duration' ? (range === null ? 'a series' : 'a length of 0') : typeWords(type);
      return context.refuse(
        anchor!.span,
        `it starts anew with a duration or a condition, found ${found}`,
        'write 1d, or a condition such as ny.first',
      );
    }
    const period = periodNumber(builder, node, chart);
    return { type: { kind: 'condition' }, node: builder.compare('ne', period, builder.delay(period, builder.constant(1))) };
  },
};

/** Number of the period that a bar opens in. `length` in ms is fixed before the run, so all but one of the ways are gone when it is written as a number. */
function periodNumber(builder: GraphBuilder, length: NodeId, chart: number): NodeId {
  const constant = (value: number): NodeId => builder.constant(value);
  const calendar = (name: 'day' | 'month' | 'year'): NodeId => builder.columnOf({ kind: 'calendar', name }, chart);
  const whole = (x: NodeId, unit: NodeId): NodeId => builder.numeric('floor', builder.numeric('div', x, unit));
  const isMultiple = (x: NodeId, unit: NodeId): NodeId => builder.compare('eq', builder.numeric('mul', whole(x, unit), unit), x);
  const days = builder.numeric('div', length, constant(DAY_MS));
  const isYears = isMultiple(days, constant(YEAR_DAYS));
  const months = builder.select(
    isYears,
    builder.numeric('mul', builder.numeric('div', days, constant(YEAR_DAYS)), constant(12)),
    builder.numeric('div', days, constant(MONTH_DAYS)),
  );
  const monthNumber = builder.numeric(
    'add',
    builder.numeric('mul', calendar('year'), constant(12)),
    builder.numeric('sub', calendar('month'), constant(1)),
  );
  // 1970-01-01 was a Thursday, three days after a Monday.
  const dayNumber = builder.numeric('add', calendar('day'), constant(3));
  const ofMonths = builder.logic('or', isYears, isMultiple(days, constant(MONTH_DAYS)));
  const ofDays = isMultiple(days, constant(1));
  return choose(
    builder,
    ofMonths,
    () => whole(monthNumber, months),
    () =>
      choose(
        builder,
        ofDays,
        () => whole(dayNumber, days),
        () => whole(builder.column('time', chart), length),
      ),
  );
}

/** `select` that does without the way that is never taken. */
function choose(builder: GraphBuilder, condition: NodeId, then: () => NodeId, otherwise: () => NodeId): NodeId {
  const node = builder.node(condition);
  if (node.op !== 'const') return builder.select(condition, then(), otherwise());
  return node.value === 1 ? then() : otherwise();
}
