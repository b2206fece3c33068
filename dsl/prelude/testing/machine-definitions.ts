import { averageRange, type Data, type Definition, na, turns } from './series-math.ts';

/** Functions with a state of several values by their definitions, each bar anew from all bars before it where that can be. */
export const MACHINE_DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...members('zigzag(30%, X, open)', (data) => zigzag(data.x, data.open, (price) => 0.3 * price)),
  ...members('zigzag(10%)', (data) => zigzag(data.high, data.low, (price) => 0.1 * price)),
  ...members('zigzag_atr(0.5, N, X, open)', (data, n) => {
    const range = averageRange(data, n);
    return zigzag(data.x, data.open, (_, i) => 0.5 * range[i]!);
  }),
  ...members('renko(X, 0.5, 0.25)', ({ x }) => bricks(x, () => 0.5, 0.25)),
  ...members('renko(X, 0.1)', ({ x }) => bricks(x, () => 0.1, 0)),
  ...members('renko(X, open / 2)', ({ x, open }) => bricks(x, (i) => open[i]! / 2, 0)),
  ...members('range_bar(X, 0.1)', ({ x }) => rangeBars(x, () => 0.1)),
  ...members('range_bar(X, open)', ({ x, open }) => rangeBars(x, (i) => open[i]!)),
  ...members('vstop(X, N, 0.75)', (data, n) => ratchet(data, n, 0.75)),
  ...members('support_resistance(N, 1, 0.2, 2, 1)', (data, n) => levels(data, n, 0.2, 2, 1)),
  ...members('support_resistance(1, 1, 0.1, 3, 2)', (data) => levels(data, 1, 0.1, 3, 2)),
};

type Row = Readonly<Record<string, number>>;

/** A definition of each member: those that begin with `is` are conditions. */
function members(call: string, rows: (data: Data, n: number) => readonly Row[]): Record<string, Definition> {
  const example = rows(
    { x: [1], c: [0], d: [0], open: [1], high: [1], low: [1], close: [1], volume: [1], time: [0], month: [1], year: [1970] },
    1,
  );
  return Object.fromEntries(
    Object.keys(example[0]!).map((name) => {
      const member = `${call}.${name.replace('is_', '')}`;
      const of: Definition = (data, n) => rows(data, n).map((row) => row[name]!);
      return [name.startsWith('is_') ? `if ${member} then 1 else 0` : member, of];
    }),
  );
}

interface Turn {
  /** Bar of the turning point, and the bar that confirms it. */
  readonly bar: number;
  readonly known: number;
  readonly isTop: boolean;
}

function zigzag(tops: readonly number[], bottoms: readonly number[], away: (price: number, bar: number) => number): Row[] {
  const valid = [...tops.keys()].filter((i) => !Number.isNaN(tops[i]! + bottoms[i]! + away(1, i)));
  const latest = (from: number, to: number, isTop: boolean): number =>
    valid
      .filter((i) => i >= from && i <= to)
      .reduce((best, i) => (best < 0 || (isTop ? tops[i]! >= tops[best]! : bottoms[i]! <= bottoms[best]!) ? i : best), -1);
  /** Whether bar i confirms that the top (bottom) at `place` was one. */
  const confirms = (i: number, place: number, isTop: boolean): boolean => {
    if (place < 0 || place === i) return false;
    const distance = isTop ? tops[place]! - bottoms[i]! : tops[i]! - bottoms[place]!;
    return distance > 0 && distance >= away(isTop ? tops[place]! : bottoms[place]!, i) - 1e-12;
  };
  const turned: Turn[] = [];
  for (const i of valid) {
    const before = turned.at(-1);
    if (before === undefined) {
      const [top, bottom] = [latest(0, i, true), latest(0, i, false)];
      const [falls, rises] = [confirms(i, top, true), confirms(i, bottom, false)];
      if (rises && (!falls || tops[i]! - bottoms[bottom]! >= tops[top]! - bottoms[i]!))
        turned.push({ bar: bottom, known: i, isTop: false });
      else if (falls) turned.push({ bar: top, known: i, isTop: true });
      continue;
    }
    const place = latest(legStart(turned), i, !before.isTop);
    if (confirms(i, place, !before.isTop)) turned.push({ bar: place, known: i, isTop: !before.isTop });
  }
  return tops.map((_, i) => {
    const known = turned.filter((turn) => turn.known <= i);
    const [top, bottom] = [known.findLast(({ isTop }) => isTop), known.findLast(({ isTop }) => !isTop)];
    const last = known.at(-1);
    const extreme = last === undefined ? -1 : latest(legStart(known), i, !last.isTop);
    return {
      high: top === undefined ? na : tops[top.bar]!,
      low: bottom === undefined ? na : bottoms[bottom.bar]!,
      high_bars: top === undefined ? na : i - top.bar,
      low_bars: bottom === undefined ? na : i - bottom.bar,
      is_up: last === undefined ? na : Number(!last.isTop),
      extreme: last === undefined ? na : (last.isTop ? bottoms : tops)[extreme]!,
      extreme_bars: last === undefined ? na : i - extreme,
    };
  });
}

/** Where the leg behind the last turning point begins: behind that; the first leg on the bar that confirmed it. */
const legStart = (turned: readonly Turn[]): number => (turned.length === 1 ? turned[0]!.known : turned.at(-1)!.bar + 1);

/** Brick by brick. */
function bricks(x: readonly number[], sizeAt: (bar: number) => number, base: number): Row[] {
  let size = 0;
  let [lower, upper] = [na, na];
  let made: readonly { readonly open: number; readonly close: number; readonly bar: number }[] = [];
  return x.map((value, i) => {
    let count = 0;
    if (!Number.isNaN(value) && size === 0) {
      size = sizeAt(i);
      lower = upper = base + Math.round((value - base) / size) * size;
    } else if (!Number.isNaN(value)) {
      for (; value >= upper + size - 1e-9; count += 1) {
        made = [...made, { open: upper, close: upper + size, bar: i }];
        [lower, upper] = [upper, upper + size];
      }
      for (; value <= lower - size + 1e-9; count -= 1) {
        made = [...made, { open: lower, close: lower - size, bar: i }];
        [lower, upper] = [lower - size, lower];
      }
      if (count !== 0) size = sizeAt(i);
    }
    const last = made.at(-1);
    if (last === undefined) return { open: na, close: na, is_up: na, bricks: size === 0 ? na : 0, run: na, bars: na };
    const rose = last.close > last.open;
    const run = made.length - 1 - made.findLastIndex(({ open, close }) => close > open !== rose);
    return { open: last.open, close: last.close, is_up: Number(rose), bricks: count, run, bars: i - last.bar };
  });
}

/** Bar by bar of the range. */
function rangeBars(x: readonly number[], sizeAt: (bar: number) => number): Row[] {
  let under: number[] = [];
  let size = 0;
  let last: (Row & { readonly bar: number }) | null = null;
  return x.map((value, i) => {
    let done = 0;
    if (!Number.isNaN(value)) {
      if (under.length === 0) [under, size] = [[value], sizeAt(i)];
      else {
        for (;;) {
          const [top, bottom] = [Math.max(...under), Math.min(...under)];
          const close: number = value >= bottom + size - 1e-9 ? bottom + size : value <= top - size + 1e-9 ? top - size : na;
          if (Number.isNaN(close)) break;
          done += close > bottom ? 1 : -1;
          const far = close > bottom ? bottom : top;
          last = { open: under[0]!, high: Math.max(far, close), low: Math.min(far, close), close, bar: i };
          under = [close];
        }
        under = [...under, value];
        if (done !== 0) size = sizeAt(i);
      }
    }
    if (last === null) return { open: na, high: na, low: na, close: na, done: under.length === 0 ? na : 0, bars: na };
    const { open, high, low, close, bar } = last;
    return { open: open!, high: high!, low: low!, close: close!, done, bars: i - bar };
  });
}

function ratchet(data: Data, n: number, factor: number): Row[] {
  const range = averageRange(data, n);
  let kept: { line: number; since: number; up: boolean } | null = null;
  return data.x.map((value, i) => {
    if (Number.isNaN(value + range[i]!)) return { line: na, is_up: na };
    if (kept === null) {
      kept = { line: value, since: i, up: true };
      return { line: value, is_up: 1 };
    }
    const seen = data.x.slice(kept.since, i + 1).filter((one, k) => !Number.isNaN(one + range[kept!.since + k]!));
    const reach = factor * range[i]!;
    let line: number = kept.up ? Math.max(kept.line, Math.max(...seen) - reach) : Math.min(kept.line, Math.min(...seen) + reach);
    const up = value >= line;
    if (up !== kept.up) line = up ? value - reach : value + reach;
    kept = { line, since: up === kept.up ? kept.since : i, up };
    return { line, is_up: Number(up) };
  });
}

interface Point {
  price: number;
  bars: number[];
  side: 'near' | 'above' | 'below';
  test: { readonly price: number; readonly reach: number } | null;
  outcomes: boolean[];
}

function levels(data: Data, left: number, width: number, keep: number, needed: number): Row[] {
  const { high, low, close } = data;
  const range = averageRange(data, 14);
  const [peaks, troughs] = [
    turns(high, left, 1),
    turns(
      low.map((x) => -x),
      left,
      1,
    ).map((x) => -x),
  ];
  const all: Point[] = [];
  return close.map((price, i) => {
    const reach = width * range[i]!;
    if (!Number.isNaN(reach)) {
      for (const point of all) tested(point, high[i]!, low[i]!, price, reach);
      for (const found of [peaks[i]!, troughs[i]!]) {
        if (Number.isNaN(found)) continue;
        const near = all.filter((point) => Math.abs(point.price - found) <= reach);
        const [nearest] = near.toSorted((a, b) => Math.abs(a.price - found) - Math.abs(b.price - found));
        if (nearest !== undefined) {
          nearest.price = (nearest.price * nearest.bars.length + found) / (nearest.bars.length + 1);
          nearest.bars.push(i);
          continue;
        }
        const point: Point = { price: found, bars: [i], side: 'near', test: null, outcomes: [] };
        const oldest = all.reduce((best, other) => (other.bars.at(-1)! < best.bars.at(-1)! ? other : best), all[0] ?? point);
        if (all.length < keep) all.push(point);
        else all[all.indexOf(oldest)] = point;
      }
    }
    const shown = Number.isNaN(reach) ? [] : all.filter(({ bars }) => bars.length >= needed);
    return {
      ...described('support', shown.filter((point) => point.price <= price).toSorted((a, b) => b.price - a.price)[0], i),
      ...described('resistance', shown.filter((point) => point.price > price).toSorted((a, b) => a.price - b.price)[0], i),
    };
  });
}

function tested(point: Point, high: number, low: number, close: number, reach: number): void {
  if (point.side === 'near') {
    if (close >= point.price + reach) point.side = 'above';
    else if (close <= point.price - reach) point.side = 'below';
    return;
  }
  const touches = point.side === 'above' ? low <= point.price : high >= point.price;
  if (point.test === null && touches) point.test = { price: point.price, reach };
  if (point.test === null) return;
  const ends = close >= point.test.price + point.test.reach ? 'above' : close <= point.test.price - point.test.reach ? 'below' : null;
  if (ends === null) return;
  point.outcomes.push(ends === point.side);
  point.side = ends;
  point.test = null;
}

function described(name: string, point: Point | undefined, bar: number): Row {
  const values = point === undefined ? null : { tests: point.outcomes.length, held: point.outcomes.filter(Boolean).length };
  return {
    [name]: point?.price ?? na,
    [`${name}_points`]: point?.bars.length ?? na,
    [`${name}_bars`]: point === undefined ? na : bar - point.bars.at(-1)!,
    [`${name}_tests`]: values?.tests ?? na,
    [`${name}_held`]: values?.held ?? na,
    [`${name}_p`]: values === null ? na : headsOrMore(values.tests, values.held),
  };
}

/** Chance of at least k heads of n fair coins, counted in whole numbers. */
export function headsOrMore(n: number, k: number): number {
  let [ways, sum] = [1n, k <= 0 ? 1n : 0n];
  for (let heads = 1; heads <= n; heads += 1) {
    ways = (ways * BigInt(n - heads + 1)) / BigInt(heads);
    if (heads >= k) sum += ways;
  }
  // Enough digits for a double.
  return Number((sum * 10n ** 40n) / 2n ** BigInt(n)) / 1e40;
}
