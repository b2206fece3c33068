/** What a person has to say of a statement; its syntax is read from the grammar. */
export interface StatementNote {
  readonly title: string;
  /** Rule of the parser. */
  readonly rule: string;
  readonly does: string;
  /** What stands in it, what that means, and what holds where it is left out. */
  readonly clauses: readonly (readonly [clause: string, meaning: string, otherwise: string])[];
  /** A part of a strategy, or a whole one. */
  readonly example: string;
}

const ORDER = 'at limit close * 0.99 good for 12 bars';

/** In the order of the page. Every statement of the grammar has one; a missing one fails the build. */
export const STATEMENT_NOTES: readonly StatementNote[] = [
  {
    title: 'strat, strategy, module',
    rule: 'heading',
    does: 'The head of a file: the edition of the language, then what the file is. A `strategy` trades; a `module` holds functions for others. The braces may hold what else is known of it; nothing of that changes a trade.',
    clauses: [
      ['`strat 1`', 'the edition; new reserved words come only with a new one', '1'],
      ['`author "..."`, `version "..."`, `tags "a, b"`', 'told by results and by the page of the bot', 'nothing'],
    ],
    example: `strat 1
strategy "Cross" {
  author "you"
  version "1.0.0"
}
trade BTC/USDT on 1h
enter long when close crosses above sma(close, 50)
exit long when close crosses below sma(close, 50)
size 10% of equity
stop 5%
`,
  },
  {
    title: 'trade',
    rule: 'tradeStatement',
    does: 'Which markets, on bars of which length. Several markets share one account. `trade universe` takes them from the `universe` statement.',
    clauses: [
      ['markets', '`BTC/USDT`, `BTC/USDT:USDT` (perpetual), `SPY`', 'needed'],
      ['`on 1h`', 'the length of a bar: a duration, or a param or constant from above', 'needed; `--timeframe` goes before'],
      ['`side long`, `short`, `both`', 'sides that may be held', 'the sides that the rules use'],
    ],
    example: `trade BTC/USDT, ETH/USDT on 4h side long
enter long when close crosses above ema(close, 20)
exit long when close crosses below ema(close, 20)
`,
  },
  {
    title: 'account, costs',
    rule: 'settingsStatement',
    does: 'What a simulation begins with and pays. Options of the command line and the config of a bot go before. `grid` is a word of a later edition.',
    clauses: [
      ['`capital 10000 USDT`', 'cash at the start', '10,000 units of the quote'],
      ['`leverage 2`, `margin isolated` or `cross`', 'how much may be held, and what stands behind it', '1, `cross`'],
      ['`maker`, `taker`', 'fee of a fill, as a percent', '0.1%'],
      ['`slippage`', 'how much worse than the market a market order or stop fills', '0.05%'],
      ['`funding true`', 'funding of perpetuals is paid by the `funding_rate` of the data', 'not paid'],
      ['`borrow 6%`', 'what a short position costs a year', 'nothing'],
    ],
    example: `account { capital 5000 USDT }
costs { maker 0.02% taker 0.05% slippage 3bp }
`,
  },
  {
    title: 'use',
    rule: 'useStatement',
    does: 'Takes something from another file: functions of a module, an indicator plugin, another strategy as a series, predictions of a model. Paths start with `./` and stay inside of the folder of the file; `strategy:NAME` is one that comes with strat, `plugin:@scope/name` one that `strat.lock` pins.',
    clauses: [
      ['`NAME as OTHER`', 'another name for it here', 'its own name'],
      ['`with { NAME = ... }`', 'params of the strategy, features of the model', 'their defaults; a model needs some'],
      ['`use strategy s`', '`s.side` (1, 0, -1), `s.is_long`, `s.is_short`, `s.strength`', ''],
      ['`use model m`', '`m.up`, `m.down`, `m.value`, `m.age`', ''],
    ],
    example: `use strategy trend from "strategy:sma-cross" with { fast = 10 }
enter long when trend is long and rsi(close, 14) < 50
exit long when trend.side <= 0
`,
  },
  {
    title: 'param',
    rule: 'paramStatement',
    does: 'A number to tune. It has one value in a run: the default, or what `--set NAME=VALUE` says. The range and the step are what an optimiser may try; a value outside of them is refused.',
    clauses: [
      ['`in a..b`', 'lowest and highest value', 'the default alone'],
      ['`in [a, b, c]`', 'a list of values instead', ''],
      ['`step s`', 'distance of the values from the lowest on', 'any value of the range'],
      ['`log`', 'an optimiser tries small values as often as large ones', 'evenly'],
      ['`label "..."`', 'how tables call it', 'its name'],
    ],
    example: `param n = 20 in 10..60 step 10 label "length of the average"
enter long when close crosses above sma(close, n)
exit long when close crosses below sma(close, n)
`,
  },
  {
    title: 'require',
    rule: 'requireStatement',
    does: 'A relation between params that must hold for the values in use; a run with others is refused.',
    clauses: [['`"..."`', 'why', 'the condition is told as it is written']],
    example: `param fast = 10 in 5..50 step 5
param slow = 40 in 20..200 step 20
require fast < slow "the fast average must be the shorter one"
enter long when sma(close, fast) crosses above sma(close, slow)
`,
  },
  {
    title: 'let',
    rule: 'letStatement',
    does: 'Gives a value a name: a number, a series, a condition, a group. A series may read its own past, and then says where it starts; while its value one bar ago is na it is its start.',
    clauses: [
      ['`: TYPE`', 'the kind that is meant; another one is an error', 'the kind of the value'],
      ['`start ...`', 'the first value of a series that reads itself', 'needed where it does'],
    ],
    example: `let line = line[1] + 0.1 * (close - line[1]) start close
enter long when close crosses above line
exit long when close crosses below line
`,
  },
  {
    title: 'def',
    rule: 'defStatement',
    does: 'A function without effects. It is written out where it is called, so it cannot call itself. A parameter whose type is `length` must be known before the run. A comment that begins with `##` above it is what editors show. In a module, `export` lets others use it.',
    clauses: [
      ['`NAME: TYPE = value`', 'a parameter with its kind and its default', 'any kind, no default'],
      ['`: TYPE`', 'the kind of the result', 'the kind of the value'],
    ],
    example: `## distance of the close from its average, as a share
def stretch(n: length = 20) = close / sma(close, n) - 1
enter long when stretch(50) < -3%
exit long when stretch() > 0%
`,
  },
  {
    title: 'chart',
    rule: 'chartStatement',
    does: 'Names series on another chart: longer bars, another market, or both. They are read as of the last bar of that chart that has closed.',
    clauses: [['market `on` length', 'the market, and the length of its bars', 'the traded market; the traded length']],
    example: `chart 1d { let rising = close > sma(close, 20) }
enter long when rsi(close, 14) crosses above 40 and rising
exit long when rsi(close, 14) > 65
`,
  },
  {
    title: 'session',
    rule: 'sessionStatement',
    does: 'Trading hours with a name: `.active`, `.first`, `.last`, `.elapsed` (to the close of the bar) and `.bars`, both na outside. With exactly one session its zone is that of the clock and of days, weeks and months of longer charts.',
    clauses: [
      ['`hours 09:30..16:00`', 'when it opens and closes; over midnight, it belongs to the day on which it opens', 'needed'],
      ['`zone "America/New_York"`', 'a zone of the time zone database, summer time included', '`"UTC"`'],
      ['`days mon..fri`', 'days on which it opens', 'all'],
      ['`holidays "nyse"`', 'a calendar: `nyse`, `lse`, `xetra`, `target`', 'none'],
    ],
    example: `session ny {
  hours 09:30..16:00
  zone "America/New_York"
  days mon..fri
}
enter long when ny.active and ny.elapsed <= 2h and close > sma(close, 20)
exit long when ny.last
`,
  },
  {
    title: 'regime',
    rule: 'regimeStatement',
    does: 'A state with rules between states. At each bar the first line whose state and condition fit changes it; `any` fits every state. `market is calm` asks, `market.bars` counts the bars since the last change.',
    clauses: [['`start NAME`', 'the state before the first change', 'needed']],
    example: `regime market start calm {
  calm -> wild when natr(14) > 1.2%
  wild -> calm when natr(14) < 1% and market.bars >= 12
}
enter long when market is calm and close crosses above sma(close, 20)
exit long when market is wild or close < sma(close, 20)
`,
  },
  {
    title: 'universe',
    rule: 'universeStatement',
    does: 'Chooses the markets of `trade universe`, at each moment from what was known then. Its expressions are computed on the bars of each market and know no account. `rank(x)` in a rule is the place among the members, 1 the highest.',
    clauses: [
      ['`quote USDT`', 'all markets in this currency that there are data of', 'the `list`'],
      ['`list [...]`, `exclude [...]`', 'these markets; all but these', ''],
      ['`filter c`', 'only those of which this is true', 'all'],
      ['`rank by x`, `ascending`', 'their order; highest first unless `ascending`', 'the order of the list'],
      ['`hold top 5`', 'how many are members', 'all that pass'],
      ['`weight equal`, `by x`, `inverse x`', 'the share of each', '`equal`'],
      ['`rebalance every 7d`', 'when members are chosen and sizes brought to their weights', 'at each bar'],
      ['`refresh every 30d`', 'when filters are asked', 'at each rebalance'],
    ],
    example: `strat 1
strategy "Rotation"
universe {
  list [BTC/USDT, ETH/USDT, SOL/USDT, XRP/USDT]
  rank by roc(close, 20) hold top 2
  rebalance every 7d
}
trade universe on 1d
enter long when roc(close, 20) > 0%
exit long when close < sma(close, 50)
size 90% of equity
stop 20%
`,
  },
  {
    title: 'basket',
    rule: 'basketStatement',
    does: 'Several markets as one position. Rules name it: `enter long pair when ...` buys the legs as they are written, `enter short pair` the other way round. It is traded with market orders; sizes are money, levels are percents.',
    clauses: [['`weight w`', 'the share of a leg in the money of the position', '1']],
    example: `trade ETH/USDT, BTC/USDT on 1h side both
basket pair { buy ETH/USDT sell BTC/USDT }
let z = zscore(log(close of ETH/USDT) - log(close of BTC/USDT), 200)
enter long pair when z crosses below -2
exit long pair when z > 0
`,
  },
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
