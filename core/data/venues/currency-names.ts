/** A code under which a venue lists a currency that others name otherwise. */
interface OtherName {
  readonly code: string;
  readonly name: string;
  /** The only venue that means this; null where nobody means anything else. */
  readonly venue: string | null;
}

/**
 * One table for all venues. Sources: the venues' own lists of assets (Kraken `GET /0/public/Assets`, whose `altname` still has XBT and XDG; BitMEX's instruments, named XBTUSD; Bitfinex
 * `pub:map:currency:sym`), ISO 4217, whose X codes are what XBT follows.
 */
const OTHER_NAMES: readonly OtherName[] = [
  { code: 'XBT', name: 'BTC', venue: null },
  { code: 'XDG', name: 'DOGE', venue: null },
  { code: 'UST', name: 'USDT', venue: 'bitfinex' },
  { code: 'DSH', name: 'DASH', venue: 'bitfinex' },
  { code: 'IOT', name: 'IOTA', venue: 'bitfinex' },
  { code: 'QTM', name: 'QTUM', venue: 'bitfinex' },
  { code: 'MNA', name: 'MANA', venue: 'bitfinex' },
  { code: 'ALG', name: 'ALGO', venue: 'bitfinex' },
  { code: 'UDC', name: 'USDC', venue: 'bitfinex' },
];

/** The usual name of a currency, as `BTC` for `XBT`. @param venue where it is listed so; null = not known */
export function usualCurrency(code: string, venue: string | null = null): string {
  return OTHER_NAMES.find((one) => one.code === code && (one.venue === null || one.venue === venue))?.name ?? code;
}
