import type { DefStatement } from '../ast/nodes.ts';
import type { Span } from '../diagnostics/diagnostic.ts';
import type { ModulePlace } from './module-source.ts';
import type { ScriptPlugin } from './plugin-source.ts';
import type { ResultRanges } from './result-ranges.ts';
import type { Value } from './value.ts';

/** A function of the language: its text, and what writing it out costs. */
export interface Definition {
  readonly statement: DefStatement;
  /** Names that its body sees besides its parameters. */
  readonly scope: Scope;
  /** Parts after writing out every call in it. */
  readonly parts: number;
  /** Nesting after writing out. */
  readonly depth: number;
  readonly fromPrelude: boolean;
  /** What is known of its results; null for functions of users. */
  readonly ranges: ResultRanges | null;
  /** The module it was imported from; null in the file that is compiled, and in the prelude. */
  readonly module: ModulePlace | null;
}

/** A value on the chart where it was defined (0 when not said); `elsewhere` computes it on another chart, reporting what forbids that. */
export interface ValueBinding {
  readonly kind: 'value';
  readonly value: Value;
  readonly chart?: number;
  readonly elsewhere?: (chart: number) => Value;
}

/** What a name stands for. `self` is a name inside its own line. */
export type Binding =
  | ValueBinding
  /** A let that reads its own past, inside its own line: `self` is its value one bar before. */
  | { readonly kind: 'loop'; readonly self: Value }
  | { readonly kind: 'definition'; readonly definition: Definition }
  /** An indicator in JavaScript. */
  | { readonly kind: 'plugin'; readonly plugin: ScriptPlugin }
  | { readonly kind: 'self' }
  | { readonly kind: 'poison' };

/** A name as declared, with what the warnings need. */
export interface Declared {
  readonly what: 'let' | 'param' | 'def' | 'import' | 'other';
  readonly span: Span;
  binding: Binding;
  uses: number;
}

/** Names of one block and, through `outer`, of those around it. A Map only: no name reaches an object's prototype. */
export class Scope {
  readonly outer: Scope | null;
  readonly #names = new Map<string, Declared>();

  constructor(outer: Scope | null) {
    this.outer = outer;
  }

  find(name: string): Declared | undefined {
    return this.#names.get(name) ?? this.outer?.find(name);
  }

  declare(name: string, declared: Declared): void {
    this.#names.set(name, declared);
  }

  entries(): Iterable<[string, Declared]> {
    return this.#names.entries();
  }

  /** Every name in sight, for "did you mean". */
  names(): readonly string[] {
    return [...this.#names.keys(), ...(this.outer?.names() ?? [])];
  }
}
