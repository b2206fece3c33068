import type { Definition, Said } from './said.ts';

/** How tightly a form binds: what is looser than its place needs brackets. */
const LEVEL = { choice: 0, or: 1, and: 2, not: 3, comparison: 5, sum: 6, product: 7, minus: 8, postfix: 9, word: 10 } as const;

const BINARY_LEVEL: Readonly<Record<string, number>> = {
  or: LEVEL.or,
  and: LEVEL.and,
  '+': LEVEL.sum,
  '-': LEVEL.sum,
  '*': LEVEL.product,
  '/': LEVEL.product,
};

/** Writes values as text of strat. */
export class SaidPrinter {
  readonly #nameOf: (definition: Definition) => string;

  constructor(nameOf: (definition: Definition) => string) {
    this.#nameOf = nameOf;
  }

  text(said: Said): string {
    return this.#at(said, LEVEL.choice);
  }

  /** As a price, size or distance stands in a statement: sums and what is tighter. */
  sum(said: Said): string {
    return this.#at(said, LEVEL.sum);
  }

  #at(said: Said, place: number): string {
    const [text, level] = this.#form(said);
    return level < place ? `(${text})` : text;
  }

  #form(said: Said): readonly [text: string, level: number] {
    const { args } = said;
    const [a, b, c] = args as [Said, Said, Said];
    switch (said.op) {
      case 'number':
        return [said.text, said.value < 0 ? LEVEL.minus : LEVEL.word];
      case 'truth':
        return [String(said.value), LEVEL.word];
      case 'na':
        return ['na', LEVEL.word];
      case 'word':
        return [said.text, /^\d+ /.test(said.text) ? LEVEL.postfix : LEVEL.word];
      case 'ref':
      case 'option':
        return [this.#nameOf(said.definition), LEVEL.word];
      case 'past':
        return [`${this.#at(a, LEVEL.postfix)}[${this.text(b)}]`, LEVEL.postfix];
      case 'member':
        return [`${this.#at(a, LEVEL.postfix)}.${said.name}`, LEVEL.postfix];
      case 'call':
        return [`${said.name}(${args.map((arg) => this.text(arg)).join(', ')})`, LEVEL.word];
      case 'minus':
        return [`-${this.#at(a, LEVEL.minus)}`, LEVEL.minus];
      case 'not':
        if (a.op === 'isNa') return [`${this.#at(a.args[0]!, LEVEL.sum)} is not na`, LEVEL.comparison];
        return [`not ${this.#at(a, LEVEL.postfix)}`, LEVEL.not];
      case 'isNa':
        return [`${this.#at(a, LEVEL.sum)} is na`, LEVEL.comparison];
      case 'choice':
        return [`if ${this.#at(a, LEVEL.or)} then ${this.#at(b, LEVEL.or)} else ${this.text(c)}`, LEVEL.choice];
      case 'on':
        return [`${this.#at(a, LEVEL.word)} on ${said.timeframe}`, LEVEL.postfix];
      case 'of':
        return [`${this.#at(a, LEVEL.postfix)} of ${said.market}`, LEVEL.postfix];
      case 'binary': {
        const level = BINARY_LEVEL[said.sign] ?? LEVEL.comparison;
        // Of equal signs the left one comes first; comparisons do not chain.
        const left = this.#at(a, level === LEVEL.comparison ? LEVEL.sum : level);
        const right = this.#at(b, level === LEVEL.comparison ? LEVEL.sum : said.sign === 'and' || said.sign === 'or' ? level : level + 1);
        return [`${left} ${said.sign} ${right}`, level];
      }
      default:
        throw new RangeError(`"${said.op}" has no text`);
    }
  }
}
