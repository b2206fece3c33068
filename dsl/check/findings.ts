import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { type Diagnostic, diagnostic, type Span } from '../diagnostics/diagnostic.ts';
import type { ModulePlace } from './module-source.ts';

/** More than are shown (100), because of several in one statement only one is. */
const MAX_ERRORS = 500;

/**
 * Collects what is wrong. One place gives one finding, whatever led to it; while a function of the prelude is written out its
 * findings stand at the call, because the user has no such line; those of a function of a module stand there too, with their own place in
 * words; and what is checked a second time is checked in silence.
 */
export class Findings {
  readonly #found: Diagnostic[] = [];
  readonly #keys = new Set<string>();
  #place: Span | null = null;
  /** The module whose function is being written out, and the call in it that led into the prelude. */
  #module: ModulePlace | null = null;
  #modulePlace: Span | null = null;
  #isMuted = false;
  #errors = 0;

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** Number of errors so far: a statement knows by it whether it had any. */
  get errors(): number {
    return this.#errors;
  }

  /** Nothing more is taken: no need to look for a good hint. */
  get isFull(): boolean {
    return this.#isMuted || this.#errors >= MAX_ERRORS;
  }

  get all(): readonly Diagnostic[] {
    return this.#found;
  }

  add(code: DiagnosticCode, span: Span, message: string, hint?: string): void {
    if (this.#isMuted) return;
    const place = this.#place ?? span;
    const key = `${code} ${place.start}`;
    if (this.#keys.has(key) || this.#errors >= MAX_ERRORS) return;
    this.#keys.add(key);
    const found = diagnostic(code, place, this.#located(span, message), hint);
    if (found.severity === 'error') this.#errors += 1;
    this.#found.push(found);
  }

  /** Everything found inside `work` stands at `place`, unless an outer call already has one. `module`: whose text the findings are about. */
  at<T>(place: Span, work: () => T, module: ModulePlace | null = null): T {
    const before = [this.#place, this.#module, this.#modulePlace] as const;
    this.#place ??= place;
    if (module !== null) [this.#module, this.#modulePlace] = [module, null];
    else if (this.#module !== null) this.#modulePlace ??= place;
    try {
      return work();
    } finally {
      [this.#place, this.#module, this.#modulePlace] = before;
    }
  }

  #located(span: Span, message: string): string {
    return this.#module === null ? message : `${placeInModule(this.#module, this.#modulePlace ?? span)}: ${message}`;
  }

  muted<T>(work: () => T): T {
    const before = this.#isMuted;
    this.#isMuted = true;
    try {
      return work();
    } finally {
      this.#isMuted = before;
    }
  }
}

/** `./lib/trend.strat:8:20`. */
export function placeInModule({ path, lines }: ModulePlace, span: Span): string {
  const { line, column } = lines.position(span.start);
  return `${path}:${line}:${column}`;
}
