/** What a part of a strategy gets where it says nothing of it, in this order. */
const FRAME: readonly (readonly [statement: RegExp, text: string, isBefore: boolean])[] = [
  [/^trade /m, 'trade BTC/USDT on 1h', true],
  [/\benter? /, 'enter long when close crosses above sma(close, 50)', false],
  [/\b(exit|take|trail|timeout) /, 'exit long when close crosses below sma(close, 50)', false],
  [/^ *size /m, 'size 10% of equity', false],
  [/^ *stop /m, 'stop 5%', false],
];

/** The strategy that a page shows a part of: with the lines that every strategy needs. A text that begins with `strat 1` is whole. */
export function wholeStrategy(part: string): string {
  if (part.startsWith('strat 1')) return part;
  const missing = FRAME.filter(([statement]) => !statement.test(part));
  const lines = (isBefore: boolean): readonly string[] => missing.filter((line) => line[2] === isBefore).map(([, line]) => line);
  return ['strat 1', 'strategy "Part"', ...lines(true), part.trimEnd(), ...lines(false), ''].join('\n');
}
