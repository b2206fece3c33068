import { RULE_NOTES } from './rule-notes.ts';

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
  ...RULE_NOTES,
];
