import { ACCOUNT, BROKER, LOG_FIELDS } from '#core/model/strategy-abi.ts';
import { fundingPlace } from '../graph/columns.ts';
import type { NodeId } from '../graph/node.ts';
import { logPluginsCode } from './broker-code.ts';
import type { ProgramCode } from './program-code.ts';
import type { RowText } from './series-code.ts';

/** `run` has every bar in its columns. */
const ROW: RowText = (index) => index;

/**
 * `run` of a program whose rules the trading engine runs (X): it opens and marks the bar, then the series are computed and the values that rules
 * name are handed over. State is in locals of one call over a chunk of bars, as in `runCode`.
 */
export function plannedRunCode(code: ProgramCode, values: readonly NodeId[]): string {
  const registers = [...new Set(code.accountRegisters().map((name) => ACCOUNT[name as keyof typeof ACCOUNT]))];
  const place = fundingPlace(code.program);
  const funding = place === null ? [] : [place];
  return `function run(lo,hi,C,P,K,S,B,E,F,N,X){
${code.columns([0, 1, 2, 3, 4, ...funding])}
${code.params()}${code.loadState(ROW)}${code.plugins.load()}
const V=new Float64Array(${values.length});
let w=0;
for(let i=lo;i<hi;i++){
X.openBar(i,c0[i],c1[i],c2[i],c3[i],c4[i]${funding.map((at) => `,c${at}[i]`).join('')});
X.mark(c4[i]);
${registers.map((register) => `const a${register}=B[${register}];`).join('')}
${code.everyBar(ROW)}
${code.plugins.isUsed ? code.plugins.faults() + logPluginsCode() : ''}
${values.map((id, place) => `V[${place}]=${code.expressions.use(id)};`).join('')}
X.decide(i,V);
E[i]=B[${BROKER.equity}];
}
${code.storeState()}
return w/${LOG_FIELDS};}`;
}
