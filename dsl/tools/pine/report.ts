import type { Place } from './pine-nodes.ts';

/**
 * What became of a construct that is not in the program as it was in the script. `dropped`: it is not there. `changed`: it is there and means
 * something else. `hand`: the program needs a hand before it compiles. `run`: something that a strategy file does not say: how to run it.
 */
export type RemarkKind = 'dropped' | 'changed' | 'hand' | 'run';

export interface Remark extends Place {
  readonly kind: RemarkKind;
  /** As the script has it: `request.financial(...)`. */
  readonly construct: string;
  /** Why, and what to do instead; one line. */
  readonly text: string;
}

/** What is told about a script, each thing once. */
export class Remarks {
  readonly #remarks = new Map<string, Remark>();

  dropped(place: Place, construct: string, text: string): void {
    this.#add('dropped', place, construct, text);
  }

  changed(place: Place, construct: string, text: string): void {
    this.#add('changed', place, construct, text);
  }

  hand(place: Place, construct: string, text: string): void {
    this.#add('hand', place, construct, text);
  }

  run(place: Place, construct: string, text: string): void {
    this.#add('run', place, construct, text);
  }

  /** In the order of the script. */
  all(): readonly Remark[] {
    return [...this.#remarks.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #add(kind: RemarkKind, { line, column }: Place, construct: string, text: string): void {
    const key = `${kind} ${line} ${construct} ${text}`;
    if (!this.#remarks.has(key)) this.#remarks.set(key, { kind, line, column, construct, text });
  }
}
