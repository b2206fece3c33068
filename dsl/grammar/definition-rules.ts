import { ExpressionRules } from './expression-rules.ts';
import * as T from './tokens.ts';

const { W } = T;

/** What a program defines and sets: imports, markets, params, names, functions, charts, sessions, regimes, universes, baskets. */
export class DefinitionRules extends ExpressionRules {
  /** A name that is being defined: a reserved word here is E0203. */
  readonly definedName = this.RULE('definedName', () => {
    this.CONSUME(T.Name);
  });

  readonly typeClause = this.RULE('typeClause', () => {
    this.CONSUME(T.Colon);
    this.CONSUME(T.TypeWord);
  });

  readonly settings = this.RULE('settings', () => {
    this.CONSUME(T.LCurly);
    this.MANY(() => this.SUBRULE(this.setting));
    this.CONSUME(T.RCurly);
  });

  readonly setting = this.RULE('setting', () => {
    this.CONSUME(T.Name);
    this.OR([
      { ALT: () => this.CONSUME(T.TextToken) },
      {
        ALT: () => {
          this.SUBRULE(this.additive, { LABEL: 'value' });
          this.OPTION(() => {
            this.CONSUME(T.DotDot);
            this.SUBRULE2(this.additive, { LABEL: 'value' });
          });
        },
      },
    ]);
  });

  readonly useStatement = this.RULE('useStatement', () => {
    this.CONSUME(W.use, { LABEL: 'word' });
    this.OPTION({
      GATE: () => this.isNext(W.strategy) || this.startsImportKind(),
      DEF: () => {
        this.OR([
          { ALT: () => this.CONSUME(W.strategy, { LABEL: 'what' }) },
          { ALT: () => this.CONSUME(W.indicator, { LABEL: 'what' }) },
          { ALT: () => this.CONSUME(W.model, { LABEL: 'what' }) },
          { ALT: () => this.CONSUME(W.calendar, { LABEL: 'what' }) },
        ]);
      },
    });
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.importedName) });
    this.CONSUME(W.from);
    this.CONSUME(T.TextToken);
    this.OPTION2(() => {
      this.CONSUME(W.with);
      this.CONSUME(T.LCurly);
      this.MANY(() => this.SUBRULE(this.binding));
      this.CONSUME(T.RCurly);
    });
  });

  /** `model x from` names a kind; `model from`, `model, x from` and `model as m from` import something called model. */
  private startsImportKind(): boolean {
    return this.isName(this.LA(2)) && !(this.isNext(W.as, 2) && this.isName(this.LA(3)));
  }

  readonly importedName = this.RULE('importedName', () => {
    this.SUBRULE(this.definedName);
    this.OPTION(() => {
      this.CONSUME(W.as);
      this.SUBRULE2(this.definedName);
    });
  });

  readonly binding = this.RULE('binding', () => {
    this.CONSUME(T.Name);
    this.CONSUME(T.Equals);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(T.Comma));
  });

  readonly tradeStatement = this.RULE('tradeStatement', () => {
    this.CONSUME(W.trade, { LABEL: 'word' });
    this.OR([
      { ALT: () => this.CONSUME(W.universe) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.market) }) },
    ]);
    this.CONSUME(W.on);
    this.SUBRULE(this.timeframe);
    this.OPTION(() => {
      this.CONSUME(W.side);
      this.OR2([
        { ALT: () => this.CONSUME(W.long, { LABEL: 'side' }) },
        { ALT: () => this.CONSUME(W.short, { LABEL: 'side' }) },
        { ALT: () => this.CONSUME(W.both, { LABEL: 'side' }) },
      ]);
    });
  });

  readonly settingsStatement = this.RULE('settingsStatement', () => {
    this.OR([
      { ALT: () => this.CONSUME(W.account, { LABEL: 'word' }) },
      { ALT: () => this.CONSUME(W.costs, { LABEL: 'word' }) },
      { ALT: () => this.CONSUME(W.grid, { LABEL: 'word' }) },
    ]);
    this.SUBRULE(this.settings);
  });

  readonly paramStatement = this.RULE('paramStatement', () => {
    this.CONSUME(W.param, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.OPTION(() => this.SUBRULE(this.typeClause));
    this.CONSUME(T.Equals);
    this.SUBRULE(this.additive, { LABEL: 'value' });
    this.OPTION2(() => {
      this.CONSUME(W.in);
      this.SUBRULE2(this.additive, { LABEL: 'domain' });
      this.OPTION3(() => {
        this.CONSUME(T.DotDot);
        this.SUBRULE3(this.additive, { LABEL: 'domain' });
      });
    });
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(W.step, { LABEL: 'clause' });
            this.SUBRULE4(this.additive, { LABEL: 'step' });
          },
        },
        { ALT: () => this.CONSUME(W.log, { LABEL: 'clause' }) },
        {
          ALT: () => {
            this.CONSUME(W.label, { LABEL: 'clause' });
            this.CONSUME(T.TextToken);
          },
        },
      ]);
    });
  });

  readonly requireStatement = this.RULE('requireStatement', () => {
    this.CONSUME(W.require, { LABEL: 'word' });
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(T.TextToken));
  });

  readonly letStatement = this.RULE('letStatement', () => {
    this.CONSUME(W.let, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.OPTION(() => this.SUBRULE(this.typeClause));
    this.CONSUME(T.Equals);
    this.SUBRULE(this.expression, { LABEL: 'value' });
    this.OPTION2(() => {
      this.CONSUME(W.start);
      this.SUBRULE2(this.expression, { LABEL: 'start' });
    });
  });

  readonly defStatement = this.RULE('defStatement', () => {
    this.OPTION(() => this.CONSUME(W.export));
    this.CONSUME(W.def, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.CONSUME(T.LParen);
    this.OPTION2({
      GATE: () => !this.isNext(T.RParen),
      DEF: () => this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.parameter) }),
    });
    this.CONSUME(T.RParen);
    this.OPTION3(() => this.SUBRULE(this.typeClause));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Equals);
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.LCurly);
          this.MANY(() => this.SUBRULE(this.letStatement));
          this.CONSUME(W.return);
          this.SUBRULE2(this.expression);
          this.CONSUME(T.RCurly);
        },
      },
    ]);
  });

  readonly parameter = this.RULE('parameter', () => {
    this.SUBRULE(this.definedName);
    this.OPTION(() => this.SUBRULE(this.typeClause));
    this.OPTION2(() => {
      this.CONSUME(T.Equals);
      this.SUBRULE(this.additive, { LABEL: 'value' });
    });
  });

  readonly sessionStatement = this.RULE('sessionStatement', () => {
    this.CONSUME(W.session, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.SUBRULE(this.settings);
  });

  readonly regimeStatement = this.RULE('regimeStatement', () => {
    this.CONSUME(W.regime, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.CONSUME(W.start);
    this.SUBRULE2(this.definedName, { LABEL: 'initial' });
    this.CONSUME(T.LCurly);
    this.MANY(() => this.SUBRULE(this.transition));
    this.CONSUME(T.RCurly);
  });

  readonly transition = this.RULE('transition', () => {
    this.SUBRULE(this.definedName);
    this.CONSUME(T.Arrow);
    this.SUBRULE2(this.definedName);
    this.CONSUME(W.when);
    this.SUBRULE(this.expression);
  });

  readonly universeStatement = this.RULE('universeStatement', () => {
    this.CONSUME(W.universe, { LABEL: 'word' });
    this.CONSUME(T.LCurly);
    this.MANY(() => this.SUBRULE(this.universeClause));
    this.CONSUME(T.RCurly);
  });

  readonly universeClause = this.RULE('universeClause', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(W.quote, { LABEL: 'clause' });
          this.CONSUME(T.Upper);
        },
      },
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(W.list, { LABEL: 'clause' }) }, { ALT: () => this.CONSUME(W.exclude, { LABEL: 'clause' }) }]);
          this.CONSUME(T.LBracket);
          this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.market) });
          this.CONSUME(T.RBracket);
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.filter, { LABEL: 'clause' });
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.rank, { LABEL: 'clause' });
          this.CONSUME(W.by);
          this.SUBRULE2(this.expression);
          this.OPTION(() => {
            this.OR3([
              { ALT: () => this.CONSUME(W.ascending, { LABEL: 'order' }) },
              { ALT: () => this.CONSUME(W.descending, { LABEL: 'order' }) },
            ]);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.hold, { LABEL: 'clause' });
          this.CONSUME(W.top);
          this.SUBRULE(this.additive);
        },
      },
      {
        ALT: () => {
          this.OR4([
            { ALT: () => this.CONSUME(W.rebalance, { LABEL: 'clause' }) },
            { ALT: () => this.CONSUME(W.refresh, { LABEL: 'clause' }) },
          ]);
          this.CONSUME(W.every);
          this.CONSUME(T.DurationToken);
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.weight, { LABEL: 'clause' });
          this.OR5([
            { ALT: () => this.CONSUME(W.equal, { LABEL: 'mode' }) },
            {
              ALT: () => {
                this.OR6([
                  { ALT: () => this.CONSUME2(W.by, { LABEL: 'mode' }) },
                  { ALT: () => this.CONSUME(W.inverse, { LABEL: 'mode' }) },
                ]);
                this.SUBRULE3(this.expression);
              },
            },
          ]);
        },
      },
    ]);
  });

  readonly basketStatement = this.RULE('basketStatement', () => {
    this.CONSUME(W.basket, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.CONSUME(T.LCurly);
    this.MANY(() => this.SUBRULE(this.basketLeg));
    this.CONSUME(T.RCurly);
  });

  readonly basketLeg = this.RULE('basketLeg', () => {
    this.OR([{ ALT: () => this.CONSUME(W.buy, { LABEL: 'action' }) }, { ALT: () => this.CONSUME(W.sell, { LABEL: 'action' }) }]);
    this.SUBRULE(this.market);
    this.OPTION(() => {
      this.CONSUME(W.weight);
      this.SUBRULE(this.additive);
    });
  });
}
