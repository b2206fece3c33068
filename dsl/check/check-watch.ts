import type { Expression } from '../ast/expression.ts';
import type { SourceFile } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { Graph } from '../graph/node.ts';
import type { Binding } from './scope.ts';
import type { Value } from './value.ts';

/** What an editor asks of a check besides its findings. It is told of the compiled file only, not of what that imports. */
export interface CheckWatch {
  /** The tree that expressions are of; told first, unless there is none. */
  readonly file: (file: SourceFile) => void;
  /** An expression as it stands in the text. */
  readonly expression: (e: Expression, value: Value) => void;
  /** What a name stands for, at the place of its definition. */
  readonly binding: (place: Span, binding: Binding) => void;
  /** Told last: the graph that the nodes of values belong to, and its values that do not change within a run (by node, params at their defaults). */
  readonly graph: (graph: Graph, constants: Float64Array) => void;
}
