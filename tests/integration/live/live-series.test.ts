import { afterEach, describe, expect, test } from 'vitest';
import { barsFromTrades } from '#core/data/bars-from-trades/bars-from-trades.ts';
import { barsOf } from '#core/model/columns.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { compareTape } from '#core/data/live-bars/compare-tape.ts';
import type { LiveEvent } from '#core/data/live-bars/live-series.ts';
import { openSeriesStore } from '#core/data/store/open-series-store.ts';
import type { Bar } from '#core/model/bar.ts';
import { krakenWire } from '#core/testkit/venue/kraken-wire.ts';
import { okxWire } from '#core/testkit/venue/okx-wire.ts';
import { VENUE_FAULTS } from '#core/testkit/venue/fault-plan.ts';
import { finalBars, LISTED, type LiveSession, MINUTE, openLiveSession, storedBars } from './live-session.ts';

let session: LiveSession;
afterEach(async () => session.close());

const START = LISTED + 600 * MINUTE;
const times = (bars: readonly Bar[]): readonly number[] => bars.map(({ time }) => time);
const every = (from: number, to: number): readonly number[] =>
  Array.from({ length: (to - from) / MINUTE + 1 }, (_, at) => from + at * MINUTE);
const notesOf = ({ events }: LiveSession) => events.flatMap((event) => (event.type === 'note' ? [event.note] : []));
const told = (events: readonly LiveEvent[]): readonly Bar[] => events.flatMap((event) => (event.type === 'bar' ? [event.bar] : []));
/** Bars as the venue shows them within a bar of their end, before it corrects some. */
const firstShown = ({ venue }: LiveSession, from: number, to: number): readonly Bar[] =>
  venue.truth.bars('spot', '1m', from, to + 1).map((bar) => {
    const [time, open, high, low, close, volume] = venue.truth.shown(bar, 'spot', '1m', bar[0] + MINUTE + 2000);
    return { time, open, high, low, close, volume };
  });

describe('live bars of a venue', () => {
  test('follow the warm-up without a hole or a double, as they were first told; the candles are the last word, and the notes are what differs', async () => {
    session = await openLiveSession({ seed: 1, holes: [] });
    const { from, reaches } = await session.start({ bars: 50 });
    expect(from).toBe(START - 50 * MINUTE);
    await reaches(START + 15 * MINUTE);
    await session.halt();
    const live = await storedBars(session, 'live');
    expect(times(live)).toEqual(every(from, live.at(-1)!.time));
    expect(told(session.events)).toEqual(live.filter(({ time }) => time >= START));
    expect(told(session.events)).toEqual(firstShown(session, START, live.at(-1)!.time));
    const settled = live.at(-1)!.time - 4 * MINUTE;
    const candles = await storedBars(session, 'candles');
    expect(candles.filter(({ time }) => time <= settled)).toEqual(finalBars(session, candles[0]!.time, settled));
    const differing = live.filter(
      (bar, at) => bar.time <= settled && JSON.stringify(bar) !== JSON.stringify(finalBars(session, from, settled)[at]),
    );
    expect(differing.length).toBeGreaterThan(2);
    const notes = notesOf(session).filter(({ kind }) => kind === 'revised-bar') as { open: number; live: Bar; later: Bar }[];
    expect(notes.filter(({ open }) => open <= settled).map((note) => note.live)).toEqual(differing);
    for (const { later } of notes) expect(finalBars(session, later.time, later.time)).toEqual([later]);
    const { added, revised, removed } = await compareTape(session.store, {
      venue: 'binance',
      market: 'BTC/USDT',
      kind: 'live',
      timeframe: '1m',
    });
    expect({ added, revised, removed }).toEqual({ added: 0, revised: notes.length, removed: 0 });
  });

  test.each([-5 * 3_600_000, 5 * 3_600_000])(
    'come as they end by the venue, with a clock of this machine that is %i ms off',
    async (offMs) => {
      session = await openLiveSession({ seed: 2, holes: [], offMs });
      const { reaches } = await session.start({ bars: 5 });
      await reaches(START + 5 * MINUTE);
      expect(times(told(session.events))).toEqual(every(START, START + 5 * MINUTE));
      expect(told(session.events)).toEqual(firstShown(session, START, START + 5 * MINUTE));
    },
  );

  test('are waited for when they are late; those that come when a later one was there are none, and told', async () => {
    const [late, tooLate] = [START + 3 * MINUTE, START + 6 * MINUTE];
    session = await openLiveSession({
      seed: 3,
      holes: [],
      lateMs: (open) => (open === late ? 15_000 : open === tooLate ? 90_000 : null),
    });
    const { reaches } = await session.start({ bars: 5 });
    await reaches(START + 12 * MINUTE);
    const wanted = every(START, START + 12 * MINUTE).filter((time) => time !== tooLate);
    expect(times(told(session.events))).toEqual(wanted);
    expect(notesOf(session).filter(({ kind }) => kind === 'late-bar')).toEqual([
      { kind: 'late-bar', open: tooLate, later: expect.objectContaining({ time: tooLate }) },
    ]);
    await session.halt();
    expect(times(await storedBars(session, 'candles'))).toContain(tooLate);
  });

  test('go on behind a stretch in which there is no trade', async () => {
    session = await openLiveSession({ seed: 4, holes: [{ from: START + 2 * MINUTE, to: START + 9 * MINUTE }] });
    const { reaches } = await session.start({ bars: 5 });
    await reaches(START + 12 * MINUTE);
    expect(times(told(session.events))).toEqual([...every(START, START + MINUTE), ...every(START + 9 * MINUTE, START + 12 * MINUTE)]);
    expect(notesOf(session).filter(({ kind }) => kind !== 'revised-bar')).toEqual([]);
  });

  test.each(['reset', 'stall', 'throttle', 'ban', 'maintenance', 'html'] as const)(
    'come out of the past when the venue was away (%s)',
    async (fault) => {
      session = await openLiveSession({ seed: 5, holes: [] });
      const { series, reaches } = await session.start({ bars: 5 });
      await reaches(START + 2 * MINUTE);
      session.venue.faults.script(...Array.from({ length: fault === 'stall' ? 3 : 8 }, () => fault));
      while (!session.events.some((event) => event.type === 'trouble' && event.trouble === null))
        await series.changed(new AbortController().signal);
      await reaches(series.tape.last!.time + 2 * MINUTE);
      expect(times(told(session.events))).toEqual(every(START, told(session.events).at(-1)!.time));
      const troubles = session.events.flatMap((event) => (event.type === 'trouble' ? [event.trouble] : []));
      expect(troubles).toHaveLength(2);
      expect(troubles[0]?.text).toMatch(/^binance gives no bars: /);
      expect(troubles[1]).toBeNull();
    },
    30_000,
  );

  test.each([krakenWire, okxWire])(
    'of $venue are as it first told them, faults or not, and its last word is among the candles',
    async (wire) => {
      session = await openLiveSession({ seed: 14, holes: [], wire });
      const { from, reaches } = await session.start({ bars: 20 });
      session.venue.faults.draw({ seed: 14, rate: 0.2, faults: ['reset', 'throttle', 'cut', 'html', 'drop', 'repeat', 'bad-price'] });
      await reaches(START + 12 * MINUTE);
      session.venue.faults.draw(null);
      await reaches(START + 18 * MINUTE);
      await session.halt();
      const live = await storedBars(session, 'live');
      const late = notesOf(session).flatMap((note) => (note.kind === 'late-bar' ? [note.open] : []));
      expect(times(live)).toEqual(every(from, live.at(-1)!.time).filter((time) => !late.includes(time)));
      const settled = live.at(-1)!.time - 4 * MINUTE;
      const candles = (await storedBars(session, 'candles')).filter(({ time }) => time >= from && time <= settled);
      expect(candles).toEqual(finalBars(session, from, settled));
      const [shown, final] = [firstShown, finalBars].map(
        (bars) => new Map(bars(session, from, live.at(-1)!.time).map((bar) => [bar.time, bar])),
      );
      for (const bar of live) expect([shown!.get(bar.time), final!.get(bar.time)]).toContainEqual(bar);
    },
    60_000,
  );

  test('leave a venue alone for as long as it says', async () => {
    session = await openLiveSession({ seed: 10, holes: [], retryAfter: '1', banS: 1 });
    const { series, reaches } = await session.start({ bars: 5 });
    await reaches(START + MINUTE);
    session.venue.faults.script('throttle', 'ban', 'throttle');
    await reaches(series.tape.last!.time + 4 * MINUTE);
    expect(session.venue.impatient()).toBe(0);
    expect(times(told(session.events))).toEqual(every(START, told(session.events).at(-1)!.time));
  });

  test.each([11, 12])(
    'are those of the venue, each once, whatever goes wrong with a third of all answers (seed %i)',
    async (seed) => {
      session = await openLiveSession({ seed, holes: [] });
      const { reaches, from } = await session.start({ bars: 20 });
      // A clock that jumps by minutes moves what there is by then.
      session.venue.faults.draw({
        seed,
        rate: 0.33,
        faults: VENUE_FAULTS.filter((name) => !name.startsWith('stall') && name !== 'clock-step'),
      });
      await reaches(START + 30 * MINUTE);
      session.venue.faults.draw(null);
      await reaches(START + 36 * MINUTE);
      await session.halt();
      const live = await storedBars(session, 'live');
      expect(times(live)).toEqual([...new Set(times(live))].toSorted((a, b) => a - b));
      const missing = every(from, live.at(-1)!.time).filter((time) => !times(live).includes(time));
      const late = notesOf(session).flatMap((note) => (note.kind === 'late-bar' ? [note.open] : []));
      expect(missing.filter((time) => !late.includes(time))).toEqual([]);
      const [shown, final] = [firstShown, finalBars].map(
        (bars) => new Map(bars(session, from, live.at(-1)!.time).map((bar) => [bar.time, bar])),
      );
      for (const bar of live) expect([shown!.get(bar.time), final!.get(bar.time)]).toContainEqual(bar);
      const settled = live.at(-1)!.time - 4 * MINUTE;
      const candles = (await storedBars(session, 'candles')).filter(({ time }) => time >= from && time <= settled);
      expect(candles).toEqual(finalBars(session, from, settled));
    },
    60_000,
  );

  test('go on after a restart, whatever the venue has corrected since; what differs is told again', async () => {
    session = await openLiveSession({ seed: 6, holes: [] });
    const first = await session.start({ bars: 20 });
    await first.reaches(START + 5 * MINUTE);
    first.stop();
    await first.series.closed();
    const before = await storedBars(session, 'live');
    session.venue.setNow(session.venue.now() + 90 * MINUTE);
    session.events.length = 0;
    const second = await session.start({ from: first.from });
    await second.reaches(START + 100 * MINUTE);
    await session.halt();
    const after = await storedBars(session, 'live');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(times(after)).toEqual(every(first.from, after.at(-1)!.time));
    expect(times(told(session.events))).toEqual(times(after).slice(before.length));
    const revised = notesOf(session).filter(
      ({ kind, ...note }) => kind === 'revised-bar' && 'open' in note && note.open <= before.at(-1)!.time,
    );
    expect(revised.length).toBeGreaterThan(0);
  });

  test('of a market that goes on from a bar need no venue to begin', async () => {
    session = await openLiveSession({ seed: 7, holes: [] });
    const first = await session.start({ bars: 20 });
    await first.reaches(START);
    first.stop();
    await first.series.closed();
    const asked = session.venue.requests.length;
    session.venue.faults.draw({ seed: 1, rate: 1, faults: ['reset'] });
    const second = await session.start({ from: first.from });
    expect(second.series.tape.bar(0)?.time).toBe(first.from);
    expect(session.venue.requests.length - asked).toBeLessThan(2);
  });

  test('are the same for two processes that record them side by side', async () => {
    session = await openLiveSession({ seed: 8, holes: [] });
    const other = openSeriesStore(session.store.path, { now: () => Date.now() });
    const [one, two] = [await session.start({ bars: 10 }), await session.start({ bars: 10, store: other, latenessMs: 5000 })];
    await Promise.all([one.reaches(START + 8 * MINUTE), two.reaches(START + 8 * MINUTE)]);
    const bars = (started: typeof one): readonly (Bar | null)[] => Array.from({ length: 19 }, (_, row) => started.series.tape.bar(row));
    expect(bars(one)).toEqual(bars(two));
    expect(times(bars(one) as Bar[])).toEqual(every(START - 10 * MINUTE, START + 8 * MINUTE));
    other.close();
  });

  test('of trades are those of history, stopped and started again or not; what differs from the candle of the venue is told', async () => {
    const [listedMs, untilMs] = [START - 60 * MINUTE, START + 120 * MINUTE];
    session = await openLiveSession({ seed: 9, holes: [], listedMs, untilMs, tradeMs: 20_000 });
    const first = await session.start({ isOfTrades: true });
    await first.reaches(START + 5 * MINUTE);
    first.stop();
    await first.series.closed();
    const second = await session.start({ from: first.series.tape.first!.time, isOfTrades: true });
    await second.reaches(START + 12 * MINUTE);
    await session.halt();
    const live = await storedBars(session, 'live');
    const trades = session.venue.truth.trades().filter(({ time }) => time >= live[0]!.time && time < live.at(-1)!.time + MINUTE);
    const column = (of: (trade: (typeof trades)[number]) => number): Float64Array => Float64Array.from(trades, of);
    const history = barsFromTrades(
      { time: column(({ time }) => time), price: column(({ price }) => price), qty: column(({ qty }) => qty) },
      { kind: 'time', timeframe: parseTimeframe('1m')! },
    );
    expect(live).toEqual(barsOf(history.columns));
    expect(live.length).toBeGreaterThan(10);
    // Its candles have nothing to do with its trades.
    const candles = await storedBars(session, 'candles');
    const notes = notesOf(session).filter(({ kind }) => kind === 'revised-bar') as { open: number; live: Bar; later: Bar }[];
    expect(new Set(notes.map(({ open }) => open))).toEqual(new Set(times(live).filter((time) => times(candles).includes(time))));
    for (const note of notes) expect(live).toContainEqual(note.live);
  });

  test.each([
    ['XYZ/USDT', '1m', /it has no market XYZ\/USDT/],
    ['BTC/USDT', '7m', /it has no bars of 7m/],
  ])('of %s and %s are refused with a reason', async (market, length, reason) => {
    session = await openLiveSession({ seed: 9, market });
    await expect(session.start({ bars: 3, market, timeframe: parseTimeframe(length)! })).rejects.toThrow(reason);
  });
});
