import { afterEach, describe, expect, test } from 'vitest';
import type { VenueFaultName } from '#core/testkit/venue/fault-plan.ts';
import { krakenWire } from '#core/testkit/venue/kraken-wire.ts';
import { okxWire } from '#core/testkit/venue/okx-wire.ts';
import type { VenueWire } from '#core/testkit/venue/venue-wire.ts';
import { DAY, difference, HOUR, LISTED, openSession, type VenueSession, type Wanted } from './venue-session.ts';

const GROUPS: Readonly<Record<string, readonly VenueFaultName[]>> = {
  refusals: ['throttle', 'ban', 'maintenance', 'error500', 'error502', 'redirect'],
  'broken connections': ['reset', 'cut', 'stall', 'stall-body'],
  'answers that are none': ['cut-json', 'bad-json', 'html', 'empty', 'object'],
  'answers that leave out': ['drop', 'empty-page', 'repeat', 'shuffle'],
  'answers that lie': ['bad-price', 'text-price', 'bad-range', 'off-grid', 'future', 'other-market', 'conflict', 'clock-step'],
};

let session: VenueSession;
afterEach(async () => session.close());

const small = (wire: VenueWire, days: number) => ({
  wire,
  tradeMs: 240_000,
  untilMs: LISTED + (days + 1) * DAY,
  nowMs: LISTED + days * DAY,
});

/** Each kind of what a venue has. */
function allOf({ markets: { spot, perpetual } }: VenueWire): readonly Wanted[] {
  const kinds = ['candles', 'mark', 'index', 'funding', 'trades'] as const;
  return [
    { market: spot },
    { market: spot, timeframe: '1m' },
    { market: spot, timeframe: '1d' },
    { market: spot, kind: 'trades' },
    ...(perpetual === null ? [] : kinds.map((kind) => ({ market: perpetual, kind }))),
  ];
}

function someOf({ markets: { spot, perpetual } }: VenueWire): readonly Wanted[] {
  const trades: Wanted = { market: perpetual ?? spot, kind: 'trades' };
  return [{ market: spot, timeframe: '15m' }, trades, ...(perpetual === null ? [] : [{ market: perpetual, kind: 'funding' as const }])];
}

async function expectTruth(wanted: readonly Wanted[]): Promise<void> {
  for (const one of wanted) expect(await difference(session, one), JSON.stringify(one)).toBe('');
}

describe.each([krakenWire, okxWire])('$venue', (wire) => {
  test('gives what it has, and nothing of the bar that is not over; later what came since', async () => {
    session = await openSession({ seed: 1, ...small(wire, 6) });
    const wanted = allOf(wire);
    const report = await session.run({ wanted });
    for (const series of report.series) expect(series, JSON.stringify(series)).toMatchObject({ state: 'complete', reason: null });
    await expectTruth(wanted);
    session.venue.setNow(session.venue.now() + 7 * HOUR);
    await session.run({ wanted });
    await expectTruth(wanted);
  });

  test('says which market was meant, in whatever words it refuses one', async () => {
    session = await openSession({ seed: 2, ...small(wire, 2) });
    const { spot, delisted } = wire.markets;
    const { series } = await session.run({ wanted: [{ market: `${spot}T` }, { market: delisted!, timeframe: '1d' }] });
    expect(series[0]).toMatchObject({ state: 'failed', fault: 'refused', reason: expect.stringContaining(`did you mean ${spot}?`) });
    expect(session.store.facts(wire.venue, delisted!)?.facts).toMatchObject({ isActive: false });
  });

  test.each(Object.entries(GROUPS))('%s leave the store as it should be', async (_, faults) => {
    session = await openSession({ seed: 20, ...small(wire, 2) });
    const wanted = someOf(wire);
    session.venue.faults.draw({ seed: 7, rate: 0.4, faults });
    await session.run({ wanted });
    expect(session.venue.requests.filter(({ fault }) => fault !== null).length).toBeGreaterThan(2);
    session.venue.setNow(LISTED + 2 * DAY + HOUR);
    session.venue.faults.draw(null);
    const { series } = await session.run({ wanted });
    for (const one of series) expect(one, JSON.stringify(one)).toMatchObject({ state: 'complete', leftOut: [] });
    await expectTruth(wanted);
  });
});

test('instruments have the filters and fees that Kraken tells, and those that ccxt knows of OKX', async () => {
  session = await openSession({ seed: 3, ...small(krakenWire, 1) });
  await session.run({ wanted: [{ market: 'BTC/USD' }] });
  expect(session.store.facts('kraken', 'BTC/USD')?.facts).toMatchObject({
    id: 'XXBTZUSD',
    priceStep: 0.1,
    qtyStep: 1e-8,
    minQty: 0.00005,
    minNotional: 0.5,
    takerFee: 0.004,
    makerFee: 0.0025,
    isActive: true,
  });
  await session.close();
  session = await openSession({ seed: 3, ...small(okxWire, 1) });
  await session.run({ wanted: [{ market: 'BTC/USDT:USDT' }] });
  expect(session.store.facts('okx', 'BTC/USDT:USDT')?.facts).toMatchObject({
    id: 'BTC-USDT-SWAP',
    type: 'swap',
    contractSize: 0.01,
    isLinear: true,
    qtyStep: 0.01,
    maxLeverage: 100,
    isActive: true,
  });
});

test('rates of which an answer has the last hundred only are followed back to the first', async () => {
  session = await openSession({ seed: 4, wire: okxWire, untilMs: LISTED + DAY, nowMs: LISTED + 80 * DAY });
  const wanted = [{ market: 'BTC/USDT:USDT', kind: 'funding' as const }];
  const { series } = await session.run({ wanted, from: Date.UTC(2023, 0, 1) });
  expect(series[0]).toMatchObject({ state: 'complete', added: 240 });
  await expectTruth(wanted);
});

test.each([krakenWire, okxWire])('of $venue trades of one moment across the border of an answer are all there, once', async (wire) => {
  // Forty of one moment are usual here, answers of OKX have a hundred.
  session = await openSession({ seed: 5, wire, tradeMs: 5000, untilMs: LISTED + HOUR, nowMs: LISTED + 2 * HOUR, crowd: 0.5 });
  const wanted = [{ market: wire.markets.spot, kind: 'trades' as const }];
  await session.run({ wanted });
  expect(session.venue.truth.trades().length).toBeGreaterThan(10_000);
  await expectTruth(wanted);
});

test('trades that were had backwards are not asked for again', async () => {
  session = await openSession({ seed: 6, ...small(okxWire, 4) });
  const wanted = [{ market: 'BTC/USDT', kind: 'trades' as const }];
  await session.run({ wanted });
  const asked = session.venue.requests.length;
  session.venue.setNow(session.venue.now() + 7 * HOUR);
  await session.run({ wanted });
  expect(session.venue.requests.length - asked).toBeLessThan(asked / 2);
  await expectTruth(wanted);
});
