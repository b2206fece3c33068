import { MAX_TIERS } from './strategy-abi.ts';

/** Of the part of a position's value from `from` (quote units) up to the next tier: the share that must back it. */
export interface MaintenanceTier {
  readonly from: number;
  readonly rate: number;
}

/** For messages: what `parseMaintenance` takes. */
export const MAINTENANCE_WORDS = `a percent, and up to ${MAX_TIERS - 1} higher ones with the values they begin at, such as 0.4%,50000:0.5%`;

const RATE = /^(\d{1,3}(?:\.\d{1,12})?) ?(%|bp)$/;
const AMOUNT = /^\d{1,15}(?:\.\d{1,12})?$/;

/** `0.5%`, or `0.4%,50000:0.5%,...`: rates of the parts of a value that lie above amounts, both rising. Null when the text is none. */
export function parseMaintenance(text: string): readonly MaintenanceTier[] | null {
  const tiers = text.split(',').map((part, place) => tierOf(place === 0 ? `0:${part.trim()}` : part.trim()));
  const isRising = tiers.every(({ from, rate }, place) => {
    const before = tiers[place - 1] ?? { from: -1, rate: -1 };
    return from > before.from && rate > before.rate && rate < 1;
  });
  return isRising && tiers.length <= MAX_TIERS ? tiers : null;
}

/** `from:rate`; NaN for what is none. */
function tierOf(part: string): MaintenanceTier {
  const [from = '', rate = '', ...more] = part.split(':');
  const match = RATE.exec(rate);
  const share = rate === '0' ? 0 : match === null ? Number.NaN : Number(match[1]) / (match[2] === 'bp' ? 10_000 : 100);
  return { from: more.length === 0 && AMOUNT.test(from) ? Number(from) : Number.NaN, rate: share };
}
