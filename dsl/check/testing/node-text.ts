import type { Program } from '#dsl/program.ts';

/** What a node is, written out: `gt(close div(sum(close 2) 2))`. */
export function nodeText(program: Pick<Program, 'graph'>, id: number | null | undefined): string {
  if (id === null || id === undefined) return String(id);
  const node = program.graph.nodes[id]!;
  switch (node.op) {
    case 'const':
      return String(node.value);
    case 'column':
      return node.column.kind === 'bar' ? node.column.name : node.column.kind;
    case 'account':
      return node.register;
    case 'param':
      return `p${node.index}`;
    case 'unit':
      return node.unit;
    default:
      return `${node.op}(${node.args.map((arg) => nodeText(program, arg)).join(' ')})`;
  }
}
