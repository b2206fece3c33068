import { BROKER as B, SIZE } from '#core/model/strategy-abi.ts';
import { type EntryTexts, entryTexts } from './entry-code.ts';
import { register } from './broker-functions.ts';
import type { ProgramCode } from './program-code.ts';

type Term = Exclude<keyof EntryTexts, 'setup'>;

/** The register in which a term of an entry waits until it fills. */
const WAITING: Readonly<Record<Term, number>> = {
  side: B.pendingSide,
  stopDistance: B.pendingStopDistance,
  stopPercent: B.pendingStopPercent,
  stopPrice: B.pendingStopPrice,
  trailDistance: B.pendingTrailDistance,
  trailPercent: B.pendingTrailPercent,
  afterDistance: B.pendingAfterDistance,
  afterPercent: B.pendingAfterPercent,
  afterR: B.pendingAfterR,
  trailHasBase: B.pendingTrailHasBase,
  takeDistance: B.pendingTakeDistance,
  takePercent: B.pendingTakePercent,
  takeR: B.pendingTakeR,
  sizeKind: B.pendingSizeKind,
  sizeAmount: B.pendingSizeAmount,
  maxKind: B.pendingMaxKind,
  maxAmount: B.pendingMaxAmount,
  minKind: B.pendingMinKind,
  minAmount: B.pendingMinAmount,
};
const TERMS = Object.keys(WAITING) as readonly Term[];
const LEVELS: readonly Term[] = [
  'stopDistance',
  'stopPercent',
  'stopPrice',
  'trailDistance',
  'trailPercent',
  'afterDistance',
  'afterPercent',
  'afterR',
  'takeDistance',
  'takePercent',
  'takeR',
];

const NA = '(0/0)';

/** The terms of a program's entries: what all of them say alike is part of the code, the rest waits in registers from the order to its fill. */
export class EntryTerms {
  readonly #entries: readonly EntryTexts[];

  constructor(code: ProgramCode) {
    this.#entries = code.program.entries.map((entry) => entryTexts(code, entry));
  }

  /** Text of a term where an entry is tested or fills: a number, or its register. */
  of(term: Term): string {
    const [first = null, ...others] = this.#entries.map((entry) => entry[term]);
    const isAlike = others.every((text) => text === first);
    if (isAlike && first === null) return NA;
    return isAlike && /^-?\d+(?:\.\d+)?$/.test(first!) ? first! : register(WAITING[term]);
  }

  /** Writes the terms of an entry into the registers. */
  write(texts: EntryTexts): string {
    return TERMS.filter((term) => this.#waits(term))
      .map((term) => `${register(WAITING[term])}=${texts[term] ?? NA};`)
      .join('');
  }

  #waits(term: Term): boolean {
    return this.of(term) === register(WAITING[term]);
  }

  /** Levels that an entry may have; not above zero = unusable. */
  levels(): readonly string[] {
    return LEVELS.map((term) => this.of(term)).filter((text) => text !== NA);
  }

  get hasStop(): boolean {
    return (['stopDistance', 'stopPercent', 'stopPrice'] as const).some((term) => this.of(term) !== NA);
  }

  /** Text of the initial stop for a fill at `price` on `side`. */
  stopLevel(): string {
    const [distance, percent, price] = [this.of('stopDistance'), this.of('stopPercent'), this.of('stopPrice')];
    if (percent === NA && price === NA) return `price-side*${distance}`;
    if (distance === NA && price === NA) return `price*(1-side*${percent})`;
    return `tightest(side,price-side*${distance},price*(1-side*${percent}),${price})`;
  }

  /** Statements that compute the quantity of an entry at `price`; `distance` is that to its initial stop, if any has one. */
  size(name: string, equity: string): string {
    const quantity = (kind: Term, amount: Term): string => this.#quantity(this.of(kind), this.of(amount), equity);
    const bound = (kind: Term, amount: Term, local: string, isOver: string): string => {
      const isNone = this.of(kind) === String(SIZE.none);
      const test = `const ${local}=${quantity(kind, amount)};if(${local}!==${local}||${name}${isOver}${local})${name}=${local};`;
      return isNone ? '' : `if(${this.of(kind)}!==${SIZE.none}){${test}}`;
    };
    return `let ${name}=${quantity('sizeKind', 'sizeAmount')};${bound('maxKind', 'maxAmount', 'most', '>')}${bound('minKind', 'minAmount', 'least', '<')}\n`;
  }

  #quantity(kind: string, amount: string, equity: string): string {
    const distance = this.hasStop ? 'distance' : NA;
    const cash = register(B.cash);
    const texts: Readonly<Record<number, string>> = {
      [SIZE.quantity]: amount,
      [SIZE.money]: `${amount}/price`,
      [SIZE.equityShare]: `${amount}*${equity}/price`,
      [SIZE.cashShare]: `${amount}*${cash}/price`,
      [SIZE.riskMoney]: `${amount}/${distance}`,
      [SIZE.riskEquityShare]: `${amount}*${equity}/${distance}`,
      [SIZE.riskCashShare]: `${amount}*${cash}/${distance}`,
    };
    const known = /^\d+$/.test(kind) ? texts[Number(kind)] : undefined;
    return known ?? `quantity(${kind},${amount},price,${equity},${cash},${distance})`;
  }

  /** The functions that these texts call. */
  functions(): string {
    const isVaried = (['sizeKind', 'maxKind', 'minKind'] as const).some((term) => this.#waits(term));
    return `${isVaried ? `${QUANTITY}\n` : ''}${this.stopLevel().startsWith('tightest') ? TIGHTEST : ''}`;
  }
}

const QUANTITY = `function quantity(kind,x,price,equity,cash,distance){
if(kind===${SIZE.quantity})return x;
if(kind===${SIZE.money})return x/price;
if(kind===${SIZE.equityShare})return x*equity/price;
if(kind===${SIZE.cashShare})return x*cash/price;
if(kind===${SIZE.riskMoney})return x/distance;
if(kind===${SIZE.riskEquityShare})return x*equity/distance;
if(kind===${SIZE.riskCashShare})return x*cash/distance;
return 0/0;}`;

const TIGHTEST = `function tightest(side,level,relative,fixed){
if(side>0){if(relative===relative&&!(level>=relative))level=relative;if(fixed===fixed&&!(level>=fixed))level=fixed;}
else{if(relative===relative&&!(level<=relative))level=relative;if(fixed===fixed&&!(level<=fixed))level=fixed;}
return level;}`;
