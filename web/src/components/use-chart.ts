import { type RefObject, useEffect, useRef } from 'react';

interface BoxedChart<C> {
  /** For the element that the chart is drawn in. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly chart: RefObject<C | null>;
}

/** A chart that is there as long as its box is. @param create that of the first drawing counts */
export function useChart<C extends { readonly remove: () => void }>(create: (box: HTMLElement) => C): BoxedChart<C> {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<C>(null);
  const first = useRef(create);
  useEffect(() => {
    if (box.current === null) return;
    const made = first.current(box.current);
    chart.current = made;
    return () => {
      made.remove();
      chart.current = null;
    };
  }, []);
  return { box, chart };
}
