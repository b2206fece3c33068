import fc from 'fast-check';
import { Choices } from './choices.ts';

/** A module and a strategy that the texts use, by file name. */
export const USED_FILES: Readonly<Record<string, string>> = {
  'lib.strat': `strat 1
module "used"
def half(x) = x / 2
export def middle(a: price, b: price) { let both = a + b return half(both) }
`,
  'other.strat': `strat 1
strategy "other"
trade BTC/USDT on 1h
param n = 3 in 1..9
enter long when close > sma(close, n)
exit long when close < sma(close, n)
size 10% of equity
stop 5%
`,
};

/** Names of the markets that texts trade. */
export const MARKETS = ['AAA/USDT', 'BBB/USDT', 'CCC/USDT'] as const;

/** Writes the text of a strategy with about half of the statements of the language in it; every text is meant to pass the checker. */
class StatementWriter {
  readonly #c: Choices;
  readonly #trades: 'one' | 'several' | 'universe' | 'listed' | 'basket';
  readonly #conditions: string[];

  constructor(choices: Choices, trades: 'one' | 'several' | 'universe' | 'listed' | 'basket') {
    this.#c = choices;
    this.#trades = trades;
    this.#conditions = ['close > open', 'close < open', 'close crosses above sma(close, n)', 'close falls for 2 bars', 'rsi(close, n) < x'];
  }

  text(): string {
    const c = this.#c;
    const parts: readonly (readonly [chance: number, text: () => string, condition?: string])[] = [
      [40, () => 'use middle from "./lib.strat"\nlet mid = middle(high, low)', 'close > mid'],
      [
        40,
        () => `use strategy other from "./other.strat" with { n = ${c.pick(['2', '5', 'n'])} }\nlet ballot = vote(other: 1)`,
        'ballot > 0',
      ],
      [40, () => 'def gap(k: length = 2) = close - close[k]', 'gap() > gap(3)'],
      [40, () => 'chart 4h {\n  let slow = sma(close, 2)\n  let up = close > slow\n}', 'up'],
      [
        40,
        () => `session work {\n  hours ${c.pick(['06:00..18:00', '20:00..04:00'])}\n  zone "Europe/Berlin"\n  days mon..sun\n}`,
        'work.active',
      ],
      [
        40,
        () => 'regime market start calm {\n  calm -> wild when close > highest(high, 4)[1]\n  wild -> calm when market.bars >= 3\n}',
        'market is wild',
      ],
      [40, () => 'require n < 10 "n is small"'],
      [40, () => `let line = line[1] + 0.3 * (close - line[1]) start close`, 'close > line'],
    ];
    const used = parts.filter(([chance]) => c.chance(chance));
    for (const [, , condition] of used) if (condition !== undefined) this.#conditions.push(condition);
    const lets = used.map(([, text]) => text());
    if (this.#trades === 'universe') this.#conditions.push('rank(roc(close, 2)) == 1');
    const both = (): readonly string[] => [this.#block('long'), this.#block('short')];
    const rules =
      this.#trades === 'basket'
        ? both()
        : c.pick([
            both,
            () => [this.#block(c.pick(['long', 'short']))],
            () => [`setup one long ${this.#body('long')}`, `setup two short ${this.#body('short')}`],
            () => [this.#oco(), this.#exits(), this.#size(), this.#stop('long', false)],
          ])();
    const perDay = c.pick(['per bar', 'per hour', 'per day', 'per week', '']);
    return [
      'strat 1',
      'strategy "random" { author "nobody" }',
      ...this.#head(),
      c.chance(50)
        ? `account { capital ${c.pick(['10000', '500'])} USDT${c.pick(['', ' leverage 3', ' leverage 5 margin isolated'])} }`
        : '',
      c.chance(50) ? 'costs { maker 0.02% taker 0.05% slippage 3bp borrow 6% }' : '',
      'param n = 3 in 1..9 step 1',
      'param x = 50 in 10..90',
      ...lets,
      ...rules,
      c.chance(50)
        ? `risk {\n  max position ${c.pick(['40%', '90%'])} of equity\n  max trades ${c.pick(['2', '5'])} ${perDay}\n  max loss 2% per day then ${c.pick(['pause 5h', 'flatten', 'flatten and pause 1d'])}\n  ${c.pick(['block long', 'flatten', 'block'])} when ${this.#condition()}\n}`
        : '',
      c.chance(30) ? `notify "{symbol} at {close:2}" when ${this.#condition()} once per day` : '',
      c.chance(30) ? 'plot sma(close, n) as "mean" color blue' : '',
      c.chance(30) ? `mark above when ${this.#condition()} text "{close}" color red` : '',
      c.chance(30) ? 'objective maximize sharpe where trades.count >= 10' : '',
    ]
      .filter((line) => line !== '')
      .join('\n');
  }

  #head(): readonly string[] {
    const c = this.#c;
    if (this.#trades === 'one') return ['trade BTC/USDT on 1h side both'];
    if (this.#trades === 'several') return [`trade ${MARKETS.join(', ')} on 1h side both`];
    if (this.#trades === 'basket')
      return [`basket pair {\n  buy ${MARKETS[0]} weight 1\n  sell ${MARKETS[1]} weight 0.5\n}`, `trade ${MARKETS[0]} on 1h side both`];
    const lines = [
      this.#trades === 'listed' ? `list [${MARKETS.join(', ')}]` : 'quote USDT',
      c.chance(30) ? `exclude [${MARKETS[2]}]` : '',
      c.chance(50) ? 'filter sma(volume, 3) > 1' : '',
      `rank by roc(close, 3)${c.pick(['', ' descending', ' ascending'])}`,
      c.chance(70) ? `hold top ${c.pick(['1', '2'])}` : '',
      c.pick(['', 'weight equal', 'weight by close', 'weight inverse natr(3)']),
      c.pick(['', 'rebalance every 6h', 'rebalance every 1d']),
      c.chance(30) ? 'refresh every 2d' : '',
    ];
    return [
      `universe {\n${lines
        .filter((line) => line !== '')
        .map((line) => `  ${line}`)
        .join('\n')}\n}`,
      'trade universe on 1h side both',
    ];
  }

  #condition(): string {
    const c = this.#c;
    const a = c.pick(this.#conditions);
    const b = c.pick(this.#conditions.filter((other) => other !== a));
    return c.pick([a, a, a, `${a} and not (${b})`, `${a} or ${b}`, `(${a})[1]`, `(${a}) within 3 bars`]);
  }

  #order(side: 'long' | 'short', isEntry: boolean): string {
    const c = this.#c;
    const [against, along] = (side === 'long') === isEntry ? ['-', '+'] : ['+', '-'];
    const price = (sign: string): string => `close ${sign} ${c.pick(['0.2%', '0.5%'])}`;
    const life = c.pick(['', ' good for 2 bars', ' good until 15:30', ' good for 3 bars else market after 2 bars']);
    return c.pick([
      '',
      '',
      '',
      ' at market',
      ` at limit ${price(against)}${c.pick([life, ' post_only', ' ioc', ' fok'])}`,
      ` at stop ${price(along)}${life}`,
      ` at stop ${price(along)} limit close ${along} 1%${life}`,
    ]);
  }

  #reason(): string {
    return this.#c.pick(['', '', ' reason "at {close:1}"']);
  }

  #size(): string {
    const c = this.#c;
    return c.pick([
      'size 10% of equity',
      'size 60% of cash',
      'size 1000 USDT',
      this.#trades === 'one' ? 'size 0.05 BTC' : 'size 500 USDT',
      'size risk 1% of equity max 80% of equity',
      'size unit 1% of equity per 2 atr(n)',
      'size kelly fraction 0.5 over 10 trades min 2% of equity max 30% of equity',
      'size 20% of equity times confidence min 100 USDT',
    ]);
  }

  #stop(side: 'long' | 'short', isSided: boolean): string {
    const c = this.#c;
    const sign = side === 'long' ? '-' : '+';
    return c.pick([
      'stop 1%',
      'stop 1% closing',
      'stop 2 atr(n)',
      'stop 0.8% limit 0.1%',
      ...(isSided
        ? [`stop at close ${sign} 1.5 * atr(n) moving`, `stop at ${side === 'long' ? 'lowest(low, 5)' : 'highest(high, 5)'} ${sign} 1 tick`]
        : []),
    ]);
  }

  #block(side: 'long' | 'short'): string {
    return `${side} ${this.#body(side)}`;
  }

  /** A basket is entered at the market, its size is money, and its levels are percents. */
  #pairLines(): readonly string[] {
    const c = this.#c;
    return [
      `enter pair when ${this.#condition()}${c.pick(['', ' with confidence 0.7'])}`,
      c.chance(70) ? `exit pair when ${this.#condition()}` : '',
      c.chance(30) ? `add when ${this.#condition()} max 2 times` : '',
      c.pick(['size 30% of equity', 'size 2000 USDT', 'size 90% of equity']),
      c.pick(['stop 1%', 'stop 3%']),
      c.chance(40) ? 'take at 1%' : '',
      c.chance(30) ? 'trail 0.8%' : '',
      c.chance(30) ? 'timeout 6 bars' : '',
      c.chance(30) ? 'cooldown 2 bars' : '',
    ];
  }

  #body(side: 'long' | 'short'): string {
    const lines = this.#trades === 'basket' ? this.#pairLines() : this.#lines(side);
    return `{\n${lines
      .filter((line) => line !== '')
      .map((line) => `  ${line}`)
      .join('\n')}\n}`;
  }

  #lines(side: 'long' | 'short'): readonly string[] {
    const c = this.#c;
    return [
      c.chance(30) ? 'let near = abs(close / sma(close, 5) - 1) < 2%' : '',
      `enter when ${this.#condition()}${this.#order(side, true)}${c.pick(['', ' with confidence 0.7'])}${this.#reason()}`,
      c.chance(30) ? `enter when ${this.#condition()}${this.#order(side, true)}` : '',
      c.chance(70) ? `exit when ${this.#condition()}${this.#order(side, false)}${this.#reason()}` : '',
      c.chance(30) ? `exit 50% when ${this.#condition()}` : '',
      c.chance(30)
        ? c.pick([
            `add when ${this.#condition()} max 2 times`,
            'add 50% every 0.5% against max 3 times scale 1.5',
            'add every 0.5% in_favor max 2 times',
          ])
        : '',
      this.#size(),
      this.#stop(side, true),
      c.chance(40) ? c.pick(['take 50% at 0.5%, rest at 1R', 'take at 1%', `take at close ${side === 'long' ? '+' : '-'} 1%`]) : '',
      c.chance(30) ? c.pick(['trail 0.8%', 'trail 1 atr(n) after 0.3%', 'trail 1% step 0.2%', 'trail 0.7% closing']) : '',
      c.chance(30) ? 'breakeven after 0.3% plus 0.05%' : '',
      c.chance(30) ? c.pick(['timeout 6 bars', 'timeout 8h when position.profit < 0%']) : '',
      c.chance(30) ? c.pick(['cooldown 2 bars', 'cooldown 3h after loss', 'cooldown 2 bars after stop']) : '',
      c.chance(30) ? `cancel when ${this.#condition()}` : '',
    ];
  }

  #oco(): string {
    const condition = this.#condition();
    return `oco {\n  enter long when ${condition} at stop high + 0.1%\n  enter short when ${condition} at stop low - 0.1%\n}`;
  }

  #exits(): string {
    return `exit long when ${this.#condition()}\nexit short when ${this.#condition()}`;
  }
}

const anyChoices = fc
  .noBias(fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 120, size: 'max' }))
  .map((numbers) => new Choices(numbers));

/** The same on an inverse perpetual, whose account is in coins and whose quantities are dollars. */
const inverted = (text: string): string =>
  text
    .replaceAll('BTC/USDT', 'BTC/USD:BTC')
    .replaceAll('0.05 BTC', '50000 USD')
    .replaceAll(/(?<=\d) USDT/g, ' BTC')
    .replace(' borrow 6%', '');

/** On one market: BTC/USDT, or BTC/USD:BTC. */
export const anyStatements: fc.Arbitrary<string> = fc.tuple(anyChoices, fc.constantFrom(false, false, true)).map(([choices, isInverse]) => {
  const text = new StatementWriter(choices, 'one').text();
  return isInverse ? inverted(text) : text;
});

/** On MARKETS, on a universe of them, or with a basket of two of them. */
export const anyMarketStatements: fc.Arbitrary<string> = anyChoices.map((choices) =>
  new StatementWriter(choices, choices.pick(['several', 'universe', 'basket'])).text(),
);

/** On MARKETS, on a universe with a list of them that asks for no `rank(x)`, or with a basket: what a bot trades. */
export const anyBotStatements: fc.Arbitrary<string> = anyChoices.map((choices) =>
  new StatementWriter(choices, choices.pick(['several', 'listed', 'basket'])).text(),
);
