import type { EntryRule } from '../program.ts';
import { orderEntry } from './broker-code.ts';
import { entryTexts } from './entry-code.ts';
import { EntryTerms } from './entry-terms.ts';
import type { ProgramCode } from './program-code.ts';
import type { RowText } from './column-place.ts';
import { orderRoots } from './usage.ts';

/** What an entry orders, with what only an order needs. */
export function entryOrders(part: ProgramCode, row: RowText): (entry: EntryRule, index: number) => string {
  const terms = new EntryTerms(part);
  return (entry, index) => {
    const texts = entryTexts(part, entry);
    return `${part.forOrder(orderRoots(entry), row)}${texts.setup}${terms.write(texts)}${orderEntry(index)}`;
  };
}
