import type { Expression } from '#dsl/ast/expression.ts';
import type { BlockItem, SourceFile, Statement } from '#dsl/ast/nodes.ts';
import { childrenOf } from '#dsl/check/children.ts';
import { statementExpressions } from '#dsl/check/statement-expressions.ts';
import type { Span } from '#dsl/diagnostics/diagnostic.ts';

/** Mistakes that traders make, as edits of a program's text. */
export type MistakeKind =
  | 'price for percent'
  | 'percent for price'
  | 'unit dropped'
  | 'base and quote swapped'
  | 'duration for bars'
  | 'R without stop'
  | 'inverted comparison'
  | 'and/or swapped'
  | 'series for length'
  | 'wrong side'
  | 'sign of a distance';

interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface Mistake {
  readonly kind: MistakeKind;
  /** What was there and what is there now: `rsi(close, 14) -> ...`. */
  readonly what: string;
  readonly line: number;
  readonly source: string;
}

/** Every mistake of every kind, at every place of the program where it fits. */
export function mistakesOf(source: string, file: SourceFile): readonly Mistake[] {
  const found: Mistake[] = [];
  const textOf = ({ start, end }: Span): string => source.slice(start, end);
  const add = (kind: MistakeKind, ...edits: readonly Edit[]): void => {
    const [first] = edits;
    if (first === undefined) return;
    let text = source;
    for (const { span, text: replacement } of edits.toSorted((a, b) => b.span.start - a.span.start))
      text = text.slice(0, span.start) + replacement + text.slice(span.end);
    const line = source.slice(0, first.span.start).split('\n').length;
    found.push({ kind, what: `${textOf(first.span)} -> ${first.text === '' ? 'nothing' : first.text}`, line, source: text });
  };
  const market = file.statements.flatMap((statement) => (statement.kind === 'Trade' ? statement.markets : []))[0];
  const visit = (e: Expression, isLength: boolean): void => {
    const text = textOf(e.span);
    switch (e.kind) {
      case 'Percent':
        add('price for percent', { span: e.span, text: 'close' });
        add('unit dropped', { span: e.span, text: text.replace(/%|bp/, '') });
        break;
      case 'RMultiple':
        add('unit dropped', { span: e.span, text: text.replace('R', '') });
        break;
      case 'Duration':
        add('unit dropped', { span: e.span, text: text.replace(/[a-z]+$/, '') });
        break;
      case 'UnitAmount':
        add('unit dropped', { span: e.span, text: textOf(e.number.span) });
        if (e.unit === 'bar') add('duration for bars', { span: e.span, text: `${textOf(e.number.span)}ms` });
        break;
      case 'CurrencyAmount': {
        add('unit dropped', { span: e.span, text: textOf(e.number.span) });
        const other = e.currency.text === market?.base ? market.quote : market?.base;
        if (other !== undefined && other !== null) add('base and quote swapped', { span: e.currency.span, text: other });
        break;
      }
      case 'Number':
        if (!isLength) break;
        add('duration for bars', { span: e.span, text: `${text}h` });
        add('series for length', { span: e.span, text: 'volume' });
        break;
      case 'Name':
        if (['open', 'high', 'low', 'close'].includes(e.text)) add('percent for price', { span: e.span, text: '2%' });
        if (isLength && e.text.length > 0) add('series for length', { span: e.span, text: 'volume' });
        break;
      case 'Comparison': {
        const inverted = e.operator.startsWith('<') ? e.operator.replace('<', '>') : e.operator.replace('>', '<');
        if (inverted !== e.operator) add('inverted comparison', { span: e.wordSpan, text: inverted });
        break;
      }
      case 'Crosses':
        if (e.direction !== 'either') {
          const place = source.indexOf(e.direction, e.wordSpan.start);
          const span = { start: place, end: place + e.direction.length };
          add('inverted comparison', { span, text: e.direction === 'above' ? 'below' : 'above' });
        }
        break;
      case 'Logic': {
        const place = source.indexOf(` ${e.operator} `, e.left.span.end - 1);
        const at = source.slice(e.left.span.end, e.right.span.start).search(/\b(and|or)\b/);
        if (place >= 0 && at >= 0) {
          const start = e.left.span.end + at;
          add('and/or swapped', { span: { start, end: start + e.operator.length }, text: e.operator === 'and' ? 'or' : 'and' });
        }
        break;
      }
      default:
    }
    const isCall = e.kind === 'Call';
    for (const [index, child] of childrenOf(e).entries()) {
      const isBack = e.kind === 'Index' && index === 1;
      visit(child, isBack || (isCall && isLengthPlace(e.callee.text, index, childrenOf(e).length)));
    }
  };
  for (const statement of file.statements) for (const e of statementExpressions(statement)) visit(e, false);
  const rules = file.statements.flatMap(leaves);
  for (const rule of rules) {
    if (rule.kind === 'Enter' || rule.kind === 'Exit') {
      if (rule.side !== null) add('wrong side', { span: rule.side.span, text: rule.side.side === 'long' ? 'short' : 'long' });
    }
    for (const e of distancesOf(rule)) add('sign of a distance', { span: e.span, text: `-${textOf(e.span)}` });
    if (rule.kind === 'Stop' && rule.at !== null && rule.value.kind === 'Arithmetic' && ['+', '-'].includes(rule.value.operator)) {
      add('sign of a distance', { span: rule.value.wordSpan, text: rule.value.operator === '+' ? '-' : '+' });
    }
  }
  for (const statement of file.statements) {
    if (statement.kind === 'Side') add('wrong side', { span: statement.word, text: statement.side === 'long' ? 'short' : 'long' });
  }
  const stops = rules.filter(({ kind }) => kind === 'Stop');
  const needsStop = /\dR\b|size risk/.test(source.replaceAll(/#[^\n]*/g, ''));
  if (needsStop && stops.length > 0) add('R without stop', ...stops.map(({ span }) => ({ span, text: '' })));
  return found;
}

const LENGTH_ARGUMENT =
  /^(?:sma|ema|wma|rma|hma|dema|tema|kama|alma|vwma|rsi|roc|mom|change|highest|lowest|sum|avg|stdev|median|zscore|slope|percentile|percentile_rank|bbands|macd|atr|natr|adx|count)$/;

/** Whether the argument at this place is a length: the second of functions with a source, the only one of `atr` and the like. */
function isLengthPlace(name: string, index: number, count: number): boolean {
  return LENGTH_ARGUMENT.test(name) && (count === 1 ? index === 0 && /^(?:atr|natr|adx)$/.test(name) : index === 1);
}

function leaves(statement: Statement): readonly (Statement | BlockItem)[] {
  if (statement.kind === 'Side' || statement.kind === 'Setup') return statement.body;
  return statement.kind === 'Oco' ? statement.entries : [statement];
}

function distancesOf(rule: Statement | BlockItem): readonly Expression[] {
  switch (rule.kind) {
    case 'Stop':
      return rule.at === null ? [rule.value] : [];
    case 'Trail':
      return [rule.distance, ...(rule.after === null ? [] : [rule.after])];
    case 'Breakeven':
      return [rule.after];
    case 'Take':
      return rule.legs.map(({ at }) => at).filter(({ kind }) => kind === 'RMultiple' || kind === 'Percent' || kind === 'UnitAmount');
    default:
      return [];
  }
}
