import { CstParser } from 'chevrotain';
import type { IParserErrorMessageProvider, IToken } from 'chevrotain';
import { lazyLookahead } from './lazy-lookahead.ts';
import * as T from './tokens.ts';

const { W } = T;

/** Chevrotain's own texts mention tokens and rules and cost time to build; `syntax-error.ts` writes ours from the exception. Only the wanted kind is kept. */
const QUIET: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
};

/**
 * Expressions, from `or` down to literals (language.md section 3). One token of look-ahead everywhere, so an error is found at the very word that is wrong.
 * `not`, unary minus, chains of operators and `else if` are loops: only brackets nest, and `limits.ts` counts those before the parser sees them.
 */
export class ExpressionRules extends CstParser {
  /** Offset of the token behind the last complete comparison: another comparison there is a chained one (E0110). */
  protected comparisonEnd = -1;

  constructor(skipValidations: boolean) {
    super(T.VOCABULARY, {
      maxLookahead: 1,
      lookaheadStrategy: lazyLookahead(1),
      recoveryEnabled: false,
      nodeLocationTracking: 'onlyOffset',
      errorMessageProvider: QUIET,
      skipValidations,
    });
  }

  protected isNext(type: { readonly tokenTypeIdx?: number }, ahead = 1): boolean {
    return this.LA(ahead).tokenTypeIdx === type.tokenTypeIdx;
  }

  protected isName(token: IToken): boolean {
    return token.tokenType === T.Identifier || token.tokenType.CATEGORIES?.includes(T.Name) === true;
  }

  readonly expression = this.RULE('expression', () => {
    this.SUBRULE(this.conjunction, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(W.or, { LABEL: 'operator' });
      this.SUBRULE2(this.conjunction, { LABEL: 'operand' });
    });
  });

  readonly conjunction = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation, { LABEL: 'operand' });
    this.MANY(() => {
      this.CONSUME(W.and, { LABEL: 'operator' });
      this.SUBRULE2(this.negation, { LABEL: 'operand' });
    });
  });

  readonly negation = this.RULE('negation', () => {
    this.MANY(() => this.CONSUME(W.not, { LABEL: 'operator' }));
    this.SUBRULE(this.comparison, { LABEL: 'operand' });
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(W.for, { LABEL: 'mode' }) }, { ALT: () => this.CONSUME(W.within, { LABEL: 'mode' }) }]);
      this.SUBRULE(this.additive, { LABEL: 'length' });
    });
  });

  readonly comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.additive, { LABEL: 'operand' });
    this.OPTION(() => {
      this.SUBRULE(this.relation);
      this.ACTION(() => (this.comparisonEnd = this.LA(1).startOffset));
    });
  });

  readonly relation = this.RULE('relation', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Comparison, { LABEL: 'operator' });
          this.SUBRULE(this.additive, { LABEL: 'operand' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.crosses, { LABEL: 'operator' });
          this.OPTION(() => {
            this.OR2([
              { ALT: () => this.CONSUME(W.above, { LABEL: 'direction' }) },
              { ALT: () => this.CONSUME(W.below, { LABEL: 'direction' }) },
            ]);
          });
          this.SUBRULE2(this.additive, { LABEL: 'operand' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.between, { LABEL: 'operator' });
          this.SUBRULE3(this.additive, { LABEL: 'operand' });
          this.CONSUME(W.and);
          this.SUBRULE4(this.additive, { LABEL: 'operand' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.in, { LABEL: 'operator' });
          this.SUBRULE5(this.additive, { LABEL: 'operand' });
          this.OPTION2(() => {
            this.CONSUME(T.DotDot);
            this.SUBRULE6(this.additive, { LABEL: 'operand' });
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.is, { LABEL: 'operator' });
          this.OPTION3(() => this.CONSUME(W.not));
          this.OR3([
            { ALT: () => this.CONSUME(W.na, { LABEL: 'state' }) },
            { ALT: () => this.CONSUME(W.long, { LABEL: 'state' }) },
            { ALT: () => this.CONSUME(W.short, { LABEL: 'state' }) },
            { ALT: () => this.CONSUME(T.Name, { LABEL: 'state' }) },
          ]);
        },
      },
      { ALT: () => this.CONSUME(W.rises, { LABEL: 'operator' }) },
      { ALT: () => this.CONSUME(W.falls, { LABEL: 'operator' }) },
    ]);
  });

  readonly additive = this.RULE('additive', () => {
    this.SUBRULE(this.product, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Plus, { LABEL: 'operator' }) }, { ALT: () => this.CONSUME(T.Minus, { LABEL: 'operator' }) }]);
      this.SUBRULE2(this.product, { LABEL: 'operand' });
    });
  });

  readonly product = this.RULE('product', () => {
    this.SUBRULE(this.unary, { LABEL: 'operand' });
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.Star, { LABEL: 'operator' }) }, { ALT: () => this.CONSUME(T.Slash, { LABEL: 'operator' }) }]);
      this.SUBRULE2(this.unary, { LABEL: 'operand' });
    });
  });

  readonly unary = this.RULE('unary', () => {
    this.MANY(() => this.CONSUME(T.Minus, { LABEL: 'operator' }));
    this.SUBRULE(this.primary);
    this.MANY2(() => this.SUBRULE(this.suffix));
  });

  readonly suffix = this.RULE('suffix', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.LBracket, { LABEL: 'operator' });
          this.SUBRULE(this.expression);
          this.CONSUME(T.RBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Dot, { LABEL: 'operator' });
          this.CONSUME(T.AnyWord, { LABEL: 'member' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.of, { LABEL: 'operator' });
          this.OR2([{ ALT: () => this.SUBRULE(this.market) }, { ALT: () => this.SUBRULE(this.path) }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.on, { LABEL: 'operator' });
          this.SUBRULE(this.timeframe);
        },
      },
    ]);
  });

  readonly path = this.RULE('path', () => {
    this.CONSUME(T.Name, { LABEL: 'name' });
    this.MANY(() => {
      this.CONSUME(T.Dot);
      this.CONSUME(T.AnyWord, { LABEL: 'name' });
    });
  });

  readonly market = this.RULE('market', () => {
    this.OR([{ ALT: () => this.CONSUME(T.MarketToken, { LABEL: 'market' }) }, { ALT: () => this.CONSUME(T.Upper, { LABEL: 'market' }) }]);
  });

  readonly timeframe = this.RULE('timeframe', () => {
    this.OR([{ ALT: () => this.CONSUME(T.DurationToken) }, { ALT: () => this.CONSUME(T.Name) }]);
  });

  readonly primary = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.quantity) },
      { ALT: () => this.CONSUME(T.PercentToken, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(T.BasisPoints, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(T.RMultiple, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(T.DurationToken, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(T.DateToken, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(T.TimeToken, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(W.na, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(W.true, { LABEL: 'literal' }) },
      { ALT: () => this.CONSUME(W.false, { LABEL: 'literal' }) },
      {
        ALT: () => {
          this.CONSUME(T.Name);
          this.OPTION(() => this.SUBRULE(this.args));
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LParen);
          this.SUBRULE(this.expression, { LABEL: 'inner' });
          this.CONSUME(T.RParen);
        },
      },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.choice) },
    ]);
  });

  readonly quantity = this.RULE('quantity', () => {
    this.CONSUME(T.NumberToken);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Upper, { LABEL: 'currency' }) },
        {
          ALT: () => {
            this.CONSUME(T.UnitWord, { LABEL: 'unit' });
            this.OPTION2(() => this.SUBRULE(this.args));
          },
        },
      ]);
    });
  });

  readonly args = this.RULE('args', () => {
    this.CONSUME(T.LParen);
    this.OPTION({
      GATE: () => !this.isNext(T.RParen),
      DEF: () => this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.argument) }),
    });
    this.CONSUME(T.RParen);
  });

  readonly argument = this.RULE('argument', () => {
    this.OPTION({
      GATE: () => this.isNext(T.Colon, 2),
      DEF: () => {
        this.CONSUME(T.Name);
        this.CONSUME(T.Colon);
      },
    });
    this.SUBRULE(this.expression);
  });

  readonly list = this.RULE('list', () => {
    this.CONSUME(T.LBracket);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(T.RBracket);
  });

  /** `if a then b else if c then d else e`: conditions and results alternate, the last expression is the result of the last `else`. */
  readonly choice = this.RULE('choice', () => {
    this.CONSUME(W.if);
    this.SUBRULE(this.expression);
    this.CONSUME(W.then);
    this.SUBRULE2(this.expression);
    this.MANY({
      GATE: () => this.isNext(W.if, 2),
      DEF: () => {
        this.CONSUME(W.else);
        this.CONSUME2(W.if);
        this.SUBRULE3(this.expression);
        this.CONSUME2(W.then);
        this.SUBRULE4(this.expression);
      },
    });
    this.CONSUME2(W.else);
    this.SUBRULE5(this.expression);
  });
}
