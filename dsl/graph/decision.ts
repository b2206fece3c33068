import { ACCOUNT, DECISION as D, DECISION_FIELDS, PROTECTION_FIELDS, SETTING } from '#core/model/strategy-abi.ts';
import type { EntryRule, LevelDistance, Program, TradeBlock } from '../program.ts';
import { GraphEvaluator } from './evaluator.ts';
import type { NodeId } from './node.ts';
import { PluginWatch } from './plugin-watch.ts';

/** A length, distance or level that the broker can use, or -1: "the strategy gave none it can use". */
const usable = (x: number): number => (x > 0 && x < Infinity ? x : -1);

/**
 * The slow reference for `decide`: evaluates the graph bar by bar and applies the rules in file order. Together with the
 * engine's broker it is the oracle for `run`.
 */
export class DecisionInterpreter {
  readonly #program: Program;
  readonly #evaluator: GraphEvaluator;
  readonly #settings: Float64Array;
  readonly #plugins: PluginWatch;

  constructor(program: Program, params: Float64Array, settings: Float64Array) {
    this.#program = program;
    this.#evaluator = new GraphEvaluator(program, params, settings);
    this.#settings = settings;
    this.#plugins = new PluginWatch(program, this.#evaluator);
  }

  /** The decision row of bar `index`; bars come in order, `columns` as in `GraphEvaluator.step`, `account` holds the ACCOUNT registers at this bar's close. */
  decide(index: number, columns: readonly Float64Array[], account: Float64Array): Float64Array {
    this.#evaluator.step(index, columns, account);
    const row = emptyDecision();
    const { flagged, disabled } = this.#plugins.next();
    row[D.pluginsFlagged] = flagged;
    row[D.pluginsDisabled] = disabled;
    const qty = account[ACCOUNT.qty]!;
    if (qty !== 0) row[D.trailBase] = this.#trailBase(qty > 0 ? 1 : -1);
    if (index < this.#settings[SETTING.firstBar]!) return row;
    if (qty !== 0) this.#decideExit(row, qty > 0 ? 1 : -1);
    this.#decideEntry(row, qty);
    return row;
  }

  /** Turns of loops and calls of all plugins so far. */
  pluginFuel(): number {
    return this.#evaluator.pluginFuel();
  }

  /** Value of a node at the bar last decided. */
  valueOf(id: NodeId): number {
    return this.#evaluator.values[id]!;
  }

  /** The trail of a position belongs to its side's block; entries of one side share it. */
  #trailBase(side: 1 | -1): number {
    const from = this.#program.entries.find((entry) => entry.side === side)?.block.trail?.from ?? null;
    return from === null ? Number.NaN : this.valueOf(from);
  }

  #decideExit(row: Float64Array, side: 1 | -1): void {
    for (const [index, rule] of this.#program.exits.entries()) {
      if (rule.side !== side || this.valueOf(rule.when) !== 1) continue;
      const fraction = this.valueOf(rule.fraction);
      if (fraction > row[D.exitFraction]!) {
        row[D.exitRule] = index + 1;
        row[D.exitFraction] = fraction;
      }
    }
  }

  #decideEntry(row: Float64Array, qty: number): void {
    const isLeaving = row[D.exitRule] !== 0 && row[D.exitFraction]! >= 1;
    for (const [index, rule] of this.#program.entries.entries()) {
      const isFree = qty === 0 || (isLeaving && (qty > 0 ? rule.side < 0 : rule.side > 0));
      if (!isFree || this.valueOf(rule.when) !== 1) continue;
      row[D.entryRule] = index + 1;
      this.#fillEntry(row, rule);
      return;
    }
  }

  #fillEntry(row: Float64Array, rule: EntryRule): void {
    const { block } = rule;
    const confidence = this.valueOf(rule.confidence);
    row[D.entrySide] = rule.side;
    row[D.confidence] = confidence > 0 ? (confidence < 1 ? confidence : 1) : 0;
    row[D.sizeKind] = block.size.kind;
    row[D.sizeAmount] = this.valueOf(block.size.value);
    if (block.max !== null) {
      row[D.maxKind] = block.max.kind;
      row[D.maxAmount] = this.valueOf(block.max.value);
    }
    if (block.min !== null) {
      row[D.minKind] = block.min.kind;
      row[D.minAmount] = this.valueOf(block.min.value);
    }
    this.#fillStops(row, rule.side, block.stops);
    this.#fillTrail(row, block);
  }

  #fillStops(row: Float64Array, side: 1 | -1, stops: readonly LevelDistance[]): void {
    for (const stop of stops) {
      const value = usable(this.valueOf(stop.value));
      const field = stop.kind === 'distance' ? D.stopDistance : stop.kind === 'percent' ? D.stopPercent : D.stopPrice;
      const known = row[field]!;
      const isTighter = stop.kind === 'price' && side > 0 ? value > known : value < known;
      // Once a stop is unusable (-1) the entry will be dropped, whatever the others say.
      if (Number.isNaN(known) || value < 0 || (known > 0 && isTighter)) row[field] = value;
    }
  }

  #fillTrail(row: Float64Array, { trail }: TradeBlock): void {
    if (trail === null) return;
    row[trail.distance.kind === 'percent' ? D.trailPercent : D.trailDistance] = usable(this.valueOf(trail.distance.value));
    row[D.trailHasBase] = trail.from === null ? 0 : 1;
    if (trail.after === null) return;
    const { kind } = trail.after;
    row[kind === 'percent' ? D.trailAfterPercent : kind === 'r' ? D.trailAfterR : D.trailAfterDistance] = usable(
      this.valueOf(trail.after.value),
    );
  }
}

/** A row that orders nothing. */
export function emptyDecision(): Float64Array {
  const row = new Float64Array(DECISION_FIELDS);
  for (const field of [...PROTECTION_FIELDS, D.trailBase]) row[field] = Number.NaN;
  return row;
}
