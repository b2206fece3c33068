export interface StatementDoc {
  /** How the statement is written, with optional parts in square brackets. */
  readonly form: string;
  readonly text: string;
}

/** What the words that start statements are for. */
export const STATEMENT_DOCS: Readonly<Record<string, StatementDoc>> = {
  strat: { form: 'strat 1', text: 'The edition of the language, on the first line.' },
  strategy: { form: 'strategy "name" [{ author "..." version "..." tags "a, b" }]', text: 'Names the strategy.' },
  module: { form: 'module "name"', text: 'A file of functions that others import; it cannot trade.' },
  use: {
    form: 'use [strategy | indicator | model] name [as other] from "./file.strat" [with { param = value }]',
    text: 'Imports functions of a module, another strategy as an input, an indicator plugin or the predictions of a model.',
  },
  trade: { form: 'trade BTC/USDT[, ETH/USDT] on 1h [side long | short | both]', text: 'The markets and the length of the bars.' },
  account: { form: 'account { capital 10_000 USDT leverage 2 margin isolated }', text: 'Defaults of the account in a simulation.' },
  costs: { form: 'costs { maker 0.02% taker 0.05% slippage 0.05% }', text: 'Defaults of what trading costs in a simulation.' },
  param: {
    form: 'param name [: kind] = value [in low..high | in [a, b]] [step x] [log] [label "..."]',
    text: 'A value that is fixed before the run and may be set from outside or optimised.',
  },
  require: {
    form: 'require condition ["why"]',
    text: 'What must hold among params and constants; other values are refused before the run.',
  },
  let: {
    form: 'let name [: kind] = expression [start expression]',
    text: 'Gives a value a name. With `start` it may read its own past: `let x = x[1] + 1 start 0`.',
  },
  def: { form: 'def name(a, n: length = 14) [: kind] = expression', text: 'A function; with `{ let ... return ... }` it has steps.' },
  export: { form: 'export def name(...) = expression', text: 'A function of a module that other files may import.' },
  chart: {
    form: 'chart [BTC/USDT on] 4h { let ... }',
    text: 'Names computed on a longer chart or another market, as of its last closed bar.',
  },
  session: {
    form: 'session name { hours 09:30..16:00 zone "America/New_York" days mon..fri holidays "nyse" }',
    text: 'Times of the day and days of the week.',
  },
  regime: { form: 'regime name start state { state -> other when condition }', text: 'A state machine; ask with `name is state`.' },
  universe: {
    form: 'universe { list [...] filter condition rank by x hold top 5 rebalance every 1w }',
    text: 'Which markets are traded, chosen anew over time.',
  },
  basket: { form: 'basket name { buy BTC/USDT sell ETH/USDT weight 2 }', text: 'Several markets that are traded as one.' },
  long: { form: 'long { enter when ... exit when ... size ... stop ... }', text: 'Rules of the long side.' },
  short: { form: 'short { enter when ... exit when ... size ... stop ... }', text: 'Rules of the short side.' },
  setup: { form: 'setup name long { enter when ... }', text: 'A way to trade with rules of its own and a name in the report.' },
  enter: {
    form: 'enter [long | short] [basket] when condition [at limit price | at stop price] [with confidence x] [reason "..."]',
    text: 'Opens a position when the condition is known to be true at the close of a bar; it fills from the next bar on.',
  },
  exit: {
    form: 'exit [long | short] [basket] [50%] when condition [at ...] [reason "..."]',
    text: 'Closes the position, or a part of it.',
  },
  add: { form: 'add [amount] when condition | every 2% against | in_favor, max 3 times [scale 2]', text: 'Adds to an open position.' },
  size: {
    form: 'size 10% of equity | 1000 USDT | 0.5 BTC | risk 1% of equity | volatility target 20% | kelly [times x] [max x] [min x]',
    text: 'How much an entry trades.',
  },
  stop: {
    form: 'stop 2 atr | 5% | at price [moving] [closing] [limit x]',
    text: 'Closes the position at a loss that is known at the entry.',
  },
  take: { form: 'take [50%] at 2R[, rest at 5%]', text: 'Takes profit at targets, in parts or as a whole.' },
  trail: { form: 'trail 3 atr [after 1R] [step x] [closing]', text: 'A stop that follows the best price so far.' },
  breakeven: { form: 'breakeven after 1R [plus 0.1%]', text: 'Moves the stop to the entry price once the position is ahead.' },
  timeout: { form: 'timeout 20 bars [when condition]', text: 'Closes a position that is open for too long.' },
  cooldown: { form: 'cooldown 5 bars [after loss | win | stop | exit]', text: 'No new entry for a while after a position.' },
  cancel: { form: 'cancel when condition', text: 'Takes back orders that have not been filled.' },
  oco: { form: 'oco { enter ... enter ... }', text: 'Entries of which the first that fills cancels the others.' },
  grid: { form: 'grid { ... }', text: 'Part of edition 1.1.' },
  risk: {
    form: 'risk { max loss 3% per day then flatten and pause 1d block long when condition }',
    text: 'What must never happen, for the whole strategy.',
  },
  notify: { form: 'notify "text {name}" [when condition] [via name] [level warning] [once per day]', text: 'Sends a message.' },
  plot: { form: 'plot expression [as "title"] [color blue] [pane "name"]', text: 'Draws a series in the report.' },
  mark: { form: 'mark above | below when condition [text "..."] [color red]', text: 'Marks bars in the report.' },
  objective: { form: 'objective maximize sortino [where trades.count >= 100]', text: 'What the optimiser looks for.' },
  return: { form: 'return expression', text: 'The value of a function with steps.' },
};
