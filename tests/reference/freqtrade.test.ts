import { describe, expect, test } from 'vitest';
import { type Candle, runCandles } from '../engine/candle-run.ts';
import { hasSharedData, sharedJson } from './shared-data.ts';

/** A row: bar, open, high, low, close, volume, enter_long, exit_long, enter_short, exit_short. */
interface Scenario {
  readonly name: string;
  readonly data: readonly (readonly number[])[];
  readonly stop_loss: number;
  /** Minutes to the target from there on. */
  readonly roi: Readonly<Record<string, number>>;
  /** A number, or a product of numbers. */
  readonly profit_perc: number | string;
  /** The stop is a share of the stake, which is the position's value over this. */
  readonly leverage?: number;
  readonly custom_entry_price?: number;
  readonly trades: readonly {
    readonly exit_reason: string;
    readonly open_tick: number;
    readonly close_tick: number;
    readonly is_short?: boolean;
  }[];
}

const REASONS: Readonly<Record<string, string>> = { EXIT_SIGNAL: 'exit', STOP_LOSS: 'stop', ROI: 'take' };

/** Those of its scenarios that name no trail; docs/engine.md says what the others do otherwise. */
const SCENARIOS = [
  'tc0',
  'tc1',
  'tc3',
  'tc4',
  'tc6',
  'tc7',
  'tc13',
  'tc15',
  'tc18',
  'tc19',
  'tc25',
  'tc27',
  'tc28',
  'tc39',
  'tc42',
  'tc43',
];

const signals = (scenario: Scenario, column: number): string =>
  scenario.data.flatMap((row, bar) => (row[column] === 1 ? [`bar_index == ${bar}`] : [])).join(' or ');

const isShort = ({ trades }: Scenario): boolean => trades.some(({ is_short: is }) => is === true);

function rulesOf(scenario: Scenario): string {
  const { roi, stop_loss: stop, custom_entry_price: price, leverage } = scenario;
  const [side, enterAt, exitAt] = isShort(scenario) ? (['short', 8, 9] as const) : (['long', 6, 7] as const);
  const [first, later] = Object.entries(roi).map(([minutes, gain]) => ({ bars: Number(minutes) / 60, gain }));
  const target =
    later === undefined
      ? `${first!.gain * 100}%`
      : // A price is taken at each close and acts on the bar after, so the bar after is what is asked for.
        `entry.price * (if position.bars + 1 >= ${later.bars} then ${1 + later.gain} else ${1 + first!.gain})`;
  const exit = signals(scenario, exitAt);
  return [
    leverage === undefined ? '' : `account { leverage ${leverage} }`,
    `enter ${side} when ${signals(scenario, enterAt)}${price === undefined ? '' : ` at limit ${price} good for 1 bar`}`,
    exit === '' ? '' : `exit ${side} when ${exit}`,
    `size ${1000 * (leverage ?? 1)} USDT stop ${(-stop * 100) / (leverage ?? 1)}%`,
    first!.gain < 1 ? `take at ${target}` : '',
  ].join('\n');
}

const productOf = (text: number | string): number =>
  String(text)
    .split('*')
    .reduce((product, factor) => product * Number(factor), 1);

describe.skipIf(!hasSharedData)('scenarios of freqtrade (../shared/data)', () => {
  const { cases } = (hasSharedData ? sharedJson('backtests/freqtrade/backtest_detail.json') : { cases: [] }) as {
    readonly cases: readonly Scenario[];
  };
  test.for(cases.filter(({ name }) => SCENARIOS.includes(name)))('$name', async (scenario) => {
    const candles = scenario.data.map(([, open, high, low, close]) => [open, high, low, close] as unknown as Candle);
    const { rows } = await runCandles({ rules: rulesOf(scenario), candles, conventions: { limitFill: 'touch' } });
    const fills = rows.filter((row) => row.type === 'fill');
    const trades = fills.flatMap((fill, index) => {
      const entry = fills[index - 1];
      return entry === undefined || fill.kind === 'entry'
        ? []
        : [
            {
              kind: fill.kind,
              from: entry.bar,
              to: fill.bar,
              gain: Math.sign(entry.qty) * (fill.price / entry.price - 1) * (scenario.leverage ?? 1),
            },
          ];
    });
    expect(trades.map(({ kind, from, to }) => `${kind} ${from}..${to}`)).toEqual(
      scenario.trades.map((trade) => `${REASONS[trade.exit_reason]} ${trade.open_tick}..${trade.close_tick}`),
    );
    expect(Math.round(trades.reduce((sum, { gain }) => sum + gain, 0) * 1000) / 1000).toBeCloseTo(productOf(scenario.profit_perc), 9);
  });
});
