import { onSide } from './one-side.ts';
import type { OrderCall, Side } from './orders.ts';
import { callText, conditionFor, priceOf, type RuleContext } from './rule-parts.ts';
import { PRICE, type Said } from './said.ts';
import { numberText } from './said-store.ts';

/** Stops, targets and trails of one block. */
export interface Levels {
  readonly stops: string[];
  readonly takes: string[];
  readonly trails: string[];
}

/** Turns calls of `strategy.exit` into levels of a block. */
export class ExitLevels {
  readonly #context: RuleContext;
  readonly #side: Side;
  /** Guards of the entries that these levels belong to. */
  readonly #entries: readonly Said[];

  constructor(context: RuleContext, side: Side, entries: readonly Said[]) {
    this.#context = context;
    this.#side = side;
    this.#entries = entries;
  }

  add(order: OrderCall, levels: Levels): void {
    const { say, remarks, settle } = this.#context;
    const raw = settle(order.guard);
    const isOfEntry = this.#entries.includes(raw);
    const guard = isOfEntry ? this.#context.named(raw) : conditionFor(this.#context, order, this.#side, 'held');
    if (guard === null) return;
    const isAlways = guard === say.yes || guard === say.word('position.open', { kind: 'condition', usesAccount: true });
    const mode: GuardMode = isOfEntry ? 'entry' : isAlways ? 'always' : 'sometimes';
    if (mode === 'sometimes')
      remarks.changed(
        order,
        callText(order),
        'its prices are those of the last bar on which its condition held; Pine sends the order then and keeps it',
      );
    const share = this.#share(order);
    this.#stop(order, guard, mode, levels, share);
    this.#take(order, guard, mode, levels, share);
    this.#trail(order, levels);
  }

  #stop(order: OrderCall, guard: Said, mode: GuardMode, levels: Levels, share: string): void {
    const { say, remarks } = this.#context;
    if (share !== '' && (order.args.has('stop') || order.args.has('loss')))
      remarks.changed(order, `${callText(order)} qty_percent`, 'a stop closes all of the position; Pine closes the share of this exit');
    const ticks = this.#ticks(order, 'loss');
    if (ticks !== null) levels.stops.push(`stop ${this.#print(ticks)}`);
    const level = priceOf(this.#context, order, 'stop', this.#side, 'held');
    if (level === null || level === 'lost') return;
    const distance = this.#distance(level, this.#side === 'long' ? -1 : 1, true);
    if (level.mayBeNa && distance === null)
      remarks.changed(order, `${callText(order)} stop`, 'where it is na strat sends no entry; Pine enters without the stop');
    if (distance !== null) {
      const { args } = opened(level);
      if (this.#shareOf(opened(level)) === null && args[1]!.rate === 'series')
        remarks.changed(order, `${callText(order)} stop`, 'its distance is that of the signal; Pine takes it anew on each bar');
      remarks.changed(
        order,
        `${callText(order)} stop`,
        'it acts from the bar of the entry on; in Pine from the bar after, when the price of the entry is known',
      );
      levels.stops.push(`stop ${distance}`);
    } else if (mode === 'entry') levels.stops.push(`stop at ${this.#print(level)}`);
    else {
      const followed = this.#beforeEntry(mode === 'sometimes' ? this.#whenLast(guard, level) : level);
      levels.stops.push(`stop at ${this.#print(followed)} moving`);
      if (level.rate === 'series' && level !== say.na)
        remarks.changed(order, `${callText(order)} stop`, 'a stop that moves only comes nearer to the price; in Pine it also goes back');
    }
  }

  #take(order: OrderCall, guard: Said, mode: GuardMode, levels: Levels, share: string): void {
    const ticks = this.#ticks(order, 'profit');
    if (ticks !== null) levels.takes.push(`${share}at ${this.#print(ticks)}`);
    const level = priceOf(this.#context, order, 'limit', this.#side, 'held');
    if (level === null || level === 'lost') return;
    const distance = this.#distance(level, this.#side === 'long' ? 1 : -1);
    const said = mode === 'always' ? level : this.#whenLast(guard, level);
    levels.takes.push(`${share}at ${distance ?? this.#print(said)}`);
  }

  #trail(order: OrderCall, levels: Levels): void {
    const { remarks } = this.#context;
    const offset = this.#ticks(order, 'trail_offset');
    const points = this.#ticks(order, 'trail_points');
    const price = priceOf(this.#context, order, 'trail_price', this.#side, 'held');
    if (offset === null && points === null && price === null) return;
    if (offset === null) {
      remarks.dropped(order, `${callText(order)} trail`, 'it has no trail_offset; write: trail 2 atr after 1R');
      return;
    }
    const after =
      points === null
        ? price === null || price === 'lost'
          ? null
          : this.#distance(price, this.#side === 'long' ? 1 : -1)
        : this.#print(points);
    if (after === null) {
      remarks.dropped(
        order,
        `${callText(order)} trail`,
        'the price from which it follows is none that is measured from the entry; write: trail 2 atr after 1R',
      );
      return;
    }
    remarks.changed(order, `${callText(order)} trail`, 'it follows closed bars: what a bar reaches moves it from the next bar on');
    levels.trails.push(`trail ${this.#print(offset)} after ${after}`);
  }

  /** A distance in ticks; null: not given, or cannot be said (told then). */
  #ticks(order: OrderCall, name: string): Said | null {
    const { say, remarks, settle } = this.#context;
    const given = order.args.get(name);
    if (given === undefined || given.kind === 'na') return null;
    const said = onSide(settle(given), this.#side, 'held', say);
    if (said.kind !== 'number') {
      remarks.dropped(order, `${callText(order)} ${name}`, 'its distance cannot be said');
      return null;
    }
    const plain = say.plain(said);
    if (plain.op === 'number') return say.word(`${plain.text} ticks`, { kind: 'number', unit: PRICE, rate: 'const' });
    return say.product('*', plain, say.word('1 tick', { kind: 'number', unit: PRICE, rate: 'const' }));
  }

  /** `avg * (1 + x)`, `avg + avg * x` and the like as a percent from the entry; `avg + d` as a distance. null: something else. @param isFixed a distance that changes from bar to bar may be that of the signal */
  #distance(level: Said, direction: 1 | -1, isFixed = false): string | null {
    return this.#measured(opened(level), direction, isFixed);
  }

  #measured(level: Said, direction: 1 | -1, isFixed: boolean): string | null {
    const share = this.#shareOf(level);
    if (share !== null) return this.#percent(direction === 1 ? share : this.#context.say.minus(share));
    const { op, args } = level;
    if (op !== 'binary' || (level.sign !== '+' && level.sign !== '-')) return null;
    const [from, by] = args as [Said, Said];
    const isFromEntry = from === this.#entryPrice() && level.sign === (direction === 1 ? '+' : '-') && !mentions(by, from);
    return isFromEntry && (by.rate !== 'series' || isFixed) ? this.#print(by) : null;
  }

  /** x of `avg * (1 + x)`, the same for the whole run. */
  #shareOf(level: Said): Said | null {
    const { say } = this.#context;
    const avg = this.#entryPrice();
    if (level.op !== 'binary') return null;
    const [left, right] = level.args as [Said, Said];
    const factorOf = (said: Said): Said | null => {
      if (said.op !== 'binary' || said.sign !== '*') return null;
      const [a, b] = said.args as [Said, Said];
      const factor = a === avg ? b : b === avg ? a : null;
      return factor !== null && factor.rate !== 'series' ? factor : null;
    };
    if ((level.sign === '+' || level.sign === '-') && left === avg) {
      const factor = factorOf(right);
      return factor === null ? null : level.sign === '+' ? factor : say.minus(factor);
    }
    const factor = factorOf(level);
    if (factor === null) return null;
    if (factor.op === 'binary' && (factor.sign === '+' || factor.sign === '-') && factor.args[0] === say.number(1))
      return factor.sign === '+' ? factor.args[1]! : say.minus(factor.args[1]!);
    if (factor.op === 'number') return say.number(Math.round((factor.value - 1) * 1e12) / 1e12);
    return say.sum('-', factor, say.number(1));
  }

  /** A share as a percent, where it is not known to be on the wrong side. */
  #percent(share: Said): string | null {
    const { say } = this.#context;
    if (share.op === 'number') return share.value > 0 && share.value < 100 ? `${numberText(Math.round(share.value * 1e8) / 1e6)}%` : null;
    const hundred = say.number(100);
    const [over, by] = share.args as [Said | undefined, Said | undefined];
    if (share.op === 'binary' && share.sign === '/' && by === hundred) return `${this.#print(over!)} * 1%`;
    return `${this.#context.printer.sum(this.#context.use(say.product('*', share, hundred)))} * 1%`;
  }

  /** A stop must be known at the signal, when there is no price of an entry yet. */
  #beforeEntry(level: Said): Said {
    const { say } = this.#context;
    const entry = this.#entryPrice();
    const close = say.word('close', { kind: 'number', unit: PRICE });
    const go = (said: Said): Said => (said === entry ? say.nz(entry, close) : say.rebuilt(said, said.args.map(go)));
    return mentions(level, entry) ? go(level) : level;
  }

  #whenLast(guard: Said, level: Said): Said {
    const { say } = this.#context;
    if (level.rate !== 'series') return level;
    return say.call('value_when', [guard, level], { kind: 'number', unit: level.unit, mayBeNa: true });
  }

  /** `50% ` of a target. */
  #share(order: OrderCall): string {
    const { remarks } = this.#context;
    const percent = order.args.get('qty_percent');
    if (percent?.op === 'number' && percent.value < 100) return `${percent.text}% `;
    if (percent !== undefined && percent.op !== 'number')
      remarks.changed(order, `${callText(order)} qty_percent`, 'the share of a target is a plain number; all of the position is closed');
    if (order.args.has('qty'))
      remarks.changed(order, `${callText(order)} qty`, 'a target closes a share, not a quantity: all of the position is closed');
    return '';
  }

  #entryPrice(): Said {
    return this.#context.say.word('entry.price', { kind: 'number', unit: PRICE, mayBeNa: true, usesAccount: true });
  }

  #print(said: Said): string {
    return this.#context.printer.sum(this.#context.use(said));
  }
}

/** When an exit is sent: with its entry, on every bar, or when a condition of its own holds. */
type GuardMode = 'entry' | 'always' | 'sometimes';

/** A name for what is measured from the entry, as what it names. */
function opened(said: Said): Said {
  const isName = said.op === 'ref' && said.usesAccount && said.definition.value !== null && said.definition.start === null;
  return isName ? opened(said.definition.value!) : said;
}

function mentions(said: Said, what: Said): boolean {
  return said === what || said.args.some((arg) => mentions(arg, what));
}
