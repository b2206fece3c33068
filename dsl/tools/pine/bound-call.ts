import type { Timeframe } from '#core/model/timeframe.ts';
import type { Place } from './pine-nodes.ts';
import type { Remarks } from './report.ts';
import type { Said } from './said.ts';
import type { SaidBuilder } from './said-builder.ts';

/** What a function of Pine cannot be said for; becomes a remark. Never leaves the importer. */
export class CannotSay extends Error {}

/** The market and chart that the program will name. */
export interface ImportTarget {
  /** `BTC/USDT` */
  readonly market: string;
  readonly base: string;
  readonly quote: string;
  readonly timeframe: Timeframe;
}

/** A call with its arguments by name. */
export class BoundCall {
  readonly place: Place;
  readonly name: string;
  readonly say: SaidBuilder;
  readonly remarks: Remarks;
  readonly #args: ReadonlyMap<string, Said>;
  /** In the order of the call. */
  readonly list: readonly Said[];

  constructor(place: Place, name: string, args: ReadonlyMap<string, Said>, list: readonly Said[], say: SaidBuilder, remarks: Remarks) {
    this.place = place;
    this.name = name;
    this.#args = args;
    this.list = list;
    this.say = say;
    this.remarks = remarks;
  }

  /** @throws CannotSay when it is missing */
  arg(name: string): Said {
    const said = this.#args.get(name);
    if (said === undefined) throw new CannotSay(`its argument "${name}" is missing`);
    return this.say.numeric(said);
  }

  optional(name: string): Said | null {
    return this.#args.get(name) ?? null;
  }

  /** A number that is written in the call. @throws CannotSay */
  literal(name: string, otherwise: number | null = null): number {
    const said = this.#args.get(name);
    if (said === undefined && otherwise !== null) return otherwise;
    if (said?.op !== 'number') throw new CannotSay(`"${name}" must be a plain number here`);
    return said.value;
  }

  text(name: string): string | null {
    const said = this.#args.get(name);
    return said?.op === 'text' ? said.text : null;
  }

  truth(name: string, otherwise: boolean): boolean {
    const said = this.#args.get(name);
    return said?.op === 'truth' ? said.value : otherwise;
  }

  /** A number of bars: whole, and the same for the whole run. @throws CannotSay */
  length(name: string): Said {
    const said = this.arg(name);
    if (said.rate === 'series') throw new CannotSay(`"${name}" changes from bar to bar; lengths are constants or params`);
    if (said.op === 'number') return this.say.number(Math.floor(said.value));
    const isWhole =
      said.op === 'ref' || (said.op === 'binary' && said.sign !== '/' && said.args.every(({ op }) => op === 'ref' || op === 'number'));
    return isWhole ? said : this.say.call('floor', [said], { kind: 'number' });
  }

  condition(name: string): Said {
    return this.say.condition(this.arg(name));
  }

  changed(text: string): void {
    this.remarks.changed(this.place, `${this.name}(...)`, text);
  }
}

export interface PineFunction {
  /** Names of the arguments in order. */
  readonly params: readonly string[];
  /** @throws CannotSay */
  readonly make: (call: BoundCall) => Said;
}
