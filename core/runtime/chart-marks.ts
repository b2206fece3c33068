import type { ChartMark } from '#core/model/chart-mark.ts';
import type { PlannedMark } from '#core/model/message-plan.ts';
import { messageText } from '#core/model/message-text.ts';

const MOST_TEXT = 200;

/** The marks that a strategy sets on a bar. @param row what it gave for the bar, as `decide` does */
export function marksOf(marks: readonly PlannedMark[], row: Float64Array, market: string, time: number): readonly ChartMark[] {
  return marks.flatMap(({ when, where, parts, color }) => {
    if (row[when] !== 1) return [];
    const text = parts === null ? null : messageText(parts, market, (place) => row[place]).slice(0, MOST_TEXT);
    return [{ time, where, text, color }];
  });
}
