import { ACCOUNT, BROKER } from '#core/model/strategy-abi.ts';
import { ROW_TAIL, rowLength } from '#core/model/trade-plan.ts';
import { fundingPlace } from '../graph/columns.ts';
import type { PlannedTrading } from '../trade-plan.ts';
import type { ProgramCode } from './program-code.ts';
import type { RowText } from './series-code.ts';

/** Code that hands the values of each bar to the trading engine, which has the rules. */
export class EngineCode {
  readonly #code: ProgramCode;
  readonly #trading: PlannedTrading;

  /** @param code not of an inlined broker */
  constructor(code: ProgramCode, trading: PlannedTrading) {
    this.#code = code;
    this.#trading = trading;
  }

  /** `run`: the engine opens and marks the bar, then takes its row, in which the values of messages and marks stay zero. State is in locals of one call over a chunk of bars, as in `runCode`. */
  run(): string {
    const code = this.#code;
    /** `run` has every bar in its columns. */
    const row: RowText = (index) => index;
    const place = fundingPlace(code.program);
    const funding = place === null ? [] : [place];
    return `function run(lo,hi,C,P,K,S,B,E,F,N,X){
${code.columns([0, 1, 2, 3, 4, 5, ...funding])}
${code.params()}${code.loadState(row)}${code.plugins.load()}
const V=new Float64Array(${rowLength(this.#trading.plan)});
${code.loop(
  row,
  (part) => `X.openBar(i,c0[i],c1[i],c2[i],c3[i],c4[i],c5[i]${funding.map((at) => `,c${at}[i]`).join('')});
X.mark(c4[i]);
${this.#registers()
  .map((register) => `const a${register}=B[${register}];`)
  .join('')}
${part.everyBar(row)}
${this.#writeRow(part, this.#trading.engineValues, (place) => `V[${place}]`)}
X.decide(i,V);
E[i]=B[${BROKER.equity}];`,
)}
${code.storeState()}
return 0;}`;
  }

  /** `decide`: the same rows, the account read from columns. */
  decide(): string {
    const code = this.#code;
    /** Columns may be rings: bar i stands at i & M. */
    const row: RowText = (index) => `(${index})&M`;
    const registers = this.#registers();
    return `function decide(lo,hi,C,P,K,S,A,D,M,N){
${code.columns([])}${registers.map((register) => `const A${register}=A[${register}];`).join('')}
${code.params()}${code.loadState(row)}${code.plugins.load()}
let w=0;
${code.loop(
  row,
  (part) => `${registers.map((register) => `const a${register}=A${register}[${row('i')}];`).join('')}
${part.everyBar(row)}
${this.#writeRow(part, this.#trading.plan.valueCount, (place) => `D[w+${place}]`)}
w+=${rowLength(this.#trading.plan)};`,
)}
${code.storeState()}}`;
  }

  #registers(): readonly number[] {
    return [...new Set(this.#code.accountRegisters().map((name) => ACCOUNT[name as keyof typeof ACCOUNT]))];
  }

  #writeRow({ plugins, expressions }: ProgramCode, count: number, at: (place: number) => string): string {
    const { values, plan } = this.#trading;
    const written = values
      .slice(0, count)
      .map((id, place) => `${at(place)}=${expressions.use(id)};`)
      .join('');
    if (!plugins.isUsed) return written;
    const tail = (field: number): string => at(plan.valueCount + field);
    return `${plugins.faults()}${written}${tail(ROW_TAIL.pluginsFlagged)}=pf;${tail(ROW_TAIL.pluginsDisabled)}=pd;`;
  }
}
