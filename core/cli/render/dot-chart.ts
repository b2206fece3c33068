/** A line of a chart of dots. */
export interface Curve {
  /** NaN = a gap. */
  readonly values: Float64Array;
  /** Colours a piece of text. */
  readonly paint: (text: string) => string;
}

/** Dots of a cell: two columns, four rows; bits of U+2800 by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BLANK = 0x2800;
const [ACROSS, DOWN] = [2, 4];

/**
 * Curves over bars [from, to) as lines of braille characters, each dot an eighth of a cell: `columns` wide, `rows` high, from `low` at the bottom to `high` at
 * the top. Where curves meet in a cell the later one gives its colour.
 */
export function dotChart(
  curves: readonly Curve[],
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  columns: number,
  rows: number,
): readonly string[] {
  const cells = new Uint8Array(columns * rows);
  const owners = new Int8Array(columns * rows).fill(-1);
  const [width, height] = [columns * ACROSS, rows * DOWN];
  const set = (x: number, y: number, owner: number): void => {
    const cell = Math.floor(y / DOWN) * columns + Math.floor(x / ACROSS);
    cells[cell]! |= DOTS[x % ACROSS]![y % DOWN]!;
    owners[cell] = owner;
  };
  const count = to - from;
  const xOf = (index: number): number => (count === 1 ? 0 : Math.round(((index - from) * (width - 1)) / (count - 1)));
  const yOf = (value: number): number => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return Math.round((1 - Math.max(0, Math.min(1, share))) * (height - 1));
  };
  for (const [owner, { values }] of curves.entries()) {
    let last: readonly [number, number] | null = null;
    for (let index = from; index < to; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        last = null;
        continue;
      }
      const next = [xOf(index), yOf(value)] as const;
      for (const [x, y] of between(last ?? next, next)) set(x, y, owner);
      last = next;
    }
  }
  return Array.from({ length: rows }, (_, row) => {
    let line = '';
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const owner = owners[cell]!;
      line += owner < 0 ? ' ' : curves[owner]!.paint(String.fromCharCode(BLANK + cells[cell]!));
    }
    return line;
  });
}

/** The dots of a straight line, both ends included. */
function between([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): readonly (readonly [number, number])[] {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  return Array.from({ length: steps + 1 }, (_, step) => [
    Math.round(x0 + ((x1 - x0) * step) / steps),
    Math.round(y0 + ((y1 - y0) * step) / steps),
  ]);
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** The last values as a line of blocks, lowest to highest; a dot where one is na. */
export function sparkline(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => {
      if (!Number.isFinite(value)) return '·';
      return LEVELS[high === low ? 3 : Math.min(7, Math.floor(((value - low) / (high - low)) * 8))];
    })
    .join('');
}

/** A condition over bars [from, to) in one line: full where it holds on all bars of a cell, half on some, blank on none, a dot where it is na. */
export function stripLine(values: Float64Array, wanted: number, [from, to]: readonly [number, number], columns: number): string {
  const size = Math.min(columns, to - from);
  return Array.from({ length: size }, (_, cell) => {
    const start = from + Math.floor((cell * (to - from)) / size);
    const end = Math.max(start + 1, from + Math.floor(((cell + 1) * (to - from)) / size));
    let [held, na] = [0, 0];
    for (let index = start; index < end; index++) {
      if (values[index] === wanted) held += 1;
      else if (Number.isNaN(values[index])) na += 1;
    }
    if (held === end - start) return '█';
    return held > 0 ? '▄' : na === end - start ? '·' : ' ';
  }).join('');
}
