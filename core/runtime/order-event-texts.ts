import type { EngineEvent } from '#core/engine/log-rows.ts';

/** What happened to orders, in words: one of it, several, and why. */
export const EVENT_TEXTS: Readonly<Record<EngineEvent['kind'], readonly [one: string, many: string, why: string]>> = {
  droppedInvalid: [
    'entry was dropped',
    'entries were dropped',
    'a size, stop or trail was na or not above zero, or the stop lay at or beyond the price',
  ],
  droppedTooSmall: [
    'order was dropped',
    'orders were dropped',
    'nothing was left after rounding to the lot or cutting to the cash, or less than the minimum notional',
  ],
  cutToCash: ['entry was cut', 'entries were cut', 'the cash (on margin: the free margin) pays for no more, fee included'],
  limited: ['entry was refused or cut', 'entries were refused or cut', 'a limit, guard or pause of the risk block, or the exposure bound'],
  refusedPostOnly: ['post-only order was refused', 'post-only orders were refused', 'it would have filled at once'],
  ambiguous: [
    'target lay in a bar with the stop',
    'targets lay in a bar with the stop',
    'the stop was taken, as nothing finer tells which came first',
  ],
  bankrupt: ['account went bankrupt', 'accounts went bankrupt', 'nothing was left of it, so it traded no more'],
  fundingUnknown: [
    'funding was not paid',
    'fundings were not paid',
    'the data have no funding_rate there; --funding gives one rate for all of the run',
  ],
  partFilled: [
    'order met too little volume',
    'orders met too little volume',
    'the share of the volume that may be taken gave less than was wanted; the rest went on at the next bars, of "ioc" and "fok" it was withdrawn',
  ],
  limitActed: ['limit of the risk block acted', 'limits of the risk block acted', 'see the risk block'],
};

/** Codes of warnings; the others are E1001. */
export const EVENT_CODES: Readonly<Partial<Record<EngineEvent['kind'], string>>> = {
  limited: 'E1004',
  limitActed: 'E1004',
  ambiguous: 'AMBIGUOUS',
  bankrupt: 'BANKRUPT',
  fundingUnknown: 'FUNDING_UNKNOWN',
  partFilled: 'PART_FILLED',
};

/** One such event, as a person reads it. */
export function eventText({ kind }: Pick<EngineEvent, 'kind'>): string {
  const [one, , why] = EVENT_TEXTS[kind];
  return `${one}: ${why}`;
}
