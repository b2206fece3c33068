import fc from 'fast-check';
import { Choices } from './choices.ts';

/** Writes the text of a random strategy of the language; every text is meant to pass the checker. */
class SourceWriter {
  readonly #choices: Choices;
  readonly #prices: string[] = ['open', 'high', 'low', 'close', 'close', 'hl2', 'hlc3', 'close[1]', 'high[k]', 'low[3]'];
  readonly #numbers: string[] = ['rsi(n)', 'rsi(close, 14)', '50', 'x', 'close / open', 'trades.count'];
  readonly #conditions: string[] = ['close > open', 'close crosses above sma(close, n)', 'position.open'];
  readonly #lets: string[] = [];

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  source(): string {
    const c = this.#choices;
    for (let k = 0; k < 4 + c.below(8); k++) this.#let(k);
    const sides = c.pick([['long'], ['short'], ['long', 'short']] as const);
    const blocks = sides.map((side) => this.#block(side));
    return [
      'strat 1',
      'strategy "random"',
      `trade BTC/USDT on 1h side ${sides.length === 2 ? 'both' : sides[0]}`,
      'param n = 3 in 1..9 step 1',
      'param k = 2 in 0..5 step 1',
      'param x = 1.5 in 0.5..2.5',
      ...this.#lets,
      ...blocks,
    ].join('\n');
  }

  #let(index: number): void {
    const c = this.#choices;
    const kind = c.pick(['price', 'number', 'condition'] as const);
    const text = kind === 'price' ? this.#price() : kind === 'number' ? this.#number() : this.#condition();
    const name = `${kind}_${index}`;
    this.#lets.push(`let ${name} = ${text}`);
    (kind === 'price' ? this.#prices : kind === 'number' ? this.#numbers : this.#conditions).push(name);
  }

  #length(): string {
    return this.#choices.pick(['n', '2', '5', 'n + 2', '12']);
  }

  #price(): string {
    const c = this.#choices;
    const a = c.pick(this.#prices);
    const b = c.pick(this.#prices);
    const indicator = c.pick(['sma', 'ema', 'rma', 'highest', 'lowest']);
    return c.pick([
      a,
      `${indicator}(${a}, ${this.#length()})`,
      `(${a} + ${b}) / 2`,
      `max(${a}, ${b})`,
      `min(${a}, ${b})`,
      `${a} + 1%`,
      `${a} - x * atr(n)`,
      `bbands(${a}, ${this.#length()}, 2).${c.pick(['upper', 'mid', 'lower'])}`,
      `(if ${c.pick(this.#conditions)} then ${a} else ${b})`,
      `macd(${a}, 3, 6, 4).line + close`,
      `(${a} + close)[${c.pick(['1', '4', 'k'])}]`,
      `stdev(${a}, ${this.#length()}) + ${b}`,
    ]);
  }

  #number(): string {
    const c = this.#choices;
    const a = c.pick(this.#numbers);
    const b = c.pick(this.#numbers);
    return c.pick([
      a,
      `${a} + ${b}`,
      `${a} - ${b}`,
      `${a} * x`,
      `-${a}`,
      `abs(${a} - ${b})`,
      `${c.pick(this.#prices)} / ${c.pick(this.#prices)}`,
      `rsi(${c.pick(this.#prices)}, ${this.#length()})`,
      `(${a} + rsi(5))[k]`,
      `sqrt(abs(${a}))`,
    ]);
  }

  #condition(): string {
    const c = this.#choices;
    const a = c.pick(this.#conditions);
    const b = c.pick(this.#conditions);
    const prices = `${this.#price()} ${c.pick(['>', '<', '>=', '<=', 'crosses above', 'crosses below', 'crosses'])} ${this.#price()}`;
    const numbers = `${c.pick(this.#numbers)} ${c.pick(['>', '<', '>=', 'crosses above'])} ${c.pick(this.#numbers)}`;
    return c.pick([
      prices,
      prices,
      prices,
      numbers,
      `(${a}) and (${b})`,
      `(${a}) or (${b})`,
      `not (${a})`,
      `(${a} or close > open)[1]`,
      `${c.pick(this.#prices)} is na`,
      `${c.pick(this.#numbers)} between 30 and 70`,
      `${c.pick(this.#prices)} rises`,
    ]);
  }

  #block(side: 'long' | 'short'): string {
    const c = this.#choices;
    const sign = side === 'long' ? '-' : '+';
    const stop = c.pick([
      'stop 2%',
      'stop 2 atr(n)',
      'stop x * atr(5)',
      `stop at close ${sign} 2 * atr(n)`,
      `stop 3%\n  stop 1.5 atr(n)`,
      '',
    ]);
    const trail = c.pick([
      '',
      '',
      'trail 2%',
      'trail 2 atr(n)',
      stop === '' ? 'trail 3%' : 'trail 1.5 atr(n) after 0.5R',
      `trail 1 atr(5) from ${side === 'long' ? 'highest(high, n)' : 'lowest(low, n)'}`,
      'trail 1% after 2%',
    ]);
    const risk = stop === '' ? 'size 10% of equity' : 'size risk 1% of equity max 40% of equity';
    const size = c.pick([
      risk,
      risk,
      'size 1000 USDT',
      'size 0.5 BTC',
      'size 100% of equity',
      'size 30% of cash times 0.5',
      'size 20% of equity times confidence min 100 USDT',
    ]);
    const lines = [
      `enter when ${this.#condition()}${c.chance(30) ? ' with confidence rsi(n) / 100' : ''}`,
      c.chance(30) ? `enter when ${this.#condition()}` : '',
      c.chance(80) ? `exit when ${this.#condition()}` : '',
      c.chance(30) ? `exit 50% when ${this.#condition()}` : '',
      size,
      stop,
      trail,
    ];
    return `${side} {\n${lines
      .filter((line) => line !== '')
      .map((line) => `  ${line}`)
      .join('\n')}\n}`;
  }
}

export const anySource: fc.Arbitrary<string> = fc
  .noBias(fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 120, size: 'max' }))
  .map((numbers) => new SourceWriter(new Choices(numbers)).source());
