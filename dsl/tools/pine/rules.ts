import { ExitLevels, type Levels } from './exit-levels.ts';

import { type OrderCall, type RiskCall, type Side, sideOf } from './orders.ts';
import { callText, conditionFor, defaultSize, priceOf, reasonOf, type RuleContext, sizeOf } from './rule-parts.ts';
import type { Said } from './said.ts';
import { numberText } from './said-store.ts';

const SIDES = ['long', 'short'] as const;

/** An entry with its side. */
interface Entry {
  readonly order: OrderCall;
  readonly side: Side;
  readonly isResting: boolean;
}

/** Rules of one side, or of one setup of it. */
interface Block {
  readonly side: Side;
  /** null: all entries of the side. */
  readonly id: string | null;
  readonly entries: readonly Entry[];
}

/** Turns the calls of `strategy.` into the trading statements of the program. */
export class Rules {
  readonly #context: RuleContext;
  readonly #orders: readonly OrderCall[];
  readonly #entries: readonly Entry[];
  readonly #allowed: readonly Side[];

  constructor(context: RuleContext, orders: readonly OrderCall[], risks: readonly RiskCall[]) {
    this.#context = context;
    this.#orders = orders;
    this.#allowed = allowedSides(risks);
    this.#entries = orders.flatMap((order) => this.#entryOf(order));
  }

  /** The sides that are entered. */
  get sides(): readonly Side[] {
    return SIDES.filter((side) => this.#allowed.includes(side) && this.#entries.some((entry) => entry.side === side));
  }

  /** Statements; none: nothing is entered. */
  statements(): readonly string[] {
    const blocks = this.#blocks();
    const written = blocks.map((block) => ({ block, lines: this.#lines(block) })).filter(({ lines }) => lines.entries.length > 0);
    if (written.length === 0) return [];
    this.#tellOfRuns();
    const sizes = new Set(written.map(({ lines }) => lines.size));
    const isFlat = sizes.size === 1 && written.every(({ block, lines }) => block.id === null && lines.levels.length === 0);
    const pairs = isFlat ? this.#oco(written.flatMap(({ lines }) => lines.entries)) : null;
    const common = sizes.size === 1 ? [[...sizes][0]!] : [];
    if (isFlat) {
      const sided = ({ side }: Block, text: string): string =>
        text.replace(/^(enter|exit|cancel)\b/, (word) => (word === 'cancel' ? word : `${word} ${side}`));
      const entries = written.flatMap(({ block, lines }) => lines.entries.map(({ text }) => sided(block, text)));
      const rest = written.flatMap(({ block, lines }) => [...lines.exits, ...lines.others].map((text) => sided(block, text)));
      return [...common, ...(pairs === null ? entries : [`oco {\n${entries.join('\n')}\n}`]), ...rest];
    }
    if (written.some(({ lines }) => lines.entries.some(({ group }) => group !== null)))
      this.#context.remarks.changed(
        this.#orders[0]!,
        'oca_name',
        'orders of a group do not cancel each other: of resting ones the first that fills holds the market',
      );
    return [
      ...common,
      ...written.map(({ block, lines }) => {
        const head = block.id === null ? block.side : `setup ${setupName(block.id)} ${block.side}`;
        const inner = [
          ...lines.entries.map(({ text }) => text),
          ...lines.exits,
          ...(sizes.size === 1 ? [] : [lines.size]),
          ...lines.levels,
          ...lines.others,
        ];
        return `${head} {\n${inner.join('\n')}\n}`;
      }),
    ];
  }

  #entryOf(order: OrderCall): readonly Entry[] {
    if (order.call !== 'entry' && order.call !== 'order') return [];
    const side = sideOf(order);
    if (side === null) {
      this.#context.remarks.dropped(order, callText(order), 'its direction must be strategy.long or strategy.short');
      return [];
    }
    if (order.call === 'order')
      this.#context.remarks.changed(
        order,
        callText(order),
        'it is an entry that first closes the other side; Pine adds its quantity to the position as it is',
      );
    const isResting = ['limit', 'stop'].some((name) => order.args.has(name) && order.args.get(name)!.kind !== 'na');
    return [{ order, side, isResting }];
  }

  /** One block a side; a setup each where exits tell the entries of a side apart. */
  #blocks(): readonly Block[] {
    return this.sides.flatMap((side): readonly Block[] => {
      const entries = this.#entries.filter((entry) => entry.side === side);
      const ids = [...new Set(entries.map(({ order }) => order.id))];
      const isApart =
        ids.length > 1 &&
        ids.every((id) => id !== null) &&
        this.#orders.some(({ call, id, args }) => {
          if (call === 'close') return id !== null && ids.includes(id);
          const from = args.get('from_entry');
          return call === 'exit' && from?.op === 'text' && ids.includes(from.text);
        });
      if (!isApart) return [{ side, id: null, entries }];
      return ids.map((id) => ({ side, id, entries: entries.filter(({ order }) => order.id === id) }));
    });
  }

  #lines(block: Block): {
    readonly entries: readonly { readonly text: string; readonly group: string | null }[];
    readonly exits: readonly string[];
    readonly levels: readonly string[];
    readonly others: readonly string[];
    readonly size: string;
  } {
    const cancels = this.#orders.filter(
      ({ call, id }) => call === 'cancel_all' || (call === 'cancel' && block.entries.some(({ order }) => order.id === id)),
    );
    const shortLived = new Set<OrderCall>();
    const entries = block.entries.flatMap((entry) => this.#entryText(entry, cancels, shortLived));
    const exits = entries.length === 0 ? [] : [...this.#exits(block), ...this.#reversals(block)];
    const others = [...this.#cancels(block, cancels, shortLived), ...this.#adds(block)];
    return {
      entries,
      exits: [...new Set(exits)],
      levels: entries.length === 0 ? [] : this.#levels(block),
      others,
      size: this.#size(block),
    };
  }

  #entryText(
    { order, side }: Entry,
    cancels: readonly OrderCall[],
    shortLived: Set<OrderCall>,
  ): readonly { readonly text: string; readonly group: string | null }[] {
    const { say, use, printer, settle } = this.#context;
    const condition = conditionFor(this.#context, order, side, 'entering');
    const [stop, limit] = ['stop', 'limit'].map((name) => priceOf(this.#context, order, name, side, 'entering'));
    if (condition === null || stop === 'lost' || limit === 'lost') return [];
    const prices = [
      stop === null ? '' : ` stop ${printer.sum(use(stop!))}`,
      limit === null ? '' : ` limit ${printer.sum(use(limit!))}`,
    ].join('');
    const isResting = prices !== '';
    // An order that is withdrawn whenever its condition does not hold lives for one bar.
    const withdrawal = say.not(settle(order.guard));
    const cancel = isResting ? cancels.find(({ guard }) => settle(guard) === withdrawal) : undefined;
    if (cancel !== undefined) shortLived.add(cancel);
    const oca = order.args.get('oca_name');
    const type = order.args.get('oca_type');
    const isGroup = isResting && oca?.op === 'text' && type?.op === 'text' && type.text === 'strategy.oca.cancel';
    const life = cancel === undefined ? '' : ' good for 1 bar';
    const text = `${commentsOf(order)}enter when ${printer.text(use(condition))}${isResting ? ` at${prices}${life}` : ''}${reasonOf(order)}`;
    return [{ text, group: isGroup ? oca.text : null }];
  }

  /** Entries of one group on both sides cancel each other. null: there is no such group. */
  #oco(entries: readonly { readonly group: string | null }[]): true | null {
    const [first] = entries;
    return entries.length > 1 && first?.group !== null && entries.every(({ group }) => group === first!.group) ? true : null;
  }

  #exits(block: Block): readonly string[] {
    const { printer, use, remarks } = this.#context;
    return this.#orders.flatMap((order) => {
      const isOurs =
        order.call === 'close_all' ||
        (order.call === 'close' &&
          (order.id === null || (block.id === null ? block.entries.some((entry) => entry.order.id === order.id) : order.id === block.id)));
      if (!isOurs) return [];
      const condition = conditionFor(this.#context, order, block.side, 'held');
      if (condition === null) return [];
      const percent = order.args.get('qty_percent');
      const share = percent?.op === 'number' && percent.value < 100 ? ` ${percent.text}%` : '';
      if (order.args.has('qty'))
        remarks.changed(order, `${callText(order)} qty`, 'all of the position is closed; a part is said as a share: exit 50% when');
      return [
        `${commentsOf(order)}exit${share} when ${printer.text(use(condition))}${order.call === 'close' || order.args.has('comment') ? reasonOf({ ...order, id: null }) : ''}`,
      ];
    });
  }

  /** In Pine an entry closes the other side first. */
  #reversals(block: Block): readonly string[] {
    const { printer, use } = this.#context;
    return this.#entries.flatMap(({ order, side, isResting }) => {
      if (side === block.side || isResting) return [];
      const condition = conditionFor(this.#context, order, block.side, 'held');
      return condition === null ? [] : [`exit when ${printer.text(use(condition))}${reasonOf(order)}`];
    });
  }

  #levels(block: Block): readonly string[] {
    const guards = block.entries.map(({ order }) => this.#context.settle(order.guard));
    const writer = new ExitLevels(this.#context, block.side, guards);
    const levels: Levels = { stops: [], takes: [], trails: [] };
    for (const order of this.#orders) {
      if (order.call !== 'exit') continue;
      const from = order.args.get('from_entry');
      const name = from?.op === 'text' && from.text !== '' ? from.text : null;
      const isOurs = name === null || (block.id === null ? block.entries.some((entry) => entry.order.id === name) : name === block.id);
      if (isOurs) writer.add(order, levels);
    }
    const trail = levels.trails.slice(0, 1);
    if (levels.trails.length > 1)
      this.#context.remarks.dropped(this.#orders[0]!, 'strategy.exit trail', 'a block has one trail; the first is taken');
    return [
      ...new Set(levels.stops),
      ...(levels.takes.length === 0 ? [] : [`take ${takeLegs([...new Set(levels.takes)]).join(', ')}`]),
      ...trail,
    ];
  }

  #cancels(block: Block, cancels: readonly OrderCall[], shortLived: ReadonlySet<OrderCall>): readonly string[] {
    const { printer, use, remarks } = this.#context;
    if (!block.entries.some(({ isResting }) => isResting)) return [];
    return cancels.flatMap((order) => {
      if (shortLived.has(order)) return [];
      const condition = conditionFor(this.#context, order, block.side, 'entering');
      if (condition === null) return [];
      if (order.call === 'cancel' && block.entries.some(({ order: entry }) => entry.id !== order.id))
        remarks.changed(order, callText(order), 'it withdraws all resting entries of its side');
      return [`cancel when ${printer.text(use(condition))}`];
    });
  }

  #adds(block: Block): readonly string[] {
    const { say, header, printer, use, remarks } = this.#context;
    const most = Math.min(Math.floor(header.pyramiding), 100) - 1;
    if (most < 1) return [];
    return block.entries.slice(0, 8).flatMap(({ order, side, isResting }) => {
      const condition = conditionFor(this.#context, order, side, 'held');
      if (condition === null || isResting) return [];
      if (header.quantity.kind !== 'fixed' || order.args.has('qty'))
        remarks.changed(order, callText(order), 'each further entry is as large as the first; Pine sizes it anew');
      if (condition === say.yes) return [];
      return [`add 100% when ${printer.text(use(condition))} max ${most} times`];
    });
  }

  #size(block: Block): string {
    const sizes = new Set(block.entries.map(({ order }) => sizeOf(this.#context, order, block.side) ?? defaultSize(this.#context)));
    if (sizes.size > 1)
      this.#context.remarks.changed(block.entries[0]!.order, 'qty', 'entries of one side have one size here: that of the first');
    return [...sizes][0]!;
  }

  /** What a file does not say: how the reference was run. */
  #tellOfRuns(): void {
    const { remarks, header } = this.#context;
    const hasResting = this.#entries.some(({ isResting }) => isResting);
    if (hasResting && this.sides.length > 1)
      remarks.run(header, 'strategy.entry', 'a resting entry of the other side reverses the position: run it with --opposite reverse');
    const hasLimits = this.#orders.some(({ args }) => args.has('limit') || args.has('profit'));
    if (hasLimits) remarks.run(header, 'limit', 'TradingView fills a limit that is touched: compare with --limit-fill touch');
    remarks.run(
      header,
      'strategy',
      'strat waits until its indicators have settled, TradingView until they are known: compare with --warmup first',
    );
  }
}

/** Targets that close shares; one that closes all comes last and takes the rest. */
function takeLegs(takes: readonly string[]): readonly string[] {
  if (takes.length === 1) return takes;
  const shares = takes.filter((take) => /^[\d.]+% at/.test(take));
  const whole = takes.filter((take) => take.startsWith('at '));
  let left = 100;
  const legs = shares.flatMap((take) => {
    const share = Math.min(Number.parseFloat(take), left);
    left -= share;
    return share > 0 ? [take.replace(/^[\d.]+/, numberText(share))] : [];
  });
  // Of several that close all the market meets one first, which strat cannot say.
  return whole.length === 0 || left <= 0 ? legs.slice(0, 8) : [...legs.slice(0, 7), legs.length === 0 ? whole[0]! : `rest ${whole[0]!}`];
}

const setupName = (id: string): string => {
  const words = (id.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('_').slice(0, 40);
  return `setup_${words === '' ? 'x' : words}`;
};

const commentsOf = (order: OrderCall): string => order.comments.map((comment) => `# ${comment}\n`).join('');

function allowedSides(risks: readonly RiskCall[]): readonly Side[] {
  const rule = risks.find(({ rule: name }) => name === 'allow_entry_in')?.args[0];
  if (rule?.op !== 'text') return SIDES;
  return rule.text.endsWith('.long') ? ['long'] : rule.text.endsWith('.short') ? ['short'] : SIDES;
}

/** The lines of `risk { }`. */
export function riskLines({ remarks, target, printer, use }: RuleContext, risks: readonly RiskCall[]): readonly string[] {
  return risks.flatMap((risk): readonly string[] => {
    const { rule, args } = risk;
    const [first, second] = args as [Said | undefined, Said | undefined];
    const construct = `strategy.risk.${rule.slice(0, 40)}(...)`;
    if (rule === 'allow_entry_in') return [];
    if (first === undefined || first.kind !== 'number' || first.rate === 'series') {
      remarks.dropped(risk, construct, 'its limit must be a number that stays the same');
      return [];
    }
    // A param takes its unit from a factor.
    const text = printer.sum(use(first));
    const inUnits = (unit: string): string =>
      first.op === 'number' ? `${text}${unit === '%' ? '' : ' '}${unit}` : `${text} * 1${unit === '%' ? '' : ' '}${unit}`;
    const isCash = second?.op === 'text' && second.text.endsWith('cash');
    const amount = isCash ? inUnits(target.quote) : `${inUnits('%')} of equity`;
    switch (rule) {
      case 'max_intraday_loss':
        return [`max loss ${amount} per day then flatten`];
      case 'max_drawdown':
        if (!isCash) return [`max drawdown ${inUnits('%')} then flatten and halt`];
        remarks.dropped(risk, construct, 'a drawdown is limited as a percent: max drawdown 20% then flatten and halt');
        return [];
      case 'max_intraday_filled_orders':
        remarks.changed(risk, construct, 'it refuses further orders; Pine also closes the position');
        return [`max orders ${text} per day`];
      case 'max_position_size':
        return [`max position ${inUnits(target.base)}`];
      default:
        remarks.dropped(risk, construct, 'strat has no such limit; max loss, drawdown, trades and losing_streak are what there is');
        return [];
    }
  });
}
