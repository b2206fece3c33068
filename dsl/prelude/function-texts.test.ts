import { describe, expect, it } from 'vitest';
import { FAMILIES, familyOf } from './testing/prelude-functions.ts';
import { textProblems } from './testing/text-problems.ts';

/** What a module with this function is refused for. */
function problemsOf(...lines: readonly string[]): readonly string[] {
  const source = `strat 1\nmodule "planted"\n\n${lines.join('\n')}\n`;
  return familyOf(source).functions.flatMap((definition) => textProblems(definition, source));
}

const DEF = 'export def planted(source = close, length: length) = sma(source, length) + 1';

describe('texts of functions', () => {
  it.each(FAMILIES.map(({ name, functions }) => [name, functions] as const))(
    'of %s say what they compute, their seed, unit, na rule and source, as they are',
    (_, functions) => {
      expect(functions.flatMap((definition) => textProblems(definition))).toEqual([]);
    },
  );

  it('are refused by name: one that is not there', () => {
    expect(problemsOf(DEF)).toEqual(['planted: it has no text (lines with ## above it)']);
  });

  it.each([
    ['a unit', ['## Mean.', '## na: while its window holds one.', '## Source: us.'], 'its text has no sentence "Unit: ..."'],
    ['an na rule', ['## Mean.', '## Unit: as source.', '## Source: us.'], 'its text has no sentence "na: ..."'],
    ['a source', ['## Mean.', '## Unit: as source.', '## na: while its window holds one.'], 'its text has no sentence "Source: ..."'],
    [
      'a formula',
      ['## Unit: as source.', '## na: while its window holds one.', '## Source: us.'],
      'its text does not begin with what it computes',
    ],
    [
      'the right unit',
      ['## Mean.', '## Unit: number, 0 to 100.', '## na: while its window holds one.', '## Source: us.'],
      'its sentence "Unit:" does not say as source.',
    ],
    [
      'a known form of the na rule',
      ['## Mean.', '## Unit: as source.', '## na: sometimes.', '## Source: us.'],
      'its sentence "na:" begins with none of: of the source does not count, where the source is, while its window holds one',
    ],
    [
      'no seed that there is not',
      ['## Mean.', '## Seed: 0.', '## Unit: as source.', '## na: while its window holds one.', '## Source: us.'],
      'it does not read its own past, and has a sentence "Seed: ..."',
    ],
    [
      'the order',
      ['## Mean.', '## Source: us.', '## Unit: as source.', '## na: while its window holds one.'],
      'its sentences are Source, Unit, na; each once, in the order Seed, Unit, na, Source',
    ],
  ])('and one without %s', (_, text, problem) => {
    expect(problemsOf(...text, DEF)).toEqual([expect.stringContaining(`planted: ${problem}`)]);
  });

  it('and one that reads its own past without a seed', () => {
    const text = ['## Mean.', '## Unit: as source.', '## na: where the source is.', '## Source: us.'];
    expect(problemsOf(...text, 'export def planted(source = close, length: length) = ema(source, length)')).toEqual([
      'planted: it reads its own past, and has no sentence "Seed: ..."',
    ]);
  });

  it('and a function that its parameters do not tell how to call', () => {
    const text = ['## Share.', '## Unit: as source.', '## na: where the source is.', '## Source: us.'];
    expect(problemsOf(...text, 'export def planted(source = close, share) = percentile(source, 20, share)')).toEqual([
      expect.stringContaining('planted: its parameters do not tell how to call it (OWN_CALLS'),
    ]);
  });
});
