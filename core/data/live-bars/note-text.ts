import type { Bar } from '#core/model/bar.ts';
import type { LiveNote } from './live-bars.ts';

/** A note as a line of a log, with both values. */
export function noteText(note: LiveNote): string {
  switch (note.kind) {
    case 'late-trade':
      return `a trade of ${isoOf(note.trade.time)} came when the bar of ${isoOf(note.open)} had ended: it is in none. ${difference(note.live, note.later)}`;
    case 'other-trade':
      return `trade ${note.trade.id} came again with other values: ${tradeText(note.first)} counts, ${tradeText(note.trade)} does not`;
    case 'revised-bar':
      return `the venue revised the bar of ${isoOf(note.open)} after it had ended. ${difference(note.live, note.later)}`;
    case 'late-bar':
      return `the venue told the bar of ${isoOf(note.open)} when it was taken for none. ${difference(null, note.later)}`;
  }
}

function difference(live: Bar | null, later: Bar | null): string {
  if (later === null) return 'The bar is no longer kept';
  return `Live it was ${live === null ? 'no bar' : barText(live)}, a download will have ${barText(later)}`;
}

const isoOf = (time: number): string => new Date(time).toISOString();
const barText = ({ open, high, low, close, volume }: Bar): string => `${open} ${high} ${low} ${close}, volume ${volume}`;
const tradeText = ({ price, qty }: { readonly price: number; readonly qty: number }): string => `${qty} at ${price}`;
