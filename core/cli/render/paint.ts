/** Colours of the terminal; without colour every function returns its text. The caller decides by NO_COLOR and isatty. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly warn: (text: string) => string;
  /** Green above zero, red below, plain at zero. */
  tone(text: string, sign: number): string;
  /** One of six colours that a reader can tell apart, by number. */
  hue(text: string, place: number): string;
}

const ESCAPE = '\u001b[';

export function painter(color: boolean): Paint {
  const wrap =
    (open: number, close: number) =>
    (text: string): string =>
      color ? `${ESCAPE}${open}m${text}${ESCAPE}${close}m` : text;
  const good = wrap(32, 39);
  const bad = wrap(31, 39);
  const hues = [36, 33, 35, 32, 34, 31].map((open) => wrap(open, 39));
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    warn: wrap(33, 39),
    tone: (text, sign) => (sign > 0 ? good(text) : sign < 0 ? bad(text) : text),
    hue: (text, place) => hues[place % hues.length]!(text),
  };
}
