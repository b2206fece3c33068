// What it computes, and where the formula comes from: here the mean of the last `length` values.

// Places in the state, which is all that it remembers: how many values there were, then a ring of the last ones.
const COUNT = 0;
const RING = 1;

export function init(params, state) {
  for (let i = 0; i < state.length; i++) state[i] = 0;
}

/** Called once a bar: inputs and outputs in the order of the manifest, out is na before each step. */
export function step(params, state, input, out) {
  const value = input[0];
  // A bar that is missing changes nothing.
  if (!isFinite(value)) return;
  state[RING + (state[COUNT] % params.length)] = value;
  state[COUNT] += 1;
  if (state[COUNT] < params.length) return;
  let sum = 0;
  for (let i = 0; i < params.length; i++) sum += state[RING + i];
  out[0] = sum / params.length;
}
