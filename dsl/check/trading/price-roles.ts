import type { GraphBuilder } from '../../graph/graph-builder.ts';
import { machineOf } from '../../graph/machines/machines.ts';
import type { GraphNode, NodeId } from '../../graph/node.ts';
import type { StaticValues } from '../static-values.ts';

/**
 * What a price is for sure: a `level` of the chart (close, an average of it, a band) or a `distance` between two (a range, a
 * deviation). `levels` is a sum of levels, `square` a variance. Both have the unit of a price, so only this tells `stop 2 atr`
 * from `stop at low`. `unknown` whenever in doubt: a wrong refusal would be worse than none.
 */
type Role = 'level' | 'distance' | 'levels' | 'square' | 'unknown';

/** The roles of nodes, each found once from those of its arguments. */
export class PriceRoles {
  readonly #builder: GraphBuilder;
  readonly #statics: StaticValues;
  readonly #roles: Role[] = [];

  constructor(builder: GraphBuilder, statics: StaticValues) {
    this.#builder = builder;
    this.#statics = statics;
  }

  isLevel(id: NodeId): boolean {
    return this.#roleOf(id) === 'level';
  }

  isDistance(id: NodeId): boolean {
    return this.#roleOf(id) === 'distance';
  }

  #roleOf(id: NodeId): Role {
    for (let next = this.#roles.length; next <= id; next += 1) this.#roles.push(this.#find(this.#builder.node(next)));
    return this.#roles[id] ?? 'unknown';
  }

  #find(node: GraphNode): Role {
    const [a = 'unknown', b = 'unknown', c = 'unknown'] = node.args.map((arg) => this.#roles[arg] ?? 'unknown');
    switch (node.op) {
      case 'column':
        return node.column.kind === 'bar' && node.column.name !== 'time' && node.column.name !== 'volume' ? 'level' : 'unknown';
      case 'account':
        return node.register === 'lastFill' || node.register === 'avgPrice' ? 'level' : 'unknown';
      case 'delay':
      case 'highest':
      case 'lowest':
      case 'recursive':
      case 'abs':
      case 'sample':
      case 'percentile':
      case 'nearestRank':
      case 'mode':
      case 'lastMean':
      case 'bellMean':
        return a;
      case 'parabolic':
        return 'level';
      case 'machine':
        return a;
      case 'machineOutput':
        return this.#isInUnit(node) ? a : 'unknown';
      case 'meanDeviation':
      case 'medianDeviation':
        return a === 'level' || a === 'distance' ? 'distance' : 'unknown';
      case 'unit':
        return node.unit === 'contract' ? 'unknown' : 'distance';
      case 'sum':
      case 'weightedSum':
        return a === 'level' ? 'levels' : a;
      case 'variance':
        return a === 'level' || a === 'distance' ? 'square' : 'unknown';
      case 'sqrt':
        return a === 'square' ? 'distance' : 'unknown';
      case 'min':
      case 'max':
        return a === b ? a : 'unknown';
      case 'select':
        return b === c ? b : 'unknown';
      case 'add':
        return sumOf(a, b);
      case 'sub':
        return differenceOf(a, b);
      case 'mul':
        return a === 'unknown' ? this.#scaled(b, node.args[0]) : b === 'unknown' ? this.#scaled(a, node.args[1]) : 'unknown';
      case 'div':
        return a === 'levels' ? 'level' : a === 'distance' && b === 'unknown' ? 'distance' : 'unknown';
      default:
        return 'unknown';
    }
  }

  /** Whether an output of a machine is one of what the first of its inputs is. */
  #isInUnit({ args, output }: GraphNode & { readonly op: 'machineOutput' }): boolean {
    const machine = this.#builder.node(args[0]!);
    return machine.op === 'machine' && machineOf(machine.machine).outputs[output]!.kind === 'source';
  }

  /** Twice a distance is a distance; 98% of a level is a level, and so is twice a level, but 2% of it is a distance to it. */
  #scaled(role: Role, factor: NodeId | undefined): Role {
    if (role === 'distance') return role;
    if (role !== 'level' || factor === undefined || !this.#statics.isStatic(factor)) return 'unknown';
    const { low, high } = this.#statics.intervalOf(factor);
    return low >= 0.5 && high <= 10 ? 'level' : 'unknown';
  }
}

function sumOf(a: Role, b: Role): Role {
  if (a === 'distance' && b === 'distance') return 'distance';
  if (a === 'level' && b === 'level') return 'levels';
  if (a === 'levels' && b === 'level') return 'levels';
  return (a === 'level' && b === 'distance') || (a === 'distance' && b === 'level') ? 'level' : 'unknown';
}

function differenceOf(a: Role, b: Role): Role {
  if (a === b && (a === 'level' || a === 'distance')) return 'distance';
  return a === 'level' && b === 'distance' ? 'level' : 'unknown';
}
