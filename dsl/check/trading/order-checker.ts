import type { Expression } from '../../ast/expression.ts';
import type { Order, OrderOption } from '../../ast/nodes.ts';
import { AT_MARKET, type OrderRule } from '../../program.ts';
import type { ExpressionChecker } from '../expression-checker.ts';
import type { Scope } from '../scope.ts';
import type { CountChecker } from './count-checker.ts';
import type { LevelChecker } from './level-checker.ts';

type Option<K extends OrderOption['kind']> = Extract<OrderOption, { readonly kind: K }>;

/** How an order goes out: `at limit p post_only good for 3 bars`. */
export class OrderChecker {
  readonly #checker: ExpressionChecker;
  readonly #levels: LevelChecker;
  readonly #counts: CountChecker;

  constructor(checker: ExpressionChecker, levels: LevelChecker, counts: CountChecker) {
    this.#checker = checker;
    this.#levels = levels;
    this.#counts = counts;
  }

  /** A market order where nothing else is said; null after an error. */
  check(order: Order | null, scope: Scope): OrderRule | null {
    if (order === null) return AT_MARKET;
    const [price, limit] = [order.price, order.limit].map((e) => (e === null ? null : this.#price(e, scope)));
    const [goodFor, elseMarket] = [find(order, 'GoodFor')?.length, find(order, 'ElseMarket')?.after].map((e) =>
      e === undefined ? null : (this.#counts.bars(e, scope) ?? undefined),
    );
    if (price === undefined || limit === undefined || goodFor === undefined || elseMarket === undefined) return null;
    if (!this.#fit(order)) return null;
    return {
      type: order.limit === null ? order.type : 'stopLimit',
      price,
      limit,
      postOnly: find(order, 'PostOnly') !== undefined,
      timeInForce: find(order, 'Ioc') !== undefined ? 'ioc' : find(order, 'Fok') !== undefined ? 'fok' : 'good',
      goodForBars: goodFor,
      goodUntilMinutes: find(order, 'GoodUntil')?.time.minutes ?? null,
      elseMarketAfterBars: elseMarket,
    };
  }

  #price(e: Expression, scope: Scope): number | undefined {
    return this.#levels.price(e, scope, 'the price of an order')?.value;
  }

  /** Whether the options go with the type and with each other. */
  #fit({ type, limit, options }: Order): boolean {
    const refuse = (option: OrderOption, message: string, hint: string): false => {
      this.#checker.error('E0508', option.span, message, hint);
      return false;
    };
    const [first] = options;
    if (type === 'market' && first !== undefined)
      return refuse(first, 'a market order fills at once and has no options', 'write: at limit and a price');
    const [immediate, other] = options.filter(({ kind }) => kind === 'Ioc' || kind === 'Fok' || kind === 'PostOnly');
    if (other !== undefined) return refuse(other, 'these options contradict each other', 'keep one of them');
    if (immediate === undefined) return true;
    if (type === 'stop' && limit === null) {
      const what = immediate.kind === 'PostOnly' ? 'post_only' : immediate.kind.toLowerCase();
      return refuse(immediate, `a stop order takes the market price; it cannot be ${what}`, 'remove it, or add: limit and a price');
    }
    const resting = options.find((option) => option.kind === 'ElseMarket' || option.kind.startsWith('Good'));
    if (type === 'limit' && immediate.kind !== 'PostOnly' && resting !== undefined) {
      return refuse(
        immediate.span.start < resting.span.start ? resting : immediate,
        'an order that fills at once or not at all does not rest',
        `keep ${immediate.kind.toLowerCase()}, or the time that it rests`,
      );
    }
    return true;
  }
}

function find<K extends OrderOption['kind']>({ options }: Order, kind: K): Option<K> | undefined {
  return options.find((option): option is Option<K> => option.kind === kind);
}
