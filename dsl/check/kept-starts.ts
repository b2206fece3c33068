import type { NodeId } from '../graph/node.ts';
import type { Value } from './value.ts';

/**
 * Those that forget at an event that soon comes in any market (a close that does not rise, a new day, prices that move at all), though none need ever come: they are
 * told, but comparing them with a constant is what they are for.
 */
const SOON_FORGOTTEN: readonly string[] = [
  'mcginley',
  'vidya',
  'evwma',
  'connors_rsi',
  'stc',
  'klinger',
  'pivot_points',
  'pivot_woodie',
  'pivot_camarilla',
  'pivot_fibonacci',
  'pivot_demark',
  // Filters whose past fades, which no bound of their steps shows.
  'super_smoother',
  'fisher_transform',
  'mama',
  'ht_dcperiod',
  'ht_dcphase',
  'ht_phasor',
  'ht_sine',
  'ht_trendline',
  'ht_trendmode',
];

/**
 * Functions of the prelude that may keep for ever where the data began: they add up, count or hold from an event on, and what starts one bar later may never agree.
 * The graph knows it by itself (`unforgetting`); a test holds the two together.
 */
export const UNFORGETTING: ReadonlySet<string> = new Set([
  'since',
  'value_when',
  'latch',
  'highest_since',
  'lowest_since',
  'sum_since',
  'cum',
  'obv',
  'adl',
  'nvi',
  'pvi',
  'pvt',
  'wad',
  'vwap',
  'anchored_vwap',
  'vwap_bands',
  'atr_stop',
  'swings',
  'fcb',
  'price_gaps',
  'zigzag',
  'zigzag_atr',
  'renko',
  'range_bar',
  'support_resistance',
  'vol_stop',
  'vstop',
  'psar',
  'supertrend',
  ...SOON_FORGOTTEN,
]);

/** Which of them a program calls, the nodes of their results, and what it makes itself of its own past. */
export class KeptStarts {
  readonly #names = new Set<string>();
  readonly #nodes = new Map<NodeId, string>();
  readonly #loops = new Map<NodeId, string>();

  /** Takes note of a call; gives its value back. */
  note(name: string, value: Value): Value {
    if (!UNFORGETTING.has(name)) return value;
    this.#names.add(name);
    if (SOON_FORGOTTEN.includes(name)) return value;
    const results = value.type.kind === 'group' ? [...value.type.members.values()] : [value];
    for (const { node } of results) this.#nodes.set(node, name);
    return value;
  }

  /** Takes note of a series of the program that reads its own past: it may forget where that began, which the graph knows once it is whole. */
  noteLoop(name: string, node: NodeId): void {
    this.#loops.set(node, name);
  }

  /** The function that a node is the result of. */
  nameOf(node: NodeId): string | undefined {
    return this.#nodes.get(node);
  }

  /** Functions, then the program's own series as far as they are among `unforgetting`, each in the order of the text. */
  names(unforgetting: readonly NodeId[]): readonly string[] {
    const kept = new Set(unforgetting);
    return [...new Set([...this.#names, ...[...this.#loops].flatMap(([node, name]) => (kept.has(node) ? [name] : []))])];
  }
}
