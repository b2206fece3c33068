import type { ImportTarget } from './bound-call.ts';
import type { Header } from './header.ts';
import { onSide } from './one-side.ts';
import type { OrderCall, Side } from './orders.ts';
import type { SaidPrinter } from './print-said.ts';
import type { Remarks } from './report.ts';
import { MONEY, PRICE, QUANTITY, type Said, sameUnit } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';
import { numberText } from './said-store.ts';

/** What the writers of rules share. Everything that they print goes through `use`, so that its names are in the program. */
export interface RuleContext {
  readonly say: SaidBuilder;
  readonly remarks: Remarks;
  readonly printer: SaidPrinter;
  readonly header: Header;
  readonly target: ImportTarget;
  readonly settle: (said: Said) => Said;
  /** The name of a condition that several rules use; without one the condition itself. */
  readonly named: (condition: Said) => Said;
  /** Marks the names of a value as used, and gives it back. */
  readonly use: (said: Said) => Said;
}

/** A text of strat in quotes; braces would name values. */
export function quoted(text: string): string {
  const plain = text
    .replace(/[{]+/g, '(')
    .replace(/[}]+/g, ')')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return `"${plain.slice(0, 200).replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

/** The construct of a call, as remarks name it: `strategy.entry("Long")`. */
export const callText = ({ call, id }: OrderCall): string => `strategy.${call}(${id === null ? '' : JSON.stringify(id.slice(0, 40))})`;

/** Why a value could not be said: the line that was dropped. */
export const lostText = (said: Said): string =>
  said.op === 'unsaid' && said.place.line > 0
    ? `it needs what line ${said.place.line} could not say`
    : 'one of its values has no words in strat';

/** A condition of an order as one side sees it; null when it is never true there, or cannot be said (told then). */
export function conditionFor(context: RuleContext, order: OrderCall, side: Side, mode: 'held' | 'entering'): Said | null {
  const { say, remarks, settle } = context;
  const guard = onSide(context.named(settle(order.guard)), side, mode, say);
  if (guard.kind === 'unsaid') {
    remarks.dropped(order, callText(order), lostText(guard));
    return null;
  }
  return guard === say.no || guard.kind !== 'condition' ? null : guard;
}

/** A price among the arguments of an order; null: not given, or na. `lost`: cannot be said, and is told. */
export function priceOf(context: RuleContext, order: OrderCall, name: string, side: Side, mode: 'held' | 'entering'): Said | 'lost' | null {
  const given = order.args.get(name);
  if (given === undefined || given.kind === 'na') return null;
  const said = onSide(context.settle(given), side, mode, context.say);
  if (said.kind === 'unsaid') {
    context.remarks.dropped(order, callText(order), `${name}: ${lostText(said)}`);
    return 'lost';
  }
  return said.kind === 'number' ? context.say.inUnit(said, PRICE) : null;
}

/** The reason that trades tell: what Pine shows for the order. */
export function reasonOf(order: OrderCall): string {
  const comment = order.args.get('comment');
  const text = comment?.op === 'text' && comment.text !== '' ? comment.text : order.id;
  return text === null || text.trim() === '' ? '' : ` reason ${quoted(text)}`;
}

/** `size ...` of the header. */
export function defaultSize({ header, target }: RuleContext): string {
  const { kind, value } = header.quantity;
  if (kind === 'percent') return `size ${numberText(value)}% of equity`;
  return `size ${numberText(value)} ${kind === 'cash' ? target.quote : target.base}`;
}

/** `size ...` of an order that has a quantity of its own; null: it has none, or it cannot be said (told then). */
export function sizeOf(context: RuleContext, order: OrderCall, side: Side): string | null {
  const { say, remarks, settle, printer, target } = context;
  const given = order.args.get('qty');
  if (given === undefined || given.kind === 'na') return null;
  const qty = onSide(settle(given), side, 'entering', say);
  if (qty.kind !== 'number') {
    remarks.changed(order, `${callText(order)} qty`, `the size of the header is taken: ${lostText(qty)}`);
    return null;
  }
  if (qty.op === 'number') return `size ${qty.text} ${target.base}`;
  const amount = sameUnit(qty.unit, MONEY) ? say.inUnit(qty, QUANTITY) : say.inUnit(qty, QUANTITY);
  return `size ${printer.sum(context.use(amount))}`;
}
