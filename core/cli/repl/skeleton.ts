import { format } from '#dsl/tools/format/format.ts';
import type { KeptLine } from './repl-lines.ts';

interface SkeletonParts {
  /** Text of the strategy that was loaded; null = none. */
  readonly base: string | null;
  readonly lines: readonly KeptLine[];
  /** What it enters on; null = something that anyone will change. */
  readonly condition: string | null;
  readonly market: string;
  readonly timeframe: string;
  readonly name: string;
}

/** A strategy that begins where a session ended: its lines, an entry on the last condition, a size and a stop. Of a strategy that was loaded its text, with the lines below. */
export function skeleton({ base, lines, condition, market, timeframe, name }: SkeletonParts): string {
  const kept = lines.map(({ text }) => text);
  const title = name.replace(/[^ -~]|["\\]/g, ' ').trim();
  const text =
    base === null
      ? [
          'strat 1',
          `strategy "${title === '' ? 'repl' : title}"`,
          `trade ${market} on ${timeframe}`,
          '',
          ...kept,
          '',
          `enter long when ${condition ?? 'close crosses above sma(close, 50)'}`,
          'size 10% of equity',
          'stop 5%',
          '',
        ].join('\n')
      : [base.trimEnd(), ...kept, ''].join('\n');
  const formatted = format(text);
  return formatted.ok ? formatted.text : text;
}
