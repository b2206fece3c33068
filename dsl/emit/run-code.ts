import { BROKER, LOG_FIELDS, type RunConventions, SETTING } from '#core/model/strategy-abi.ts';
import { BrokerCode, logPluginsCode } from './broker-code.ts';
import { brokerUse, register } from './broker-functions.ts';
import { entryOrders } from './entry-orders.ts';
import type { ProgramCode } from './program-code.ts';
import { entriesCode, exitsCode, trailBaseText } from './rules-code.ts';
import type { RowText } from './column-place.ts';
import { FEWEST_APART, WatchCode } from './watch-code.ts';

/** `run` has every bar in its columns. */
const ROW: RowText = (index) => index;

/** Candles in a line of the processor's memory. */
const LINE = 8;

/**
 * `run`: broker, series and rules over the bars [lo, hi), in the order of language.md section 6. It has the bars in pieces, each of which is done by a function of its
 * own: `whole` for bars written out in full, the first ones and the last, and `later` for bars on which windows are full: loops that only watch where the strategy
 * allows (watch-code.ts). So `later` holds nothing that is seldom needed: V8 throws a function's code away when something happens in it that it has not seen yet.
 * @param fewestApart nodes of a program whose loops that watch are functions: not in a sweep, which runs long after V8 has optimised them
 * @param writesEquity the equity of each bar goes into E; false in a sweep, which runs so few bars at a time that all columns are near, and makes the equity of the fills
 */
export function runCode(code: ProgramCode, conventions: RunConventions, writesEquity = true, fewestApart = FEWEST_APART): string {
  const { program } = code;
  const broker = new BrokerCode(program, conventions, trailBaseText(program, code, register(BROKER.qty)), writesEquity);
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
  const each = (part: ProgramCode): string => `for(;i<hi;i++){\n${bar(part)}\n}`;
  const bars = (name: string, text: string): string => `function ${name}(lo,hi,C,P,K,S,B,E,F,N,w){
${code.columns([0, 1, 2, 3, 4])}
${code.params()}${code.loadState(ROW)}${code.plugins.load()}${code.origin()}
let i=lo;
${text}
${code.storeState()}
return w;}
`;
  const call = (name: string): string => `w=${name}(i,end,C,P,K,S,B,E,F,N,w);`;
  const watch = WatchCode.of(code, conventions, writesEquity);
  const inOne = watch?.bars() ?? (code.isWrittenTwice ? each(code.steady()) : null);
  const later = writesEquity && watch?.isLong(fewestApart) === true ? watch.functions() : inOne === null ? null : bars('later', inOne);
  // Watching begins when rules may order, which may be beyond any 32-bit number, and ends before the last exit of a run with one.
  const first = `K[${SETTING.firstBar}]`;
  const from = watch === null ? String(code.steadyFrom) : `${first}>hi?hi:${first}>${watch.from}?${first}|0:${watch.from}`;
  const to = watch === null ? 'hi' : `K[${SETTING.endBar}]<0||K[${SETTING.endBar}]>hi?hi:K[${SETTING.endBar}]|0`;
  const limits = later === null ? '' : `const from=${from},to=${to};\n`;
  const cut = later === null ? '' : 'if(i<from){if(end>from)end=from;}else if(i<to&&end>to)end=to;';
  const choice = later === null ? call('whole') : `if(i<from||i>=to)${call('whole')}else ${call('later')}`;
  const touched = writesEquity ? touchedColumns(code) : [];
  const entered = `if(${register(BROKER.qty)}!==0)${register(BROKER.entryTime)}=c0[${register(BROKER.entryBar)}|0];\n`;
  return `${touched.length === 0 ? '' : 'const T=new Float64Array(1);\n'}${code.renewFunction(ROW)}${bars('whole', each(code))}${later ?? ''}function run(lo,hi,C,P,K,S,B,E,F,N){
${code.columns([0, ...touched])}
${code.params()}
let w=0;
${limits}${code.pieces(ROW, cut, `${touch(touched)}\n${choice}\ni=end;`)}
${brokerUse(program).readsEntryTime ? '' : entered}return w/${LOG_FIELDS};}`;
}

/** Columns that nothing but fills and levels reads: the bars between are not read, and the processor, which fetches ahead what is read in order, would wait for each. */
function touchedColumns(code: ProgramCode): readonly number[] {
  const { hasLevels, readsEntryTime } = brokerUse(code.program);
  return [...(readsEntryTime ? [0] : []), 1, ...(hasLevels ? [2, 3] : [])].filter((place) => !code.readsAtEveryBar(place));
}

/** Reads the columns in order: on the crossing of two means the rest of the run takes a third less time then. The sum goes where V8 cannot know it to be unread. */
function touch(columns: readonly number[]): string {
  if (columns.length === 0) return '';
  return `{let a=0;for(let k=i;k<end;k=k+${LINE}|0)a+=${columns.map((place) => `c${place}[k]`).join('+')};T[0]=a;}`;
}
