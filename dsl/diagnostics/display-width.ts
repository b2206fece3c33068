/** Wide characters of East Asian scripts and emoji: two columns on a terminal (Unicode UAX 11, the blocks that occur in texts). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{M}/u;

/** Columns that one character takes on a terminal. */
export function displayWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Whatever a terminal could take for a command, or would not show: control, bidirectional, zero-width characters, lone surrogates, line separators. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** One line that is safe to print: escape sequences and hidden characters become `?`, tabs and line ends a space. */
export function safeLine(text: string): string {
  let result = '';
  for (const char of text) result += safeChar(char);
  return result;
}

/** The same for one character. */
export function safeChar(char: string): string {
  if (char === '\t' || char === '\n' || char === '\r') return ' ';
  return UNSAFE.test(char) ? '?' : char;
}
