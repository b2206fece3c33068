import { type Graph, type GraphNode, type NodeId } from '#dsl/graph/node.ts';
import { mapNodes } from '#dsl/program-nodes.ts';
import type { Program } from '#dsl/program.ts';

/** Numbers for what nodes mean: two nodes of any programs have the same number when they compute the same from the same names of params, columns and markets. */
export class Meanings {
  readonly #numbers = new Map<string, number>();

  /** The program with meanings in the place of its nodes: what of two programs is equal then means the same, whatever its lets are called and however it is written. */
  of(program: Program): Program {
    const { graph } = program;
    const known: number[] = [];
    const opened = new Set<number>();
    const starts = new Map(graph.nodes.flatMap((node) => (node.op === 'loop' ? [[node.loop, node.args[1]!] as const] : [])));
    // What a loop starts with may itself look at the past of the loop: there it is told by nothing more.
    const startOf = (loop: number): number | null => {
      if (opened.has(loop)) return null;
      opened.add(loop);
      const start = meaning(starts.get(loop)!);
      opened.delete(loop);
      return start;
    };
    const meaning = (id: NodeId): number => {
      known[id] ??= this.#number(JSON.stringify([this.#told(program, graph.nodes[id]!, startOf), graph.nodes[id]!.args.map(meaning)]));
      return known[id];
    };
    // Arguments come before the nodes that use them: from the front no chain of them is deep.
    for (const id of graph.nodes.keys()) meaning(id);
    return mapNodes(program, meaning);
  }

  #number(told: string): number {
    const number = this.#numbers.get(told) ?? this.#numbers.size;
    this.#numbers.set(told, number);
    return number;
  }

  /** What a node is besides its arguments, without numbers that are places in its own program. */
  #told(program: Program, node: GraphNode, startOf: (loop: number) => number | null): unknown {
    const on = chartOf(program.graph, node.chart);
    switch (node.op) {
      case 'param':
        return ['param', program.params[node.index]!.name];
      case 'column':
        return ['column', on, columnOf(program, node)];
      // A series that reads its own past is told apart by what it starts with.
      case 'self':
        return ['self', on, startOf(node.loop)];
      case 'loop':
        return ['loop', on];
      case 'plugin':
        return ['plugin', on, program.plugins[node.plugin]];
      default: {
        const { args: _, chart: __, rate: ___, ...rest } = node;
        return [on, rest];
      }
    }
  }
}

const chartOf = ({ charts }: Graph, chart: number): unknown => (chart === 0 ? 0 : [charts[chart]!.market, charts[chart]!.timeframe]);

function columnOf({ sessions, models }: Program, { column }: Extract<GraphNode, { op: 'column' }>): unknown {
  if (column.kind === 'session') return [column.kind, column.name, sessions[column.session]];
  if (column.kind === 'model') return [column.kind, column.name, models[column.model]!.path];
  return column;
}
