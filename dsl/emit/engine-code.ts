import { ACCOUNT, BROKER } from '#core/model/strategy-abi.ts';
import { ROW_TAIL, rowLength } from '#core/model/trade-plan.ts';
import { fundingPlace } from '../graph/columns.ts';
import type { PlannedTrading } from '../trade-plan.ts';
import type { ProgramCode } from './program-code.ts';
import type { RowText } from './column-place.ts';

/** Code that hands the values of each bar to the trading engine, which has the rules. */
export class EngineCode {
  readonly #code: ProgramCode;
  readonly #trading: PlannedTrading;

  /** @param code not of an inlined broker */
  constructor(code: ProgramCode, trading: PlannedTrading) {
    this.#code = code;
    this.#trading = trading;
  }

  /**
   * `run`: the engine opens and marks the bar, then takes its row, in which the values of messages and marks stay zero. State is in locals of one call over a chunk of bars,
   * as in `runCode`. While the engine is idle, bars on which no entry fires are none of its business: it hears of the last of them.
   */
  run(): string {
    const code = this.#code;
    /** `run` has every bar in its columns. */
    const row: RowText = (index) => index;
    const place = fundingPlace(code.program);
    const funding = place === null ? [] : [place];
    const open = `X.openBar(i,c0[i],c1[i],c2[i],c3[i],c4[i],c5[i]${funding.map((at) => `,c${at}[i]`).join('')});\nX.mark(c4[i]);`;
    const decide = (part: ProgramCode): string =>
      `${this.#writeRow(part, this.#trading.engineValues, (at) => `V[${at}]`)}\nX.decide(i,V);\nE[i]=B[${BROKER.equity}];`;
    const pass = `E[i]=B[${BROKER.equity}];`;
    const passTo = (index: string): string => `X.passTo(c0[${index}],${funding.length === 0 ? '0/0' : `c${funding[0]}[${index}]`});`;
    // What happens to plugins is told bar by bar.
    const mayIdle = !code.plugins.isUsed;
    const bar = (part: ProgramCode): string => {
      const account = this.#registers()
        .map((register) => `const a${register}=B[${register}];`)
        .join('');
      const values = `${account}\n${part.everyBar(row)}`;
      if (!mayIdle) return `${open}\n${values}\n${decide(part)}`;
      const fires = code.program.entries.map(({ when }) => part.expressions.isTrue(when)).join('||');
      const passes = fires === '' ? pass : `if(${fires}){idle=0;${passTo('i-1')}${open}}else{${pass}}`;
      return `if(idle===0){${open}}\n${values}\nif(idle===1){${passes}}\nif(idle===0){${decide(part)}idle=X.isIdle()?1:0;}`;
    };
    return `function run(lo,hi,C,P,K,S,B,E,F,N,X){
${code.columns([0, 1, 2, 3, 4, 5, ...funding])}
${code.params()}${code.loadState(row)}${code.plugins.load()}
const V=new Float64Array(${rowLength(this.#trading.plan)});
${mayIdle ? 'let idle=lo>0&&X.isIdle()?1:0;\n' : ''}${code.loop(row, bar)}
${mayIdle ? `if(idle===1&&hi>lo)${passTo('hi-1')}\n` : ''}${code.storeState()}
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
