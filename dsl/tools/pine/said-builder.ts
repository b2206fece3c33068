import type { Place } from './pine-nodes.ts';
import type { Remarks } from './report.ts';
import {
  BARS,
  type BinarySign,
  type ComparisonSign,
  isLiteral,
  isPlainUnit,
  isZero,
  PLAIN,
  PRICE,
  QUANTITY,
  type Rate,
  type Said,
  sameUnit,
  type Unit,
} from './said.ts';
import { type Facts, NOWHERE, numberText, OPERANDS, SaidStore } from './said-store.ts';

const OPPOSITE: Readonly<Partial<Record<BinarySign, BinarySign>>> = { '<': '>=', '>=': '<', '>': '<=', '<=': '>', '==': '!=', '!=': '==' };
const MIRRORED: Readonly<Record<ComparisonSign, ComparisonSign>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' };
const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * Makes values in the words of strat: with units, which Pine does not have, and with Pine's rules for na where they differ. What follows from
 * what could not be said is unsaid, too.
 */
export class SaidBuilder extends SaidStore {
  /** Names that stand for one unit each, so that plain numbers can become prices and back. */
  readonly #ones = new Map<string, Said>();
  /** The side that the script enters, when it is one. */
  readonly onlySide: 'long' | 'short' | null;
  readonly #remarks: Remarks;
  /** Where the script is; what does not fit together is told there. */
  place: Place = NOWHERE;

  constructor(remarks: Remarks, onlySide: 'long' | 'short' | null) {
    super();
    this.#remarks = remarks;
    this.onlySide = onlySide;
  }

  past(of: Said, bars: Said): Said {
    const lost = this.#unsaidOf([of, bars]);
    if (lost !== null) return of.kind === 'text' || of.kind === 'color' ? of : lost;
    if (isZero(bars) || of.rate !== 'series') return of;
    if (isDirection(of)) return this.choice(this.past(of.args[0]!, bars), of.args[1]!, of.args[2]!);
    return this.add({ op: 'past' }, [of, bars], of);
  }

  call(name: string, args: readonly Said[], facts: Facts): Said {
    const lost = this.#unsaidOf(args);
    if (lost !== null) return lost;
    return this.add({ op: 'call', name }, args, {
      rate: this.#rateOf(args),
      usesAccount: args.some(({ usesAccount }) => usesAccount),
      mayBeNa: args.some(({ mayBeNa }) => mayBeNa),
      ...facts,
    });
  }

  member(of: Said, name: string, facts: Facts): Said {
    return of.kind === 'unsaid' ? of : this.add({ op: 'member', name }, [of], { rate: 'series', ...facts });
  }

  on(value: Said, timeframe: string): Said {
    return this.#unsaidOf([value]) ?? (value.rate === 'series' ? this.add({ op: 'on', timeframe }, [value], value) : value);
  }

  of(value: Said, market: string): Said {
    return this.#unsaidOf([value]) ?? (value.rate === 'series' ? this.add({ op: 'of', market }, [value], value) : value);
  }

  minus(value: Said): Said {
    if (value.kind === 'na') return value;
    const lost = this.#unsaidNumber([value]);
    if (lost !== null) return lost;
    if (value.op === 'number') return this.number(-value.value);
    return value.op === 'minus' ? value.args[0]! : this.add({ op: 'minus' }, [value], value);
  }

  /** As a condition: of a number whether it is there and not 0. */
  condition(value: Said): Said {
    switch (value.kind) {
      case 'number':
        return value.op === 'number' ? this.truth(value.value !== 0) : this.compare('!=', value, this.number(0));
      case 'na':
        return this.no;
      case 'session':
        return this.member(value.args[0]!, 'active', { kind: 'condition' });
      default:
        return value;
    }
  }

  /** In Pine an unknown condition is not true, so that `not` of it is. */
  not(value: Said): Said {
    const condition = this.condition(value);
    if (condition.kind !== 'condition') return condition.kind === 'unsaid' ? condition : this.#misfit();
    if (condition.op === 'truth') return this.truth(!condition.value);
    if (condition.op === 'not') return condition.args[0]!;
    const opposite = condition.op === 'binary' && !condition.mayBeNa ? OPPOSITE[condition.sign] : undefined;
    if (opposite !== undefined) return this.add({ op: 'binary', sign: opposite }, condition.args, condition);
    return this.add({ op: 'not' }, [this.known(condition)], { ...condition, mayBeNa: false });
  }

  /** A condition that is false where it would be unknown. */
  known(condition: Said): Said {
    if (!condition.mayBeNa || condition.kind !== 'condition') return condition;
    return this.add({ op: 'call', name: 'known' }, [condition], { ...condition, mayBeNa: false });
  }

  isNa(value: Said): Said {
    if (value.kind === 'na') return this.yes;
    if (value.kind === 'session') return this.not(this.condition(value));
    if (value.kind === 'text') return this.no;
    const lost = this.#unsaidOf([value]);
    if (lost !== null) return lost;
    if (value.rate !== 'series' || value.op === 'isNa') return this.no;
    return this.add({ op: 'isNa' }, [value], { kind: 'condition', usesAccount: value.usesAccount });
  }

  nz(value: Said, otherwise: Said): Said {
    if (value.kind === 'na') return otherwise;
    if (value.op === 'number') return value;
    if (value.kind === 'condition') return this.known(value);
    const lost = this.#unsaidOf([value, otherwise]);
    if (lost !== null) return lost;
    const [x, y] = this.alike(value, otherwise);
    const args = isZero(y) ? [x] : [x, y];
    return this.call('nz', args, { kind: 'number', unit: x.unit, mayBeNa: y.mayBeNa });
  }

  logic(sign: 'and' | 'or', left: Said, right: Said): Said {
    const [a, b] = [this.condition(left), this.condition(right)];
    const lost = this.#unsaidOf([a, b]) ?? ([a, b].some(({ kind }) => kind !== 'condition') ? this.#misfit() : null);
    if (lost !== null) return lost;
    const absorbing = this.truth(sign === 'or');
    if (a === absorbing || b === absorbing) return absorbing;
    if (a.op === 'truth' || a === b) return b;
    if (b.op === 'truth') return a;
    return this.#binary(sign, a, b, { kind: 'condition' });
  }

  all(conditions: readonly Said[]): Said {
    return conditions.reduce((whole, part) => this.logic('and', whole, part), this.yes);
  }

  choice(condition: Said, then: Said, otherwise: Said): Said {
    const asked = this.condition(condition);
    if (asked.kind === 'unsaid') return asked;
    if (asked.op === 'truth') return asked.value ? then : otherwise;
    if (then === otherwise) return then;
    if (then.kind === 'na' && otherwise.kind === 'na') return this.na;
    if ([then, otherwise].every(({ kind }) => kind === 'text' || kind === 'color' || kind === 'na')) return this.text('');
    const isMixed =
      [then, otherwise].filter(({ kind }) => kind === 'condition').length === 1 && then.kind !== 'na' && otherwise.kind !== 'na';
    const lost = this.#unsaidOf([asked, then, otherwise]) ?? (isMixed ? this.#misfit() : null);
    if (lost !== null) return lost;
    if (asked.op === 'not') return this.choice(asked.args[0]!, otherwise, then);
    if (then.op === 'truth' && otherwise.op === 'truth') return then.value ? this.known(asked) : this.not(asked);
    if (then.op === 'truth')
      return then.value ? this.logic('or', this.known(asked), otherwise) : this.logic('and', this.not(asked), otherwise);
    if (otherwise.op === 'truth')
      return otherwise.value ? this.logic('or', this.not(asked), then) : this.logic('and', this.known(asked), then);
    const [a, b] = this.alike(then, otherwise);
    const like = a.kind === 'na' || (isLiteral(a) && b.kind !== 'na' && !isLiteral(b)) ? b : a;
    return this.add({ op: 'choice' }, [this.known(asked), a, b], {
      kind: like.kind,
      unit: like.unit,
      rate: this.#rateOf([asked, a, b]),
      mayBeNa: a.mayBeNa || b.mayBeNa,
      usesAccount: [asked, a, b].some(({ usesAccount }) => usesAccount),
    });
  }

  compare(sign: ComparisonSign, left: Said, right: Said): Said {
    if (left.kind === 'unsaid' || right.kind === 'unsaid') return left.kind === 'unsaid' ? left : right;
    // A comparison with na is false in Pine.
    if (left.kind === 'na' || right.kind === 'na') return this.no;
    if (left.op === 'position' && isZero(right)) return this.#comparePosition(sign);
    if (right.op === 'position' && isZero(left)) return this.#comparePosition(MIRRORED[sign]);
    if (left.op === 'option' || right.op === 'option') return this.#compareOption(sign, left, right);
    if (left.op === 'text' && right.op === 'text') return this.truth((left.text === right.text) === (sign === '=='));
    const lost = this.#unsaidOf([left, right]) ?? ((left.kind === 'condition') !== (right.kind === 'condition') ? this.#misfit() : null);
    if (lost !== null) return lost;
    if (left.op === 'number' && right.op === 'number') return this.truth(holds(sign, left.value, right.value));
    if (left.kind === 'condition' && right.kind === 'condition') return this.#compareConditions(sign, left, right);
    // A direction that is 1 or -1, against a number or another: the condition behind it.
    if (isDirection(left) && (isDirection(right) || isLiteral(right)))
      return this.choice(left.args[0]!, this.compare(sign, left.args[1]!, right), this.compare(sign, left.args[2]!, right));
    if (isDirection(right) && isLiteral(left))
      return this.choice(right.args[0]!, this.compare(sign, left, right.args[1]!), this.compare(sign, left, right.args[2]!));
    if (isZero(right) && left.op === 'binary' && left.sign === '-' && left.args.every(isDirection))
      return this.compare(sign, left.args[0]!, left.args[1]!);
    if (left.kind === 'weekday' || right.kind === 'weekday') return this.#compareDays(sign, left, right);
    const [a, b] = this.alike(left, right);
    return this.#binary(sign, a, b, { kind: 'condition' });
  }

  crosses(sign: 'crosses' | 'crosses above' | 'crosses below', left: Said, right: Said): Said {
    const lost = this.#unsaidNumber([left, right]);
    if (lost !== null) return lost;
    if (left.kind === 'na' || right.kind === 'na') return this.no;
    const [a, b] = this.alike(left, right);
    return this.#binary(sign, a, b, { kind: 'condition' });
  }

  sum(sign: '+' | '-', left: Said, right: Said): Said {
    if (left.kind === 'text' || right.kind === 'text') return this.text('');
    const lost = this.#unsaidNumber([left, right]);
    if (lost !== null) return lost;
    if (left.kind === 'na' || right.kind === 'na') return this.na;
    if (left.op === 'number' && right.op === 'number') {
      const value = sign === '+' ? left.value + right.value : left.value - right.value;
      if (isShort(value)) return this.number(value);
    }
    if (isZero(right)) return left;
    if (isZero(left)) return sign === '+' ? right : this.minus(right);
    // bar_index - (bar_index - x), as bars since an entry are counted
    if (sign === '-' && right.op === 'binary' && right.sign === '-' && right.args[0] === left) return right.args[1]!;
    const [a, b] = this.alike(left, right);
    return this.#binary(sign, a, b, { kind: 'number', unit: isLiteral(a) ? b.unit : a.unit });
  }

  product(sign: '*' | '/', left: Said, right: Said): Said {
    const lost = this.#unsaidNumber([left, right]);
    if (lost !== null) return lost;
    if (left.kind === 'na' || right.kind === 'na') return this.na;
    if (left.op === 'number' && right.op === 'number' && !(sign === '/' && right.value === 0)) {
      const value = sign === '*' ? left.value * right.value : left.value / right.value;
      if (isShort(value)) return this.number(value);
    }
    if (isLiteral(right) && right.op === 'number' && right.value === 1) return left;
    if (sign === '*' && left.op === 'number' && left.value === 1) return right;
    const [a, b] = [this.numeric(left), this.numeric(right)];
    const by = sign === '*' ? 1 : -1;
    const unit = { quote: a.unit.quote + by * b.unit.quote, base: a.unit.base + by * b.unit.base, bars: a.unit.bars + by * b.unit.bars };
    return this.#binary(sign, a, b, { kind: 'number', unit });
  }

  /** Days of the week as Pine counts them; other values as they are. */
  numeric(value: Said): Said {
    if (value.kind !== 'weekday') return value;
    const ours = { ...value, kind: 'number' } as const;
    const rest = this.add({ op: 'call', name: 'mod' }, [ours, this.number(7)], { kind: 'number' });
    return this.sum('+', rest, this.number(1));
  }

  /** A value in another unit: as many of it as there were. */
  inUnit(value: Said, unit: Unit): Said {
    if (value.kind !== 'number' || sameUnit(value.unit, unit) || isLiteral(value)) return value;
    const [quote, base, bars] = [unit.quote - value.unit.quote, unit.base - value.unit.base, unit.bars - value.unit.bars];
    let whole = value;
    const scale = (one: Said, power: number): void => {
      for (let times = 0; times < Math.min(Math.abs(power), 8); times++) whole = this.product(power > 0 ? '*' : '/', whole, one);
    };
    scale(this.#one('unit', 'price', PRICE), quote);
    scale(this.#one('coin', 'quantity', QUANTITY), quote + base);
    scale(this.word('1 bar', { kind: 'number', unit: BARS, rate: 'const' }), bars);
    return whole;
  }

  plain(value: Said): Said {
    return this.inUnit(this.numeric(value), PLAIN);
  }

  /** The node with other operands, made anew, so that what has become simpler is. */
  rebuilt(said: Said, args: readonly Said[]): Said {
    if (args.every((arg, at) => arg === said.args[at])) return said;
    const [a, b, c] = args as [Said, Said, Said];
    switch (said.op) {
      case 'past':
        return this.past(a, b);
      case 'call':
        if (said.name === 'known') return this.known(a);
        if ((said.name === 'max' || said.name === 'min') && a === b) return a;
        if (said.name === 'nz') return this.nz(a, b ?? this.number(0));
        return this.call(said.name, args, { kind: said.kind, unit: said.unit });
      case 'minus':
        return this.minus(a);
      case 'not':
        return this.not(a);
      case 'isNa':
        return this.isNa(a);
      case 'choice':
        return this.choice(a, b, c);
      case 'on':
        return this.on(a, said.timeframe);
      case 'of':
        return this.of(a, said.market);
      case 'member':
        return this.member(a, said.name, { kind: said.kind, unit: said.unit, mayBeNa: said.mayBeNa });
      case 'before':
        return this.before(said.variable, a, said);
      case 'tuple':
        return this.tuple(args);
      case 'binary':
        return this.binary(said.sign, a, b);
      default:
        return said;
    }
  }

  binary(sign: BinarySign, a: Said, b: Said): Said {
    if (sign === 'and' || sign === 'or') return this.logic(sign, a, b);
    if (sign === '+' || sign === '-') return this.sum(sign, a, b);
    if (sign === '*' || sign === '/') return this.product(sign, a, b);
    if (COMPARISONS.has(sign)) return this.compare(sign as ComparisonSign, a, b);
    return this.crosses(sign as 'crosses', a, b);
  }

  #one(name: string, type: string, unit: Unit): Said {
    const known = this.#ones.get(name);
    if (known !== undefined) return known;
    const one = this.word('1', { kind: 'number', unit, rate: 'const' });
    const definition = this.definition(`${name}: ${type}`, { line: 0, column: 0 }, [], one);
    const ref = this.ref(definition);
    this.#ones.set(name, ref);
    return ref;
  }

  /** Two numbers that meet in a sum, a comparison or a choice: in one unit. */
  alike(left: Said, right: Said): readonly [Said, Said] {
    const [a, b] = [this.numeric(left), this.numeric(right)];
    if (a.kind !== 'number' || b.kind !== 'number' || isLiteral(a) || isLiteral(b) || sameUnit(a.unit, b.unit)) return [a, b];
    if (isPlainUnit(a.unit)) return [this.inUnit(a, b.unit), b];
    if (isPlainUnit(b.unit)) return [a, this.inUnit(b, a.unit)];
    return [this.plain(a), this.plain(b)];
  }

  #compareOption(sign: ComparisonSign, left: Said, right: Said): Said {
    const [option, other] = left.op === 'option' ? [left, right] : [right, left];
    if (option.op !== 'option' || other.op !== 'text') return this.no;
    const place = option.options.indexOf(other.text);
    if (place < 0) return this.truth(sign === '!=');
    return this.compare(sign, this.ref(option.definition), this.number(place));
  }

  #compareConditions(sign: ComparisonSign, a: Said, b: Said): Said {
    const isEqual = sign === '==';
    if (b.op === 'truth') return b.value === isEqual ? a : this.not(a);
    if (a.op === 'truth') return a.value === isEqual ? b : this.not(b);
    const same = this.logic('or', this.logic('and', a, b), this.logic('and', this.not(a), this.not(b)));
    const apart = this.logic('or', this.logic('and', a, this.not(b)), this.logic('and', this.not(a), b));
    return isEqual ? same : apart;
  }

  /** The position against 0: whether there is one needs no side, its sign does, unless only one side is entered. */
  #comparePosition(sign: ComparisonSign): Said {
    const isOpen = this.word('position.open', { kind: 'condition', usesAccount: true });
    const seen = this.onlySide === 'short' ? MIRRORED[sign] : sign;
    if (seen === '!=' || (seen === '>' && this.onlySide !== null)) return isOpen;
    if (seen === '==' || (seen === '<=' && this.onlySide !== null)) return this.not(isOpen);
    if (this.onlySide !== null) return this.truth(seen === '>=');
    return this.add({ op: 'binary', sign }, [this.position(), this.number(0)], { kind: 'condition', usesAccount: true });
  }

  #compareDays(sign: ComparisonSign, left: Said, right: Said): Said {
    const [day, other] = left.kind === 'weekday' ? [left, right] : [right, left];
    const name = other.op === 'number' ? DAYS[other.value - 1] : undefined;
    if (name === undefined || (sign !== '==' && sign !== '!=')) {
      return this.#binary(sign, this.numeric(left), this.numeric(right), { kind: 'condition' });
    }
    return this.#binary(sign, day, this.word(name, { kind: 'weekday', rate: 'const' }), { kind: 'condition' });
  }

  #binary(sign: BinarySign, a: Said, b: Said, facts: Facts): Said {
    return this.add({ op: 'binary', sign }, [a, b], {
      rate: this.#rateOf([a, b]),
      mayBeNa: a.mayBeNa || b.mayBeNa,
      usesAccount: a.usesAccount || b.usesAccount,
      ...facts,
    });
  }

  /** What takes a text, a colour, a group, or a condition for a number. */
  #misfit(): Said {
    if (this.place.line > 0)
      this.#remarks.dropped(
        this.place,
        'this statement',
        'its values do not fit together: a text or condition where a number is needed, or the other way round',
      );
    return this.unsaid(this.place);
  }

  #rateOf(args: readonly Said[]): Rate {
    if (args.some(({ rate }) => rate === 'series')) return 'series';
    return args.some(({ rate }) => rate === 'param') ? 'param' : 'const';
  }

  /** What cannot be said among operands; texts, colours and groups are no operands, and what takes them cannot be said either. */
  #unsaidOf(args: readonly Said[]): Said | null {
    return args.find(({ kind }) => kind === 'unsaid') ?? (args.some(({ kind }) => !OPERANDS.has(kind)) ? this.#misfit() : null);
  }

  /** The same for what is computed with: conditions are no numbers. */
  #unsaidNumber(args: readonly Said[]): Said | null {
    return this.#unsaidOf(args) ?? (args.some(({ kind }) => kind === 'condition') ? this.#misfit() : null);
  }
}

/** One of two numbers, by a condition. */
export const isDirection = (said: Said): boolean => said.op === 'choice' && isLiteral(said.args[1]!) && isLiteral(said.args[2]!);

function holds(sign: ComparisonSign, a: number, b: number): boolean {
  switch (sign) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
  }
}

const isShort = (value: number): boolean => Number.isFinite(value) && numberText(value).length <= 9 && Number(numberText(value)) === value;
