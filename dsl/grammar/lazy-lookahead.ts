import { LLkLookaheadStrategy } from 'chevrotain';
import type { ILookaheadStrategy } from 'chevrotain';

type Alternation = ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']>;
type Optional = ReturnType<ILookaheadStrategy['buildLookaheadForOptional']>;

/**
 * What may follow is computed for a choice of the grammar when a text first comes to it: a program has few of the kinds of statements that there are, and
 * computing all is most of what building the parser takes.
 */
export function lazyLookahead(maxLookahead: number): ILookaheadStrategy {
  const eager = new LLkLookaheadStrategy({ maxLookahead });
  return {
    validate: (grammar) => eager.validate(grammar),
    buildLookaheadForAlternation(choice) {
      let chosen: Alternation | null = null;
      // Chevrotain calls it on the parser.
      return function (this: unknown, alternatives) {
        chosen ??= eager.buildLookaheadForAlternation(choice);
        return chosen.call(this, alternatives);
      };
    },
    buildLookaheadForOptional(choice) {
      let isNext: Optional | null = null;
      return function (this: unknown) {
        isNext ??= eager.buildLookaheadForOptional(choice);
        return isNext.call(this);
      };
    },
  };
}
