import type { Diagnostic } from './diagnostic.ts';
import { displayWidth, safeChar, safeLine } from './display-width.ts';
import type { LineMap } from './line-map.ts';

const INDENT = '  ';
const WIDTH = 100;
/** Share of the window that lies before the place. */
const KEEP_LEFT = 0.4;
const PLACE_WIDTH = 5;

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly marked: boolean;
}

/**
 * A diagnostic as people read it (language.md section 10): code, place and message; the source line; carets under the span; the hint.
 *
 * Safe for a terminal: nothing of the source reaches it but printable characters. A tab is shown as one space. Lines over 100 columns are cut to a window
 * around the place, with `...` where something is missing.
 *
 * @param width columns for the source line, without the indent and the `...`
 */
export function frame(map: LineMap, finding: Diagnostic, width = WIDTH): string {
  const { line, column } = map.position(finding.span.start);
  const place = `${line}:${column}`.padEnd(PLACE_WIDTH);
  const lines = [`${finding.code} ${place} ${safeLine(finding.message)}`];
  const cells = cellsOf(map.lineText(line), column - 1, Math.max(1, finding.span.end - finding.span.start));
  const [source, carets] = draw(cells, width);
  lines.push(INDENT + source, INDENT + carets);
  if (finding.hint !== undefined) lines.push(INDENT + safeLine(finding.hint));
  return lines.map((text) => text.trimEnd()).join('\n');
}

/** The line as characters of known width; a place behind its end gets a blank cell to stand under. */
function cellsOf(text: string, start: number, length: number): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  for (const char of text) {
    const shown = safeChar(char);
    cells.push({ text: shown, width: displayWidth(shown), marked: offset >= start && offset < start + length });
    offset += char.length;
  }
  if (!cells.some((cell) => cell.marked)) cells.push({ text: ' ', width: 1, marked: true });
  return cells;
}

function draw(all: readonly Cell[], width: number): readonly [string, string] {
  const [cells, before, after] = cut(all, width);
  let source = before ? '...' : '';
  let carets = ' '.repeat(source.length);
  for (const cell of cells) {
    source += cell.text;
    carets += (cell.marked ? '^' : ' ').repeat(cell.width);
  }
  return [after ? `${source.trimEnd()}...` : source, carets];
}

/** The part of a line that is shown, and whether something is missing before and after it. */
function cut(cells: readonly Cell[], room: number): readonly [readonly Cell[], boolean, boolean] {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= room) return [cells, false, false];
  const first = cells.findIndex((cell) => cell.marked);
  const from = Math.max(0, first - Math.floor(room * KEEP_LEFT));
  let width = 0;
  let to = from;
  while (to < cells.length && width + (cells[to]?.width ?? 0) <= room) width += cells[to++]?.width ?? 0;
  return [cells.slice(from, to), from > 0, to < cells.length];
}

/** Several diagnostics, in their order, one frame after the other. */
export function frames(map: LineMap, findings: readonly Diagnostic[]): string {
  return findings.map((finding) => frame(map, finding)).join('\n');
}
