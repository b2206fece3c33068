import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

export const compiler = createCompiler();

/** `CODE line:column` of every error; the given lines start at line 4. That there is a program exactly when there is no error is part of it. */
export function places(lines: string, trade = 'trade BTC/USDT on 1h'): readonly string[] {
  const source = `strat 1\nstrategy "places"\n${trade}\n${lines}\n`;
  const map = new LineMap(source);
  const { program, diagnostics } = compiler.compile(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const found = errors.map(({ code, span }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column}`;
  });
  return (program === null) === errors.length > 0 ? found : [...found, program === null ? 'no program' : 'a program'];
}

/** A line with its errors. */
export type Row = readonly [line: string, expected: readonly string[]];

/** Rules without faults. */
export const RULES = 'enter long when close > open\nsize 1 BTC\nstop 5%';

/** Places of one line in front of rules without faults; it is line 4. */
export const onLine4 = (line: string): readonly string[] => places(`${line}\n${RULES}`);
