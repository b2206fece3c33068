import { html, type Html } from './html-text.ts';

/** Class, drawing in a square of 14, and words. */
export type LegendItem = readonly [name: string, d: string, label: string];

/** A line in the middle of the square of a legend. */
export const LEGEND_LINE = 'M0 7H14';

export function legendLine(items: readonly LegendItem[]): Html {
  const list = items.map(
    ([name, d, label]) =>
      html`<span
        ><svg viewBox="0 0 14 14" aria-hidden="true"><path class="${name}" d="${d}" /></svg>${label}</span
      >`,
  );
  return html`<p class="legend">${list}</p>`;
}
