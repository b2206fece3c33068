import { logRows } from '#core/engine/log-rows.ts';
import { ORDER_TYPE } from '#core/engine/trading/order-slot.ts';
import { POSITION as P, registerLayout } from '#core/engine/trading/registers.ts';
import { waitingOrders, type WaitingOrder } from '#core/engine/trading/waiting-orders.ts';
import { ACCOUNT as A, LOG_KIND } from '#core/model/strategy-abi.ts';
import type { TradePlan } from '#core/model/trade-plan.ts';
import { type ConditionPart, leavesOf, truthOf, wantedLeaves } from '#dsl/tools/explain/condition-part.ts';
import {
  addCandidates,
  type Candidate,
  type CauseSource,
  entryCandidates,
  exitCandidates,
  fillCandidates,
  settledCandidates,
  timeoutCandidates,
} from './candidates.ts';
import type { Cause, RuleExplanation } from './explain-document.ts';
import { causeOf, conditioned, type FileRule, type FileRules } from './file-rules.ts';
import { blockingSet } from './minimal-set.ts';
import { type Lift, orderedExit, type Outcome, type Probe, type ProbeTarget } from './probe.ts';
import type { ShownValues } from './shown-values.ts';

/** What the rules of one market or basket are explained by. */
export interface RulesAt {
  readonly probe: Probe;
  readonly target: ProbeTarget;
  /** The bar as it was. */
  readonly outcome: Outcome;
  readonly rules: FileRules;
  readonly values: ShownValues;
  /** The row at the bar, for the separated plan. */
  readonly row: Float64Array;
  readonly setups: readonly string[];
  /** Place of the limit that paused or halted entries last; null = none has. */
  readonly pausedBy: number | null;
  readonly index: number;
  readonly warmUpBars: number;
  readonly capital: number;
  readonly close: number;
  readonly fillAt: 'nextOpen' | 'close';
}

/** Whether a rule did what it is there for. */
type Fired = (outcome: Outcome) => boolean;

/** Explains what each rule did at a bar, or why it did nothing: by running the bar again with one thing or another not as it was. */
export class RuleExplainer {
  readonly #at: RulesAt;
  readonly #plan: TradePlan;
  readonly #source: CauseSource;
  readonly #settled: readonly Candidate[];

  constructor(at: RulesAt) {
    const { probe, target, outcome, rules, row, pausedBy, index, warmUpBars, capital, close } = at;
    this.#at = at;
    this.#plan = probe.plans[target.strategy]!.plan;
    const entry = this.#heldEntry();
    this.#source = {
      plan: this.#plan,
      registers: outcome.before,
      row,
      pausing: pausedBy === null ? null : causeOf('limit', rules.limits[pausedBy]!),
      index,
      warmUpBars,
      cooldowns: [],
      limits: rules.limits.map((one) => causeOf('limit', one)),
      guards: rules.guards.map((one) => causeOf('guard', one)),
      entries: rules.entries.map((one) => this.#inFront(one)),
      exits: rules.exits.map((one) => this.#inFront(one)),
      capital,
      close,
    };
    this.#settled = settledCandidates(this.#source);
    this.heldBlock = entry === null ? null : entry.block;
  }

  /** Place of the block of what is held; null = nothing is, or its rule is gone. */
  readonly heldBlock: number | null;

  #inFront(rule: FileRule): Cause {
    return { ...causeOf('rule', rule), text: `another rule acts first: ${rule.text}` };
  }

  #heldEntry(): TradePlan['entries'][number] | null {
    const { before } = this.#at.outcome;
    return before[A.qty] === 0 ? null : (this.#plan.entries[before[P.entryRule]! - 1] ?? null);
  }

  all(): readonly RuleExplanation[] {
    const plan = this.#plan;
    const isOwn = ({ basket }: { readonly basket?: number }): boolean => (basket ?? null) === this.#at.target.basketInPlan;
    const blocks = plan.blocks
      .map((_, block) => block)
      .filter((block) => plan.entries.some((entry) => entry.block === block && isOwn(entry)));
    return [
      ...plan.entries.flatMap((entry, rule) => (isOwn(entry) ? [this.#entry(rule)] : [])),
      ...plan.exits.flatMap((exit, rule) => (isOwn(exit) ? [this.#exit(rule)] : [])),
      ...blocks.flatMap((block) => [
        ...this.#at.rules.adds[block]!.map((_, add) => this.#add(block, add)),
        ...this.#at.rules.cancels[block]!.map((_, cancel) => this.#cancel(block, cancel)),
        ...this.#at.rules.timeouts[block]!.map((_, timeout) => this.#timeout(block, timeout)),
      ]),
    ].toSorted((a, b) => a.span.start - b.span.start);
  }

  #entry(rule: number): RuleExplanation {
    const { rules, setups } = this.#at;
    const entry = this.#plan.entries[rule]!;
    const own = rules.entries[rule]!;
    const cooldowns = rules.cooldowns[entry.block]!.map((one) => causeOf('cooldown', one));
    const source = { ...this.#source, cooldowns };
    const fired: Fired = ({ entered }) => entered.includes(rule);
    const explained = this.#explain(own, fired, entryCandidates(source, rule));
    const isOrdered = explained.status === 'fired';
    const filled: Fired = (outcome) => this.#fills(outcome).some((row) => row.kind === 'entry' && row.rule === rule);
    const isUnfilled =
      isOrdered && entry.order.type === 'market' && this.#at.target.basket === null && this.#at.probe.hasNext && !filled(this.#at.outcome);
    return {
      ...this.#shown('enter', own, entry.side),
      ...explained,
      setup: entry.setup === null ? null : setups[entry.setup]!,
      note: isOrdered ? this.#orderText('entry', registerLayout(this.#plan).entries[rule]!) : null,
      unfilled: isUnfilled ? this.#blocking(filled, fillCandidates(source)).blocking : [],
    };
  }

  /** Fills at the bar, where orders fill at its close, and at the next open. */
  #fills({ log, nextLog }: Outcome): readonly { readonly kind: string; readonly rule: number }[] {
    const rows = logRows(this.#at.fillAt === 'close' ? log : (nextLog ?? new Float64Array(0)));
    return rows.flatMap((row) => (row.type === 'fill' ? [{ kind: row.kind, rule: row.rule }] : []));
  }

  #orderText(purpose: WaitingOrder['purpose'], at: number): string {
    const { after } = this.#at.outcome;
    if (after[at] === ORDER_TYPE.none) return 'filled at the close';
    const alone = after.slice();
    const layout = registerLayout(this.#plan);
    for (const other of [...layout.entries, ...layout.exits, ...layout.adds.flat()]) if (other !== at) alone[other] = ORDER_TYPE.none;
    const order = waitingOrders(this.#plan, alone).find((one) => one.purpose === purpose);
    return order === undefined ? 'ordered' : orderText(order);
  }

  #exit(rule: number): RuleExplanation {
    const { rules, setups } = this.#at;
    const exit = this.#plan.exits[rule]!;
    const own = rules.exits[rule]!;
    const shown = this.#shown('exit', own, exit.side);
    const setup = exit.setup === null ? null : setups[exit.setup]!;
    const { before } = this.#at.outcome;
    const held = Math.sign(before[A.qty]!);
    if (held !== exit.side || (this.#heldEntry()?.setup ?? null) !== exit.setup) {
      const note =
        held === 0 ? 'nothing is held' : held === exit.side ? 'the position is of another setup' : `the position is ${sideOf(held)}`;
      return { ...shown, ...this.#idle(own), setup, note };
    }
    const isMarket = exit.order.type === 'market';
    const fired: Fired = (outcome) => {
      if (!isMarket) return outcome.exitsPlaced.includes(rule);
      const ordered = orderedExit(outcome);
      if (ordered.kind === LOG_KIND.exit && ordered.rule === rule) return true;
      return this.#at.fillAt === 'close' && this.#fills(outcome).some((fill) => fill.kind === 'exit' && fill.rule === rule);
    };
    const explained = this.#explain(own, fired, exitCandidates(this.#source, rule));
    const share = this.#at.row[exit.fraction]!;
    const note =
      explained.status !== 'fired' ? null : isMarket ? `leaves at the next open: ${share * 100}% of the position` : 'its order rests';
    return { ...shown, ...explained, setup, note };
  }

  #add(block: number, add: number): RuleExplanation {
    const own = this.#at.rules.adds[block]![add]!;
    const shown = this.#shown('add', own, null);
    if (this.heldBlock !== block) return { ...shown, ...this.#idle(own), setup: null, note: 'nothing that it adds to is held' };
    const fired: Fired = ({ added }) => added.includes(`${block}:${add}`);
    const explained = this.#explain(own, fired, addCandidates(this.#source, block, add));
    const at = registerLayout(this.#plan).adds[block]![add]!;
    return { ...shown, ...explained, setup: null, note: explained.status === 'fired' ? this.#orderText('add', at) : null };
  }

  #cancel(block: number, cancel: number): RuleExplanation {
    const own = this.#at.rules.cancels[block]![cancel]!;
    const shown = this.#shown('cancel', own, null);
    const layout = registerLayout(this.#plan);
    const slots = this.#plan.entries.flatMap((entry, rule) => (entry.block === block ? [layout.entries[rule]!] : []));
    const resting = slots.filter((at) => this.#at.outcome.before[at] !== ORDER_TYPE.none);
    if (resting.length === 0) return { ...shown, ...this.#idle(own), setup: null, note: 'no order of its entries rests' };
    // Entries that order anew, and other rules that withdraw, would hide what it does.
    const alone: Lift = {
      row: (row, now) => {
        for (const { when } of now.entries) row[when] = 0;
        for (const [place, { cancels }] of now.blocks.entries())
          for (const [at, when] of cancels.entries()) if (place !== block || at !== cancel) row[when] = 0;
      },
    };
    const fired: Fired = ({ after }) => resting.every((at) => after[at] === ORDER_TYPE.none);
    return { ...shown, ...this.#explain(own, fired, [], [alone]), setup: null, note: null };
  }

  #timeout(block: number, timeout: number): RuleExplanation {
    const own = this.#at.rules.timeouts[block]![timeout]!;
    const shown = this.#shown('timeout', own, null);
    if (this.heldBlock !== block) return { ...shown, ...this.#idle(own), setup: null, note: 'nothing is held' };
    // Of several the first that is due gives the order, and all give the same one.
    const alone: Lift = {
      row: (row, now) => {
        for (const [at, { bars }] of now.blocks[block]!.timeouts.entries()) if (at !== timeout) row[bars] = Infinity;
      },
    };
    const fired: Fired = (outcome) =>
      orderedExit(outcome).kind === LOG_KIND.timeout ||
      (this.#at.fillAt === 'close' && this.#fills(outcome).some(({ kind }) => kind === 'timeout'));
    const explained = this.#explain(own, fired, timeoutCandidates(this.#source, block, timeout), [alone]);
    return {
      ...shown,
      ...explained,
      setup: null,
      note: explained.status === 'fired' ? 'all of the position leaves at the next open' : null,
    };
  }

  #shown(
    kind: RuleExplanation['kind'],
    { text, line, span }: FileRule,
    side: number | null,
  ): Pick<RuleExplanation, 'kind' | 'text' | 'line' | 'span' | 'side' | 'unfilled'> {
    return { kind, text, line, span, side: side === null ? null : sideOf(side), unfilled: [] };
  }

  #idle(rule: FileRule): Pick<RuleExplanation, 'status' | 'condition' | 'blocking' | 'alternatives' | 'supporting'> {
    return { status: 'idle', condition: this.#condition(rule), blocking: [], alternatives: [], supporting: [] };
  }

  #condition({ condition }: FileRule): RuleExplanation['condition'] {
    return condition === null ? null : this.#at.values.condition(condition);
  }

  /** @param always what is taken so in each run of the bar, to see this rule alone */
  #explain(
    rule: FileRule,
    fired: Fired,
    candidates: readonly Candidate[],
    always: readonly Lift[] = [],
  ): Pick<RuleExplanation, 'status' | 'condition' | 'blocking' | 'alternatives' | 'supporting'> {
    const condition = this.#condition(rule);
    if (fired(this.#run(always))) {
      const stops = (given: ReadonlyMap<string, number>): boolean => !fired(this.#run([...always, this.#flip(given, rule)]));
      return { status: 'fired', condition, blocking: [], alternatives: [], supporting: this.#supporting(rule, stops) };
    }
    const all = [...this.#settled, ...candidates, ...this.#conditionCandidates(rule)];
    return { status: 'blocked', condition, ...this.#blocking(fired, all, always), supporting: [] };
  }

  /** The bar again; as it was where nothing is taken to be another way. */
  #run(lifts: readonly Lift[]): Outcome {
    const { probe, target, outcome } = this.#at;
    return lifts.length === 0 ? outcome : probe.run(target, lifts);
  }

  #blocking(fired: Fired, all: readonly Candidate[], always: readonly Lift[] = []): Pick<RuleExplanation, 'blocking' | 'alternatives'> {
    const happens = (without: readonly Candidate[]): boolean => fired(this.#run([...always, ...without.map(({ lift }) => lift)]));
    const { needed, alternatives } = blockingSet(all, happens);
    return { blocking: needed.map(({ cause }) => cause), alternatives: alternatives.map(({ cause }) => cause) };
  }

  /** Leaves that are not what the rule wants; the whole of a condition that cannot be taken apart. */
  #conditionCandidates(rule: FileRule): readonly Candidate[] {
    const { row, values } = this.#at;
    if (rule.when === null) return [];
    if (rule.condition === null) {
      if (row[rule.when] === 1) return [];
      const cause = { ...causeOf('condition', rule), value: truthValue(row[rule.when]!), wanted: true };
      return [{ cause, lift: { conditions: (now) => void (now[rule.when!] = 1) } }];
    }
    const wanted = wantedLeaves(rule.condition);
    const leaves = new Map(leavesOf(rule.condition).map((leaf) => [leaf.key, leaf]));
    return [...leaves.values()].flatMap((leaf) => {
      const isWanted = wanted.get(leaf.key)!;
      if (values.leaf(leaf.key) === Number(isWanted)) return [];
      return [{ cause: this.#conditionCause(leaf, isWanted), lift: this.#flip(new Map([[leaf.key, Number(isWanted)]]), rule) }];
    });
  }

  #conditionCause(part: ConditionPart, wanted: boolean): Cause {
    const { text, line, span, value, operands } = this.#at.values.condition(part);
    return { kind: 'condition', text, line, span, value: value as boolean | null, wanted, operands };
  }

  /** Every rule that has these parts goes by what they are taken to be. */
  #flip(given: ReadonlyMap<string, number>, own: FileRule): Lift {
    const { rules, values } = this.#at;
    return {
      conditions: (row) => {
        if (own.condition === null && own.when !== null) row[own.when] = given.get('') ?? row[own.when]!;
        // All flips of one run are of leaves, and come one after the other: each adds to what the others have done.
        for (const [key, value] of given) this.#taken(row).set(key, value);
        for (const { when, condition } of conditioned(rules))
          if (when !== null && condition !== null) row[when] = truthOf(condition, values.leaf, this.#taken(row));
      },
    };
  }

  readonly #takenBy = new WeakMap<Float64Array, Map<string, number>>();
  #taken(row: Float64Array): Map<string, number> {
    const known = this.#takenBy.get(row) ?? new Map<string, number>();
    this.#takenBy.set(row, known);
    return known;
  }

  /** The smallest parts of the condition that alone, taken to be the other way, stop it. */
  #supporting(rule: FileRule, stops: (given: ReadonlyMap<string, number>) => boolean): readonly Cause[] {
    if (rule.when === null) return [];
    if (rule.condition === null) return stops(new Map([['', 0]])) ? [{ ...causeOf('condition', rule), value: true, wanted: true }] : [];
    const { values } = this.#at;
    const within = (part: ConditionPart): readonly Cause[] => {
      const truth = truthOf(part, values.leaf);
      if (Number.isNaN(truth) || !stops(new Map([[part.key, 1 - truth]]))) return [];
      const smaller = part.parts.flatMap(within);
      return smaller.length > 0 ? smaller : [this.#conditionCause(part, truth === 1)];
    };
    const all = within(rule.condition);
    // A part that is named twice supports twice.
    return all.filter(({ span }, at) => all.findIndex((other) => other.span === span) === at);
  }
}

const truthValue = (value: number): boolean | null => (Number.isNaN(value) ? null : value === 1);

export function sideOf(side: number): 'long' | 'short' {
  return side > 0 ? 'long' : 'short';
}

/** An order in words. */
export function orderText({ type, side, qty, price }: WaitingOrder): string {
  const what = type.replace('_', '-');
  const amount = qty === null ? 'a quantity made at its fill' : String(Number(qty.toPrecision(8)));
  return `${what} order to ${side} ${amount}${price === null ? ' at the next open' : ` at ${Number(price.toPrecision(10))}`}`;
}
