import type {
  Cause,
  ExplainDocument,
  MarketExplanation,
  RuleExplanation,
  ShownCondition,
  ShownFill,
  ShownValue,
} from '#core/runtime/explain/explain-document.ts';
import { groupedNumber, minuteText, priceText, quantityText, shareText } from '#core/runtime/report/number-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import { wrapped } from './aligned-table.ts';
import { type Paint, painter } from './paint.ts';

const MARK = { yes: '✓', no: '✗', unknown: '?', idle: '·' } as const;
const MIN_WIDTH = 40;
/** Values stand behind their texts, beyond this only where a text is longer. */
const MAX_NAME = 36;

/** @param width columns of the terminal; Infinity where lines are not to be broken, in files and pipes */
export function renderExplanation(
  document: ExplainDocument,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  const page = new Page(painter(color), Math.max(MIN_WIDTH, width));
  for (const market of document.markets) page.market(market, document.strategies.length > 1);
  return page.text();
}

/** The text so far: a line at a time, indented, and broken where it would be wider than the terminal. */
class Page {
  readonly #lines: string[] = [];
  readonly #paint: Paint;
  readonly #width: number;

  constructor(paint: Paint, width: number) {
    this.#paint = paint;
    this.#width = width;
  }

  text(): string {
    return `${this.#lines.join('\n').trim()}\n`;
  }

  /** @param shown makes of a line what is printed; lines that follow are indented behind `lead` */
  #line(indent: number, lead: string, text: string, shown: (line: string) => string = (line) => line): void {
    const room = Math.max(20, this.#width - indent - lead.length);
    const lines = room === Infinity ? [text] : wrapped(text, room);
    for (const [at, line] of lines.entries())
      this.#lines.push(' '.repeat(indent) + (at === 0 ? lead : ' '.repeat(lead.length)) + shown(line));
  }

  #heading(text: string): void {
    this.#lines.push('');
    this.#line(0, '', text, (line) => this.#paint.bold(line));
  }

  market(one: MarketExplanation, isNamed: boolean): void {
    const { market, basket, bar, strategy } = one;
    const name = plainText(`${basket === null ? market : `${basket} (basket)`}${isNamed ? `, ${strategy}` : ''}`);
    if (bar === null) {
      this.#heading(`${name}: no bar then`);
      return;
    }
    this.#heading(`${name}, bar ${bar.index + 1}: ${minuteText(bar.time)} to ${minuteText(bar.closeTime)} UTC`);
    const prices = (['open', 'high', 'low', 'close'] as const).map((key) => `${key} ${priceText(bar[key])}`).join('  ');
    this.#line(2, '', `${prices}  volume ${quantityText(bar.volume)}`, this.#paint.dim);
    this.#line(2, '', this.#state(one), this.#paint.dim);
    for (const fill of one.fills) this.#line(2, '', `in the bar: ${fillText(fill)}`);
    for (const event of one.events) this.#line(2, '', `in the bar: ${event}`, this.#paint.warn);
    for (const order of one.resting) this.#line(2, '', `rests: ${order}`, this.#paint.dim);
    for (const { kind, price, distance, isHit } of one.levels) {
      const how = isHit
        ? 'was reached'
        : distance <= 0
          ? 'lies beyond the bar: it holds from the next one on'
          : `is ${shareText(rounded(distance))} away from the bar`;
      this.#line(2, '', `the ${kind} at ${priceText(price)} ${how}`, isHit ? undefined : this.#paint.dim);
    }
    this.#verdict(one);
    this.#heading('Rules');
    for (const rule of one.rules) this.#rule(rule);
    const { next } = one;
    if (next === null) {
      this.#heading('There is no next bar in the data.');
      return;
    }
    if (next.fills.length + next.events.length === 0) return;
    this.#heading('What the next bar made of it');
    for (const fill of next.fills) this.#line(2, '', fillText(fill));
    for (const event of next.events) this.#line(2, '', event, this.#paint.warn);
  }

  #state({ position, cash, equity }: MarketExplanation): string {
    const money = `cash ${groupedNumber(cash, 2)}, equity ${groupedNumber(equity, 2)}`;
    if (position === null) return `nothing held, ${money}`;
    const { side, qty, avgPrice, bars, setup } = position;
    const since = `${bars} ${bars === 1 ? 'bar' : 'bars'}`;
    return `${side} ${quantityText(qty)} at ${priceText(avgPrice)} since ${since}${setup === null ? '' : `, setup ${plainText(setup)}`}; ${money}`;
  }

  #verdict({ verdict, isOrdered, causes, rules }: MarketExplanation): void {
    this.#heading(plainText(`${verdict[0]!.toUpperCase()}${verdict.slice(1)}`, 600));
    const owner = rules.find(({ blocking, supporting, unfilled }) => [blocking, supporting, unfilled].includes(causes));
    for (const cause of causes) this.#cause(cause, isOrdered && owner?.unfilled !== causes);
    for (const other of owner?.blocking === causes ? owner.alternatives : []) {
      this.#line(2, '', 'or, in its place:', this.#paint.dim);
      this.#cause(other, false);
    }
  }

  #cause({ kind, text, line, value, wanted, operands = [] }: Cause, isSupport: boolean): void {
    const mark = isSupport
      ? this.#paint.tone(MARK.yes, 1)
      : value === null
        ? this.#paint.warn(MARK.unknown)
        : this.#paint.tone(MARK.no, -1);
    const place = line === null ? '' : `line ${line}: `;
    const words =
      kind === 'condition'
        ? `${text} is ${truthText(value ?? null)}${isSupport || wanted === true ? '' : ', which is not wanted'}`
        : `${WORDS[kind] ?? ''}${text}`;
    this.#marked(2, mark, plainText(place + words, 400));
    this.#operands(6, operands);
  }

  #marked(indent: number, mark: string, text: string, shown?: (line: string) => string): void {
    // A mark is one column wide, whatever its colour takes.
    const before = this.#lines.length;
    this.#line(indent + 2, '', text, shown);
    const first = this.#lines[before]!;
    this.#lines[before] = ' '.repeat(indent) + mark + first.slice(indent + 1);
  }

  #rule(rule: RuleExplanation): void {
    const { status, text, line, note, condition, blocking } = rule;
    const mark =
      status === 'fired' ? this.#paint.tone(MARK.yes, 1) : status === 'idle' ? this.#paint.dim(MARK.idle) : this.#paint.tone(MARK.no, -1);
    const why = status === 'fired' ? note : status === 'idle' ? note : null;
    this.#marked(2, mark, plainText(`line ${line}: ${text}`, 400), status === 'idle' ? this.#paint.dim : undefined);
    if (why !== null) this.#line(6, '', `-> ${why}`, status === 'idle' ? this.#paint.dim : this.#paint.bold);
    if (condition !== null && status !== 'idle') this.#condition(condition, 6, false);
    for (const cause of blocking) if (cause.kind !== 'condition') this.#cause6(cause);
  }

  #cause6({ kind, text, line }: Cause): void {
    const place = line === null ? '' : `line ${line}: `;
    this.#marked(6, this.#paint.tone(MARK.no, -1), plainText(place + (WORDS[kind] ?? '') + text, 400));
  }

  /** @param isNot it stands behind a `not` */
  #condition(shown: ShownCondition, indent: number, isNot: boolean): void {
    const { kind, parts, value, text, operands, na } = shown;
    const mark =
      value === null ? this.#paint.warn(MARK.unknown) : value !== isNot ? this.#paint.tone(MARK.yes, 1) : this.#paint.tone(MARK.no, -1);
    const [only] = parts;
    if (kind === 'name' && only !== undefined) {
      const leaf = only.kind === 'leaf';
      this.#marked(indent, mark, plainText(leaf ? `${text}: ${only.text}` : text, 400));
      if (leaf) this.#leaf(only.operands, only.na, indent + 4);
      else this.#parts(only, indent + 2, isNot);
      return;
    }
    if (kind === 'leaf') {
      this.#marked(indent, mark, plainText(text, 400));
      this.#leaf(operands, na, indent + 4);
      return;
    }
    if (kind === 'not') {
      this.#marked(indent, mark, plainText(text, 400));
      this.#condition(only!, indent + 2, !isNot);
      return;
    }
    if (indent === 6 && kind === 'and') return this.#parts(shown, indent, isNot);
    this.#marked(indent, mark, kind === 'and' ? 'all of' : 'any of');
    this.#parts(shown, indent + 2, isNot);
  }

  #parts({ kind, parts }: ShownCondition, indent: number, isNot: boolean): void {
    if (kind === 'or' && indent > 6) this.#line(indent, '', 'any of', this.#paint.dim);
    for (const part of parts) this.#condition(part, indent, isNot);
  }

  #leaf(operands: readonly ShownValue[], na: string | undefined, indent: number): void {
    this.#operands(indent, operands);
    if (na !== undefined && operands.every((one) => one.na === undefined)) this.#line(indent, '', `na: ${na}`, this.#paint.warn);
  }

  #operands(indent: number, operands: readonly ShownValue[]): void {
    const names = operands.map(({ text }) => plainText(text, 80));
    const wide = Math.min(MAX_NAME, Math.max(0, ...names.map(({ length }) => length)));
    for (const [at, one] of operands.entries()) {
      const past = one.before === undefined ? '' : `${valueText(one.before, one.unit)} -> `;
      const defined = one.definition === undefined ? '' : `   = ${plainText(one.definition, 100)}`;
      const value = `${past}${valueText(one.value, one.unit)}${one.na === undefined ? '' : ` (${one.na})`}`;
      this.#line(indent, `${names[at]!.padEnd(wide)}  `, `${value}${defined}`, one.value === null ? this.#paint.warn : this.#paint.dim);
    }
  }
}

/** What stands before the text of a cause. */
const WORDS: Readonly<Partial<Record<Cause['kind'], string>>> = {
  cooldown: 'cools down: ',
  limit: 'risk limit: ',
  guard: 'guard: ',
};

const rounded = (share: number): number => Number(share.toPrecision(3));

function truthText(value: boolean | null): string {
  return value === null ? 'na' : String(value);
}

function fillText({ text, side, qty, price }: ShownFill): string {
  return plainText(`${side === 'buy' ? 'bought' : 'sold'} ${quantityText(qty)} at ${priceText(price)}: ${text}`, 400);
}

function valueText(value: ShownValue['value'], unit: string): string {
  if (value === null) return 'na';
  if (typeof value !== 'number') return String(value);
  switch (unit) {
    case 'price':
    case 'money':
      return priceText(value);
    case 'percent':
      return shareText(Number(value.toPrecision(6)));
    case 'quantity':
      return quantityText(value);
    case 'duration':
      return durationText(value);
    case 'timeOfDay':
      return `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`;
    case 'time':
      return minuteText(new Date(value).toISOString());
    case 'bars':
      return `${Number(value.toPrecision(8))} bars`;
    default:
      return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

function durationText(ms: number): string {
  const [name, length] = UNITS.find(([, one]) => Math.abs(ms) >= one && ms % one === 0) ?? ['ms', 1];
  return `${ms / length}${name}`;
}
