import type { Fill, FillKind } from '#core/engine/log-rows.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { parseMarket } from '#core/model/market.ts';
import { nearest } from '#core/model/nearest-word.ts';
import { shownWord } from './bar-table.ts';
import { type BarPlace, parseBarPlace } from './bar-place.ts';
import { isAsWritten, type SentenceFault, shownNumber, type WrittenNumber, writtenNumber } from './sentence-fault.ts';

/** A fill that a test wants, `bar 31: buy 20 at open because dip`. */
export interface FillLine {
  readonly place: BarPlace;
  readonly text: string;
  readonly side: 'buy' | 'sell';
  /** null = any quantity; `all` = the position is flat after it. */
  readonly qty: WrittenNumber | 'all' | null;
  /** null = any; `open` and `close` of its bar, before slippage. */
  readonly price: WrittenNumber | 'open' | 'close' | null;
  /** What closed or opened it; null = anything. */
  readonly kind: FillKind | null;
  /** What the rule says of it; null = anything. */
  readonly reason: string | null;
}

/** A fill of the run, with what a line can ask of it. */
export interface TracedFill extends Fill {
  readonly market: string;
  /** Open and close of its bar. */
  readonly open: number;
  readonly close: number;
  /** What the rule behind it says; null = nothing. */
  readonly reason: string | null;
  /** Signed, after it; base units. */
  readonly positionAfter: number;
}

const KINDS: Readonly<Record<FillKind, true>> = {
  entry: true,
  add: true,
  exit: true,
  stop: true,
  trail: true,
  breakeven: true,
  take: true,
  timeout: true,
  end: true,
  flatten: true,
  liquidation: true,
  rebalance: true,
  delisting: true,
};
const HINT = 'write buy 20 at open, buy at 101.5, sell all at 94 by stop, sell about 19.8 because the trend is over';
const NUMBER = '(?:about |~ ?)?-?[\\d.]+';
const LINE = new RegExp(
  `^(?<side>\\S+)(?: (?<qty>all|${NUMBER})(?: (?<market>[A-Z0-9]\\S*))?)?(?: (?:at|@) (?<price>open|close|${NUMBER}))?(?: by (?<kind>[a-z]+))?(?: because (?<reason>.+))?$`,
);

/** Reads a line of `fills`. */
export function parseFillLine(where: string, text: string): Result<FillLine, SentenceFault> {
  const place = parseBarPlace(where);
  if (!place.ok) return place;
  const groups = LINE.exec(text.trim().replace(/\s+/g, ' '))?.groups;
  if (groups === undefined) return fail({ message: `"${shownWord(text)}" is no fill`, hint: HINT });
  const { side, qty, price, kind, reason, market } = groups;
  if (side !== 'buy' && side !== 'sell')
    return fail({
      message: `"${shownWord(side!)}" is neither buy nor sell`,
      hint: `an entry of a short is a sell, and what closes it a buy; ${HINT}`,
    });
  if (kind !== undefined && !(kind in KINDS)) {
    const near = nearest(kind, Object.keys(KINDS));
    const hint = near === null ? `there are: ${Object.keys(KINDS).join(', ')}` : `did you mean ${near.word}?`;
    return fail({ message: `nothing fills by "${shownWord(kind)}"`, hint });
  }
  const [wantedQty, wantedPrice] = [amount(qty), amount(price)];
  if (wantedQty === undefined || wantedPrice === undefined)
    return fail({ message: `"${shownWord(text)}" has a number that is none`, hint: HINT });
  if (market !== undefined && parseMarket(market) === null) return fail({ message: `"${shownWord(market)}" is no market`, hint: HINT });
  return ok({
    place: market === undefined ? place.value : { ...place.value, market },
    text: text.trim(),
    side,
    qty: wantedQty as FillLine['qty'],
    price: wantedPrice as FillLine['price'],
    kind: (kind as FillKind | undefined) ?? null,
    reason: reason ?? null,
  });
}

function amount(text: string | undefined): WrittenNumber | string | null | undefined {
  if (text === undefined) return null;
  if (text === 'all' || text === 'open' || text === 'close') return text;
  const number = writtenNumber(text);
  return number === null || number.value <= 0 ? undefined : number;
}

/** In what a fill of the right bar, market and side is not what the line says; empty = in nothing. */
export function differencesOf({ qty, price, kind, reason }: FillLine, fill: TracedFill): readonly string[] {
  const found: string[] = [];
  const traded = Math.abs(fill.qty);
  if (qty === 'all') {
    if (fill.positionAfter !== 0) found.push(`it left ${shownNumber(Math.abs(fill.positionAfter))} open`);
  } else if (qty !== null && !isAsWritten(qty, traded)) found.push(`the quantity is ${shownNumber(traded)}`);
  if (price === 'open' || price === 'close') {
    if (fill.refPrice !== fill[price])
      found.push(`it filled at ${shownNumber(fill.refPrice)}, and the ${price} is ${shownNumber(fill[price])}`);
  } else if (price !== null && !isAsWritten(price, fill.price)) found.push(`the price is ${shownNumber(fill.price)}`);
  if (kind !== null && kind !== fill.kind) found.push(`it is by ${fill.kind}`);
  if (reason !== null && reason !== fill.reason)
    found.push(fill.reason === null ? 'its rule gives no reason' : `its reason is "${fill.reason}"`);
  return found;
}

/** A fill of the run in the words of a test. */
export function fillText(fill: TracedFill, isOneOfMany: boolean): string {
  const of = isOneOfMany ? ` ${fill.market}` : '';
  const where = fill.refPrice === fill.open ? ` (the open)` : '';
  const price = `${shownNumber(fill.price)}${where}`;
  const why = fill.reason === null ? '' : ` because ${fill.reason}`;
  return `${fill.qty > 0 ? 'buy' : 'sell'} ${shownNumber(Math.abs(fill.qty))}${of} at ${price} by ${fill.kind}${why}`;
}
