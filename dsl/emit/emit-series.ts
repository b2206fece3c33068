import type { ChartColumn } from '#core/model/chart-column.ts';
import type { Program } from '../program.ts';
import { ProgramCode } from './program-code.ts';
import type { RowText } from './column-place.ts';

/** Code that computes what a program plots, trades nothing, and knows no account. */
export interface CompiledSeries {
  /**
   * A JavaScript expression whose value is `{series}`. `series(lo, hi, C, P, K, S, O, N)` computes the bars [lo, hi): C = columns (candles, then `columns`), P = params,
   * K = SETTING values, S = state (zeroed before the first call, carried between calls), O = a column of results for each plot, N = bars of each chart.
   */
  readonly text: string;
  readonly stateSlots: number;
  readonly columns: readonly ChartColumn[];
  /** Number of results. */
  readonly results: number;
  /** Uses of indicators in JavaScript: the name of each, and the place of its status (PLUGIN_STATUS) in S. */
  readonly plugins: readonly { readonly name: string; readonly slot: number }[];
}

const ROW: RowText = (index) => index;

/**
 * Writes the plots of a program as one JavaScript expression; no text of the source can reach it, as in `emit`.
 * As in `run` the first bars, whose windows are not full, and the others have a function each, so that V8 never throws away the code of the others.
 * @param mask a result stands at `index & mask` of its column; left out: at the index
 * @throws RangeError when a plot looks at the account
 */
export function emitSeries(program: Program, mask?: number): CompiledSeries {
  const code = new ProgramCode(program, 'series');
  if (code.accountRegisters().length > 0) throw new RangeError('a series cannot look at the account');
  const results = ({ expressions }: ProgramCode): string =>
    program.plots.map(({ value }, place) => `o${place}[${mask === undefined ? 'i' : `i&${mask}`}]=${expressions.use(value)};`).join('');
  const bars = (name: string, part: ProgramCode): string => `function ${name}(lo,hi,C,P,K,S,O,N){
${code.columns([])}${program.plots.map((_, place) => `const o${place}=O[${place}];`).join('')}
${code.params()}${code.loadState(ROW)}${code.plugins.load()}${code.origin()}
let i=lo;
for(;i<hi;i++){
${part.everyBar(ROW)}
${results(part)}
}
${code.storeState()}}
`;
  const call = (name: string): string => `${name}(i,end,C,P,K,S,O,N);`;
  const later = code.isWrittenTwice ? code.steady() : null;
  const cut = later === null ? '' : `if(i<${code.steadyFrom}&&end>${code.steadyFrom})end=${code.steadyFrom};`;
  const choice = later === null ? call('whole') : `if(i<${code.steadyFrom})${call('whole')}else ${call('later')}`;
  return {
    text: `(()=>{"use strict";
${code.functions()}
${code.aheadFunctions()}${code.renewFunction(ROW)}${bars('whole', code)}${later === null ? '' : bars('later', later)}function series(lo,hi,C,P,K,S,O,N){
${code.columns([0])}
${code.params()}
${code.pieces(ROW, cut, `${choice}\ni=end;`)}}
return {series};})()`,
    stateSlots: code.layout.slots,
    columns: program.columns,
    results: program.plots.length,
    plugins: code.plugins.statuses().map(({ plugin, slot }) => ({ name: program.plugins[plugin]!.manifest.name, slot })),
  };
}
