import { describe, expect, it } from 'vitest';
import { parseSlippage } from './slippage-text.ts';

describe('slippage as a text', () => {
  it.each([
    ['0.05%', { rate: 0.0005, models: null }],
    ['5bp', { rate: 0.0005, models: null }],
    ['0', { rate: 0, models: null }],
    ['fixed:0.05%', { rate: 0.0005, models: null }],
    ['spread:4bp', { rate: 0, models: { spreadRate: 0.0004 } }],
    ['spread:2pips', { rate: 0, models: { spreadPips: 2 } }],
    ['spread:0.4 pips', { rate: 0, models: { spreadPips: 0.4 } }],
    ['volume-share', { rate: 0, models: { volumeShare: 0.1 } }],
    ['square-root:0.7', { rate: 0, models: { squareRoot: 0.7 } }],
    ['depth', { rate: 0, models: { depth: 1 } }],
    ['depth:0.5', { rate: 0, models: { depth: 0.5 } }],
    ['1bp + spread:0.04% + square-root', { rate: 0.0001, models: { spreadRate: 0.0004, squareRoot: 1 } }],
  ])('%s', (text, slippage) => {
    const parsed = parseSlippage(text);
    const near = (x: number): unknown => expect.closeTo(x, 15);
    expect(parsed).toEqual({
      rate: near(slippage.rate),
      models: slippage.models === null ? null : Object.fromEntries(Object.entries(slippage.models).map(([name, x]) => [name, near(x)])),
    });
  });

  it.each([
    '',
    '0.05',
    '-1%',
    '100%',
    'spread',
    'spread:2',
    'spread:',
    'volume-share:',
    'volume-share:1%',
    'square-root:1e3',
    'depth:0',
    'depth:1.5',
    'depth:50%',
    'dept:1',
    '1bp+2bp',
    'spread:1bp+spread:2pips',
    '1bp+',
    '__proto__:1',
    'toString',
  ])('refuses "%s"', (text) => {
    expect(parseSlippage(text)).toBeNull();
  });
});
