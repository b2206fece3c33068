import { describe, expect, it } from 'vitest';
import { PRELUDE_MODULES } from '#dsl/prelude/modules.ts';
import { DEFINITIONS } from '#dsl/prelude/testing/definitions.ts';
import { familyOf } from '#dsl/prelude/testing/prelude-functions.ts';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';
import { hasSharedData } from '../shared-data.ts';
import { PHASOR_VALUES } from './phasor-values.ts';
import { ONE_SIDED, RARE_ONE_SIDED, RARE_TWO_SIDED, TWO_SIDED } from './candle-cases.ts';
import { firstDifference } from './compare-series.ts';
import { CONVENTION_LINES } from './other-conventions.ts';
import { type ReferenceTable, REFERENCE_TABLES, TALIB_ALL, talibTables } from './reference-tables.ts';

/** Calls that differ from their reference, each with the first difference. */
function differences({ read, cases }: ReferenceTable): readonly string[] {
  const { bars, outputs } = read();
  const calls = cases.map(({ call }) => call);
  const values = seriesValues(calls, bars, CONVENTION_LINES);
  return cases.flatMap((one, place) => {
    const expected = outputs.get(one.output);
    const difference = expected === undefined ? 'there is no such output' : firstDifference(values[place]!, expected, one);
    return difference === null ? [] : [`${one.call} is not ${one.output}: ${difference}`];
  });
}

describe.skipIf(!hasSharedData)('the prelude gives the values of', () => {
  const tables = hasSharedData ? [...talibTables(), ...REFERENCE_TABLES] : REFERENCE_TABLES;

  it.each(tables.map((table) => [table.program, table.shown, table] as const))('%s, %s', (_program, _file, table) => {
    expect(differences(table)).toEqual([]);
  });
});

/** Functions of modules that nothing from outside is compared with. */
function unproven(sources: readonly string[]): readonly string[] {
  const params = Object.fromEntries(
    'timePeriod fastPeriod slowPeriod signalPeriod fastK_Period nbDevUp nbDevDn'.split(' ').map((name) => [name, 1]),
  );
  const calls = [
    ...TALIB_ALL.map(({ call }) => call(params) ?? ''),
    ...REFERENCE_TABLES.flatMap(({ cases }) => cases.map(({ call }) => call)),
    ...Object.keys(DEFINITIONS),
    ...Object.keys(PHASOR_VALUES),
    ...Object.values(RARE_ONE_SIDED),
    ...Object.values(RARE_TWO_SIDED),
    ...Object.values(ONE_SIDED),
    ...Object.values(TWO_SIDED),
  ];
  const called = new Set(calls.flatMap((call) => call.match(/[a-z_]\w*/g) ?? []));
  return sources.flatMap((source) => familyOf(source).functions.map(({ name }) => name)).filter((name) => !called.has(name));
}

describe('each function of the prelude has its values from somewhere else', () => {
  it('a reference, or a definition written apart', () => {
    expect(unproven(PRELUDE_MODULES.map(({ source }) => source))).toEqual([]);
  });

  it('and one that has neither is named', () => {
    const planted = 'strat 1\nmodule "planted"\n\nexport def planted(source = close) = source * 2\n';
    expect(unproven([...PRELUDE_MODULES.map(({ source }) => source), planted])).toEqual(['planted']);
  });
});
