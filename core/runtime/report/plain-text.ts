/**
 * Characters that act instead of being shown: control characters with the escape that starts terminal sequences, and marks
 * that turn or hide text (bidirectional controls, zero width, line separators, the byte order mark, tag characters).
 */
const ACTIVE = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Text from a strategy, a file name or data as one harmless line: line breaks are spaces, what acts is shown as U+FFFD, and the length is bounded. */
export function plainText(text: string, maxLength = 200): string {
  const shown = text
    .toWellFormed()
    .replace(/[\t\r\n]+/g, ' ')
    .replace(ACTIVE, '\ufffd');
  if (shown.length <= maxLength) return shown;
  const points = Array.from(shown);
  return points.length <= maxLength ? shown : `${points.slice(0, Math.max(0, maxLength - 1)).join('')}…`;
}
