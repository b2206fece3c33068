import { DefinitionRules } from './definition-rules.ts';
import * as T from './tokens.ts';

const { W } = T;

/** What a program does: entries, exits, sizes, protection, risk, messages, charts and the goal of the optimiser. */
export class TradingRules extends DefinitionRules {
  readonly sideWord = this.RULE('sideWord', () => {
    this.OR([{ ALT: () => this.CONSUME(W.long, { LABEL: 'side' }) }, { ALT: () => this.CONSUME(W.short, { LABEL: 'side' }) }]);
  });

  readonly enterStatement = this.RULE('enterStatement', () => {
    this.CONSUME(W.enter, { LABEL: 'word' });
    this.OPTION(() => this.SUBRULE(this.sideWord));
    this.OPTION2(() => this.CONSUME(T.Name));
    this.CONSUME(W.when);
    this.SUBRULE(this.expression, { LABEL: 'condition' });
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.order) },
        { ALT: () => this.SUBRULE(this.confidenceClause) },
        { ALT: () => this.SUBRULE(this.reasonClause) },
      ]);
    });
  });

  readonly confidenceClause = this.RULE('confidenceClause', () => {
    this.CONSUME(W.with);
    this.CONSUME(W.confidence);
    this.SUBRULE(this.expression);
  });

  readonly reasonClause = this.RULE('reasonClause', () => {
    this.CONSUME(W.reason);
    this.CONSUME(T.TextToken);
  });

  readonly exitStatement = this.RULE('exitStatement', () => {
    this.CONSUME(W.exit, { LABEL: 'word' });
    this.OPTION(() => this.SUBRULE(this.sideWord));
    this.OPTION2(() => this.CONSUME(T.Name));
    this.OPTION3(() => this.CONSUME(T.PercentToken));
    this.CONSUME(W.when);
    this.SUBRULE(this.expression, { LABEL: 'condition' });
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.order) }, { ALT: () => this.SUBRULE(this.reasonClause) }]);
    });
  });

  readonly order = this.RULE('order', () => {
    this.CONSUME(W.at);
    this.OR([
      { ALT: () => this.CONSUME(W.market, { LABEL: 'type' }) },
      {
        ALT: () => {
          this.CONSUME(W.limit, { LABEL: 'type' });
          this.SUBRULE(this.additive, { LABEL: 'price' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.stop, { LABEL: 'type' });
          this.SUBRULE2(this.additive, { LABEL: 'price' });
          this.OPTION(() => {
            this.CONSUME2(W.limit);
            this.SUBRULE3(this.additive, { LABEL: 'price' });
          });
        },
      },
    ]);
    this.MANY(() => this.SUBRULE(this.orderOption));
  });

  readonly orderOption = this.RULE('orderOption', () => {
    this.OR([
      { ALT: () => this.CONSUME(W.post_only, { LABEL: 'option' }) },
      { ALT: () => this.CONSUME(W.ioc, { LABEL: 'option' }) },
      { ALT: () => this.CONSUME(W.fok, { LABEL: 'option' }) },
      {
        ALT: () => {
          this.CONSUME(W.good, { LABEL: 'option' });
          this.OR2([
            {
              ALT: () => {
                this.CONSUME(W.for);
                this.SUBRULE(this.additive);
              },
            },
            {
              ALT: () => {
                this.CONSUME(W.until);
                this.OR3([{ ALT: () => this.CONSUME(T.TimeToken) }, { ALT: () => this.CONSUME(W.cancelled) }]);
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.else, { LABEL: 'option' });
          this.CONSUME(W.market);
          this.CONSUME(W.after);
          this.SUBRULE2(this.additive);
        },
      },
    ]);
  });

  readonly addStatement = this.RULE('addStatement', () => {
    this.CONSUME(W.add, { LABEL: 'word' });
    this.OPTION({ GATE: () => !this.isNext(W.every), DEF: () => this.SUBRULE(this.additive, { LABEL: 'amount' }) });
    this.SUBRULE(this.addTrigger);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(W.max, { LABEL: 'clause' });
            this.SUBRULE2(this.additive, { LABEL: 'max' });
            this.CONSUME(W.times);
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.scale, { LABEL: 'clause' });
            this.SUBRULE3(this.additive, { LABEL: 'scale' });
          },
        },
        { ALT: () => this.SUBRULE(this.order) },
      ]);
    });
  });

  readonly addTrigger = this.RULE('addTrigger', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(W.when);
          this.SUBRULE(this.expression, { LABEL: 'condition' });
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.every);
          this.SUBRULE(this.additive, { LABEL: 'distance' });
          this.OR2([
            { ALT: () => this.CONSUME(W.against, { LABEL: 'direction' }) },
            { ALT: () => this.CONSUME(W.in_favor, { LABEL: 'direction' }) },
          ]);
        },
      },
    ]);
  });

  readonly sizeStatement = this.RULE('sizeStatement', () => {
    this.CONSUME(W.size, { LABEL: 'word' });
    this.SUBRULE(this.sizeRule);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(W.times, { LABEL: 'clause' }) },
        { ALT: () => this.CONSUME(W.max, { LABEL: 'clause' }) },
        { ALT: () => this.CONSUME(W.min, { LABEL: 'clause' }) },
      ]);
      this.SUBRULE(this.additive, { LABEL: 'bound' });
    });
  });

  /** `kelly`, `volatility` and `unit` open their clause here even where a name of the same text exists: the one deliberate ambiguity. */
  readonly sizeRule = this.RULE('sizeRule', () => {
    this.OR({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        {
          ALT: () => {
            this.CONSUME(W.risk, { LABEL: 'mode' });
            this.SUBRULE(this.additive, { LABEL: 'value' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.kelly, { LABEL: 'mode' });
            this.OPTION(() => {
              this.CONSUME(W.fraction);
              this.SUBRULE2(this.additive, { LABEL: 'value' });
            });
            this.OPTION2(() => {
              this.CONSUME(W.over);
              this.SUBRULE3(this.additive, { LABEL: 'over' });
              this.CONSUME(W.trades);
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.volatility, { LABEL: 'mode' });
            this.CONSUME(W.target);
            this.SUBRULE4(this.additive, { LABEL: 'value' });
            this.OPTION3(() => {
              this.CONSUME2(W.over);
              this.SUBRULE5(this.additive, { LABEL: 'over' });
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.unit, { LABEL: 'mode' });
            this.SUBRULE6(this.additive, { LABEL: 'value' });
            this.CONSUME(W.per);
            this.SUBRULE7(this.additive, { LABEL: 'per' });
          },
        },
        { ALT: () => this.SUBRULE8(this.additive, { LABEL: 'value' }) },
      ],
    });
  });

  readonly stopStatement = this.RULE('stopStatement', () => {
    this.CONSUME(W.stop, { LABEL: 'word' });
    this.OPTION(() => this.CONSUME(W.at));
    this.SUBRULE(this.additive, { LABEL: 'value' });
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(W.moving, { LABEL: 'clause' }) },
        { ALT: () => this.CONSUME(W.closing, { LABEL: 'clause' }) },
        {
          ALT: () => {
            this.CONSUME(W.limit, { LABEL: 'clause' });
            this.SUBRULE2(this.additive, { LABEL: 'limit' });
          },
        },
      ]);
    });
  });

  readonly takeStatement = this.RULE('takeStatement', () => {
    this.CONSUME(W.take, { LABEL: 'word' });
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.takeLeg) });
  });

  readonly takeLeg = this.RULE('takeLeg', () => {
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.PercentToken, { LABEL: 'share' }) },
        { ALT: () => this.CONSUME(W.rest, { LABEL: 'share' }) },
        { ALT: () => this.CONSUME(W.all, { LABEL: 'share' }) },
      ]);
    });
    this.CONSUME(W.at);
    this.SUBRULE(this.additive);
  });

  readonly trailStatement = this.RULE('trailStatement', () => {
    this.CONSUME(W.trail, { LABEL: 'word' });
    this.SUBRULE(this.additive, { LABEL: 'distance' });
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(W.from, { LABEL: 'clause' });
            this.SUBRULE2(this.additive, { LABEL: 'from' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.after, { LABEL: 'clause' });
            this.SUBRULE3(this.additive, { LABEL: 'after' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.step, { LABEL: 'clause' });
            this.SUBRULE4(this.additive, { LABEL: 'step' });
          },
        },
        { ALT: () => this.CONSUME(W.closing, { LABEL: 'clause' }) },
        { ALT: () => this.CONSUME(W.moving, { LABEL: 'clause' }) },
      ]);
    });
  });

  readonly breakevenStatement = this.RULE('breakevenStatement', () => {
    this.CONSUME(W.breakeven, { LABEL: 'word' });
    this.CONSUME(W.after);
    this.SUBRULE(this.additive, { LABEL: 'after' });
    this.OPTION(() => {
      this.CONSUME(W.plus);
      this.SUBRULE2(this.additive, { LABEL: 'plus' });
    });
  });

  readonly timeoutStatement = this.RULE('timeoutStatement', () => {
    this.CONSUME(W.timeout, { LABEL: 'word' });
    this.SUBRULE(this.additive, { LABEL: 'length' });
    this.OPTION(() => {
      this.CONSUME(W.when);
      this.SUBRULE(this.expression, { LABEL: 'condition' });
    });
  });

  readonly cooldownStatement = this.RULE('cooldownStatement', () => {
    this.CONSUME(W.cooldown, { LABEL: 'word' });
    this.SUBRULE(this.additive, { LABEL: 'length' });
    this.OPTION(() => {
      this.CONSUME(W.after);
      this.OR([
        { ALT: () => this.CONSUME(W.loss, { LABEL: 'event' }) },
        { ALT: () => this.CONSUME(W.win, { LABEL: 'event' }) },
        { ALT: () => this.CONSUME(W.stop, { LABEL: 'event' }) },
        { ALT: () => this.CONSUME(W.exit, { LABEL: 'event' }) },
      ]);
    });
  });

  readonly cancelStatement = this.RULE('cancelStatement', () => {
    this.CONSUME(W.cancel, { LABEL: 'word' });
    this.CONSUME(W.when);
    this.SUBRULE(this.expression, { LABEL: 'condition' });
  });

  readonly riskStatement = this.RULE('riskStatement', () => {
    this.CONSUME(W.risk, { LABEL: 'word' });
    this.CONSUME(T.LCurly);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.SUBRULE(this.riskLimit, { LABEL: 'rule' }) },
        { ALT: () => this.SUBRULE(this.riskGuard, { LABEL: 'rule' }) },
      ]);
    });
    this.CONSUME(T.RCurly);
  });

  readonly riskLimit = this.RULE('riskLimit', () => {
    this.CONSUME(W.max);
    this.CONSUME(T.Name, { LABEL: 'name' });
    this.SUBRULE(this.additive);
    this.OPTION(() => {
      this.CONSUME(W.per);
      this.CONSUME2(T.Name, { LABEL: 'per' });
    });
    this.OPTION2(() => {
      this.CONSUME(W.then);
      this.SUBRULE(this.riskAction);
      this.OPTION3(() => {
        this.CONSUME(W.and);
        this.SUBRULE2(this.riskAction);
      });
    });
  });

  readonly riskAction = this.RULE('riskAction', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(W.pause, { LABEL: 'action' });
          this.SUBRULE(this.additive);
        },
      },
      { ALT: () => this.CONSUME(W.flatten, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(W.halt, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(W.notify, { LABEL: 'action' }) },
    ]);
  });

  readonly riskGuard = this.RULE('riskGuard', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(W.block, { LABEL: 'action' });
          this.OPTION(() => this.SUBRULE(this.sideWord));
        },
      },
      { ALT: () => this.CONSUME(W.flatten, { LABEL: 'action' }) },
      { ALT: () => this.CONSUME(W.halt, { LABEL: 'action' }) },
    ]);
    this.CONSUME(W.when);
    this.SUBRULE(this.expression);
  });

  readonly notifyStatement = this.RULE('notifyStatement', () => {
    this.CONSUME(W.notify, { LABEL: 'word' });
    this.CONSUME(T.TextToken);
    this.OPTION(() => {
      this.CONSUME(W.when);
      this.SUBRULE(this.expression);
    });
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(W.via, { LABEL: 'clause' });
            this.CONSUME(T.Name, { LABEL: 'via' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.level, { LABEL: 'clause' });
            this.CONSUME2(T.Name, { LABEL: 'level' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.once, { LABEL: 'clause' });
            this.CONSUME(W.per);
            this.CONSUME3(T.Name, { LABEL: 'once' });
          },
        },
      ]);
    });
  });

  readonly plotStatement = this.RULE('plotStatement', () => {
    this.CONSUME(W.plot, { LABEL: 'word' });
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(W.as, { LABEL: 'clause' });
            this.CONSUME(T.TextToken, { LABEL: 'title' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.color, { LABEL: 'clause' });
            this.CONSUME(T.Name, { LABEL: 'color' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.pane, { LABEL: 'clause' });
            this.CONSUME2(T.TextToken, { LABEL: 'pane' });
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.style, { LABEL: 'clause' });
            this.CONSUME2(T.Name, { LABEL: 'style' });
          },
        },
      ]);
    });
  });

  readonly markStatement = this.RULE('markStatement', () => {
    this.CONSUME(W.mark, { LABEL: 'word' });
    this.OR([{ ALT: () => this.CONSUME(W.above, { LABEL: 'where' }) }, { ALT: () => this.CONSUME(W.below, { LABEL: 'where' }) }]);
    this.CONSUME(W.when);
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(W.text, { LABEL: 'clause' });
            this.CONSUME(T.TextToken);
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.color, { LABEL: 'clause' });
            this.CONSUME(T.Name, { LABEL: 'color' });
          },
        },
      ]);
    });
  });

  readonly objectiveStatement = this.RULE('objectiveStatement', () => {
    this.CONSUME(W.objective, { LABEL: 'word' });
    this.OR([
      { ALT: () => this.CONSUME(W.maximize, { LABEL: 'direction' }) },
      { ALT: () => this.CONSUME(W.minimize, { LABEL: 'direction' }) },
    ]);
    this.SUBRULE(this.additive);
    this.OPTION(() => {
      this.CONSUME(W.where);
      this.SUBRULE(this.expression);
    });
  });
}
