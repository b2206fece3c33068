import type { Span } from '../../diagnostics/diagnostic.ts';
import type { MarkStatement, NotifyStatement, PlotStatement } from '../../ast/nodes.ts';
import type { MarkRule, NotifyRule, PlotRule } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import { isPoison } from '../value.ts';
import { LEVELS, oneOf, PERIODS } from './known-words.ts';
import { isShown } from './shown-value.ts';
import type { TextChecker } from './text-checker.ts';

/** What a run tells: `notify`, `plot`, `mark`. */
export class ReportChecker {
  readonly notifications: NotifyRule[] = [];
  readonly plots: PlotRule[] = [];
  readonly marks: MarkRule[] = [];
  readonly #checker: ExpressionChecker;
  readonly #texts: TextChecker;
  readonly #textOf: (span: Span) => string;

  /** `textOf`: a piece of the source. */
  constructor(checker: ExpressionChecker, texts: TextChecker, textOf: (span: Span) => string) {
    this.#checker = checker;
    this.#texts = texts;
    this.#textOf = textOf;
  }

  notify({ text, condition, via, level, oncePer, span }: NotifyStatement, scope: Scope): void {
    const { findings } = this.#checker.context;
    const template = this.#texts.template(text, scope);
    const when = condition === null ? null : this.#checker.condition(condition, scope);
    const period = oncePer === null ? null : oneOf(PERIODS, oncePer, 'a time to count in', findings);
    const known = level === null ? null : oneOf(LEVELS, level, 'a level of messages', findings);
    if (template === null || (when !== null && isPoison(when)) || period === undefined || known === undefined) return;
    this.notifications.push({ text: template, when: when?.node ?? null, via: via?.text ?? null, level: known, oncePer: period, span });
  }

  plot({ value: expression, title, color, pane, style, span }: PlotStatement, scope: Scope): void {
    const value = this.#checker.check(expression, scope);
    if (!isShown(this.#checker, value, expression.span, 'a plot draws')) return;
    const label = title?.value ?? this.#textOf(expression.span);
    this.plots.push({ label, value: value.node, color: color?.text ?? null, pane: pane?.value ?? null, style: style?.text ?? null, span });
  }

  mark({ where, condition, text, color, span }: MarkStatement, scope: Scope): void {
    const when = this.#checker.condition(condition, scope);
    const template = this.#texts.template(text, scope);
    if (isPoison(when) || (text !== null && template === null)) return;
    this.marks.push({ where, when: when.node, text: template, color: color?.text ?? null, span });
  }
}
