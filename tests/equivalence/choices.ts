/** A stream of random choices, so that one array of integers is one program (and shrinks). */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    const value = this.#numbers[this.#next % this.#numbers.length]! + this.#next * 7919;
    this.#next += 1;
    return value % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}
