import { type BoundCall, CannotSay, type PineFunction } from './bound-call.ts';
import type { Said } from './said.ts';

const X = ['number'] as const;

/** `f(x)` in the unit of x. */
const like = (name: string): PineFunction => ({
  params: X,
  make: (call) => {
    const x = call.arg('number');
    // Size of the position whatever its side.
    if (name === 'abs' && x.op === 'position') return call.say.word('position.size', { kind: 'number', unit: x.unit, usesAccount: true });
    return call.say.call(name, [x], { kind: 'number', unit: x.unit });
  },
});

/** `f(x)` of a plain number. */
const plain = (name: string): PineFunction => ({
  params: X,
  make: (call) => call.say.call(name, [call.say.plain(call.arg('number'))], { kind: 'number' }),
});

const extreme = (name: 'min' | 'max'): PineFunction => ({
  params: [],
  make: ({ say, list }) =>
    list
      .map((said) => say.numeric(said))
      .reduce((whole, next) => {
        const [a, b] = say.alike(whole, next);
        if (a.op === 'number' && b.op === 'number') return say.number(Math[name](a.value, b.value));
        const unit = a.op === 'number' ? b.unit : a.unit;
        return say.call(name, [a, b], { kind: 'number', unit });
      }),
});

function round(call: BoundCall): Said {
  const { say } = call;
  const x = call.arg('number');
  const digits = call.optional('precision') === null ? 0 : call.literal('precision');
  if (digits === 0) return say.call('round', [x], { kind: 'number', unit: x.unit });
  const scale = say.number(10 ** Math.max(0, Math.min(12, Math.round(digits))));
  return say.product('/', say.call('round', [say.product('*', x, scale)], { kind: 'number', unit: x.unit }), scale);
}

const log10: PineFunction = {
  params: X,
  make: ({ say, list }) => {
    const log = (x: Said): Said => say.call('log', [x], { kind: 'number' });
    return say.product('/', log(say.plain(list[0]!)), log(say.number(10)));
  },
};

/** Degrees to radians or back. */
const angle = (to: 'degrees' | 'radians'): PineFunction => ({
  params: ['angle'],
  make: (call) => {
    const { say } = call;
    const [half, pi] = [say.number(180), say.word('pi', { kind: 'number', rate: 'const' })];
    const product = say.product('*', say.plain(call.arg('angle')), to === 'degrees' ? half : pi);
    return say.product('/', product, to === 'degrees' ? pi : half);
  },
});

/** The functions of `math.`, without their prefix: Pine 4 has them so. */
export const MATH_FUNCTIONS: Readonly<Record<string, PineFunction>> = {
  abs: like('abs'),
  floor: like('floor'),
  ceil: like('ceil'),
  round: { params: ['number', 'precision'], make: round },
  round_to_mintick: {
    params: X,
    make: (call) => {
      call.changed('orders are rounded to the tick by the venue, or by --tick');
      return call.arg('number');
    },
  },
  sign: { params: X, make: (call) => call.say.call('sign', [call.arg('number')], { kind: 'number' }) },
  sqrt: plain('sqrt'),
  exp: plain('exp'),
  sin: plain('sin'),
  cos: plain('cos'),
  tan: plain('tan'),
  asin: plain('asin'),
  acos: plain('acos'),
  atan: plain('atan'),
  todegrees: angle('degrees'),
  toradians: angle('radians'),
  log: plain('log'),
  log10,
  pow: {
    params: ['base', 'exponent'],
    make: ({ say, list }) => {
      if (list.length < 2) throw new CannotSay('its exponent is missing');
      return say.call('pow', [say.plain(list[0]!), say.plain(list[1]!)], { kind: 'number' });
    },
  },
  min: extreme('min'),
  max: extreme('max'),
  avg: {
    params: [],
    make: ({ say, list }) =>
      say.product(
        '/',
        list.reduce((a, b) => say.sum('+', a, b)),
        say.number(list.length),
      ),
  },
  sum: {
    params: ['source', 'length'],
    make: (call) => {
      const source = call.arg('source');
      return call.say.call('sum', [source, call.length('length')], { kind: 'number', unit: source.unit });
    },
  },
};

/** Functions without a prefix in all versions. */
export const BARE_FUNCTIONS: Readonly<Record<string, PineFunction>> = {
  nz: { params: ['source', 'replacement'], make: ({ say, list }) => say.nz(list[0]!, list[1] ?? say.number(0)) },
  na: { params: ['x'], make: ({ say, list }) => (list.length === 0 ? say.na : say.isNa(list[0]!)) },
  fixnan: {
    params: ['source'],
    make: (call) => {
      const source = call.arg('source');
      return call.say.call('value_when', [call.say.not(call.say.isNa(source)), source], {
        kind: source.kind,
        unit: source.unit,
        mayBeNa: false,
      });
    },
  },
  float: { params: ['x'], make: ({ list }) => list[0]! },
  int: {
    params: ['x'],
    make: ({ say, list }) => {
      const x = list[0]!;
      if (x.op === 'number') return say.number(Math.trunc(x.value));
      return x.kind === 'number' && x.op !== 'ref' ? say.call('floor', [x], { kind: 'number', unit: x.unit }) : x;
    },
  },
  bool: { params: ['x'], make: ({ say, list }) => say.condition(list[0]!) },
  iff: { params: ['condition', 'then', 'else'], make: ({ say, list }) => say.choice(list[0]!, list[1]!, list[2] ?? say.na) },
};
