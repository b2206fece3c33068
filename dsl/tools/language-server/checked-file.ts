import type { Expression } from '#dsl/ast/expression.ts';
import type { Comment, SourceFile } from '#dsl/ast/nodes.ts';
import type { Builtins } from '#dsl/check/builtins.ts';
import type { Binding } from '#dsl/check/scope.ts';
import type { Value } from '#dsl/check/value.ts';
import type { Compiler, CompileOptions } from '#dsl/compile.ts';
import { type Diagnostic, diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { notRunYet } from '#dsl/emit/not-run-yet.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import { tooLong } from '#dsl/grammar/parse.ts';
import { scan } from '#dsl/grammar/scan.ts';
import type { Graph } from '#dsl/graph/node.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import type { Program } from '#dsl/program.ts';
import { type FileSymbols, fileSymbols } from './file-symbols.ts';

/**
 * All that an editor asks of one version of a file: its words, its tree, what is wrong, what its names are. The features are functions over it and an offset
 * (UTF-16, from 0). Half-written text gives less, never an exception.
 */
export interface CheckedFile {
  readonly source: string;
  /** None when the file is longer than a program may be. */
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  /** null when there is no heading to read. */
  readonly file: SourceFile | null;
  /** Errors and warnings, and as notes what is right but not run by this version. In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** null as long as there is an error, and for modules. */
  readonly program: Program | null;
  readonly builtins: Builtins;
  readonly symbols: FileSymbols;
  /** What an expression of the file is; undefined where it could not be checked. */
  readonly valueOf: (e: Expression) => Value | undefined;
  /** What the name defined at this offset stands for. */
  readonly bindingOf: (start: number) => Binding | undefined;
  /** How often a value changes, and the bars before the first one on which it is known, with the defaults of params. */
  readonly memoryOf: (value: Value) => { readonly rate: 'const' | 'param' | 'series'; readonly bars: number } | null;
}

/** Checks a text for an editor. As cheap as compiling it, and as bounded. */
export function checkFile(compiler: Compiler, source: string, options: CompileOptions = {}): CheckedFile {
  const values = new Map<Expression, Value>();
  const bindings = new Map<number, Binding>();
  let file: SourceFile | null = null;
  let graph: { readonly graph: Graph; readonly constants: Float64Array } | null = null;
  const compiled = compiler.compile(source, {
    ...options,
    watch: {
      file: (parsed) => (file = parsed),
      expression: (e, value) => values.set(e, value),
      binding: ({ start }, binding) => bindings.set(start, binding),
      graph: (built, constants) => (graph = { graph: built, constants }),
    },
  });
  const { tokens, comments } = tooLong(source) ? { tokens: [], comments: [] } : scan(source);
  const notes = compiled.program === null ? [] : notRunYet(compiled.program).map(noteOf);
  return {
    source,
    tokens,
    comments,
    file,
    diagnostics: [...compiled.diagnostics, ...notes],
    program: compiled.program,
    builtins: compiler.builtins,
    symbols: fileSymbols(file),
    valueOf: (e) => values.get(e),
    bindingOf: (start) => bindings.get(start),
    memoryOf: (value) => memoryOf(graph, value),
  };
}

/** The strategy is right, so what this version cannot run of it is a note. */
export function noteOf({ construct, span }: ReturnType<typeof notRunYet>[number]): Diagnostic {
  return { ...diagnostic('E0801', span, `${construct} is checked, but this version does not run it yet`), severity: 'note' };
}

function memoryOf(
  known: { readonly graph: Graph; readonly constants: Float64Array } | null,
  { node }: Value,
): ReturnType<CheckedFile['memoryOf']> {
  const found = known?.graph.nodes[node];
  if (known === null || found === undefined) return null;
  const bars = found.rate === 'series' ? warmUpBars(known.graph, known.constants, [node], 'first') : 0;
  return { rate: found.rate, bars: Number.isFinite(bars) ? bars : 0 };
}
