import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsArray } from '#core/engine/simulation-settings.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import { type Columns, columnList } from '#core/model/columns.ts';
import { ACCOUNT_FIELDS, LOG, LOG_FIELDS, SETTING_FIELDS } from '#core/model/strategy-abi.ts';
import { createCompiler } from '#dsl/compile.ts';
import { emit } from '#dsl/emit/emit.ts';
import { notRunFindings } from '#dsl/emit/not-run-yet.ts';
import { GraphEvaluator } from '#dsl/graph/evaluator.ts';
import { plottedProgram } from '#dsl/prelude/testing/series-values.ts';
import type { Program } from '#dsl/program.ts';
import { runEmitted } from '../equivalence/three-forms.ts';
import { corpusInputs, corpusPrograms, shippedPrograms } from './corpus.ts';
import { GeneratedMarkets } from './generated-markets.ts';

/** What a run has said by bar `to`, which nothing that comes later may change: one array for each thing it says. */
type Seen = (program: Program, candles: Columns, further: FurtherColumns, to: number) => readonly (readonly number[])[];

const CAPITAL = 10_000;
const SEED = 5;
const compiler = createCompiler();
const paramsOf = ({ params }: Program): Float64Array => Float64Array.from(params, ({ value }) => value);

/** Values of every part of a program, by the interpreter. */
const values: Seen = (program, candles, { columns }, to) => {
  const evaluator = new GraphEvaluator(program, paramsOf(program), new Float64Array(SETTING_FIELDS).fill(1));
  const list = columnList(candles, columns);
  const account = new Float64Array(ACCOUNT_FIELDS);
  const seen: number[][] = [];
  for (let bar = 0; bar < to; bar++) {
    evaluator.step(bar, list, account);
    seen.push([...evaluator.values]);
  }
  return seen;
};

/** Fills and worth of the account, by the code that runs. */
const trades: Seen = (program, candles, { columns, bars }, to) => {
  const settings = settingsArray(DEFAULT_SETTINGS, 0, candles.time.length);
  const strategy = emit(program, DEFAULT_SETTINGS.conventions);
  const { log, equity } = runEmitted(strategy, candles, paramsOf(program), settings, CAPITAL, [], { arrays: columns, counts: [...bars] });
  const rows = Array.from({ length: log.length / LOG_FIELDS }, (_, row) => log.slice(row * LOG_FIELDS, (row + 1) * LOG_FIELDS));
  return [equity.slice(0, to), ...rows.filter((row) => row[LOG.bar]! < to)];
};

/** Whether what was said by bar `cut` is the same when the data end there, and when they go on otherwise. */
function holds(program: Program, rows: number, cut: number, seen: Seen): { readonly prefix: boolean; readonly poison: boolean } {
  const markets = new GeneratedMarkets(program, rows, SEED);
  const by = (to: number, noiseFrom: number): string => {
    const { candles, further } = markets.columnsOf({ from: 0, to, noiseFrom });
    return JSON.stringify(seen(program, candles, further, cut));
  };
  const whole = by(rows, rows);
  return { prefix: by(cut, rows) === whole, poison: by(rows, cut) === whole };
}

const BOTH = { prefix: true, poison: true };

function compiled(source: string): Program {
  const { program, diagnostics } = compiler.compile(source, corpusInputs);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

describe('what is known at a bar does not change when more come, nor with what they are', () => {
  const programs = [...corpusPrograms(), ...shippedPrograms()].map(({ name, source }) => [name, source] as const);

  test.each(programs)('%s', (_, source) => {
    const program = compiled(source);
    expect(holds(program, 700, 613, values)).toEqual(BOTH);
    const runs = notRunFindings(program).length === 0;
    expect(runs ? holds(program, 3000, 2611, trades) : BOTH).toEqual(BOTH);
  });
});

describe('a leak is caught by both', () => {
  /** Closes of one bar later in the place of each. */
  const leaky =
    (seen: Seen): Seen =>
    (program, candles, further, to) =>
      seen(program, { ...candles, close: candles.close.map((close, bar) => candles.close[bar + 1] ?? close) }, further, to);

  /** Longer bars that show before they have closed. */
  const early =
    (seen: Seen): Seen =>
    (program, candles, further, to) => {
      const columns = further.columns.map((column, place) => {
        const { chart, column: what } = program.columns[place]!;
        return what.kind === 'closeTime' && chart > 0 ? column.map((time) => time - program.stepMs) : column;
      });
      return seen(program, candles, { ...further, columns }, to);
    };

  test.each([
    ['of a series', plottedProgram(['sma(close, 5)']), leaky(values)],
    ['of a longer chart', plottedProgram(['close on 4h']), early(values)],
    [
      'of what is traded',
      compiled('strat 1 strategy "x" trade BTC/USDT on 1h enter long when close > 0.01 size 50% of equity stop 99%'),
      leaky(trades),
    ],
  ])('%s', (_, program, seen) => {
    const cuts = Array.from({ length: 8 }, (__, place) => holds(program, 700, 600 + place, seen));
    expect(cuts.some(({ prefix }) => !prefix)).toBe(true);
    expect(cuts.some(({ poison }) => !poison)).toBe(true);
  });
});
