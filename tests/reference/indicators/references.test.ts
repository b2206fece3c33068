import { describe, expect, it } from 'vitest';
import { firstDifference } from './compare-series.ts';
import { ONE_SIDED, TWO_SIDED } from './candle-cases.ts';
import { type ReferenceCase, SKENDER_CASES, STOCKCHARTS_CASES, TRADINGVIEW_CASES, TTR_CASES, TULIP_CASES } from './reference-cases.ts';
import { TALIB_CASES } from './talib-cases.ts';
import { hasSharedData } from '../shared-data.ts';
import { type Reference, skender, table, talib, tulip } from './reference-files.ts';
import { PRELUDE_MODULES } from '#dsl/prelude/modules.ts';
import { DEFINITIONS } from '#dsl/prelude/testing/definitions.ts';
import { seriesValues } from '#dsl/prelude/testing/series-values.ts';

/** Calls that differ from their reference, each with the first difference. */
function differences({ bars, outputs }: Reference, cases: readonly ReferenceCase[]): readonly string[] {
  const values = seriesValues(
    cases.map(({ call }) => call),
    bars,
  );
  return cases.flatMap((one, place) => {
    const expected = outputs.get(one.output);
    const difference = expected === undefined ? 'there is no such output' : firstDifference(values[place]!, expected, one);
    return difference === null ? [] : [`${one.call} is not ${one.output}: ${difference}`];
  });
}

describe.skipIf(!hasSharedData)('the prelude gives the values of', () => {
  it.each(['binance_BTC-USDT_1h', 'binance_BTC-USDT_1h_B', 'us_SPY-USD_1d', 'fx-btpy_EUR-USD_1h', 'ta_regtest_252'])(
    'TA-Lib on %s',
    (file) => {
      const reference = talib(file);
      const cases = TALIB_CASES.flatMap((one): ReferenceCase[] => {
        const call = one.call(reference.params.get(one.output.split('.')[0]!)!);
        // A start needs more bars than the shortest file has to be forgotten.
        return call === null || (one.from ?? 0) >= reference.bars.close.length ? [] : [{ ...one, call }];
      });
      expect(differences(reference, cases)).toEqual([]);
    },
  );

  it.each(Object.entries(TRADINGVIEW_CASES))('TradingView, %s', (file, cases) => {
    expect(differences(table(`tradingview/${file}.csv`), cases)).toEqual([]);
  });

  it.each(Object.entries(STOCKCHARTS_CASES))('StockCharts, %s', (file, cases) => {
    expect(differences(table(`stockcharts/cs-${file}.csv`), cases)).toEqual([]);
  });

  it('R TTR', () => {
    expect(differences(table('ttr/binance_BTC-USDT_1h.csv.gz'), TTR_CASES)).toEqual([]);
  });

  it.each(Object.entries(SKENDER_CASES))('Skender, %s', (result, cases) => {
    expect(differences(skender(result), cases)).toEqual([]);
  });

  it.each(Object.entries(TULIP_CASES))('Tulip, %s', (indicator, outputs) => {
    const reference = tulip(indicator);
    const cases = Object.entries(outputs).map(([output, call]) => ({ output, call: call(...reference.options), decimals: 3 }));
    expect(differences(reference, cases)).toEqual([]);
  });
});

it('each function of the prelude has its values from somewhere else: a reference, or a definition written apart', () => {
  const params = Object.fromEntries(
    'timePeriod fastPeriod slowPeriod signalPeriod fastK_Period nbDevUp nbDevDn'.split(' ').map((name) => [name, 1]),
  );
  const tables = [TRADINGVIEW_CASES, STOCKCHARTS_CASES, SKENDER_CASES].flatMap((table) => Object.values(table).flat());
  const calls = [
    ...TALIB_CASES.map(({ call }) => call(params) ?? ''),
    ...[...tables, ...TTR_CASES].map(({ call }) => call),
    ...Object.values(TULIP_CASES).flatMap((outputs) => Object.values(outputs).map((call) => call(1, 1, 1))),
    ...Object.keys(DEFINITIONS),
    ...Object.values(ONE_SIDED),
    ...Object.values(TWO_SIDED),
  ];
  const called = new Set(calls.flatMap((call) => call.match(/[a-z_]\w*/g) ?? []));
  const names = PRELUDE_MODULES.flatMap(({ source }) => [...source.matchAll(/^export def (\w+)/gm)].map(([, name]) => name!));
  expect(names.filter((name) => !called.has(name))).toEqual([]);
});
