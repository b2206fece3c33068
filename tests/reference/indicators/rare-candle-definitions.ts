import type { Candle } from './rare-candle-cases.ts';

const isWhite = ([open, , , close]: Candle): boolean => close >= open;
const isBlack = (candle: Candle): boolean => !isWhite(candle);
const body = ([open, , , close]: Candle): number => Math.abs(close - open);
const top = ([open, , , close]: Candle): number => Math.max(open, close);
const bottom = ([open, , , close]: Candle): number => Math.min(open, close);
const upper = (candle: Candle): number => candle[1] - top(candle);
const lower = (candle: Candle): number => bottom(candle) - candle[2];
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const between = (value: number, low: number, high: number): boolean => value > low && value < high;

/** A candle with what the ten and five before it make of it. */
class Measured {
  readonly candle: Candle;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly meanBody: number;
  readonly tiny: number;
  readonly equal: number;

  constructor(all: readonly Candle[], place: number) {
    this.candle = all[place]!;
    [this.open, this.high, this.low, this.close] = this.candle;
    const ten = all.slice(place - 10, place);
    this.meanBody = mean(ten.map(body));
    this.tiny = 0.1 * mean(ten.map(([, high, low]) => high - low));
    this.equal = 0.05 * mean(ten.slice(5).map(([, high, low]) => high - low));
  }

  get body(): number {
    return body(this.candle);
  }
  get isLong(): boolean {
    return this.body > this.meanBody;
  }
  get isWhite(): boolean {
    return isWhite(this.candle);
  }
  get isBare(): boolean {
    return upper(this.candle) < this.tiny && lower(this.candle) < this.tiny;
  }
}

type Found = (candles: readonly Measured[]) => number;

const bodyAbove = (a: Measured, b: Measured): boolean => bottom(a.candle) > top(b.candle);
const colours = (candles: readonly Measured[]): string => candles.map(({ isWhite: white }) => (white ? 'W' : 'B')).join('');

/** The larger of two bodies tells the side, of equal ones the first. */
function kicking([first, second]: readonly Measured[]): number {
  if (!first!.isLong || !second!.isLong || !first!.isBare || !second!.isBare) return 0;
  if (colours([first!, second!]) === 'BW' && second!.low > first!.high) return 100;
  return colours([first!, second!]) === 'WB' && second!.high < first!.low ? -100 : 0;
}

/** Patterns by their definitions in TA-Lib's documentation, candles oldest first: its number for the last one. */
export const RARE_DEFINITIONS: Readonly<Record<string, Found>> = {
  CDL2CROWS: ([a, b, c]) => {
    const isShaped = colours([a!, b!, c!]) === 'WBB' && a!.isLong && bodyAbove(b!, a!);
    return isShaped && between(c!.open, b!.close, b!.open) && between(c!.close, a!.open, a!.close) ? -100 : 0;
  },
  CDLUPSIDEGAP2CROWS: ([a, b, c]) => {
    const isShaped = colours([a!, b!, c!]) === 'WBB' && a!.isLong && !b!.isLong && bodyAbove(b!, a!);
    return isShaped && c!.open > b!.open && between(c!.close, a!.close, b!.close) ? -100 : 0;
  },
  CDL3STARSINSOUTH: ([a, b, c]) => {
    const isFirst = a!.isLong && lower(a!.candle) > a!.body;
    const holds = b!.open > a!.close && b!.open <= a!.high && b!.low < a!.close && b!.low >= a!.low;
    const isSecond = b!.body < a!.body && holds && lower(b!.candle) > b!.tiny;
    const isThird = c!.body < c!.meanBody && c!.isBare && c!.low > b!.low && c!.high < b!.high;
    return colours([a!, b!, c!]) === 'BBB' && isFirst && isSecond && isThird ? 100 : 0;
  },
  CDLCONCEALBABYSWALL: ([a, b, c, d]) => {
    const reaches = bodyAbove(b!, c!) && upper(c!.candle) > c!.tiny && c!.high > b!.close;
    const engulfs = d!.high > c!.high && d!.low < c!.low;
    return colours([a!, b!, c!, d!]) === 'BBBB' && a!.isBare && b!.isBare && reaches && engulfs ? 100 : 0;
  },
  CDLABANDONEDBABY: ([a, b, c]) => {
    if (!a!.isLong || b!.body > b!.tiny || c!.body <= c!.meanBody) return 0;
    const isAlone = isBlack(a!.candle) ? b!.high < Math.min(a!.low, c!.low) : b!.low > Math.max(a!.high, c!.high);
    if (!isAlone) return 0;
    if (colours([a!, c!]) === 'BW') return c!.close > a!.close + 0.3 * a!.body ? 100 : 0;
    return colours([a!, c!]) === 'WB' && c!.close < a!.close - 0.3 * a!.body ? -100 : 0;
  },
  CDLBREAKAWAY: ([a, b, c, d, e]) => {
    const seen = colours([a!, b!, d!, e!]);
    if (!a!.isLong || (seen !== 'BBBW' && seen !== 'WWWB')) return 0;
    const [down, up] = [(x: number, y: number) => x < y, (x: number, y: number) => x > y];
    const onward = seen === 'BBBW' ? down : up;
    const goesOn = onward(c!.high, b!.high) && onward(c!.low, b!.low) && onward(d!.high, c!.high) && onward(d!.low, c!.low);
    const isGap = seen === 'BBBW' ? bodyAbove(a!, b!) : bodyAbove(b!, a!);
    const closesInGap = onward(b!.open, e!.close) && onward(e!.close, a!.close);
    return isGap && goesOn && closesInGap ? (e!.isWhite ? 100 : -100) : 0;
  },
  CDLKICKING: kicking,
  CDLKICKINGBYLENGTH: ([a, b]) => {
    if (kicking([a!, b!]) === 0) return 0;
    return (b!.body > a!.body ? b! : a!).isWhite ? 100 : -100;
  },
  CDLMATHOLD: ([a, b, c, d, e]) => {
    const isStart = a!.isWhite && a!.isLong && !b!.isWhite && bodyAbove(b!, a!) && e!.isWhite;
    const areShort = [b!, c!, d!].every((one) => one.body < one.meanBody);
    const sinks = [c!, d!].every((one) => between(bottom(one.candle), a!.close - 0.5 * a!.body, a!.close));
    const falls = top(c!.candle) < b!.open && top(d!.candle) < top(c!.candle);
    const breaksOut = e!.open > d!.close && e!.close > Math.max(b!.high, c!.high, d!.high);
    return isStart && areShort && sinks && falls && breaksOut ? 100 : 0;
  },
  CDLONNECK: ([a, b]) => {
    const isShaped = colours([a!, b!]) === 'BW' && a!.isLong && b!.open < a!.low;
    return isShaped && b!.close <= a!.low + a!.equal && b!.close >= a!.low - a!.equal ? -100 : 0;
  },
};

/** TA-Lib's number for the last of the candles, of which the pattern has `size`. */
export function rareNumber(pattern: string, all: readonly Candle[], size: number): number {
  const places = Array.from({ length: size }, (_, k) => all.length - size + k);
  return RARE_DEFINITIONS[pattern]!(places.map((place) => new Measured(all, place)));
}
