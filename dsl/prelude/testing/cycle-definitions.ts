import { type Definition, na } from './series-math.ts';

/** Filters of Ehlers by their difference equations; those of the Hilbert transform are compared with TA-Lib. Calls as in definitions.ts. */
export const CYCLE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  'super_smoother(X, N)': ({ x }, n) => {
    const a = Math.exp((-Math.SQRT2 * Math.PI) / n);
    const c2 = 2 * a * Math.cos((Math.SQRT2 * Math.PI) / n);
    const c3 = -(a ** 2);
    const line: number[] = [];
    x.forEach((value, i) => {
      const [before = na, beforeThat = na] = [line[i - 1], line[i - 2]];
      const middle = (value + (x[i - 1] ?? na)) / 2;
      const next = (1 - c2 - c3) * middle + c2 * before + c3 * beforeThat;
      // It begins with the source, and holds its value where there is none.
      line.push(!Number.isNaN(next) ? next : Number.isNaN(value) ? before : value);
    });
    return line.map((value, i) => (Number.isNaN(x[i]!) ? na : value));
  },
  'decycler(X, N + 5)': ({ x }, n) => {
    const angle = (2 * Math.PI) / (n + 5);
    const alpha = (Math.cos(angle) + Math.sin(angle) - 1) / Math.cos(angle);
    const line: number[] = [];
    x.forEach((value, i) => {
      const before = line[i - 1] ?? na;
      const next = (alpha / 2) * (value + (x[i - 1] ?? na)) + (1 - alpha) * before;
      line.push(!Number.isNaN(next) ? next : Number.isNaN(value) ? before : value);
    });
    return line.map((value, i) => (Number.isNaN(x[i]!) ? na : value));
  },
};
