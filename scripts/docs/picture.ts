import { chartFrame, type ChartFrame, type ChartSize, pathThrough } from '../../core/runtime/report/chart-frame.ts';
import { html, type Html } from '../../core/runtime/report/html-text.ts';
import { drawnPlots, plotLine, rangeOf } from '../../core/runtime/report/plot-lines.ts';

/** A line of a picture. */
export interface PictureLine {
  readonly label: string;
  readonly values: Float64Array;
  /** Bars from zero. */
  readonly isHistogram?: boolean;
}

export interface PictureRequest {
  readonly title: string;
  readonly time: Float64Array;
  readonly close: Float64Array;
  readonly lines: readonly PictureLine[];
  /** Whether the lines are drawn on the prices, or in a pane of their own below. */
  readonly isOnPrice: boolean;
  /** First bar drawn. */
  readonly from: number;
}

const SIZE: ChartSize = { width: 640, left: 62, tallness: 1, buckets: 320, place: 'half' };
/** Room for the names of the lines. */
const LEGEND = 22;
/** Middle tones without a background: they read on white as on black. */
const STYLE = `text{font:11px system-ui,sans-serif;fill:#7d8894}path{fill:none}.grid{stroke:#7d8894;stroke-opacity:.22}.tick{stroke:#7d8894}.close{stroke:#8b949e;stroke-width:1}.plot{stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}.hue-blue{stroke:#3b82d6}.hue-orange{stroke:#d9822b}.hue-purple{stroke:#9a6ad6}.hue-teal{stroke:#22a39f}.hue-pink{stroke:#d65ca8}`;

/** A picture of an indicator, the same for the same values: an SVG file. */
export function picture({ title, time, close, lines, isOnPrice, from }: PictureRequest): string {
  const to = time.length;
  const drawn = drawnPlots(
    lines.map(({ label, values, isHistogram }) => ({
      label,
      values,
      color: null,
      pane: null,
      style: isHistogram === true ? 'histogram' : null,
    })),
  );
  const frameOf = (series: readonly Float64Array[], height: number, zero: boolean): ChartFrame => {
    const ranges = series.flatMap((values) => rangeOf(values, from, to) ?? []);
    const low = Math.min(...ranges.map((range) => range.low), ...(zero ? [0] : []));
    const high = Math.max(...ranges.map((range) => range.high), ...(zero ? [0] : []));
    return chartFrame({ size: SIZE, fromTime: time[from]!, toTime: time[to - 1]!, low, high, height, ticks: 4, room: 0.05 });
  };
  const price = frameOf(isOnPrice ? [close, ...lines.map(({ values }) => values)] : [close], isOnPrice ? 200 : 120, false);
  const points = Array.from({ length: to - from }, (_, place): readonly [number, number] => [
    price.x(time[from + place]!),
    price.y(close[from + place]!),
  ]);
  const closeLine = html`<path class="close" d="${pathThrough(points)}" />`;
  const own = isOnPrice
    ? price
    : frameOf(
        lines.map(({ values }) => values),
        150,
        lines.some(({ isHistogram }) => isHistogram === true),
      );
  const plots = drawn.map((plot) => plotLine(plot, time, from, to, own));
  const panes = isOnPrice
    ? [pane(LEGEND, price, [closeLine, ...plots])]
    : [pane(LEGEND, price, [closeLine]), pane(LEGEND + price.height, own, plots)];
  const height = LEGEND + price.height + (isOnPrice ? 0 : own.height);
  const labels = [{ look: 'close', label: 'close' }, ...drawn];
  const legend = labels.map(({ look, label }, place) => {
    const x = SIZE.left + labels.slice(0, place).reduce((sum, before) => sum + 34 + before.label.length * 6.2, 0);
    return html`<path class="${look}" d="M${Math.round(x)} 12h14" /><text x="${Math.round(x) + 19}" y="16">${label}</text>`;
  });
  const text = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${height}" role="img" aria-label="${title}">
    <style>
      ${STYLE}
    </style>
    ${legend}${panes}
  </svg>`;
  return `${text.text}\n`;
}

function pane(y: number, frame: ChartFrame, content: readonly Html[]): Html {
  return html`<svg y="${y}" width="${SIZE.width}" height="${frame.height}">${frame.axes}${content}</svg>`;
}
