import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { frame } from '#dsl/diagnostics/frame.ts';
import type { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Program } from '#dsl/program.ts';
import { wrapped } from './aligned-table.ts';
import { exposureText } from './exposure-text.ts';
import type { Paint } from './paint.ts';

const INDENT = '  ';
/** Room of a frame for its indent and the marks of a cut line. */
const FRAME_EDGE = 8;
const MAX_FRAME = 100;
const MIN_WIDTH = 40;

/** A strategy file and what the checker found in it. */
export interface CheckedFile {
  readonly file: string;
  readonly lines: LineMap;
  readonly diagnostics: readonly Diagnostic[];
  /** What is right but not run yet: a line each. */
  readonly notes?: readonly Diagnostic[];
  /** The program, when there is one: what its rules allow is told. */
  readonly program?: Program | null;
}

/**
 * The findings of a file as people read them: a heading with the file's name, then each with its line of the source.
 * @param width columns of the terminal; Infinity where lines are not to be broken, in files and pipes
 */
export function findingsText({ file, lines, diagnostics, notes = [], program = null }: CheckedFile, width: number, paint: Paint): string {
  const room = Math.max(MIN_WIDTH, width);
  const heading = paint.bold(`${plainText(file, Infinity)}: ${countText(diagnostics)}`);
  const blocks = diagnostics.map((finding) => {
    const [top = '', source = '', carets = '', hint] = frame(lines, finding, Math.min(MAX_FRAME, room - FRAME_EDGE)).split('\n');
    const [place = top] = /^\S+ +\S+ +/.exec(top) ?? [];
    const [first = '', ...rest] = wrapped(top.slice(place.length), room - place.length);
    const mark = finding.severity === 'error' ? paint.tone(finding.code, -1) : paint.warn(finding.code);
    return [
      mark + place.slice(finding.code.length) + first,
      ...rest.map((line) => ' '.repeat(place.length) + line),
      source,
      finding.severity === 'error' ? paint.tone(carets, -1) : paint.warn(carets),
      ...(hint === undefined ? [] : wrapped(hint.trim(), room - INDENT.length).map((line) => INDENT + line)),
    ].join('\n');
  });
  const told = notes.flatMap(({ span, message }) => {
    const { line, column } = lines.position(span.start);
    return wrapped(`${line}:${column} ${message}`, room - INDENT.length).map((text, index) => INDENT.repeat(index === 0 ? 1 : 2) + text);
  });
  const said = program === null ? [] : [exposureText(program.exposure), ...keptText(program)];
  const facts = said.flatMap((fact) => wrapped(fact, room - INDENT.length).map((text) => INDENT + text));
  return `${[heading, ...blocks, ...told, ...facts].join('\n')}\n`;
}

/** What may never forget where the data begin. */
const keptText = ({ unforgetting }: Program): readonly string[] =>
  unforgetting.length === 0 ? [] : [`may never forget where the data begin: ${unforgetting.join(', ')}`];

/** `2 errors, 1 warning`. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']): number => diagnostics.filter((finding) => finding.severity === severity).length;
  const parts = [plural(count('error'), 'error'), plural(count('warning'), 'warning')].filter((part) => part !== null);
  return parts.length === 0 ? 'no mistakes found' : parts.join(', ');
}

const plural = (count: number, word: string): string | null => (count === 0 ? null : `${count} ${word}${count === 1 ? '' : 's'}`);
