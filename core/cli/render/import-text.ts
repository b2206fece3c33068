import { plainText } from '#core/runtime/report/plain-text.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { PineImport } from '#dsl/tools/pine/import-pine.ts';
import type { Remark, RemarkKind } from '#dsl/tools/pine/report.ts';
import { wrapped } from './aligned-table.ts';
import type { Paint } from './paint.ts';

const MIN_WIDTH = 40;
const MAX_SOURCE = 100;

/** What a remark of a kind means, for its heading. */
const HEADINGS: readonly (readonly [RemarkKind, string])[] = [
  ['hand', 'Needs a hand before it compiles'],
  ['dropped', 'Dropped'],
  ['changed', 'Means something else'],
  ['run', 'How to run it'],
];

/** One line: `line 12: request.financial(...): why`. */
export function remarkText({ line, construct, text }: Remark): string {
  const place = line > 0 ? `line ${line}: ` : '';
  return `${place}${plainText(construct, 80)}: ${plainText(text, 400)}`;
}

/** What became of a script, for people. @param width columns of the terminal, Infinity elsewhere */
export function importText(file: string, source: string, { program, errors, remarks }: PineImport, width: number, paint: Paint): string {
  const room = Math.max(MIN_WIDTH, width);
  const name = plainText(file, Infinity);
  if (errors.length > 0) return `${paint.bold(`${name}: ${countText(errors.length, 'mistake')}`)}\n${mistakesText(source, errors, room)}`;
  const heading = paint.bold(`${name}: ${program === null ? 'nothing could be translated' : 'translated'}`);
  const blocks = HEADINGS.flatMap(([kind, title]) => {
    const told = remarks.filter((remark) => remark.kind === kind);
    if (told.length === 0) return [];
    const lines = told.flatMap((remark) =>
      wrapped(remarkText(remark), room - 4).map((text, at) => (at === 0 ? `  ${text}` : `    ${text}`)),
    );
    return [kind === 'run' ? `${title}:` : paint.warn(`${title}:`), ...lines];
  });
  return `${[heading, ...blocks].join('\n')}\n`;
}

/** The remarks as comments of the program, so that they stay with it. */
export function remarkComments({ remarks }: PineImport): string {
  const lines = HEADINGS.flatMap(([kind, title]) => {
    const told = remarks.filter((remark) => remark.kind === kind);
    return told.length === 0
      ? []
      : [
          `# ${title}:`,
          ...told.flatMap((remark) => wrapped(remarkText(remark), 114).map((text, at) => `# ${at === 0 ? '- ' : '  '}${text}`)),
        ];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** Each mistake with its line of the script and a mark under the place. */
function mistakesText(source: string, errors: PineImport['errors'], room: number): string {
  const lines = new LineMap(source);
  return errors
    .map(({ line, column, message }) => {
      const text = lines.lineText(line);
      const start = Math.max(0, column - 1 - MAX_SOURCE / 2);
      const shown = plainText(text.slice(start, start + MAX_SOURCE).replace(/\t/g, ' '), MAX_SOURCE);
      const told = wrapped(`${line}:${column} ${plainText(message)}`, room);
      return `${told.join('\n')}\n  ${shown}\n  ${' '.repeat(column - 1 - start)}^\n`;
    })
    .join('');
}

const countText = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
