import { expect, test } from 'vitest';
import { SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { runConstants } from '#dsl/graph/run-constants.ts';
import { unforgetting } from '#dsl/graph/warm-up.ts';
import { UNFORGETTING } from '#dsl/check/kept-starts.ts';
import { callTexts } from './testing/every-function.ts';
import { plottedProgram } from './testing/series-values.ts';

/** Whether an expression may keep the start of the data for ever. */
function isKept(expression: string): boolean {
  const { graph } = plottedProgram([expression]);
  return unforgetting(graph, runConstants(graph, new Float64Array(), new Float64Array(SETTING_FIELDS))).length > 0;
}

test('what adds up, counts, holds or turns from the start of the data on never forgets it, everything else does', () => {
  const kept = callTexts('close', 'close > open')
    .filter(isKept)
    .map((text) => text.replace(/^if /, '').replace(/\(.*/, ''));
  expect(new Set(kept)).toEqual(UNFORGETTING);
});
