import type { OfMarketExpression, OnExpression, Timeframe } from '../ast/expression.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import { type ChartChoice, chartLength } from './charts.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import type { Scope } from './scope.ts';
import { typeWords } from './type.ts';
import { isPoison, type Value } from './value.ts';
import { timeframeOfStep } from '#core/model/timeframe.ts';

/** `e on 4h` and `e of BTC/USDT`: e is computed on the other chart and read on this one as of its last closed bar. */
export class LongerViewChecker {
  readonly #checker: ExpressionChecker;

  constructor(checker: ExpressionChecker) {
    this.#checker = checker;
  }

  check(e: OfMarketExpression | OnExpression, scope: Scope): Value {
    const { charts } = this.#checker.context;
    if (e.kind === 'OfMarket') return this.#view(e, charts.ofMarket(e.market), e.market.span, scope);
    const choice = this.chart(e.timeframe, scope);
    if (choice !== null) return this.#view(e, choice, e.timeframe.span, scope);
    // What is wrong with the expression is worth knowing too, on the chart where it stands.
    this.#checker.check(e.value, scope);
    return this.#checker.poison();
  }

  /** The chart with longer bars of the current market; null after an error. */
  chart(timeframe: Timeframe, scope: Scope): number | null {
    const { charts, findings } = this.#checker.context;
    const choice =
      timeframe.kind === 'Duration'
        ? charts.longer(chartLength(timeframe.ms, timeframe.unit, timeframe.count), timeframe)
        : this.#named(timeframe, scope);
    if (choice === null) return null;
    if (choice.ok) return choice.chart;
    findings.add(choice.code, choice.span, choice.message, choice.hint);
    return null;
  }

  /** A length that is a constant or a param by name; another value of the param makes another program. */
  #named(timeframe: Extract<Timeframe, { kind: 'Name' }>, scope: Scope): ChartChoice | null {
    const { charts, statics } = this.#checker.context;
    const length = this.#checker.check(timeframe, scope);
    if (isPoison(length)) return null;
    if (length.type.kind !== 'duration') {
      const message = `a chart length is a duration, found ${typeWords(length.type)}`;
      return { ok: false, code: 'E0307', span: timeframe.span, message, hint: 'write 4h or 1d' };
    }
    if (!statics.isStatic(length.node)) {
      return { ok: false, code: 'E0303', span: timeframe.span, message: 'a chart length is fixed before the run, found a series' };
    }
    statics.markChart(length.node);
    return charts.longer(timeframeOfStep(statics.valueOf(length.node)), timeframe);
  }

  #view(e: OfMarketExpression | OnExpression, chart: number, place: Span, scope: Scope): Value {
    const checker = this.#checker;
    const { charts } = checker.context;
    const value = charts.on(chart, place, () => checker.check(e.value, scope));
    if (isPoison(value)) return value;
    if (this.#isFixed(value)) {
      const word = e.kind === 'On' ? 'on' : 'of';
      return checker.error(
        'E0312',
        e.wordSpan,
        `"${word}" takes a series, found a constant`,
        `put the comparison in brackets: (rsi(14) < 30) ${word} ...`,
      );
    }
    return sampled(checker, value, chart);
  }

  #isFixed({ type, node }: Value): boolean {
    if (type.kind === 'group') return [...type.members.values()].every((member) => this.#isFixed(member));
    if (type.kind === 'list') return type.items.every((item) => this.#isFixed(item));
    return this.#checker.context.builder.node(node).rate !== 'series';
  }
}

/** A value of another chart as it is known on the current one, all of its members too. */
export function sampled(checker: ExpressionChecker, value: Value, from: number): Value {
  const { builder, charts } = checker.context;
  const maxAgeMs = charts.maxAgeMs(from, charts.current);
  const read = (x: Value): Value => {
    const { type } = x;
    if (type.kind === 'group')
      return { ...x, type: { ...type, members: new Map([...type.members].map(([name, member]) => [name, read(member)])) } };
    if (type.kind === 'list') return { ...x, type: { ...type, items: type.items.map(read) } };
    if (type.kind === 'regime') return { type: { ...type, bars: read(type.bars) }, node: builder.sample(x.node, charts.current, maxAgeMs) };
    return { type, node: builder.sample(x.node, charts.current, maxAgeMs) };
  };
  return read(value);
}
