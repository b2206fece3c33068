import { type UIEvent, useLayoutEffect, useRef, useState } from 'react';

/** The rows of a long list that are in view, and some around. */
export interface VirtualRows {
  readonly box: React.RefObject<HTMLDivElement | null>;
  readonly onScroll: (event: UIEvent<HTMLDivElement>) => void;
  readonly from: number;
  readonly to: number;
  /** Height of what is left out above and below, px. */
  readonly above: number;
  readonly below: number;
}

const AROUND = 10;

/** Which of `count` rows of equal height (px) a scrolling box has to hold. */
export function useVirtualRows(count: number, rowHeight: number): VirtualRows {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const from = Math.max(0, Math.min(count, Math.floor(view.top / rowHeight)) - AROUND);
  const to = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + AROUND);
  return {
    box,
    onScroll: ({ currentTarget }) => setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight }),
    from,
    to,
    above: from * rowHeight,
    below: (count - to) * rowHeight,
  };
}
