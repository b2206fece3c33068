import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MARKET, type SharedState } from './shared-state.ts';
import { hashOf, MOST_HASH, stateOf } from './share-link.ts';

const STATE: SharedState = {
  text: 'strat 1\nstrategy "Zürich 日本 🙂"\n',
  market: { seed: 42, bars: 3000, kind: 'range', timeframe: '4h' },
  moved: [{ name: 'fast', value: 0.07 }],
};
/** An address as a stranger would make it: whatever he likes, packed well. */
const packed = (value: unknown): string => `#1=${deflateRawSync(JSON.stringify(value)).toString('base64url')}`;

describe('a link', () => {
  test('gives back what it was made of', async () => {
    const hash = await hashOf(STATE);
    expect(hash).toMatch(/^#1=[\w-]+$/);
    expect(await stateOf(hash)).toEqual(STATE);
  });

  test('without a state is an address like any other', async () => {
    expect(await stateOf('')).toBeUndefined();
    expect(await stateOf('#')).toBeUndefined();
  });

  test('takes nothing but what belongs to a state', async () => {
    expect(await stateOf(packed({ ...STATE, run: 'rm', market: { ...STATE.market, url: 'http://x' } }))).toEqual(STATE);
  });

  test.for<readonly [name: string, hash: string]>([
    ['another form', '#2=abc'],
    ['no form', '#section'],
    ['letters that are none', '#1=%3Cscript%3E'],
    ['bytes that are not packed', '#1=AAAA'],
    ['a cut off end', packed(STATE).slice(0, -6)],
    ['no JSON', `#1=${deflateRawSync('{').toString('base64url')}`],
    ['text that is no UTF-8', `#1=${deflateRawSync(Buffer.from([0x22, 0xff, 0x22])).toString('base64url')}`],
    ['a bomb', `#1=${deflateRawSync(Buffer.alloc(30 * 2 ** 20, 32), { level: 9 }).toString('base64url')}`],
    ['too long', `#1=${'A'.repeat(MOST_HASH)}`],
    ['null', packed(null)],
    ['a list', packed([STATE])],
    ['no text', packed({ ...STATE, text: 7 })],
    ['a text that is too long', packed({ ...STATE, text: ' '.repeat(300_000) })],
    ['no market', packed({ ...STATE, market: null })],
    ['too many bars', packed({ ...STATE, market: { ...DEFAULT_MARKET, bars: 1e9 } })],
    ['half a bar', packed({ ...STATE, market: { ...DEFAULT_MARKET, bars: 0.5 } })],
    ['a seed below zero', packed({ ...STATE, market: { ...DEFAULT_MARKET, seed: -1 } })],
    ['a kind that is none', packed({ ...STATE, market: { ...DEFAULT_MARKET, kind: 'moon' } })],
    ['a timeframe that is none', packed({ ...STATE, market: { ...DEFAULT_MARKET, timeframe: '1y' } })],
    ['params that are no list', packed({ ...STATE, moved: { fast: 1 } })],
    ['a param without a number', packed({ ...STATE, moved: [{ name: 'fast', value: '20' }] })],
    ['a param with another name', packed({ ...STATE, moved: [{ name: '__proto__', value: 1 }] })],
    ['too many params', packed({ ...STATE, moved: Array.from({ length: 101 }, () => ({ name: 'a', value: 1 })) })],
  ])('with %s is refused', async ([, hash]) => {
    expect(await stateOf(hash)).toBeNull();
  });
});
