/** Built-in names that are no functions: what each is. A name without a line fails the build. */
export const SERIES_NOTES: Readonly<Record<string, string>> = {
  open: 'The price at which the bar opened.',
  high: 'The highest price of the bar.',
  low: 'The lowest price of the bar.',
  close: 'The price at which the bar closed: the last one that a decision knows.',
  volume: 'What was traded in the bar, in units of the base (BTC of BTC/USDT).',
  hl2: '(high + low) / 2.',
  hlc3: '(high + low + close) / 3, the typical price.',
  ohlc4: '(open + high + low + close) / 4.',
  time: 'When the bar opened, in the zone of the clock: compared with dates (`time >= 2024-03-01`) and times of day (`time >= 09:30`).',
  bar_index: 'The number of the bar, 0 for the first of the data.',
  hour: 'Hour of the open of the bar, 0 to 23, in the zone of the session if there is exactly one, else UTC.',
  minute: 'Minute of the open, 0 to 59.',
  weekday: 'Day of the week of the open, 1 (Monday) to 7: `weekday == fri`, `weekday in mon..fri`.',
  day: 'The number of the day of the open, counted from 1970-01-01: `day != day[1]` is the first bar of a day.',
  day_of_month: 'Day of the month of the open, 1 to 31.',
  month: 'Month of the open, 1 to 12.',
  year: 'Year of the open.',
  mon: 'Monday, 1.',
  tue: 'Tuesday, 2.',
  wed: 'Wednesday, 3.',
  thu: 'Thursday, 4.',
  fri: 'Friday, 5.',
  sat: 'Saturday, 6.',
  sun: 'Sunday, 7.',
  quote_volume: 'What was traded in units of the quote; volume times close where the data have no such column.',
  funding_rate: 'The last known funding rate of a perpetual; na where the data have none.',
  open_interest: 'The last known open interest in units of the base; na where the data have none.',
  spread: 'The last known spread as a share of the price; na where the data have none.',
  age: 'The time from the open of the first known bar of the market.',
  pi: '3.14159...',
};

/** Of the account: what, and an expression that a position can be asked for. */
export const ACCOUNT_NOTES: Readonly<Record<string, string>> = {
  equity: 'Cash and the value of what is held, after the close: money.',
  cash: 'What is not in positions: money.',
  drawdown: 'How far the equity is below its highest: a percent.',
  last_fill: 'The price of the last fill: a price.',
  'position.open': 'Whether something is held: a condition.',
  'position.size': 'How much is held, without a sign: a quantity; 0 while flat.',
  'position.value': 'What it is worth at the close: money; 0 while flat.',
  'position.profit': 'How far the close is beyond the average entry: a percent; na while flat.',
  'position.pnl': 'What that is in money, before the costs of leaving; 0 while flat.',
  'position.r': 'The same in multiples of the distance from the first fill to the initial stop: a number; na while flat.',
  'position.adds': 'How often was added: a number; na while flat.',
  'position.bars': 'Bars since the entry: a number of bars; na while flat.',
  'entry.price': 'The average price of the entry: a price; na while flat.',
  'entry.time': 'When the bar of the entry opened: a time; na while flat.',
  'trades.count': 'Positions that were closed: a number.',
  'trades.wins': 'Those of them with a profit.',
  'trades.losses': 'Those of them with a loss.',
  'trades.losing_streak': 'Losses in a row up to now.',
  'trades.win_rate': 'The share of wins: a percent; na before the first trade.',
};

/** Names that stand in few places only. */
export const FORM_NOTES: Readonly<Record<string, string>> = {
  confidence: 'The confidence of the entry (`with confidence x`), in its size: `size 10% of equity times confidence`.',
  rank: '`rank(x)`: the place of the market among the members of the universe by x, 1 the highest; na for others ([universe](statements.md#universe)).',
  vote: '`vote(a: 2, b: 1)`: the weighted mean of the sides of strategies that are read as series, from -1 to 1 ([use](statements.md#use)).',
};

/** Operators by their precedence, the ones that bind most first: what they are, and an example on the sample market. */
export const OPERATORS: readonly (readonly [operators: string, meaning: string, example: string])[] = [
  ['`x[n]`', 'x n bars ago; n is known before the run, 0 to 5,000', 'close[1]'],
  ['`x.name`', 'a part of a group', 'macd(close).hist'],
  ['`x on 4h`', 'x on a longer chart, as of its last bar that has closed', 'close on 4h'],
  ['`x of BTC/USDT`', 'x on another market', ''],
  ['`-x`', 'the other sign', '-change(close, 1)'],
  ['`*` `/`', 'product, quotient; units are multiplied and divided as in physics', 'close * volume'],
  ['`+` `-`', 'sum, difference of equal units; `price + 2%` is a relative change', 'close + 2%'],
  ['`<` `<=` `>` `>=` `==` `!=`', 'comparison; it does not chain', 'close > open'],
  ['`a crosses above b`, `crosses below`, `crosses`', 'above now, and not above one bar ago', 'close crosses above sma(close, 20)'],
  ['`x between a and b`, `x in a..b`, `x in [a, b]`', 'from a to b, both included; one of a list', 'rsi(14) between 30 and 70'],
  ['`x is na`, `x is not na`', 'whether it is not known', 'sma(close, 500) is na'],
  ['`r is NAME`, `s is long`', 'the state of a regime, the side of a strategy', ''],
  ['`x rises`, `x falls`', 'against the bar before', 'close rises'],
  ['`c for 3 bars`', 'true on this bar and the 2 before', 'close > open for 3 bars'],
  ['`c within 5 bars`', 'true on one of the last 5', 'close > open within 5 bars'],
  ['`not`', 'unknown stays unknown', 'not (close > open)'],
  ['`and`', 'false as soon as one is false, true when both are', 'close > open and rsi(14) > 40'],
  ['`or`', 'true as soon as one is true, false when both are false', 'close > open or rsi(14) > 40'],
  ['`if c then a else b`', 'a where c is true, b where it is false, na where it is unknown', 'if close > open then high else low'],
];

/** Ways to write a value: kind, how, an example. */
export const LITERALS: readonly (readonly [kind: string, meaning: string, example: string])[] = [
  ['number', '`14`, `2.5`, `1_000`, `1e-4`, and `k`, `M`, `B` for thousands, millions, billions', '5M'],
  ['percent', 'touches its number; `25bp` is a quarter of a percent', '25bp'],
  ['duration', '`500ms 30s 15m 4h 1d 1w 3mo 1y`', '90m'],
  ['quantity', 'a number and a currency', '0.5 BTC'],
  ['money', 'the same with the quote of the market', '100 USDT'],
  ['price', 'a length in price: `3 atr`, `3 atr(21)`, `2 ticks`, `10 pips`', '3 atr'],
  ['bars', '`5 bars`', '5 bars'],
  ['condition', '`true`, `false`', 'true'],
  ['not known', '`na`', 'na'],
];
