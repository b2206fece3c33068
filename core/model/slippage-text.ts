/** What makes a fill worse than the market besides a fixed share of the price. Undefined = not part of it. */
export interface SlippageModels {
  /** Bid to ask, as share of the price; a fill pays half of it. */
  readonly spreadRate?: number;
  /** The same in pips of the market. */
  readonly spreadPips?: number;
  /** Share of the price that an order for all of a bar's volume pays; it grows with the square of the order's share. */
  readonly volumeShare?: number;
  /** Times sigma * sqrt(quantity / volume), both of bars that have closed. */
  readonly squareRoot?: number;
  /** Part of what recorded books show that is taken to be there: market orders take it level by level. */
  readonly depth?: number;
}

/** How much worse than the market a fill is. */
export interface Slippage {
  /** A fixed share of the price. */
  readonly rate: number;
  /** Null = nothing else. */
  readonly models: SlippageModels | null;
}

/** For messages: what `parseSlippage` takes. */
export const SLIPPAGE_WORDS =
  'a percent such as 0.05% or 5bp, or models by name: fixed:0.05%, spread:0.04%, spread:2pips, volume-share:0.1, square-root:1, depth; several with + between them';

/** Coefficients where a model is named alone: zipline's and LEAN's, and the order of one that is found in markets. */
const USUAL = { 'volume-share': 0.1, 'square-root': 1, depth: 1 } as const;

const RATE = /^(\d{1,6}(?:\.\d{1,12})?) ?(%|bp)$/;
const NUMBER = /^\d{1,6}(?:\.\d{1,12})?$/;
const PIPS = /^(\d{1,6}(?:\.\d{1,6})?) ?pips?$/;

/** A share under one. */
function rateOf(text: string): number | null {
  if (text === '0') return 0;
  const match = RATE.exec(text);
  const rate = match === null ? Number.NaN : Number(match[1]) / (match[2] === 'bp' ? 10_000 : 100);
  return rate < 1 ? rate : null;
}

/** `0.05%`, or the sum of models by name; null when the text is no such thing, or has one twice. */
export function parseSlippage(text: string): Slippage | null {
  let rate: number | undefined;
  const models: { -readonly [name in keyof SlippageModels]: number } = {};
  for (const part of text.split('+')) {
    const [name, value] = termOf(part.trim());
    if (value === null || Number.isNaN(value)) return null;
    if (name === 'rate') {
      if (rate !== undefined) return null;
      rate = value;
    } else {
      if (models[name] !== undefined) return null;
      models[name] = value;
    }
  }
  if (models.spreadRate !== undefined && models.spreadPips !== undefined) return null;
  return { rate: rate ?? 0, models: Object.keys(models).length === 0 ? null : models };
}

function termOf(part: string): readonly [name: 'rate' | keyof SlippageModels, value: number | null] {
  const [name = '', value] = part.split(/:(.*)/s);
  const pips = PIPS.exec(value ?? '');
  switch (name) {
    case 'spread':
      return pips === null ? ['spreadRate', rateOf(value ?? '')] : ['spreadPips', Number(pips[1])];
    case 'volume-share':
    case 'square-root':
      return [
        name === 'volume-share' ? 'volumeShare' : 'squareRoot',
        value === undefined ? USUAL[name] : NUMBER.test(value) ? Number(value) : null,
      ];
    case 'depth': {
      const part = value === undefined ? USUAL.depth : NUMBER.test(value) ? Number(value) : 0;
      return ['depth', part > 0 && part <= 1 ? part : null];
    }
    case 'fixed':
      return ['rate', rateOf(value ?? '')];
    default:
      return ['rate', rateOf(part)];
  }
}
