import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { type Diagnostic, diagnostic, type Span } from '../diagnostics/diagnostic.ts';

/** More than are shown (100), because of several in one statement only one is. */
const MAX_ERRORS = 500;

/**
 * Collects what is wrong. One place gives one finding, whatever led to it; while a function of the prelude is written out its
 * findings stand at the call, because the user has no such line; and what is checked a second time is checked in silence.
 */
export class Findings {
  readonly #found: Diagnostic[] = [];
  readonly #keys = new Set<string>();
  #place: Span | null = null;
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
    const found = diagnostic(code, place, message, hint);
    if (found.severity === 'error') this.#errors += 1;
    this.#found.push(found);
  }

  /** Everything found inside `work` stands at `place`, unless an outer call already has one. */
  at<T>(place: Span, work: () => T): T {
    const before = this.#place;
    this.#place ??= place;
    try {
      return work();
    } finally {
      this.#place = before;
    }
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
