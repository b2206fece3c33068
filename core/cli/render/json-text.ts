/** Characters that JSON lets through and a terminal or an editor may obey: see plain-text.ts. */
const ACTIVE = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A value as indented JSON with a line end. What acts instead of being shown is written as `\uXXXX`: the same value, harmless on a terminal (threats.md 46). */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(ACTIVE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${text}\n`;
}
