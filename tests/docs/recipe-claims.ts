import type { RecipeRun, RecipeTrade } from './recipe-run.ts';
import {
  averageRange,
  clamp,
  dayOf,
  lastClosed,
  londonMinutes,
  mean,
  minuteOf,
  populationDeviation,
  weekdayOf,
} from './recipe-arithmetic.ts';

const HOUR = 3_600_000;
/** Market orders and stops fill so much worse when nothing is said. */
const SLIPPAGE = 0.0005;
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/** What a recipe promises, and a change of its text that breaks the promise. */
export interface Claim {
  readonly says: string;
  /** Trades, days, ... that break it, as texts; empty: it holds. */
  readonly broken: (run: RecipeRun) => readonly string[];
  readonly without: readonly [text: string, replacement: string];
  /** Of the generated market; 3,000 when left out. */
  readonly bars?: number;
  readonly seed?: number;
}

const told = ({ market, side, entryTime, exitTime }: RecipeTrade): string =>
  `${side} ${market} ${new Date(entryTime).toISOString()} to ${exitTime === Infinity ? 'the end' : new Date(exitTime).toISOString()}`;

/** A claim about each trade; `at` is the bar whose close decided the entry. */
const eachTrade =
  (holds: (trade: RecipeTrade, at: number, run: RecipeRun) => boolean): Claim['broken'] =>
  (run) =>
    run.trades.filter((trade) => !holds(trade, trade.from - 1, run)).map(told);

const closes = ({ bars }: RecipeRun): readonly number[] => bars.map(({ close }) => close);
const highest = (values: readonly number[]): number => Math.max(...values);
const highs = ({ bars }: RecipeRun, from: number, to: number): readonly number[] => bars.slice(from, to).map(({ high }) => high);

/** An exit that a level forced is no worse than the level, or than the open where the bar began beyond it. */
const keepsLevel = ({ to, exitPrice }: RecipeTrade, level: number, { bars }: RecipeRun): boolean =>
  exitPrice === null || exitPrice >= Math.min(level, bars[to]!.open) * (1 - SLIPPAGE) * (1 - 1e-9);

/** What was bought at the entry against the equity then. */
const shareOf = ({ qty }: RecipeTrade, at: number, { bars, equity }: RecipeRun): number => (qty * bars[at]!.close) / equity[at]!;

/** Of each position its first fill and its adds. */
function ladders({ fills }: RecipeRun): readonly (readonly { readonly qty: number; readonly price: number }[])[] {
  const positions: { qty: number; price: number }[][] = [];
  for (const { kind, qty, price } of fills) {
    if (kind === 'entry') positions.push([]);
    if (kind === 'entry' || kind === 'add') positions.at(-1)!.push({ qty, price });
  }
  return positions;
}

const eachLadder =
  (holds: (fills: readonly { readonly qty: number; readonly price: number }[]) => boolean): Claim['broken'] =>
  (run) =>
    ladders(run)
      .filter((fills) => !holds(fills))
      .map((fills) => fills.map(({ qty, price }) => `${qty} at ${price}`).join(', '));

/** By the heading of the recipe. */
export const CLAIMS: Readonly<Record<string, Claim>> = {
  '1. Only with the trend of the day': {
    says: 'the last day that was over when a trade was decided had closed above its average',
    broken: eachTrade((_, at, { bars }) => {
      const days = lastClosed(bars, 24 * HOUR, bars[at]!.time + HOUR);
      return days.at(-1)! > mean(days, 20, days.length - 1);
    }),
    without: [' and rising', ''],
  },
  '2. Breakout with a stop order': {
    says: 'nothing is bought below the highest high of the two days before',
    broken: eachTrade(({ entryPrice, from }, _, run) => entryPrice > highest(highs(run, from - 48, from))),
    without: [' at stop top + 1 tick', ''],
    bars: 1500,
  },
  '3. Opening range breakout': {
    says: 'entries are above the range of the first hour, come in the three hours after it, and are over at the bell',
    broken: eachTrade(({ entryTime, exitTime }, at, { bars }) => {
      const today = bars.filter(({ time }) => dayOf(time) === dayOf(entryTime));
      const range = today.filter(({ time }) => minuteOf(time) >= 14 * 60 + 30 && minuteOf(time) < 15 * 60 + 30);
      const isInTime = minuteOf(entryTime) > 15 * 60 + 30 && minuteOf(entryTime) <= 18 * 60 + 30;
      const isOver = exitTime === Infinity || (dayOf(exitTime) === dayOf(entryTime) && minuteOf(exitTime) <= 21 * 60);
      return isInTime && isOver && bars[at]!.close > highest(range.map(({ high }) => high));
    }),
    without: ['close crosses above range_top', 'close crosses above sma(close, 4)'],
  },
  '4. Buy lower with a limit order': {
    says: 'nothing is bought dearer than 1 % below the close of a signal of the last 12 bars',
    broken: eachTrade(({ entryPrice, from }, _, run) => {
      const values = closes(run);
      const crosses = (bar: number): boolean => values[bar]! > mean(values, 50, bar) && values[bar - 1]! <= mean(values, 50, bar - 1);
      const signals = Array.from({ length: 12 }, (__, back) => from - 1 - back).filter(crosses);
      return signals.some((bar) => entryPrice <= values[bar]! * 0.99 * (1 + 1e-9));
    }),
    without: [' at limit close * 0.99 good for 12 bars', ''],
  },
  '5. Wait for three closes': {
    says: 'three closes above the line come before each entry',
    broken: eachTrade((_, at, run) => [at, at - 1, at - 2].every((bar) => closes(run)[bar]! > mean(closes(run), 100, bar))),
    without: [' for 3 bars and close[3] <= line[3]', ' and close[1] <= line[1]'],
  },
  '6. Vote of three': {
    says: 'two of the three are for it at each entry',
    broken: eachTrade((_, at, run) => {
      const values = closes(run);
      const volumes = run.bars.map(({ volume }) => volume);
      const votes = [values[at]! > mean(values, 100, at), values[at]! > values[at - 24]!, volumes[at]! > mean(volumes, 48, at)];
      return votes.filter(Boolean).length >= 2;
    }),
    without: ['votes >= 2 and votes[1] < 2', 'votes >= 1 and votes[1] < 1'],
  },
  '7. An ensemble of strategies': {
    says: 'the strategy with the two votes is long at each entry: its short average is above its long one',
    broken: eachTrade((_, at, run) => mean(closes(run), 20, at) > mean(closes(run), 80, at)),
    without: ['mood > 0.5', 'mood > 0.2'],
    seed: 2,
  },
  '8. Not at the weekend': {
    says: 'no entry is decided on a Saturday or Sunday',
    broken: eachTrade((_, at, { bars }) => ![0, 6].includes(weekdayOf(bars[at]!.time))),
    without: [' and is_weekday', ''],
    bars: 1500,
  },
  '9. Only in a session': {
    says: 'entries and exits are within the hours of London, in winter and in summer',
    broken: eachTrade(({ entryTime, exitTime }) => {
      const [begin, end] = [londonMinutes(entryTime), londonMinutes(exitTime)];
      const isWeekday = ![0, 6].includes(weekdayOf(entryTime));
      const isOver = exitTime === Infinity || (end <= 16 * 60 + 30 && exitTime - entryTime < 9 * HOUR);
      return isWeekday && begin > 8 * 60 && begin < 16 * 60 + 30 && isOver;
    }),
    without: ['london.active and not london.last and ', ''],
    bars: 10_000,
  },
  '10. Only while it is calm': {
    says: 'no entry is decided while the range of the bars is a fifth above its usual',
    broken: eachTrade((_, at, { bars }) => {
      const move = averageRange(bars, 24).map((range, bar) => range / bars[bar]!.close);
      return move[at]! <= mean(move, 240, at) * 1.2;
    }),
    without: ['market is calm and ', ''],
  },
  '11. A stop, and a target of twice the risk': {
    says: 'no trade ends more than 2 % below its entry, but where a bar opens there',
    broken: eachTrade((trade, _, run) => keepsLevel(trade, trade.entryPrice * 0.98, run)),
    without: ['stop 2%', 'stop 4%'],
  },
  '12. A trailing stop': {
    says: 'no trade ends more than 5 % below the highest price of the bars that it was held',
    broken: eachTrade((trade, _, run) => keepsLevel(trade, highest(highs(run, trade.from, trade.to)) * 0.95, run)),
    without: ['trail 5%', 'trail 9%'],
  },
  '13. Take half, let the rest run': {
    says: 'the first target takes half of what was bought',
    broken: ({ trades }) => {
      const firstTakes = trades.filter(
        (trade, place) => trade.exitReason === 'take' && trades.findIndex((other) => other.position === trade.position) === place,
      );
      const bought = (position: number): number =>
        trades.filter((trade) => trade.position === position).reduce((sum, { qty }) => sum + qty, 0);
      return firstTakes.length === 0
        ? ['no target was reached']
        : firstTakes.filter(({ qty, position }) => !isNear(qty, bought(position) / 2)).map(told);
    },
    without: ['take 50% at 1R', 'take 80% at 1R'],
  },
  '14. Nothing to lose any more': {
    says: 'what was 1.5 % ahead on an earlier bar ends at the entry or above, but where a bar opens below',
    broken: eachTrade((trade, _, run) => {
      const isAhead = highest(highs(run, trade.from, trade.to)) >= trade.entryPrice * 1.015;
      return !isAhead || keepsLevel(trade, trade.entryPrice * 1.003, run);
    }),
    without: ['  breakeven after 1R plus 0.3%\n', ''],
  },
  '15. Out after a day': {
    says: 'nothing is held for more than 24 bars and the one on which the exit fills',
    broken: eachTrade(({ from, to }) => to - from <= 25),
    without: ['  timeout 24 bars\n', ''],
    bars: 1500,
  },
  '16. Flat before the weekend': {
    says: 'nothing is held on a Saturday or Sunday',
    broken: eachTrade(({ from, to }, _, { bars }) => bars.slice(from, to).every(({ time }) => ![0, 6].includes(weekdayOf(time)))),
    without: ['  exit when is_late_friday reason "weekend"\n', ''],
    bars: 1500,
  },
  '17. The same risk in each trade': {
    says: 'three average ranges cost 1 % of the equity, where all of it buys enough for that',
    broken: eachTrade((trade, at, run) => {
      const distance = 3 * averageRange(run.bars, 14)[at]!;
      const wanted = Math.min(0.01 / distance, 1 / run.bars[at]!.close) * run.equity[at]!;
      return isNear(trade.qty, wanted) || trade.qty < wanted;
    }),
    without: ['size risk 1% of equity max 100% of equity', 'size 95% of equity'],
    bars: 1500,
  },
  '18. A steady volatility': {
    says: 'the share of the equity is 20 % over what the last two days swung in a year, or all of it',
    broken: eachTrade((trade, at, run) => {
      const values = closes(run);
      const returns = Array.from({ length: 48 }, (_, back) => Math.log(values[at - back]! / values[at - back - 1]!));
      const yearly = populationDeviation(returns) * Math.sqrt(365.25 * 24);
      return shareOf(trade, at, run) <= Math.min(0.2 / yearly, 1) * (1 + 1e-6);
    }),
    without: ['target 20%', 'target 30%'],
    bars: 1500,
  },
  '19. Add to winners': {
    says: 'there are at most three adds, each of at most half of the first and dearer than the one before',
    broken: eachLadder((fills) =>
      fills.every(
        ({ qty, price }, place) =>
          place === 0 || (place <= 3 && qty <= (fills[0]!.qty / 2) * (1 + 1e-9) && price > fills[place - 1]!.price),
      ),
    ),
    without: ['last_fill + 2 atr(24)', 'last_fill - 2 atr(24)'],
  },
  '20. Average down, with an end': {
    says: 'there are at most four adds, each as large as the first and 2 % below the last fill or lower',
    broken: eachLadder((fills) =>
      fills.every(
        ({ qty, price }, place) =>
          place === 0 || (place <= 4 && isNear(qty, fills[0]!.qty) && price <= fills[place - 1]!.price * 0.98 * (1 + 1e-9)),
      ),
    ),
    without: ['every 2% against', 'every 1% against'],
  },
  '21. A ladder of buys': {
    says: 'each step is 1 % lower than the one before and 1.2 times as large, from the first add on',
    broken: eachLadder((fills) =>
      fills.every(
        ({ qty, price }, place) =>
          place === 0 ||
          (place <= 5 && isNear(qty, fills[0]!.qty * 1.2 ** (place - 1)) && price <= fills[place - 1]!.price * 0.99 * (1 + 1e-9)),
      ),
    ),
    without: ['scale 1.2', 'scale 1.5'],
  },
  '22. More on stronger signs': {
    says: 'the share of the equity is 30 % times the strength',
    broken: eachTrade((trade, at, run) => {
      const strength = clamp((run.bars[at]!.close / mean(closes(run), 100, at) - 1) * 20, 0.1, 1);
      return isNear(shareOf(trade, at, run), 0.3 * strength);
    }),
    without: [' times confidence', ''],
  },
  '23. Wait after a loss': {
    says: 'no entry fills within 24 bars of an exit with a loss',
    broken: ({ trades }) =>
      trades.filter(({ from }, place) => place > 0 && trades[place - 1]!.profit! < 0 && from - trades[place - 1]!.to < 24).map(told),
    without: ['  cooldown 24 bars after loss\n', ''],
  },
  '24. No more today': {
    says: 'after a close at which the day has cost 2 %, nothing is bought for a day',
    broken: ({ trades, bars, equity }) => {
      const days = [...Map.groupBy(bars.keys(), (bar) => dayOf(bars[bar]!.time)).values()];
      const ends = days.map((ofDay, day) => ofDay.find((bar) => day > 0 && equity[bar]! <= equity[ofDay[0]! - 1]! * 0.98));
      return ends.flatMap((end) => (end === undefined ? [] : trades.filter(({ from }) => from > end && from <= end + 24).map(told)));
    },
    without: ['risk { max loss 2% per day then flatten and pause 1d }', ''],
    bars: 1500,
  },
  '25. Two trades a day': {
    says: 'no day has more than two entries',
    broken: ({ trades }) => {
      const days = Map.groupBy(trades, ({ entryTime }) => dayOf(entryTime));
      return [...days.values()].filter((ofDay) => ofDay.length > 2).map((ofDay) => ofDay.map(told).join(', '));
    },
    without: ['risk { max trades 2 per day }', ''],
  },
  '26. Not in a deep drawdown': {
    says: 'the share of the equity is 4 % where the equity is 3 % below its highest, else 40 %',
    broken: eachTrade((trade, at, run) => {
      const drawdown = 1 - run.equity[at]! / Math.max(10_000, highest(run.equity.slice(0, at + 1)));
      return isNear(shareOf(trade, at, run), drawdown > 0.03 ? 0.04 : 0.4);
    }),
    without: ['then 0.1 else 1', 'then 0.5 else 1'],
    bars: 1500,
  },
  '27. Another market as a filter': {
    says: 'the last four hours of the other market that were over when a trade was decided had closed above their average',
    broken: eachTrade((_, at, { bars, other }) => {
      const parts = lastClosed(other('BTC/USDT'), 4 * HOUR, bars[at]!.time + HOUR);
      return parts.at(-1)! > mean(parts, 30, parts.length - 1);
    }),
    without: [' and leads', ' and leads is not na'],
  },
  '28. A pair': {
    says: 'the one is bought for what the other is sold for, at the same time',
    broken: ({ trades }) =>
      [...Map.groupBy(trades, ({ entryTime }) => entryTime).values()]
        .filter((legs) => {
          const [one, two] = legs.map(({ qty, entryPrice }) => qty * entryPrice);
          return legs.length !== 2 || legs[0]!.side === legs[1]!.side || Math.abs(one! / two! - 1) > 0.05;
        })
        .map((legs) => legs.map(told).join(', ')),
    without: ['sell BTC/USDT', 'buy BTC/USDT'],
    bars: 1000,
  },
  '29. The three strongest': {
    says: 'never more than three markets are held',
    broken: ({ trades }) =>
      trades.flatMap((trade) => {
        const held = trades.filter(({ entryTime, exitTime }) => entryTime <= trade.entryTime && exitTime > trade.entryTime);
        return new Set(held.map(({ market }) => market)).size > 3 ? [told(trade)] : [];
      }),
    without: ['hold top 3', 'hold top 5'],
    bars: 200,
  },
  '30. Be paid to be short': {
    says: 'longs pay more than 1 bp at each entry, and funding has brought money in the end',
    broken: (run) => {
      const rates = run.further('funding_rate');
      const received = -run.trades.reduce((sum, { carry }) => sum + carry, 0);
      return [...run.trades.filter(({ from }) => !(rates[from - 1]! > 0.0001)).map(told), ...(received > 0 ? [] : ['funding cost money'])];
    },
    without: ['funding_rate > 1bp and ', ''],
  },
};
