import { BROKER as B, type RunConventions } from '#core/model/strategy-abi.ts';
import type { NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { fillOrders, MEET_LEVELS, orderExit } from './broker-code.ts';
import { brokerUse, register } from './broker-functions.ts';
import type { ProgramCode } from './program-code.ts';
import { entriesCode, exitsCode, trailBaseText } from './rules-code.ts';
import { entryOrders } from './entry-orders.ts';
import type { RowText } from './column-place.ts';

/** Bars in columns; sums of indexes are small integers, which V8 need not test for an overflow. */
const ROW: RowText = (index) => (index === 'i' ? index : `${index}|0`);

/** Nodes of a program whose loops have functions of their own: fewer are optimised soon enough together, and a call would cost what it saves. */
export const FEWEST_APART = 24;

/** Nodes of a program times the loops that would hold them: code that is longer takes V8 longer to optimise than it saves. */
const MOST_WRITTEN = 700;

const [qty, equity, peak] = [B.qty, B.equity, B.peakEquity].map(register);
const [stop, isTrail, start] = [B.stopLevel, B.stopIsTrail, B.trailStart].map(register);

/**
 * Loops over bars on which nothing happens, one for a flat account and one for each side that is held, with what changes in them in locals. They hold no calls and
 * nothing that is seldom needed: such code inside of a loop makes V8 test the columns anew at every bar, at half the speed. So a loop ends on the bar that meets
 * a level, behind which the rest of that bar is looked at by the loop of what is then held, or on the bar that orders something, with the values that the order
 * needs in locals declared before the loop. They begin where windows are full and rules may order, and end before the last exit of a run with one.
 *
 * Where they are long each is a function: V8 counts the length of what was run against the length of its function, so it optimises short functions sooner, and in a
 * fraction of the time; and when something comes up that it has not seen, it throws away the code of one loop and not that of all.
 */
export class WatchCode {
  readonly #program: Program;
  readonly #code: ProgramCode;
  readonly #flat: ProgramCode;
  readonly #held: ReadonlyMap<1 | -1, ProgramCode>;
  readonly #writesEquity: boolean;
  /** The equity is needed at every bar. */
  readonly #marks: boolean;
  /** First bar that may be watched. */
  readonly from: number;

  private constructor(code: ProgramCode, writesEquity: boolean) {
    this.#program = code.program;
    this.#code = code;
    this.#writesEquity = writesEquity;
    this.#marks = writesEquity || code.accountRegisters().some((read) => read === 'equity' || read === 'peakEquity');
    const from = Math.max(code.steadyFrom, code.longestLook);
    this.from = from;
    const outside = code.orderInputs();
    this.#flat = code.steady({ registerText: registersOf({ qty: '0', equity: 'cash' }), outside, doubt: 'q', from });
    const registerText = registersOf({ qty: 'qty', equity: 'equity' });
    this.#held = new Map(
      [...brokerUse(code.program).sides].map((side) => [side, code.steady({ registerText, outside, doubt: side > 0 ? 'l' : 'm', from })]),
    );
  }

  /** @returns null where every bar is written in full: orders that fill at the close, plugins, long programs */
  static of(code: ProgramCode, { fillAt }: RunConventions, writesEquity: boolean): WatchCode | null {
    const { program } = code;
    const loops = 2 + brokerUse(program).sides.size;
    if (fillAt === 'close' || code.plugins.isUsed || code.nodeCount * loops > MOST_WRITTEN || program.entries.length === 0) return null;
    return new WatchCode(code, writesEquity);
  }

  /** Whether the loops are so long that they should be functions. */
  isLong(fewestApart: number): boolean {
    return this.#code.nodeCount >= fewestApart && !this.#code.readsCharts;
  }

  /** The functions of the loops, and `later`, which calls them. A bar on which one of them did more than watch comes back as `~i`, with `w` and `met` in W. */
  functions(): string {
    const held = [...this.#held].map(([side, part]) => ({
      name: nameOf(side),
      part,
      text: this.#whileHeld(side, part),
      event: 'hit>0||rule>0',
    }));
    const loops = [...held, { name: 'watchFlat', part: this.#flat, text: this.#whileFlat(), event: 'rule>0' }];
    const ahead = this.#code.origin() === '' ? '' : 'origin,';
    const given = (columns: readonly string[]): string => `i,hi,w,met,${ahead}${columns.map((column) => `${column},`).join('')}P,K,S,B,E,F`;
    const columns = columnsIn(this.#flat);
    const functions = loops.map(
      ({ name, part, text, event }) => `function ${name}(${given(columns(text))}){
${part.params()}${part.loadState(ROW, text)}${part.doubts()}
${text}
${part.storeState(text)}
if(${event}){W[0]=w;W[1]=met;return ~i;}
return i;}
`,
    );
    const call = ({ name, text }: (typeof loops)[number]): string => `i=${name}(${given(columns(text))})|0;`;
    const choice = [...this.#held.keys()].map((side, index) => `if(${qty}${side > 0 ? '>' : '<'}0)${call(loops[index]!)}`);
    return `const W=new Float64Array(2);
${functions.join('')}function later(lo,hi,C,P,K,S,B,E,F,N,w){
${this.#flat.columns([0, 1, 2, 3, 4])}${this.#code.origin()}
let i=lo,met=-1;
while(i<hi){
${fillOrders('c1')}
${[...choice, call(loops.at(-1)!)].join('else ')}
if(i<0){i=~i;w=W[0]|0;met=W[1]|0;}}
return w;}
`;
  }

  /** The same as statements: the bars [i, hi); `met` is the last bar whose levels were looked at. */
  bars(): string {
    const sides = [...this.#held].map(([side, part]) => `if(${qty}${side > 0 ? '>' : '<'}0){\n${this.#whileHeld(side, part)}\n}`);
    const doubts = [this.#flat, ...this.#held.values()].map((part) => part.doubts()).join('');
    return `let met=-1;${doubts}
while(i<hi){
${fillOrders('c1')}
${sides.join('else ')}else{
${this.#whileFlat()}
}}`;
  }

  #whileFlat(): string {
    const part = this.#flat;
    const names = { qty: '0', exitRule: '0', exitFraction: '0' };
    const found = entriesCode(part, names, (_, index) => `rule=${index + 1};break;`, 'flat');
    return `const cash=${register(B.cash)},peak=cash>${peak}?cash:${peak};
${peak}=peak;
let rule=0;${part.declared()}
for(;i<hi;i=i+1|0){
${this.#writesEquity ? 'E[i]=cash;' : ''}
${part.everyBar(ROW, [...this.#program.entries.map(({ when }) => when), ...part.orderInputs()])}
${found}
}
${equity}=cash;
if(rule>0){${part.behindBar(ROW)}${this.#orders(part)}i++;}`;
  }

  #whileHeld(side: 1 | -1, part: ProgramCode): string {
    const { hasLevels } = brokerUse(this.#program);
    const names = { qty: 'qty', exitRule: 'x', exitFraction: 'xf' };
    const found = entriesCode(part, names, (_, index) => `rule=${index + 1};`, side);
    const rules = this.#program.exits.filter((exit) => exit.side === side);
    // Of one rule there is no larger share to look for.
    const leave = `${found}break;`;
    const leaving = rules.length > 1 ? `${exitsCode(part, names, side)}\nif(x>0){${leave}}` : exitsCode(part, names, side, leave);
    const trail = new HeldTrail(this.#program, part, side);
    const load = hasLevels ? `${trail.load()}${this.#hasTake(side) ? `const take=${register(B.takeLevel)};` : ''}\n` : '';
    const test = hasLevels ? `if(${this.#reached(side)}){if(met!==i){met=i;hit=1;break;}}\n` : '';
    const meet = hasLevels ? `if(hit>0)${MEET_LEVELS}\nelse ` : '';
    const mark = this.#marks ? `equity=cash+qty*c4[i];${this.#writesEquity ? 'E[i]=equity;' : ''}if(equity>peak)peak=equity;` : '';
    // Where no bar is marked the last one is, for orders that are a share of the equity.
    const marked = this.#marks ? '' : `{const last=x>0?i:i-1;if(last>=since)equity=cash+qty*c4[last];}`;
    return `const qty=${qty},cash=${register(B.cash)}${this.#marks ? '' : ',since=i'};let peak=${peak},equity=${equity},x=0,xf=0,rule=0,hit=0;${part.declared()}
${load}for(;i<hi;i=i+1|0){
${test}${mark}
${part.everyBar(ROW, [...this.#readWhileHeld(side), ...(found === '' ? [] : part.orderInputs())])}
${trail.move()}
${leaving}
}
${marked}${trail.store()}${peak}=peak;${equity}=equity;
${meet}if(x>0){${orderExit()}${found === '' ? '' : `${part.behindBar(ROW)}${this.#orders(part, side)}`}i++;}`;
  }

  /** What decides on the exits of a side, and on entries of the other one. */
  #readWhileHeld(side: 1 | -1): readonly NodeId[] {
    const { entries, exits } = this.#program;
    const bases = entries.map(({ block }) => block.trail?.from ?? null).filter((from) => from !== null);
    const others = entries.filter((entry) => entry.side !== side).map(({ when }) => when);
    return [...exits.filter((exit) => exit.side === side).flatMap(({ when, fraction }) => [when, fraction]), ...others, ...bases];
  }

  #hasTake(side: 1 | -1): boolean {
    return this.#program.entries.some((entry) => entry.side === side && entry.block.takes.length > 0);
  }

  /** Whether the bar may reach a level: what came of it says `meetLevels`. */
  #reached(side: 1 | -1): string {
    const [against, inFavor] = side > 0 ? ['c3[i]<=stop', 'c2[i]>=take'] : ['c2[i]>=stop', 'c3[i]<=take'];
    return this.#hasTake(side) ? `${against}||${inFavor}` : against;
  }

  /** What the entry ordered that a loop has found (`rule`). @param held the side that leaves; left out: nothing is held */
  #orders(part: ProgramCode, held?: 1 | -1): string {
    const order = entryOrders(part, ROW);
    return this.#program.entries
      .map((entry, index) => ({ entry, index }))
      .filter(({ entry }) => entry.side !== held)
      .map(({ entry, index }) => `if(rule===${index + 1}){${order(entry, index)}}`)
      .join('else ');
  }
}

const nameOf = (side: 1 | -1): string => (side > 0 ? 'watchLong' : 'watchShort');

/** The columns that a text reads. */
function columnsIn(part: ProgramCode): (text: string) => readonly string[] {
  const all = part.columns([0, 1, 2, 3, 4]).match(/\bc\d+\b/g) ?? [];
  return (text) => all.filter((column) => new RegExp(`\\b${column}\\b`).test(text));
}

/** The trail of a held position in locals, or the function for one that has a base. */
class HeldTrail {
  readonly #isUsed: boolean;
  readonly #side: 1 | -1;
  readonly #base: string | null;
  readonly #waits: boolean;
  readonly #kinds: ReadonlySet<string>;

  constructor(program: Program, part: ProgramCode, side: 1 | -1) {
    const trails = program.entries.flatMap((entry) => (entry.side === side && entry.block.trail !== null ? [entry.block.trail] : []));
    this.#isUsed = trails.length > 0;
    this.#side = side;
    this.#base = trails.some(({ from }) => from !== null) ? trailBaseText(program, part, 'qty') : null;
    this.#waits = trails.some(({ after }) => after !== null);
    // An entry without a trail leaves the distance unknown: its level never moves.
    this.#kinds = new Set(trails.map(({ distance }) => distance.kind));
  }

  load(): string {
    if (!this.#isUsed) return `const stop=${stop};`;
    if (this.#base !== null) return `let stop=${stop};`;
    const distance = this.#kinds.has('percent') ? (this.#kinds.size > 1 ? ['Distance', 'Percent'] : ['Percent']) : ['Distance'];
    const given = distance.map((kind) => `trail${kind}=${register(kind === 'Percent' ? B.trailPercent : B.trailDistance)}`);
    const waiting = this.#waits ? `,first=${start}` : '';
    return `const ${given.join(',')};let stop=${stop},moved=${isTrail}${waiting};`;
  }

  store(): string {
    if (!this.#isUsed || this.#base !== null) return '';
    return `${stop}=stop;${isTrail}=moved;${this.#waits ? `${start}=first;` : ''}`;
  }

  move(): string {
    if (!this.#isUsed) return '';
    const best = this.#side > 0 ? 'c2[i]' : 'c3[i]';
    if (this.#base !== null) return `{const best=${best};moveTrail(${this.#side},best,${this.#base},B);stop=${stop};}`;
    const sign = this.#side > 0 ? '-' : '+';
    const byDistance = `${best}${sign}trailDistance`;
    const byPercent = `${best}*(1${sign}trailPercent)`;
    const level = this.#kinds.has('percent')
      ? this.#kinds.size > 1
        ? `trailDistance===trailDistance?${byDistance}:${byPercent}`
        : byPercent
      : byDistance;
    const isCloser = `level${this.#side > 0 ? '>' : '<'}stop`;
    const move = `const level=${level};if(${isCloser}||(stop!==stop&&level===level)){stop=level;moved=1;}`;
    return this.#waits ? `if(!(${best}${this.#side > 0 ? '<' : '>'}first)){first=0/0;${move}}` : `{${move}}`;
  }
}

/** Registers of the account as the loops hold them; what changes at fills only is read where it lies. */
function registersOf({ qty: held, equity: marked }: { readonly qty: string; readonly equity: string }): (field: number) => string {
  const locals: ReadonlyMap<number, string> = new Map([
    [B.qty, held],
    [B.cash, 'cash'],
    [B.equity, marked],
    [B.peakEquity, 'peak'],
  ]);
  return (field) => locals.get(field) ?? register(field);
}
