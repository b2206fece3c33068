/** What stands before a limit order when it comes to its price: one of both. */
export interface QueueModel {
  /** Base units. */
  readonly qty?: number;
  /** Share of the volume of the bar before. */
  readonly share?: number;
}

/** For messages: what `parseQueue` takes. */
export const QUEUE_WORDS = "a quantity such as 2.5, or a share of a bar's volume such as 5%";

/** Null when the text is none. */
export function parseQueue(text: string): QueueModel | null {
  const match = /^(\d{1,15}(?:\.\d{1,12})?) ?(%)?$/.exec(text);
  if (match === null) return null;
  const amount = Number(match[1]);
  return match[2] === undefined ? { qty: amount } : { share: amount / 100 };
}
