import { describe, expect, test } from 'vitest';
import type { StepEntries } from '#dsl/plugin/plugin-instance.ts';
import { scriptPlugin } from '#dsl/plugin/testing/script-plugin.ts';
import { conformanceFault } from './conformance.ts';
import { CODE, MANIFEST } from './testing/plugin-files.ts';

const mean = scriptPlugin(MANIFEST, CODE);
const stepping = (step: string, manifest: object = MANIFEST): ReturnType<typeof scriptPlugin> =>
  scriptPlugin(manifest, `export function init(params, state) {} export function step(params, state, input, out) { ${step} }`);

test('a plugin that keeps all it knows in its state conforms', () => expect(conformanceFault(mean)).toBeNull());

/** Code that the subset refuses, as if it had not: what it would do is found by running it. */
const smuggler = (): StepEntries => {
  let bars = 0;
  return {
    init: () => undefined,
    step: (_params, _state, _input, out) => {
      bars += 1;
      out[0] = bars;
    },
  };
};
/** Keeps its count as a member of a window. */
const hidingPlaces = new WeakMap<Float64Array, number>();
const hider: StepEntries = {
  init: () => undefined,
  step: (_params, state, _input, out) => {
    hidingPlaces.set(state, (hidingPlaces.get(state) ?? 0) + 1);
    out[0] = hidingPlaces.get(state)!;
  },
};
/** Reads what it wrote on the bar before. */
const reader: StepEntries = {
  init: () => undefined,
  step: (_params, _state, input, out) => {
    out[0] = Number.isNaN(out[0]) ? input[0]! : 1;
  },
};

describe('what no plugin may do is found', () => {
  test('state in a closure (threats.md 20)', () =>
    expect(conformanceFault(mean, { create: smuggler })).toBe(
      'it keeps something outside of its state: value is 2 on bar 1 of a run in one piece, and 1 when the run is broken off before',
    ));
  test('state beside the state', () =>
    expect(conformanceFault(mean, { create: () => hider })).toContain('it keeps something outside of its state'));
  test('what was in out before is gone', () => expect(conformanceFault(mean, { create: () => reader })).toBeNull());

  test.for([
    {
      name: 'a value outside of its promise',
      plugin: stepping('out[0] = -1;'),
      says: 'value is -1 on bar 0 of a test run; the manifest says from 0 to Infinity',
    },
    {
      name: 'a loop that never ends',
      plugin: stepping('for (let i = 0; i < 5; i--) out[0] = i;'),
      says: 'it ran out of fuel on bar 0 of a test run',
    },
    { name: 'a loop that takes too long', plugin: stepping('for (let i = 0; i < 90000; i++) out[0] = i;'), says: 'it is too slow: ' },
  ])('$name', ({ plugin, says }) => expect(conformanceFault(plugin)).toContain(says));

  test('an infinite value is no fault of form: it becomes na and is told at run time', () =>
    expect(conformanceFault(stepping('out[0] = 1 / 0;'))).toBeNull());
});

test('every kind of input is tried', () => {
  const inputs = Object.fromEntries(
    ['number', 'percent', 'price', 'quantity', 'money', 'duration', 'bars', 'condition'].map((kind) => [`in_${kind}`, kind]),
  );
  const sums = stepping(
    Object.keys(inputs)
      .map((_, k) => `out[0] = input[${k}];`)
      .join(''),
    { ...MANIFEST, inputs, outputs: { value: { kind: 'number' } } },
  );
  expect(conformanceFault(sums)).toBeNull();
});
