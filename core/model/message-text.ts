import type { MessagePart } from './message-plan.ts';

/** A text with its values in it. @param valueAt what stands at a place: of `notify` in the row of values, of a reason among what the fill says */
export function messageText(parts: readonly MessagePart[], symbol: string, valueAt: (place: number) => number | undefined): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'symbol' ? symbol : valueText(valueAt(part.value) ?? Number.NaN, part);
    })
    .join('');
}

/** A value as a person reads it. */
export function valueText(value: number, { unit, digits, states }: Extract<MessagePart, { readonly kind: 'value' }>): string {
  if (Number.isNaN(value)) return 'na';
  if (states !== undefined) return states[value] ?? 'na';
  if (unit === 'condition') return value === 1 ? 'true' : 'false';
  const shown = unit === 'percent' ? value * 100 : value;
  const text = digits === null ? String(Number(shown.toPrecision(8))) : shown.toFixed(digits);
  return unit === 'percent' ? `${text}%` : text;
}
