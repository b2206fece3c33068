import { ACCOUNT, DECISION as D, DECISION_FIELDS, PROTECTION_FIELDS, SETTING } from '#core/model/strategy-abi.ts';
import { entryTexts } from './entry-code.ts';
import { orderRoots } from './usage.ts';
import type { ProgramCode } from './program-code.ts';
import { entriesCode, exitsCode, trailBaseText } from './rules-code.ts';
import type { RowText } from './series-code.ts';

/** Columns may be rings: bar i stands at i & M. */
const row: RowText = (index) => `(${index})&M`;

const EMPTY_AS_NAN: readonly number[] = [...PROTECTION_FIELDS, D.trailBase];

/** `decide`: series and rules of each bar, the account read from columns, one decision row a bar. */
export function decideCode(code: ProgramCode): string {
  const { program } = code;
  const registers = [...new Set([ACCOUNT.qty, ...code.accountRegisters().map((name) => ACCOUNT[name as keyof typeof ACCOUNT])])];
  const empty = Array.from({ length: DECISION_FIELDS }, (_, field) => `D[w+${field}]=${EMPTY_AS_NAN.includes(field) ? '0/0' : '0'};`).join(
    '',
  );
  const qty = `a${ACCOUNT.qty}`;
  const names = { qty, exitRule: 'x', exitFraction: 'xf' };
  const base = trailBaseText(program, code, qty);
  const entries = entriesCode(code, names, (entry, index) => {
    const texts = entryTexts(code, entry);
    const fields: readonly (readonly [number, string | null])[] = [
      [D.entryRule, String(index + 1)],
      [D.entrySide, texts.side],
      [D.sizeKind, texts.sizeKind],
      [D.sizeAmount, texts.sizeAmount],
      [D.maxKind, texts.maxKind],
      [D.maxAmount, texts.maxAmount],
      [D.minKind, texts.minKind],
      [D.minAmount, texts.minAmount],
      [D.stopDistance, texts.stopDistance],
      [D.stopPercent, texts.stopPercent],
      [D.stopPrice, texts.stopPrice],
      [D.trailDistance, texts.trailDistance],
      [D.trailPercent, texts.trailPercent],
      [D.trailAfterDistance, texts.afterDistance],
      [D.trailAfterPercent, texts.afterPercent],
      [D.trailAfterR, texts.afterR],
      [D.trailHasBase, texts.trailHasBase],
      [D.confidence, texts.confidence],
    ];
    const writes = fields.filter(([, text]) => text !== null).map(([field, text]) => `D[w+${field}]=${text};`);
    return `${code.forOrder(orderRoots(entry), row)}${texts.setup}${writes.join('')}`;
  });
  return `function decide(lo,hi,C,P,K,S,A,D,M,N){
${code.columns([])}const first=K[${SETTING.firstBar}];${registers.map((register) => `const A${register}=A[${register}];`).join('')}
${code.params()}${code.loadState(row)}${code.plugins.load()}
for(let i=lo,w=0;i<hi;i++,w+=${DECISION_FIELDS}){
${registers.map((register) => `const a${register}=A${register}[${row('i')}];`).join('')}
${code.everyBar(row)}
${empty}
${code.plugins.isUsed ? `${code.plugins.faults()}D[w+${D.pluginsFlagged}]=pf;D[w+${D.pluginsDisabled}]=pd;` : ''}
${base === null ? '' : `if(${qty}!==0)D[w+${D.trailBase}]=${base};`}
if(i>=first){let x=0,xf=0;
${exitsCode(code, names)}
D[w+${D.exitRule}]=x;D[w+${D.exitFraction}]=xf;
${entries}
}}
${code.storeState()}}`;
}
