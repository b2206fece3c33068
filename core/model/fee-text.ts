/** Rates of fees of an account that has traded at least `from` (quote units) in the 30 days before. */
export interface FeeTier {
  readonly from: number;
  /** Shares of the traded value: of fills that rested in the book, and of those that took what others offered. */
  readonly maker: number;
  readonly taker: number;
}

/** What fees are besides one share of the traded value. */
export interface FeeModels {
  /** The first from 0, each from more than the one before. */
  readonly tiers?: readonly FeeTier[];
  /** In place of a share: quote units for each base unit, and at least so much a fill. */
  readonly perUnit?: number;
  readonly least?: number;
  /** Of a purchase it is taken from what was bought. */
  readonly isInBase?: true;
}

/** What a fill costs. */
export interface Fee {
  readonly maker: number;
  readonly taker: number;
  /** Null = nothing else. */
  readonly models: FeeModels | null;
}

export const MAX_FEE_TIERS = 12;

/** For messages: what `parseFee` takes. */
export const FEE_WORDS = `a percent such as 0.1% or 10bp, maker and taker such as 0.02%/0.05%, up to ${MAX_FEE_TIERS} tiers by the traded value of 30 days such as 0.1%,1000000:0.08%, or an amount for each unit such as unit:0.005 or unit:0.005:1 (at least 1 a fill)`;

const RATE = /^(\d{1,6}(?:\.\d{1,12})?) ?(%|bp)$/;
const AMOUNT = /^\d{1,15}(?:\.\d{1,12})?$/;

/** A share under one. */
function rateOf(text: string): number {
  if (text === '0') return 0;
  const match = RATE.exec(text);
  const rate = match === null ? Number.NaN : Number(match[1]) / (match[2] === 'bp' ? 10_000 : 100);
  return rate < 1 ? rate : Number.NaN;
}

const amountOf = (text: string): number => (AMOUNT.test(text) ? Number(text) : Number.NaN);

/** Null when the text is no fee. */
export function parseFee(text: string): Fee | null {
  if (text.startsWith('unit:')) {
    const [perUnit, least, ...more] = text.slice('unit:'.length).split(':').map(amountOf);
    if (perUnit === undefined || !(perUnit > 0) || (least !== undefined && !(least >= 0)) || more.length > 0) return null;
    return { maker: 0, taker: 0, models: { perUnit, ...(least === undefined ? {} : { least }) } };
  }
  const tiers = text.split(',').map((part, place) => tierOf(place === 0 ? `0:${part.trim()}` : part.trim()));
  const isRising = tiers.every(({ from, maker, taker }, place) => from > (tiers[place - 1]?.from ?? -1) && maker >= 0 && taker >= 0);
  if (!isRising || tiers.length > MAX_FEE_TIERS) return null;
  const { maker, taker } = tiers[0]!;
  return { maker, taker, models: tiers.length === 1 ? null : { tiers } };
}

/** `from:rate` or `from:maker/taker`; NaN for what is none. */
function tierOf(part: string): FeeTier {
  const [from = '', rates = '', ...more] = part.split(':');
  const [maker = '', taker = maker, ...others] = rates.split('/');
  const isWhole = more.length === 0 && others.length === 0;
  return { from: isWhole ? amountOf(from) : Number.NaN, maker: rateOf(maker), taker: rateOf(taker) };
}
