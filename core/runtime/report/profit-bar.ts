import { place } from './chart-scale.ts';
import { html, type Html } from './html-text.ts';

/** A bar from the middle: to the right for a gain, to the left for a loss; as long as its share of the largest. */
export function profitBar(value: number, largest: number): Html {
  const length = largest > 0 ? (Math.abs(value) / largest) * 50 : 0;
  const x = value >= 0 ? 50 : 50 - length;
  return html`<svg class="gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <path class="axis" d="M50 0V10" />
    <path class="bar ${value >= 0 ? 'gain' : 'loss'}" d="M${place(x)} 1h${place(length)}v8h${place(-length)}z" />
  </svg>`;
}
