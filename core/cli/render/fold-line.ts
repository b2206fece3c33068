import { stripVTControlCharacters } from 'node:util';

/**
 * A line of a log as lines of at most `width`, broken at spaces and indented behind the first; what is aligned in the first stays so.
 * A word that is longer stays whole, and a percent sign with its number. Colours take no room; Infinity leaves the line as it is.
 */
export function foldedLine(line: string, width: number, indent: number): string {
  const space = ' '.repeat(Math.min(indent, Math.floor(width / 2)));
  const lines: string[] = [];
  let rest = line;
  while (lengthOf(rest) > width) {
    const at = breakOf(rest, width, lines.length === 0 ? 0 : space.length);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = space + rest.slice(at).trimStart();
  }
  return [...lines, rest].join('\n');
}

const lengthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

/** Where to break: the last space that leaves at most `width`, else the first one behind; -1 = nowhere. */
function breakOf(line: string, width: number, indent: number): number {
  let found = -1;
  const start = Math.max(indent, line.search(/\S/));
  for (let at = line.indexOf(' ', start); at >= 0; at = line.indexOf(' ', at + 1)) {
    if (line[at + 1] === ' ' || line[at + 1] === '%' || at === line.length - 1) continue;
    if (found >= 0 && lengthOf(line.slice(0, at).trimEnd()) > width) break;
    found = at;
  }
  return found;
}
