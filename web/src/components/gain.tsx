import { NONE, signed } from '../format/number-text.ts';

interface GainProps {
  readonly value: number | null;
  readonly text: (value: number | null) => string;
}

/** A result: signed, and coloured besides. */
export function Gain({ value, text }: GainProps) {
  if (value === null) return <span className="num">{NONE}</span>;
  const shown = signed(value, text);
  const side = /[1-9]/.test(shown) ? (value > 0 ? 'good-text' : 'bad-text') : '';
  return <span className={`num ${side}`}>{shown}</span>;
}
