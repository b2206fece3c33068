// The Fisher transform: where the middle of the bar stands between the highest and lowest of the last `length` bars,
// smoothed, stretched so that its ends become sharp.
//
//   x     = 0.33 * 2 * ((mid - lowest) / (highest - lowest) - 0.5) + 0.67 * x before, kept inside of -0.999 .. 0.999
//   value = 0.5 * ln((1 + x) / (1 - x)) + 0.5 * value before;  trigger = value before
//
// J. F. Ehlers, "Using the Fisher Transform", Technical Analysis of Stocks & Commodities 20:11, 2002. The first bar is 0,
// and windows that are not full yet count: 0.67 ^ 36 and 0.5 ^ 21 of the start are below 1e-6.

// Places in the state: bars so far, x and value of the bar before, which bar of the ring is next, then the ring itself.
const BARS = 0;
const X = 1;
const VALUE = 2;
const NEXT = 3;
const RING = 4;

/** Keeps x away from the ends, where the logarithm has no value. */
function bounded(x) {
  if (x > 0.99) return 0.999;
  if (x < -0.99) return -0.999;
  return x;
}

/** Stores a price over the oldest one. */
function remember(state, price, length) {
  state[RING + state[NEXT]] = price;
  state[NEXT] = (state[NEXT] + 1) % length;
  state[BARS] += 1;
}

export function init(params, state) {
  for (let i = 0; i < state.length; i++) state[i] = 0;
}

export function step(params, state, input, out) {
  const length = params.length;
  const mid = (input[0] + input[1]) / 2;
  // A bar that is missing changes nothing; out is na before every step.
  if (!isFinite(mid)) return;
  remember(state, mid, length);
  if (state[BARS] === 1) {
    out[0] = 0;
    return;
  }
  let highest = mid;
  let lowest = mid;
  for (let i = 0; i < length; i++) {
    // The ring fills from its start.
    if (i >= state[BARS]) break;
    highest = Math.max(highest, state[RING + i]);
    lowest = Math.min(lowest, state[RING + i]);
  }
  const range = highest - lowest;
  const x = range === 0 ? 0 : bounded(0.66 * ((mid - lowest) / range - 0.5) + 0.67 * state[X]);
  const value = 0.5 * Math.log((1 + x) / (1 - x)) + 0.5 * state[VALUE];
  out[0] = value;
  out[1] = state[VALUE];
  state[X] = x;
  state[VALUE] = value;
}
