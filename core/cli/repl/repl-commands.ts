/** Commands and what they do, as `:help` tells. */
export const REPL_COMMANDS: readonly (readonly [name: string, argument: string, help: string])[] = [
  [':chart', 'EXPR', 'draw it'],
  [':type', 'EXPR', 'its kind, how much of the past it needs, what its values are like'],
  [':doc', 'NAME', 'what a function does'],
  [':data', '[PATH...]', 'candles to compute on, MARKET=PATH says whose, VENUE:MARKET of the data store; without a path: which these are'],
  [':at', 'TIME | last', 'the bar whose values are shown'],
  [':load', 'FILE', 'use the names of a strategy'],
  [':list', '', 'the lines that are kept'],
  [':drop', 'NAME', 'forget a line'],
  [':save', 'FILE', 'write a strategy with the lines'],
  [':help', '', 'this'],
  [':quit', '', 'end; so does Ctrl-D'],
];
