import type { StatementNote } from './statement-notes.ts';

const ORDER = 'at limit close * 0.99 good for 12 bars';

/** Sides, rules of trading, limits, and what shows and tells. */
export const RULE_NOTES: readonly StatementNote[] = [
  {
    title: 'long, short',
    rule: 'sideStatement',
    does: 'Rules of one side. Statements inside replace, kind by kind, those at the top of the file.',
    clauses: [],
    example: `stop 4%
long {
  enter when close crosses above sma(close, 50)
  exit when close crosses below sma(close, 50)
}
short {
  enter when close crosses below sma(close, 100)
  exit when close crosses above sma(close, 100)
  stop 2%
}
`,
  },
  {
    title: 'setup',
    rule: 'setupStatement',
    does: 'Rules of one side with positions of their own: an open position belongs to the setup that opened it, and only the exits of that setup close it. One position is open at a time.',
    clauses: [],
    example: `setup breakout long {
  enter when close > highest(high, 48)[1]
  exit when close < lowest(low, 24)[1]
}
setup dip long {
  enter when rsi(close, 2) < 5 and close > sma(close, 200)
  exit when close > sma(close, 5)
}
`,
  },
  {
    title: 'enter',
    rule: 'enterStatement',
    does: 'Opens a position when the condition is known to be true at the close of a bar. Without an order it fills at the next open. While a position is open, further signals are ignored. Several entries that are true at once: the first in the file.',
    clauses: [
      ['`long`, `short`', 'the side', 'that of the block around it'],
      ['`with confidence x`', 'from 0 to 1: sizes may use it, and of rivals for cash the higher goes first', '1'],
      ['`reason "..."`', 'told with the trade; may hold values, `{close:2}`', 'none'],
      ['an order', 'see below', 'market, at the next open'],
    ],
    example: `enter long when close crosses above sma(close, 50) ${ORDER} reason "below {close:2}"
exit long when close < sma(close, 50) * 0.97
`,
  },
  {
    title: 'orders',
    rule: 'order',
    does: 'How an `enter`, `exit` or `add` goes to the market. A limit fills at its price when the market goes through it, or at a better open; a stop when the market touches it, or at the open beyond it. A new signal prices a resting order anew.',
    clauses: [
      ['`at market`', 'at the next open', 'this'],
      ['`at limit p`, `at stop p`, `at stop p limit q`', 'rests at its price', ''],
      ['`good for 3 bars`, `good until 15:30`, `good until cancelled`', 'how long', 'until cancelled'],
      ['`post_only`', 'refused when it would take at the close', 'it may take'],
      ['`ioc`, `fok`', 'at the next open what there is, or all or nothing', 'it rests'],
      ['`else market after 2 bars`', 'then at the market', 'it goes on resting'],
    ],
    example: `enter long when close > sma(close, 50) at stop highest(high, 24) + 1 tick good for 6 bars
exit long when close < sma(close, 50) at limit close * 1.005 else market after 4 bars
`,
  },
  {
    title: 'exit',
    rule: 'exitStatement',
    does: 'Closes the position, or a part of it. Of several that are true the largest share wins.',
    clauses: [
      ['`long`, `short`', 'the side', 'that of the block around it'],
      ['`50%`', 'the part of what is held', 'all'],
      ['`reason "..."`', 'told with the trade', '`exit`'],
      ['an order', 'as above', 'market, at the next open'],
    ],
    example: `enter long when close crosses above sma(close, 50)
exit long 50% when position.profit > 3% reason "half"
exit long when close crosses below sma(close, 50) reason "below {close:2}"
`,
  },
  {
    title: 'oco',
    rule: 'ocoStatement',
    does: 'Entries of which the first that fills withdraws the others.',
    clauses: [],
    example: `let range_high = highest(high, 24)
let range_low = lowest(low, 24)
oco {
  enter long when natr(24) < 1% at stop range_high + 1 tick good for 12 bars
  enter short when natr(24) < 1% at stop range_low - 1 tick good for 12 bars
}
exit long when close < range_low[1]
exit short when close > range_high[1]
`,
  },
  {
    title: 'size',
    rule: 'sizeStatement',
    does: 'How much an entry buys or sells. Every entry needs one. What is more than the cash pays for is cut.',
    clauses: [
      ['`0.5 BTC`, `2 contracts`', 'a quantity', ''],
      ['`1000 USDT`, `10% of equity`, `10% of cash`', 'money, at the price of the order', ''],
      ['`risk 1% of equity`', 'so much that the initial stop costs this', ''],
      [
        '`kelly fraction f over n trades`',
        'that part of the Kelly share of the last trades; nothing (or `min`) before there are so many',
        'all of it, of 100',
      ],
      ['`volatility target 20% over n bars`', 'target / yearly standard deviation of the log returns', '30 bars'],
      ['`unit 1% of equity per 1 atr(20)`', 'so many units that this distance is worth the money', ''],
      ['`times x`', 'times a number', '1'],
      ['`max m`, `min m`', 'not above, not below', 'no bound'],
    ],
    example: `size risk 1% of equity max 50% of equity
stop 3 atr(14)
`,
  },
  {
    title: 'stop',
    rule: 'stopStatement',
    does: 'The initial stop, from the price of the fill. Of several the tightest counts. It fills at its level, or at the open beyond it.',
    clauses: [
      ['`2%`, `2 atr(14)`, `3 ticks`', 'a distance', ''],
      ['`at p`', 'a price, as it is at the signal', ''],
      ['`moving`', 'taken anew at each close, it only tightens', 'it stays'],
      ['`closing`', 'acts when a close is beyond it, and fills at the next open', 'acts inside of bars'],
      ['`limit 10bp`', 'a limit order, so much worse than the stop', 'a market order'],
    ],
    example: `stop at lowest(low, 12) - 0.5 atr(14)
stop 4%
`,
  },
  {
    title: 'take',
    rule: 'takeStatement',
    does: 'Up to eight targets. Percents are of all that was bought; distances are measured from the average entry. A target fills as a limit order.',
    clauses: [
      ['`40%`, `rest`, `all`', 'how much', 'all'],
      [
        '`at 2R`, `at 4%`, `at 3 atr`, `at p`',
        'where; R is the distance from the first fill to the initial stop; a price is taken anew at each close',
        'needed',
      ],
    ],
    example: `stop 2%
take 50% at 1R, rest at 3R
`,
  },
  {
    title: 'trail',
    rule: 'trailStatement',
    does: 'A stop that follows the best price. It moves at closes, never back, and acts from the next bar on.',
    clauses: [
      ['`2%`, `3 atr`', 'the distance from the best price', 'needed'],
      ['`after 1R`', 'begins once so much is gained', 'from the fill on'],
      ['`from p`', 'measured from this price at each close', 'from the best price'],
      ['`step 0.5%`', 'moves in whole steps', 'any move'],
      ['`moving`', 'the distance is taken anew at each close', 'that of the signal'],
      ['`closing`', 'compared with closes', 'acts inside of bars'],
    ],
    example: `stop 3%
trail 4 atr(14) after 1R
`,
  },
  {
    title: 'breakeven',
    rule: 'breakevenStatement',
    does: 'Once so much is gained, the stop is at least at the average entry, plus what is said.',
    clauses: [
      ['`after 1R`', 'the gain, by the best price of a bar', 'needed'],
      ['`plus 0.1%`', 'so much better than the entry', 'nothing'],
    ],
    example: `stop 2%
breakeven after 1R plus 0.3%
`,
  },
  {
    title: 'timeout',
    rule: 'timeoutStatement',
    does: 'Closes a position at the open after so many bars; a duration is rounded up to bars.',
    clauses: [['`when c`', 'only if this is true then, or at the first close after at which it is', 'in any case']],
    example: `timeout 24 bars when position.profit < 1%
`,
  },
  {
    title: 'cooldown',
    rule: 'cooldownStatement',
    does: 'No entries of the block for so many bars after a position has ended.',
    clauses: [['`after loss`, `win`, `stop`, `exit`', 'only after one that ended so', 'after each']],
    example: `cooldown 24 bars after loss
`,
  },
  {
    title: 'add',
    rule: 'addStatement',
    does: 'Adds to a position. It needs a `max`, so that the worst case is known.',
    clauses: [
      ['`50%`, `0.1 BTC`, `500 USDT`', 'how much; percents are of the first entry', '100%'],
      ['`when c`', 'at the next open, when true', ''],
      [
        '`every 2% against`, `in_favor`',
        'at distances from the last fill: limit orders below (above, of a short), or stop orders on the other side',
        '',
      ],
      ['`max n times`', 'how often', 'needed'],
      ['`scale s`', 'the k-th add is `s`^(k-1) times as large', '1'],
    ],
    example: `add 50% when close > last_fill + 2 atr(14) max 3 times
stop 4%
`,
  },
  {
    title: 'cancel',
    rule: 'cancelStatement',
    does: 'Withdraws the resting entries of its block.',
    clauses: [],
    example: `long {
  enter when close crosses above sma(close, 50) at limit close * 0.99
  cancel when close < sma(close, 50)
  exit when close < sma(close, 50) * 0.97
}
`,
  },
  {
    title: 'risk',
    rule: 'riskStatement',
    does: 'Limits that are checked at each close, before the rules. Without an action, what would break a limit is refused.',
    clauses: [
      ['`max position`, `exposure`, `leverage`', 'what entries may make of a market, of all, of the account', 'no limit'],
      ['`max loss 3% per day`', 'from the equity at the start of the period', 'over the run'],
      ['`max drawdown 20%`', 'from the highest equity', ''],
      ['`max positions`, `orders`, `trades`, `losing_streak`', 'counts', ''],
      ['`per bar`, `hour`, `day`, `week`, `month`', 'of `loss`, `orders`, `trades`', 'over the run'],
      ['`then pause 1d`, `flatten`, `halt`, `notify`', 'what happens; two with `and`', 'refuse'],
      ['`block long when c`, `flatten when c`, `halt when c`', 'rules of your own', ''],
    ],
    example: `risk {
  max loss 3% per day then flatten and pause 1d
  max trades 4 per day
  block when drawdown > 15%
}
`,
  },
  {
    title: 'notify',
    rule: 'notifyStatement',
    does: 'A message when a condition becomes true, on paper. Backtests leave messages out.',
    clauses: [
      ['`when c`', 'when it becomes true', 'at every entry and exit'],
      ['`via NAME`', 'through this notifier of the config', 'all'],
      ['`level warning`', '`info`, `warning`, `error`', '`info`'],
      ['`once per day`', 'at most', 'each time'],
    ],
    example: `notify "{symbol} fell to {close:2}" when close crosses below sma(close, 200) level warning once per day
`,
  },
  {
    title: 'plot',
    rule: 'plotStatement',
    does: 'A line in the report. It changes no trade.',
    clauses: [
      ['`as "..."`', 'its name', 'its text'],
      ['`color blue`', 'red, orange, yellow, green, teal, cyan, blue, purple, pink, brown, gray', 'one that is free'],
      ['`pane "..."`', 'a picture of its own below the prices', 'on the prices, or below them where its unit is another'],
      ['`style histogram`', 'bars from zero', 'a line'],
    ],
    example: `plot sma(close, 50) as "trend" color orange
plot rsi(close, 14) pane "momentum"
`,
  },
  {
    title: 'mark',
    rule: 'markStatement',
    does: 'A mark over or under each bar on which the condition is true, in the report and on the page of the bot.',
    clauses: [
      ['`text "..."`', 'may hold values, `{close:2}`', 'none'],
      ['`color red`', 'as of `plot`', 'a colour of the page'],
    ],
    example: `mark below when rsi(close, 14) crosses above 30 text "{close:0}" color green
`,
  },
  {
    title: 'objective',
    rule: 'objectiveStatement',
    does: 'What an optimiser looks for: arithmetic over the figures of a run. A backtest takes no notice of it.',
    clauses: [['`where c`', 'runs of which this is not true do not count', 'all count']],
    example: `objective maximize sortino where trades.count >= 100 and max_drawdown < 20%
`,
  },
];
