import { PROTECTION_FILLS } from '#core/engine/log-rows.ts';
import type { TradeRecord } from '../backtest-document.ts';
import type { ChartFrame } from './chart-frame.ts';
import { place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';
import { minuteText, priceText, quantityText } from './number-text.ts';
import { plainText } from './plain-text.ts';

/** Among more marks than this nobody finds the one to point at: they have no text, and those of a kind are one path. */
const MAX_TOLD_MARKS = 300;
const MAX_TEXT = 60;

/** Kinds of marks, the first to be painted first. */
const KINDS = ['held won', 'held lost', 'entry long', 'entry short', 'exit', 'stop'] as const;
type Kind = (typeof KINDS)[number];

interface Mark {
  readonly kind: Kind;
  readonly d: string;
  readonly label: string | null;
}

/** Entries and exits of trades, and lines between them. */
export function tradeMarks(trades: readonly TradeRecord[], frame: ChartFrame): Html {
  const isTold = frame.size.place === 'wide' && trades.length <= MAX_TOLD_MARKS;
  const radius = radiusOf(frame, trades.length);
  const marks = Map.groupBy(
    trades.flatMap((trade) => marksOfTrade(trade, frame, radius)),
    ({ kind }) => kind,
  );
  const paths = KINDS.map((kind) => {
    const all = marks.get(kind) ?? [];
    if (all.length === 0) return null;
    if (isTold)
      return all.map(
        ({ d, label }) => html`<path class="${kind}" d="${d}">${label === null ? null : html`<title>${label}</title>`}</path>`,
      );
    return html`<path class="${kind}" d="${all.map(({ d }) => d).join('')}" />`;
  });
  return html`<g class="${radius < 3 ? 'many' : 'few'}">${paths}</g>`;
}

/** The more marks, the smaller: what they stand on is to be seen. */
function radiusOf({ size }: ChartFrame, count: number): number {
  const room = size.width / Math.max(1, count);
  return Math.max(1.8, Math.min(size.place === 'wide' ? 6 : 4.5, room * 1.2));
}

function marksOfTrade(trade: TradeRecord, { x, y }: ChartFrame, size: number): readonly Mark[] {
  const entryX = x(Date.parse(trade.entryTime));
  const entryY = y(trade.entryPrice);
  const isLong = trade.side === 'long';
  const s = isLong ? size : -size;
  const entry: Mark = {
    kind: isLong ? 'entry long' : 'entry short',
    d: `M${place(entryX)} ${place(entryY)}l${place(-size)} ${place(s * 1.6)}h${place(2 * size)}z`,
    label: `${trade.side} ${quantityText(trade.qty)} at ${priceText(trade.entryPrice)}, ${minuteText(trade.entryTime)}${named(trade.setup)}${named(trade.entryReason)}`,
  };
  if (trade.exitTime === null || trade.exitPrice === null) return [entry];
  const exitX = x(Date.parse(trade.exitTime));
  const exitY = y(trade.exitPrice);
  const isStop = PROTECTION_FILLS.has(trade.exitReason);
  const [r, arm] = [place(size), place(size * 1.6)];
  const exit: Mark = {
    kind: isStop ? 'stop' : 'exit',
    d: isStop
      ? `M${place(exitX)} ${place(exitY - size)}l${r} ${r}l-${r} ${r}l-${r} -${r}z`
      : `M${place(exitX - size * 0.8)} ${place(exitY - size * 0.8)}l${arm} ${arm}m0 -${arm}l-${arm} ${arm}`,
    label: `${plainText(trade.exitReason, MAX_TEXT)} at ${priceText(trade.exitPrice)}, ${minuteText(trade.exitTime)}, profit ${priceText(trade.profit)}`,
  };
  const held: Mark = {
    kind: (trade.profit ?? 0) >= 0 ? 'held won' : 'held lost',
    d: `M${place(entryX)} ${place(entryY)}L${place(exitX)} ${place(exitY)}`,
    label: null,
  };
  return [held, entry, exit];
}

const named = (text: string | null): string => (text === null ? '' : `, ${plainText(text, MAX_TEXT)}`);
