import { isUtf16 } from '#core/files/utf16.ts';
import type { Findings } from './finding.ts';

/** Control characters but tab and line ends; characters that show nothing or change the order of what is read. */
const UNFIT = /(?![\t\n\r])\p{Cc}|[\p{Bidi_Control}\u200b\u2060\ufeff]/u;

/** The bytes as text, without a byte order mark. Null, with a finding, when they are not UTF-8 or hold what no text has. */
export function decodeText(bytes: Uint8Array, findings: Findings): string | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    findings.add(
      'CONFIG_SYNTAX',
      null,
      '',
      isUtf16(bytes) ? 'the file is saved as UTF-16' : 'the file is not a text in UTF-8',
      'save it as UTF-8',
    );
    return null;
  }
  const at = text.search(UNFIT);
  if (at < 0) return text.replace(/\r\n?/g, '\n');
  const before = text.slice(0, at).split('\n');
  const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, origin: null };
  const point = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  findings.add(
    'CONFIG_SYNTAX',
    place,
    '',
    `the file holds a character that cannot be seen, U+${point}`,
    'delete it, or use a text editor to save the file',
  );
  return null;
}
