import { ACCOUNT, LOG_FIELDS, type RunConventions, SETTING } from '#core/model/strategy-abi.ts';
import { BrokerCode, logPluginsCode } from './broker-code.ts';
import { entryTexts } from './entry-code.ts';
import type { ProgramCode } from './program-code.ts';
import { entriesCode, exitsCode, trailBaseText } from './rules-code.ts';
import type { RowText } from './series-code.ts';
import { orderRoots } from './usage.ts';

/** `run` has every bar in its columns. */
const ROW: RowText = (index) => index;

/**
 * `run`: broker, series and rules in one loop over the bars, in the order of language.md section 6. State and registers are
 * locals of one call over a chunk of bars; the driver calls it chunk by chunk (one long loop entered once stays in slow code).
 */
export function runCode(code: ProgramCode, conventions: RunConventions): string {
  const { program } = code;
  const qty = `a${ACCOUNT.qty}`;
  const names = { qty, exitRule: 'x', exitFraction: 'xf' };
  const broker = new BrokerCode(program, conventions, trailBaseText(program, code, qty));
  const bar = (part: ProgramCode): string => {
    const entries = entriesCode(part, names, (entry, index) => {
      const texts = entryTexts(part, entry);
      return `${part.forOrder(orderRoots(entry), ROW)}${texts.setup}${broker.takeEntry(texts, index)}`;
    });
    return `${broker.openBar()}
${broker.mark()}
${part.everyBar(ROW)}
${part.plugins.isUsed ? part.plugins.faults() + logPluginsCode() : ''}
${broker.moveTrail()}
let x=0,xf=0;
if(i>=k${SETTING.firstBar}){
${exitsCode(part, names)}
}
${broker.takeExit()}
if(i>=k${SETTING.firstBar}){
${entries}
}
${broker.closeBar()}`;
  };
  return `function run(lo,hi,C,P,K,S,B,E,F,N){
${code.columns([0, 1, 2, 3, 4])}
${code.params()}${code.loadState(ROW)}${code.plugins.load()}
${broker.load()}
let w=0;
${code.loop(ROW, bar)}
${code.storeState()}
${broker.store()}
return w/${LOG_FIELDS};}`;
}
