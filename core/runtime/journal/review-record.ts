import { NO_REVIEW, type OrderReview } from '#core/engine/trading/order-review.ts';
import { journalNumber, readJournalNumber } from './journal-number.ts';
import { type Data, fieldsOf } from './record-fields.ts';

/** What a person and risk rules answered on one decision. */
export interface ReviewRecord {
  readonly isFlatten: boolean;
  readonly isClosed: boolean;
  readonly isResumed: boolean;
  /** Quantities that were let through, in the order of the orders; null = each as it was wanted. */
  readonly allowed: readonly number[] | null;
}

/** Passes questions on and keeps the answers. */
export function recordReview(review: OrderReview): { readonly review: OrderReview; readonly record: () => ReviewRecord } {
  const { isFlatten, isClosed, isResumed = false } = review;
  const allowed: number[] = [];
  let isCut = false;
  return {
    review: {
      isFlatten,
      isClosed,
      isResumed,
      allow: (side, qty, price) => {
        const passed = review.allow(side, qty, price);
        isCut ||= passed !== qty;
        allowed.push(passed);
        return passed;
      },
    },
    record: () => ({ isFlatten, isClosed, isResumed, allowed: isCut ? allowed : null }),
  };
}

/** Gives the answers again; of more orders than there were, none is let through. */
export function replayReview({ isFlatten, isClosed, isResumed, allowed }: ReviewRecord): OrderReview {
  let asked = 0;
  return {
    isFlatten,
    isClosed,
    isResumed,
    allow: (side, qty, price) => (allowed === null ? NO_REVIEW.allow(side, qty, price) : (allowed[asked++] ?? 0)),
  };
}

/** Only what differs from answers that let everything through: most do. */
export function reviewData({ isFlatten, isClosed, isResumed, allowed }: ReviewRecord): Data {
  return {
    ...(isFlatten ? { flatten: true } : {}),
    ...(isClosed ? { closed: true } : {}),
    ...(isResumed ? { resumed: true } : {}),
    ...(allowed === null ? {} : { allowed: allowed.map(journalNumber) }),
  };
}

/** @param value of the field; left out = everything was let through */
export function readReview(value: unknown): ReviewRecord | undefined {
  if (value !== undefined && (typeof value !== 'object' || value === null)) return undefined;
  const { flatten = false, closed = false, resumed = false, allowed = null } = fieldsOf(value);
  if (typeof flatten !== 'boolean' || typeof closed !== 'boolean' || typeof resumed !== 'boolean') return undefined;
  const said = { isFlatten: flatten, isClosed: closed, isResumed: resumed };
  if (allowed === null) return { ...said, allowed };
  if (!Array.isArray(allowed)) return undefined;
  const quantities = allowed.map(readJournalNumber);
  return quantities.some((one) => one === undefined) ? undefined : { ...said, allowed: quantities as readonly number[] };
}
