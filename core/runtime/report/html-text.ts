import { plainText } from './plain-text.ts';

/** HTML that is known to be safe: made by the `html` tag, which escapes whatever is put into it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | string | number | null | readonly HtmlValue[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return plainText(text, Infinity).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

function valueText(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(valueText).join('');
}

/**
 * A template whose values are escaped unless they are `Html`; null is nothing, lists are joined. Attributes must be quoted.
 * Line breaks and indentation of the template itself, which the formatter puts there, become one line break.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const parts = strings.map((part) => part.replace(/\s*\n\s*/g, '\n'));
  let text = parts[0] ?? '';
  for (const [i, value] of values.entries()) text += valueText(value) + (parts[i + 1] ?? '');
  return new Html(text);
}
