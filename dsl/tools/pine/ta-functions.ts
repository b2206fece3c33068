import { type BoundCall, CannotSay, type PineFunction } from './bound-call.ts';
import { PLAIN, PRICE, QUANTITY, type Said, type Unit } from './said.ts';

const SERIES = ['source', 'length'] as const;

const price = (call: BoundCall, name: 'open' | 'high' | 'low' | 'close' | 'hlc3' | 'tr'): Said =>
  call.say.word(name, { kind: 'number', unit: PRICE });

/** `f(source, length)` of one name in both languages, in the unit of its source or in one of its own. */
const ofSource = (name: string, unit: Unit | null = null): PineFunction => ({
  params: SERIES,
  make: (call) => {
    const source = call.arg('source');
    return call.say.call(name, [source, call.length('length')], { kind: 'number', unit: unit ?? source.unit });
  },
});

const ofLength = (name: string, unit: Unit = PLAIN): PineFunction => ({
  params: ['length'],
  make: (call) => call.say.call(name, [call.length('length')], { kind: 'number', unit }),
});

/** `ta.highest(length)` is that of the highs. */
const extreme = (name: 'highest' | 'lowest', column: 'high' | 'low'): PineFunction => ({
  params: SERIES,
  make: (call) => {
    const { say, list } = call;
    const isLengthOnly = list.length === 1;
    const source = isLengthOnly ? price(call, column) : call.arg('source');
    const length = isLengthOnly ? lengthOf(call, call.arg(call.optional('length') === null ? 'source' : 'length')) : call.length('length');
    return say.call(name, [source, length], { kind: 'number', unit: source.unit });
  },
});

function lengthOf(call: BoundCall, said: Said): Said {
  if (said.rate === 'series') throw new CannotSay('its length changes from bar to bar; lengths are constants or params');
  return call.say.plain(said);
}

/** How many bars ago the extreme was, as a number below zero. */
const extremeBars = (member: 'up' | 'down'): PineFunction => ({
  params: ['length'],
  make: (call) => {
    const { say } = call;
    if (call.list.length !== 1) throw new CannotSay('it is translated for the highs and lows only');
    const window = say.sum('-', call.length('length'), say.number(1));
    const aroon = say.call('aroon', [window], { kind: 'number' });
    const place = say.sum('-', say.product('/', say.member(aroon, member, { kind: 'number' }), say.number(100)), say.number(1));
    return say.product('*', window, place);
  },
});

const cross = (sign: 'crosses' | 'crosses above' | 'crosses below'): PineFunction => ({
  params: ['source1', 'source2'],
  make: (call) => call.say.crosses(sign, call.arg('source1'), call.arg('source2')),
});

/** On the bar by which it is known, `rightbars` after it, else na. */
const pivot = (name: 'highest' | 'lowest', column: 'high' | 'low'): PineFunction => ({
  params: ['source', 'leftbars', 'rightbars'],
  make: (call) => {
    const { say, list } = call;
    const isDefault = list.length === 2;
    const source = isDefault ? price(call, column) : call.arg('source');
    const [left, right] = isDefault
      ? [lengthOf(call, list[0]!), lengthOf(call, list[1]!)]
      : [call.length('leftbars'), call.length('rightbars')];
    const window = say.sum('+', say.sum('+', left, right), say.number(1));
    const middle = say.past(source, right);
    call.changed('of equal values in the window each counts as its extreme; Pine does not tell what it does with them');
    return say.choice(say.compare('==', middle, say.call(name, [source, window], { kind: 'number', unit: source.unit })), middle, say.na);
  },
});

/** Higher (lower) than each of the `length` values before. */
const moving = (name: 'highest' | 'lowest', sign: '>' | '<'): PineFunction => ({
  params: SERIES,
  make: (call) => {
    const { say } = call;
    const source = call.arg('source');
    const extreme = say.call(name, [source, call.length('length')], { kind: 'number', unit: source.unit });
    return say.compare(sign, source, say.past(extreme, say.number(1)));
  },
});

const change: PineFunction = {
  params: SERIES,
  make: (call) => {
    const { say } = call;
    const source = call.arg('source');
    const length = call.optional('length') === null ? say.number(1) : call.length('length');
    const before = say.past(source, length);
    if (source.kind === 'condition' || source.kind === 'time') return say.compare('!=', source, before);
    return say.sum('-', source, before);
  },
};

const roc: PineFunction = {
  params: SERIES,
  make: (call) => {
    const { say } = call;
    const source = call.arg('source');
    const share = say.sum('-', say.product('/', source, say.past(source, call.length('length'))), say.number(1));
    return say.product('*', say.number(100), share);
  },
};

function macd(call: BoundCall): Said {
  const { say } = call;
  const source = call.arg('source');
  const lengths = ['fastlen', 'slowlen', 'siglen'].map((name) => call.length(name));
  const group = say.call('macd', [source, ...lengths], { kind: 'nothing' });
  return say.tuple(['line', 'signal', 'hist'].map((name) => say.member(group, name, { kind: 'number', unit: source.unit })));
}

function bands(call: BoundCall): Said {
  const { say } = call;
  const source = call.arg('series');
  const group = say.call('bbands', [source, call.length('length'), call.arg('mult')], { kind: 'nothing' });
  return say.tuple(['mid', 'upper', 'lower'].map((name) => say.member(group, name, { kind: 'number', unit: source.unit })));
}

/** Pine smooths the range as the price; strat's keltner takes Wilder's average of it. */
function keltner(call: BoundCall): Said {
  const { say } = call;
  const source = call.arg('series');
  const length = call.length('length');
  const isTrueRange = call.truth('useTrueRange', true);
  const range = isTrueRange ? price(call, 'tr') : say.sum('-', price(call, 'high'), price(call, 'low'));
  const mid = say.call('ema', [source, length], { kind: 'number', unit: source.unit });
  const width = say.product('*', call.arg('mult'), say.call('ema', [range, length], { kind: 'number', unit: PRICE }));
  return say.tuple([mid, say.sum('+', mid, width), say.sum('-', mid, width)]);
}

function stoch(call: BoundCall): Said {
  const { say } = call;
  const [source, high, low, length] = [call.arg('source'), call.arg('high'), call.arg('low'), call.length('length')];
  const isUsual = source === price(call, 'close') && high === price(call, 'high') && low === price(call, 'low');
  if (isUsual) {
    const group = say.call('stoch', [length, say.number(1), say.number(1)], { kind: 'nothing' });
    return say.member(group, 'k', { kind: 'number' });
  }
  const bottom = say.call('lowest', [low, length], { kind: 'number', unit: low.unit });
  const top = say.call('highest', [high, length], { kind: 'number', unit: high.unit });
  return say.product('*', say.number(100), say.product('/', say.sum('-', source, bottom), say.sum('-', top, bottom)));
}

function supertrend(call: BoundCall): Said {
  const { say } = call;
  const group = say.call('supertrend', [call.arg('factor'), call.length('atrPeriod')], { kind: 'nothing' });
  const direction = say.choice(say.member(group, 'up', { kind: 'condition' }), say.number(-1), say.number(1));
  return say.tuple([say.member(group, 'line', { kind: 'number', unit: PRICE }), direction]);
}

function dmi(call: BoundCall): Said {
  const { say } = call;
  const [length, smoothing] = [call.length('diLength'), call.length('adxSmoothing')];
  const group = say.call('dmi', [length], { kind: 'nothing' });
  const [plus, minus, adx] = ['plus', 'minus', 'adx'].map((name) => say.member(group, name, { kind: 'number' })) as [Said, Said, Said];
  if (length === smoothing) return say.tuple([plus, minus, adx]);
  const sum = say.sum('+', plus, minus);
  const apart = say.call('abs', [say.sum('-', plus, minus)], { kind: 'number' });
  const share = say.choice(say.compare('==', sum, say.number(0)), say.number(0), say.product('/', apart, sum));
  return say.tuple([plus, minus, say.product('*', say.number(100), say.call('rma', [share, smoothing], { kind: 'number' }))]);
}

function sar(call: BoundCall): Said {
  const { say } = call;
  if (call.arg('start') !== call.arg('inc')) call.changed('psar starts with its increment: "inc" is taken for "start", too');
  return say.call('psar', [call.arg('inc'), call.arg('max')], { kind: 'number', unit: PRICE });
}

function valueWhen(call: BoundCall): Said {
  const { say } = call;
  const [condition, source] = [call.condition('condition'), call.arg('source')];
  const facts = { kind: source.kind, unit: source.unit, mayBeNa: true };
  let value = say.call('value_when', [condition, source], facts);
  // The value at the occurrence before is what value_when was one bar before this one.
  for (let back = Math.min(call.literal('occurrence', 0), 20); back > 0; back--) {
    value = say.call('value_when', [condition, say.past(value, say.number(1))], facts);
  }
  return value;
}

function tsi(call: BoundCall): Said {
  const { say } = call;
  const source = call.arg('source');
  const step = say.sum('-', source, say.past(source, say.number(1)));
  const smooth = (of: Said): Said =>
    say.call('ema', [say.call('ema', [of, call.length('long_length')], { kind: 'number', unit: of.unit }), call.length('short_length')], {
      kind: 'number',
      unit: of.unit,
    });
  return say.product('/', smooth(step), smooth(say.call('abs', [step], { kind: 'number', unit: step.unit })));
}

function swma(call: BoundCall): Said {
  const { say } = call;
  const x = call.arg('source');
  const ago = (bars: number): Said => say.past(x, say.number(bars));
  const inner = say.product('*', say.number(2), say.sum('+', ago(1), ago(2)));
  return say.product('/', say.sum('+', say.sum('+', x, inner), ago(3)), say.number(6));
}

function alma(call: BoundCall): Said {
  const { say } = call;
  const source = call.arg('series');
  const [offset, sigma] = [call.literal('offset', 0.85), call.literal('sigma', 6)];
  const shape = offset === 0.85 && sigma === 6 ? [] : [say.number(offset), say.number(sigma)];
  return say.call('alma', [source, call.length('length'), ...shape], { kind: 'number', unit: source.unit });
}

function linreg(call: BoundCall): Said {
  const source = call.arg('source');
  const offset = call.optional('offset');
  const args = [source, call.length('length'), ...(offset === null ? [] : [offset])];
  return call.say.call('linreg', args, { kind: 'number', unit: source.unit });
}

const percentile = (name: 'percentile' | 'percentile_nearest'): PineFunction => ({
  params: ['source', 'length', 'percentage'],
  make: (call) => {
    const source = call.arg('source');
    return call.say.call(name, [source, call.length('length'), call.arg('percentage')], { kind: 'number', unit: source.unit });
  },
});

function deviation(name: 'stdev' | 'variance'): PineFunction {
  return {
    params: ['source', 'length', 'biased'],
    make: (call) => {
      if (!call.truth('biased', true)) throw new CannotSay("strat's divides by the length, not by one less");
      const source = call.arg('source');
      return call.say.call(name, [source, call.length('length')], { kind: 'number', unit: name === 'stdev' ? source.unit : PLAIN });
    },
  };
}

/** The functions of `ta.`, without their prefix: Pine 4 has them so. */
export const TA_FUNCTIONS: Readonly<Record<string, PineFunction>> = {
  sma: ofSource('sma'),
  ema: ofSource('ema'),
  rma: ofSource('rma'),
  wma: ofSource('wma'),
  hma: ofSource('hma'),
  vwma: ofSource('vwma'),
  swma: { params: ['source'], make: swma },
  alma: { params: ['series', 'length', 'offset', 'sigma', 'floor'], make: alma },
  linreg: { params: ['source', 'length', 'offset'], make: linreg },
  rsi: ofSource('rsi', PLAIN),
  cmo: {
    params: ['series', 'length'],
    make: (call) => call.say.call('cmo', [call.arg('series'), call.length('length')], { kind: 'number' }),
  },
  mom: change,
  change,
  roc,
  tsi: { params: ['source', 'short_length', 'long_length'], make: tsi },
  macd: { params: ['source', 'fastlen', 'slowlen', 'siglen'], make: macd },
  bb: { params: ['series', 'length', 'mult'], make: bands },
  kc: { params: ['series', 'length', 'mult', 'useTrueRange'], make: keltner },
  stdev: deviation('stdev'),
  variance: deviation('variance'),
  atr: ofLength('atr', PRICE),
  tr: { params: ['handle_na'], make: (call) => price(call, 'tr') },
  wpr: ofLength('williams_r'),
  cci: ofSource('cci', PLAIN),
  mfi: {
    params: ['series', 'length'],
    make: (call) => call.say.call('mfi', [call.arg('series'), call.length('length')], { kind: 'number' }),
  },
  stoch: { params: ['source', 'high', 'low', 'length'], make: stoch },
  supertrend: { params: ['factor', 'atrPeriod'], make: supertrend },
  dmi: { params: ['diLength', 'adxSmoothing'], make: dmi },
  sar: { params: ['start', 'inc', 'max'], make: sar },
  highest: extreme('highest', 'high'),
  lowest: extreme('lowest', 'low'),
  highestbars: extremeBars('up'),
  lowestbars: extremeBars('down'),
  pivothigh: pivot('highest', 'high'),
  pivotlow: pivot('lowest', 'low'),
  rising: moving('highest', '>'),
  falling: moving('lowest', '<'),
  crossover: cross('crosses above'),
  crossunder: cross('crosses below'),
  cross: cross('crosses'),
  valuewhen: { params: ['condition', 'source', 'occurrence'], make: valueWhen },
  barssince: {
    params: ['condition'],
    make: (call) => call.say.call('since', [call.condition('condition')], { kind: 'number', mayBeNa: true }),
  },
  correlation: {
    params: ['source1', 'source2', 'length'],
    make: (call) => call.say.call('corr', [call.arg('source1'), call.arg('source2'), call.length('length')], { kind: 'number' }),
  },
  median: ofSource('median'),
  mode: ofSource('mode'),
  rci: ofSource('rci', PLAIN),
  percentrank: ofSource('percentile_rank', PLAIN),
  percentile_linear_interpolation: percentile('percentile'),
  percentile_nearest_rank: percentile('percentile_nearest'),
  range: {
    params: SERIES,
    make: (call) => {
      const [source, length] = [call.arg('source'), call.length('length')];
      const facts = { kind: 'number', unit: source.unit } as const;
      return call.say.sum('-', call.say.call('highest', [source, length], facts), call.say.call('lowest', [source, length], facts));
    },
  },
  vwap: {
    params: ['source', 'anchor'],
    make: (call) => call.say.call('vwap', [call.optional('source') ?? price(call, 'hlc3')], { kind: 'number', unit: PRICE }),
  },
};

/** Series of `ta.` that are no functions. */
export const TA_SERIES: Readonly<Record<string, { readonly word: string; readonly unit: Unit }>> = {
  tr: { word: 'tr', unit: PRICE },
  obv: { word: 'obv', unit: QUANTITY },
  accdist: { word: 'adl', unit: QUANTITY },
  vwap: { word: 'vwap()', unit: PRICE },
};
