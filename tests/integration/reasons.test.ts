import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { paperDocument } from '#core/runtime/paper/paper-bot.ts';
import { gappyFile, marketData, onFile, prepared, runPaper, temporaryFolder } from './paper-runs.ts';

const head = (name: string): string => `strat 1\nstrategy "${name}"\ntrade BTC/USDT on 1h\nsize 10% of equity\n`;
const MARKET = `${head('Says')}
let move = close / close[1] - 1
let far = close[200] > 0
enter long when close > open and move > 0.1% reason "up {move:3} to {close:2} of {symbol}, {far}"
exit long when close < open reason "down at {close}"
stop 20%
`;
/** Waits for a price below the market; a new signal prices it anew. */
const RESTING = `${head('Rests')}
let lowPoint = lowest(low, 5)
enter long when close > open at limit lowPoint good for 8 bars reason "asks {lowPoint}"
exit long when close < open at limit high good for 4 bars reason "{high} asked"
stop 20%
take 50% at 0.3%
`;

async function run(text: string, bars: number): Promise<{ readonly document: BacktestDocument; readonly file: string }> {
  const file = gappyFile(temporaryFolder(), bars);
  const strategy = prepared(text, 'says.strat');
  return { document: (await backtest(strategy, marketData(strategy, file), DEFAULT_LIMITS, {})).document, file };
}

it('a reason says the values of the bar of its signal, na where there is none', async () => {
  const { document, file } = await run(MARKET, 800);
  const { open, close, time } = marketData(prepared(MARKET, 'says.strat'), file).columns;
  const told = document.trades.map(({ entryReason, exitReason }) => ({ entryReason, exitReason }));
  // Worked out apart from the language: market orders fill at the open after the bar of their signal.
  const expected = document.trades.map(({ entryTime, exitTime }) => {
    const signal = time.findIndex((at) => at === Date.parse(entryTime)) - 1;
    const last = exitTime === null ? null : time.findIndex((at) => at === Date.parse(exitTime)) - 1;
    expect(close[signal]! > open[signal]!).toBe(true);
    const move = (close[signal]! / close[signal - 1]! - 1).toFixed(3);
    const far = signal < 200 ? 'na' : 'true';
    return {
      entryReason: `up ${move} to ${close[signal]!.toFixed(2)} of BTC/USDT, ${far}`,
      exitReason: last === null ? 'open' : `down at ${close[last]!}`,
    };
  });
  expect(told.length).toBeGreaterThan(50);
  expect(told).toEqual(expected);
  expect(told.filter(({ entryReason }) => entryReason!.endsWith('na')).length).toBeGreaterThan(3);
  // What trades have in common is the rule, not its numbers.
  expect(document.attribution.exitReason.map(({ name }) => name)).toContain('down at {close}');
});

it('an order that rests says what it was last priced by', async () => {
  const { document } = await run(RESTING, 2000);
  const said = document.trades.filter(({ exitReason }) => exitReason.endsWith(' asked'));
  expect(said.length).toBeGreaterThan(20);
  // The limit is the value; a bar that opens beyond it fills better.
  for (const { entryPrice, entryReason } of document.trades)
    expect(entryPrice).toBeLessThanOrEqual(Number(entryReason!.slice('asks '.length)));
  for (const { exitPrice, exitReason } of said) expect(exitPrice).toBeGreaterThanOrEqual(Number(exitReason.slice(0, -' asked'.length)));
  expect(said.filter(({ entryPrice, entryReason }) => entryReason === `asks ${entryPrice}`).length).toBeGreaterThan(10);
  // Parts of a position were opened by the same rule.
  const parts = Map.groupBy(document.trades, ({ positionId }) => positionId);
  for (const rows of parts.values()) expect(new Set(rows.map(({ entryReason }) => entryReason)).size).toBe(1);
});

it('on paper they are the same, also when it was stopped between signal and fill', async () => {
  const { document, file } = await run(RESTING, 600);
  const home = join(temporaryFolder(), 'home');
  let trades;
  for (const stopAfter of [300, 301, 302, 303, 304, 305, Infinity]) {
    const [outcome] = await runPaper(home, [onFile(prepared(RESTING, 'says.strat'), file)], { stopAfter });
    trades = outcome === undefined ? null : paperDocument(outcome, {})?.trades;
  }
  expect(trades).toEqual(document.trades);
});
