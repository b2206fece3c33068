import { type Market, parseMarket } from '#core/model/market.ts';

/** `PATH`, or `MARKET=PATH`, of a command line. */
export interface DataPath {
  /** Set by `MARKET=PATH`. */
  readonly forced: Market | null;
  readonly path: string;
}

/** What stands before an equals sign is a market, or part of the path: folders may be called `run=1`. */
export function dataPath(text: string): DataPath {
  const cut = text.indexOf('=');
  const forced = cut > 0 ? parseMarket(text.slice(0, cut)) : null;
  return forced === null ? { forced: null, path: text } : { forced, path: text.slice(cut + 1) };
}
