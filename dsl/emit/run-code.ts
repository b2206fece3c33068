import { BROKER, LOG_FIELDS, type RunConventions, SETTING } from '#core/model/strategy-abi.ts';
import { BrokerCode, logPluginsCode } from './broker-code.ts';
import { register } from './broker-functions.ts';
import { entryOrders } from './entry-orders.ts';
import type { ProgramCode } from './program-code.ts';
import { entriesCode, exitsCode, trailBaseText } from './rules-code.ts';
import type { RowText } from './series-code.ts';
import { WatchCode } from './watch-code.ts';

/** `run` has every bar in its columns. */
const ROW: RowText = (index) => index;

/**
 * `run`: broker, series and rules in one loop over the bars, in the order of language.md section 6. State is in locals of one call over a chunk of bars; the driver
 * calls it chunk by chunk (one long loop entered once stays in slow code). Bars are written out once in full; where the strategy allows, loops that only watch
 * take over for bars on which nothing fills (watch-code.ts).
 */
export function runCode(code: ProgramCode, conventions: RunConventions): string {
  const { program } = code;
  const broker = new BrokerCode(program, conventions, trailBaseText(program, code, register(BROKER.qty)));
  const bar = (part: ProgramCode): string => {
    const names = { qty: register(BROKER.qty), exitRule: 'x', exitFraction: 'xf' };
    const exits = exitsCode(part, names);
    const entries = entriesCode(part, names, entryOrders(part, ROW));
    return `${broker.openBar()}
${broker.mark()}
${part.everyBar(ROW)}
${part.plugins.isUsed ? part.plugins.faults() + logPluginsCode() : ''}
${broker.moveTrail()}
let x=0,xf=0;
if(i>=K[${SETTING.firstBar}]){
${exits}
}
${broker.takeExit()}
if(i>=K[${SETTING.firstBar}]){
${entries}
}
${broker.closeBar()}`;
  };
  const watch = WatchCode.of(code, conventions);
  const loop = watch === null ? code.loop(ROW, bar) : code.blocks(ROW, (end) => watch.bars(end, bar(code)));
  return `function run(lo,hi,C,P,K,S,B,E,F,N){
${code.columns([0, 1, 2, 3, 4])}
${code.params()}${code.loadState(ROW)}${code.plugins.load()}
let w=0;
${watch?.limits() ?? ''}${loop}
${code.storeState()}
return w/${LOG_FIELDS};}`;
}
