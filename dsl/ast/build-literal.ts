import { tokenSpan } from '#dsl/grammar/cst.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import { readDate, readNumber, readTime } from '#dsl/grammar/literals.ts';
import type { DurationLiteral, Expression, Market, NumberLiteral, PercentLiteral, TimeLiteral, Unit } from './expression.ts';

/** Unit word as written -> its canonical form. */
export const UNIT_OF: ReadonlyMap<string, Unit> = new Map([
  ['atr', 'atr'],
  ['tick', 'tick'],
  ['ticks', 'tick'],
  ['bar', 'bar'],
  ['bars', 'bar'],
  ['pip', 'pip'],
  ['pips', 'pip'],
  ['contract', 'contract'],
  ['contracts', 'contract'],
]);

/** A number that the scanner refused stands as 0: its diagnostic keeps the program from running. */
function valueOf(token: IToken): number {
  const reading = readNumber(token.image);
  return 'value' in reading ? reading.value : 0;
}

export function buildNumber(token: IToken): NumberLiteral {
  return { kind: 'Number', span: tokenSpan(token), value: valueOf(token), source: token.image };
}

export function buildPercent(token: IToken): PercentLiteral {
  const unit = token.image.endsWith('%') ? '%' : 'bp';
  return { kind: 'Percent', span: tokenSpan(token), value: valueOf(token), unit, source: token.image };
}

export function buildDuration(token: IToken): DurationLiteral {
  const reading = readNumber(token.image);
  const { ms, count, unit } = reading.kind === 'duration' ? reading : { ms: 0, count: 0, unit: 'ms' as const };
  return { kind: 'Duration', span: tokenSpan(token), ms, count, unit, source: token.image };
}

export function buildTime(token: IToken): TimeLiteral {
  return { kind: 'Time', span: tokenSpan(token), minutes: readTime(token.image) ?? 0 };
}

/** Literals other than plain numbers. */
export function buildLiteral(token: IToken): Expression {
  const span = tokenSpan(token);
  switch (token.tokenType.name) {
    case 'PercentToken':
    case 'BasisPoints':
      return buildPercent(token);
    case 'RMultiple':
      return { kind: 'RMultiple', span, value: valueOf(token), source: token.image };
    case 'DurationToken':
      return buildDuration(token);
    case 'DateToken':
      return { kind: 'Date', span, ...(readDate(token.image) ?? { year: 1970, month: 1, day: 1, ms: 0 }) };
    case 'TimeToken':
      return buildTime(token);
    default:
      return token.image === 'na' ? { kind: 'Na', span } : { kind: 'Boolean', span, value: token.image === 'true' };
  }
}

/** `BASE`, `BASE/QUOTE`, `BASE/QUOTE:SETTLE`, `BASE/QUOTE:SETTLE-CONTRACT`. */
export function buildMarket(token: IToken): Market {
  const match = /^([^/]+)(?:\/([^:]+)(?::([^-]+)(?:-(.+))?)?)?$/.exec(token.image);
  return {
    kind: 'Market',
    span: tokenSpan(token),
    text: token.image,
    base: match?.[1] ?? token.image,
    quote: match?.[2] ?? null,
    settle: match?.[3] ?? null,
    contract: match?.[4] ?? null,
  };
}
