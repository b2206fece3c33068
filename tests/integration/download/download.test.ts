import { afterEach, describe, expect, test } from 'vitest';
import { SIMULATED_MARKETS } from '#core/testkit/venue/binance-wire.ts';
import type { VenueFaultName } from '#core/testkit/venue/fault-plan.ts';
import { startSimulatedVenue } from '#core/testkit/venue/simulated-venue.ts';
import { DAY, difference, HOUR, LISTED, openSession, type VenueSession, type Wanted } from './venue-session.ts';

const { spot, perpetual, delisted } = SIMULATED_MARKETS;
const ALL: readonly Wanted[] = [
  { market: spot },
  { market: spot, timeframe: '1m' },
  { market: perpetual, kind: 'candles' },
  { market: perpetual, kind: 'mark' },
  { market: perpetual, kind: 'index' },
  { market: perpetual, kind: 'funding' },
  { market: spot, kind: 'trades' },
];
const SOME: readonly Wanted[] = [
  { market: spot, timeframe: '15m' },
  { market: perpetual, kind: 'funding' },
];

let session: VenueSession;
afterEach(async () => session.close());

async function expectTruth(wanted: readonly Wanted[]): Promise<void> {
  for (const one of wanted) expect(await difference(session, one), JSON.stringify(one)).toBe('');
}

describe('a download', () => {
  test('brings what the venue has, and nothing of the bar that is not over', async () => {
    session = await openSession({ seed: 1 });
    const report = await session.run({ wanted: ALL });
    for (const series of report.series) expect(series, JSON.stringify(series)).toMatchObject({ state: 'complete', reason: null });
    await expectTruth(ALL);
  });

  test('asks a second time for little: the last bars, and no hole again', async () => {
    session = await openSession({ seed: 2 });
    const wanted = [{ market: spot, timeframe: '5m' }];
    await session.run({ wanted });
    const first = session.venue.requests.filter(({ path }) => path.endsWith('klines')).length;
    const report = await session.run({ wanted });
    const second = session.venue.requests.filter(({ path }) => path.endsWith('klines')).length - first;
    expect(first).toBeGreaterThan(3);
    // The last bars, and what may still be filled in of the last day: once more up to where its answer begins.
    expect(second).toBeLessThanOrEqual(4);
    expect(report.series[0]).toMatchObject({ state: 'complete', added: 0, revised: 0 });
    await expectTruth(wanted);
  });

  test('goes on from the last bar, and corrects and tells what the venue has corrected', async () => {
    session = await openSession({ seed: 3 });
    const wanted = [{ market: spot }, { market: spot, timeframe: '5m' }];
    await session.run({ wanted });
    await expectTruth(wanted);
    session.venue.setNow(session.venue.now() + 7 * HOUR);
    const report = await session.run({ wanted });
    await expectTruth(wanted);
    const revised = report.series.flatMap(({ revisions }) => revisions);
    expect(revised.length).toBeGreaterThan(0);
    for (const { before, after } of revised) expect(before).not.toBe(after);
  });

  test('fills holes that were left in the store', async () => {
    session = await openSession({ seed: 4 });
    const wanted = [{ market: spot }];
    await session.run({ wanted });
    const key = { venue: 'binance', market: spot, kind: 'candles', timeframe: '1h' } as const;
    const all = await session.store.read(key);
    const keep = [...all.columns['time']!.keys()].filter((row) => row % 7 !== 3 && (row < 50 || row > 90));
    const columns = Object.fromEntries(
      Object.entries(all.columns).map(([name, column]) => [name, Float64Array.from(keep, (row) => column[row]!)]),
    );
    await session.store.replace(key, { length: keep.length, columns }, { source: 'test' });
    expect(await difference(session, wanted[0]!)).toContain('missing');
    await session.run({ wanted });
    await expectTruth(wanted);
  });

  test('brings what lies before the stored bars, and leaves out what is outside of its times', async () => {
    session = await openSession({ seed: 5 });
    const wanted = [{ market: spot }];
    await session.run({ wanted, from: LISTED + 4 * DAY, to: LISTED + 6 * DAY });
    expect(session.store.list()[0]).toMatchObject({ from: LISTED + 4 * DAY, to: LISTED + 6 * DAY - HOUR });
    await session.run({ wanted });
    await expectTruth(wanted);
  });

  test('looks through years without bars in few requests, before a market was there and behind its end', async () => {
    session = await openSession({ seed: 6, isWindowed: true, holes: [] });
    const wanted = [
      { market: delisted, timeframe: '15m' },
      { market: spot, timeframe: '15m' },
      { market: perpetual, kind: 'funding' as const },
    ];
    session.venue.setNow(LISTED + 40 * DAY);
    const report = await session.run({ wanted, from: Date.UTC(2021, 0, 1) });
    expect(session.venue.requests.length).toBeLessThan(500);
    expect(report.series[0]!.notes.join()).toMatch(/nothing before 2024-03-01.*nothing behind 2024-03-31/);
    for (const one of wanted) expect(await difference(session, one, Date.UTC(2021, 0, 1)), JSON.stringify(one)).toBe('');
  });

  test('tells what a spot market does not have, and which market was meant', async () => {
    session = await openSession({ seed: 7 });
    const { series } = await session.run({
      wanted: [{ market: spot, kind: 'funding' }, { market: 'BTC/USDTT' }, { market: spot, timeframe: '7m' }],
    });
    expect(series.map(({ state, fault }) => [state, fault])).toEqual([
      ['failed', 'refused'],
      ['failed', 'refused'],
      ['failed', 'unsupported'],
    ]);
    expect(series.map(({ reason }) => reason)).toEqual([
      'BTC/USDT is a spot market, which has no funding; a perpetual is written BTC/USDT:USDT',
      'it has no market BTC/USDTT; did you mean BTC/USDT?',
      expect.stringContaining('download 1m and resample'),
    ]);
  });

  test('keeps filters and fees of the instruments', async () => {
    session = await openSession({ seed: 8 });
    await session.run({ wanted: [{ market: spot }, { market: perpetual }] });
    expect(session.store.facts('binance', spot)?.facts).toMatchObject({
      priceStep: 0.01,
      qtyStep: 0.00001,
      minNotional: 5,
      takerFee: 0.001,
      isActive: true,
    });
    expect(session.store.facts('binance', perpetual)?.facts).toMatchObject({ type: 'swap', isLinear: true, contractSize: 1 });
  });

  test('stops when it is told to; what came until then stays, and the same again goes on', async () => {
    session = await openSession({ seed: 9 });
    const wanted = [{ market: spot, timeframe: '1m' }];
    const stop = new AbortController();
    session.venue.faults.script(null, null, null, null, null, 'stall-body');
    const running = session.run({ wanted }, { signal: stop.signal });
    while (session.venue.requests.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    const report = await running;
    expect(report).toMatchObject({ isStopped: true, series: [{ state: 'stopped', reason: null, missing: null }] });
    expect(report.series[0]!.rows).toBeGreaterThan(0);
    const again = await session.run({ wanted });
    expect(again.series[0]!.missing).toBeGreaterThanOrEqual(0);
    await expectTruth(wanted);
  });
});

describe('a venue that fails in passing', () => {
  const passing: readonly VenueFaultName[] = [
    'throttle',
    'ban',
    'forbidden',
    'maintenance',
    'error500',
    'error502',
    'redirect',
    'reset',
    'stall',
    'cut',
    'stall-body',
    'cut-json',
    'bad-json',
    'html',
    'empty',
    'object',
  ];
  const lying: readonly VenueFaultName[] = [
    'drop',
    'empty-page',
    'repeat',
    'shuffle',
    'bad-price',
    'text-price',
    'bad-range',
    'off-grid',
    'future',
    'other-market',
    'conflict',
    'clock-step',
  ];

  test.each([...passing, ...lying])('by %s leaves the store as it should be', async (fault) => {
    session = await openSession({ seed: 20 });
    // Among them the very first request, which lists the markets.
    session.venue.faults.script(fault, ...Array.from({ length: 7 }, () => null), fault, null, null, fault);
    const { series } = await session.run({ wanted: SOME });
    for (const one of series) expect(one, JSON.stringify(one)).toMatchObject({ state: 'complete' });
    // What its clock has brought or taken meanwhile.
    if (fault === 'clock-step') await session.run({ wanted: SOME });
    await expectTruth(SOME);
  });

  test('by leaving out rates, of which nothing else tells', async () => {
    session = await openSession({ seed: 23, untilMs: LISTED + 90 * DAY, nowMs: LISTED + 90 * DAY });
    const wanted = [{ market: perpetual, kind: 'funding' as const }];
    // The list of markets, the time, and then each second answer.
    session.venue.faults.script(null, null, 'drop', null, null, 'drop', 'empty-page', null);
    const { series } = await session.run({ wanted });
    expect(series[0]).toMatchObject({ state: 'complete' });
    await expectTruth(wanted);
  });

  test('and gives the last trades of an hour only, loses none of its first', async () => {
    session = await openSession({ seed: 22, tradeMs: 2000, untilMs: LISTED + 5 * HOUR, nowMs: LISTED + 5 * HOUR });
    const wanted = [{ market: spot, kind: 'trades' as const }];
    await session.run({ wanted, from: LISTED + HOUR });
    expect(await difference(session, wanted[0]!, LISTED + HOUR)).toBe('');
    session.venue.setNow(LISTED + 6 * HOUR);
    session.venue.faults.script(null, null, 'drop', 'empty-page');
    await session.run({ wanted });
    await expectTruth(wanted);
  });

  test('and numbers its trades loses none of them', async () => {
    session = await openSession({ seed: 21, untilMs: LISTED + DAY, nowMs: LISTED + DAY + HOUR });
    const wanted = [{ market: spot, kind: 'trades' as const }];
    session.venue.faults.script(null, null, 'drop', null, 'cut-json', 'empty-page', 'shuffle', 'bad-price', 'drop', 'stall-body');
    const { series } = await session.run({ wanted });
    expect(series[0]).toMatchObject({ state: 'complete' });
    await expectTruth(wanted);
  });
});

describe('a venue that wants to be left alone', () => {
  test('is: no request before the time that it named', async () => {
    session = await openSession({ seed: 30, retryAfter: '1' });
    session.venue.faults.script(null, null, 'throttle', null, null, 'throttle');
    const wanted = [{ market: spot, timeframe: '1m' }];
    await session.run({ wanted });
    expect(session.venue.impatient()).toBe(0);
    await expectTruth(wanted);
  });

  test('for longer than one waits is left, the next time too; what came before stays', async () => {
    session = await openSession({ seed: 31, banS: 3600 });
    const wanted = [{ market: spot, timeframe: '1m' }];
    session.venue.faults.script(null, null, null, null, 'ban');
    const first = await session.run({ wanted });
    expect(first.series[0]).toMatchObject({ state: 'partial', fault: 'banned', reason: expect.stringMatching(/banned.*until \d{4}-/) });
    expect(first.series[0]!.rows).toBeGreaterThan(0);
    const asked = session.venue.requests.length;
    const second = await session.run({ wanted });
    expect(second.series[0]).toMatchObject({ state: 'partial', fault: 'banned' });
    expect(session.venue.requests.length).toBe(asked);
    expect(session.venue.impatient()).toBe(0);
  });

  test('is replaced by the next one that was named, which the store tells', async () => {
    const other = await startSimulatedVenue({ seed: 33, listedMs: LISTED, untilMs: LISTED + DAY, nowMs: LISTED + 3 * DAY });
    session = await openSession({ seed: 32, banS: 3600 }, { binanceus: other });
    session.venue.faults.script('ban');
    const { series } = await session.run({ wanted: [{ market: spot, venues: ['binance', 'binanceus'] }] });
    await other.close();
    expect(series[0]).toMatchObject({
      state: 'complete',
      key: { venue: 'binanceus' },
      insteadOf: [{ venue: 'binance', reason: expect.stringContaining('banned') }],
    });
    expect(await difference({ store: session.store, venue: other }, { market: spot, venues: ['binanceus'] })).toBe('');
    expect(session.store.list()[0]!.provenance).toMatchObject({
      source: 'download binanceus',
      details: { insteadOf: expect.stringContaining('binance: ') },
    });
  });
});

describe('a venue that is down', () => {
  test('fails its series, and no other', async () => {
    session = await openSession({ seed: 40 });
    session.venue.faults.draw({ seed: 1, rate: 1, faults: ['error502'] });
    const { series } = await session.run({ wanted: SOME });
    expect(series.map(({ state, fault }) => [state, fault])).toEqual([
      ['failed', 'unreachable'],
      ['failed', 'unreachable'],
    ]);
    session.venue.faults.draw(null);
    const again = await session.run({ wanted: SOME });
    expect(again.series.map(({ state }) => state)).toEqual(['complete', 'complete']);
    await expectTruth(SOME);
  });
});
