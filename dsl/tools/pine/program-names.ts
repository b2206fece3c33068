import { preludeBuiltins } from '#dsl/check/prelude-builtins.ts';
import { CLAUSE_WORDS, FORBIDDEN_NAMES, STATEMENT_WORDS, UNIT_WORDS } from '#dsl/grammar/words.ts';
import { PRELUDE_MODULES } from '#dsl/prelude/modules.ts';
import type { SaidKind } from './said.ts';

/** Words that mean something already, or that this importer defines. */
function takenWords(): Set<string> {
  const { names } = preludeBuiltins(PRELUDE_MODULES, (text) => {
    throw new RangeError(`nothing is read for its name: ${text}`);
  });
  return new Set([...STATEMENT_WORDS, ...CLAUSE_WORDS, ...UNIT_WORDS, ...FORBIDDEN_NAMES, ...names.keys(), 'known']);
}

const MAX_NAME = 48;

/** Gives each definition a name of its own that strat allows, as near to the wish as it can be. */
export class ProgramNames {
  readonly #taken = takenWords();

  /** @param wish as Pine has it, such as `_fastMA` or `RSI` */
  give(wish: string, kind: SaidKind): string {
    const plain = wish.replace(/^[_\d]+/, '').replace(/\W/g, '');
    const low = /^[A-Z0-9_]+$/.test(plain) ? plain.toLowerCase() : plain.charAt(0).toLowerCase() + plain.slice(1);
    const base = (low === '' ? 'x' : low).slice(0, MAX_NAME);
    const isWord = this.#taken.has(base) && !this.#given.has(base);
    const first = isWord ? `${base}_${kind === 'condition' ? 'signal' : 'value'}` : base;
    let name = first;
    for (let number = 2; this.#taken.has(name); number++) name = `${first}_${number}`;
    this.#taken.add(name);
    this.#given.add(name);
    return name;
  }

  readonly #given = new Set<string>();
}
