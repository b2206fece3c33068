import type { ChartColumn } from '#core/model/chart-column.ts';
import type { Program } from '../program.ts';
import { ProgramCode } from './program-code.ts';

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

/**
 * Writes the plots of a program as one JavaScript expression; no text of the source can reach it, as in `emit`.
 * @param mask a result stands at `index & mask` of its column; left out: at the index
 * @throws RangeError when a plot looks at the account
 */
export function emitSeries(program: Program, mask?: number): CompiledSeries {
  const code = new ProgramCode(program, 'series');
  if (code.accountRegisters().length > 0) throw new RangeError('a series cannot look at the account');
  const results = ({ expressions }: ProgramCode): string =>
    program.plots.map(({ value }, place) => `o${place}[${mask === undefined ? 'i' : `i&${mask}`}]=${expressions.use(value)};`).join('');
  const row = (index: string): string => index;
  return {
    text: `(()=>{"use strict";
${code.functions()}
${code.aheadFunctions()}function series(lo,hi,C,P,K,S,O,N){
${code.columns([])}${program.plots.map((_, place) => `const o${place}=O[${place}];`).join('')}
${code.params()}${code.loadState(row)}${code.plugins.load()}
${code.loop(row, (part) => `${part.everyBar(row)}\n${results(part)}`)}
${code.storeState()}}
return {series};})()`,
    stateSlots: code.layout.slots,
    columns: program.columns,
    results: program.plots.length,
    plugins: code.plugins.statuses().map(({ plugin, slot }) => ({ name: program.plugins[plugin]!.manifest.name, slot })),
  };
}
