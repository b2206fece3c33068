import { describe, expect, test } from 'vitest';
import { VenueFault, type VenueFaultKind } from '#core/ports/venue-fault.ts';
import { createVirtualClock, type VirtualClock } from '#core/testkit/virtual-clock.ts';
import { VenueGate, type VenueGateOptions } from './venue-gate.ts';

const signal = new AbortController().signal;
const open = (clock: VirtualClock, more: Partial<VenueGateOptions> = {}): VenueGate =>
  new VenueGate({
    venue: 'x',
    clock,
    random: () => 1,
    retryMs: 1000,
    patienceMs: 300_000,
    bannedUntil: 0,
    onBan: () => undefined,
    tell: () => undefined,
    ...more,
  });

/** Answers after these faults; when it was asked, ms. */
function failing(
  clock: VirtualClock,
  ...faults: readonly (readonly [VenueFaultKind, number?])[]
): { readonly at: number[]; readonly request: () => Promise<string> } {
  const at: number[] = [];
  return {
    at,
    request: async () => {
      const fault = faults[at.length];
      at.push(clock.steady());
      if (fault !== undefined) throw new VenueFault(fault[0], 'it failed', { waitMs: fault[1] ?? null });
      return 'answer';
    },
  };
}

async function within<T>(clock: VirtualClock, ms: number, work: Promise<T>): Promise<T | 'waiting'> {
  const settled = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(ms);
  const found = await Promise.race([settled, Promise.resolve(null)]);
  if (found === null) return 'waiting';
  if ('error' in found) throw found.error;
  return found.value;
}

describe('the gate of a venue', () => {
  test('that is endless waits on where others give up, and says after each request how it went', async () => {
    const clock = createVirtualClock();
    const kinds = [
      ...Array.from({ length: 30 }, () => 'unreachable' as const),
      'garbled',
      'garbled',
      'garbled',
      'garbled',
      'garbled',
      'garbled',
      'garbled',
    ] as const;
    const { at, request } = failing(clock, ...kinds.map((kind) => [kind] as const));
    const told: (string | null)[] = [];
    const gate = open(clock, { isEndless: true, patienceMs: Infinity, onAnswer: (fault) => told.push(fault?.kind ?? null) });
    expect(await within(clock, 3_600_000, gate.ask(request, signal))).toBe('answer');
    expect(at).toHaveLength(38);
    expect(told).toEqual([...kinds, null]);
    const other = createVirtualClock();
    await expect(
      within(other, 3_600_000, open(other).ask(failing(other, ...kinds.map((kind) => [kind] as const)).request, signal)),
    ).rejects.toThrow('it failed');
  });

  test('that is endless ends all the same when the venue says no', async () => {
    const clock = createVirtualClock();
    const gate = open(clock, { isEndless: true, patienceMs: Infinity });
    await expect(within(clock, 1000, gate.ask(failing(clock, ['refused']).request, signal))).rejects.toThrow('it failed');
  });

  test('waits twice as long after each failure, at most a minute', async () => {
    const clock = createVirtualClock();
    const { at, request } = failing(clock, ...Array.from({ length: 5 }, () => ['unreachable'] as const));
    expect(await within(clock, 100_000, open(clock).ask(request, signal))).toBe('answer');
    expect(at).toEqual([0, 1000, 3000, 7000, 15_000, 31_000]);
    const slow = createVirtualClock();
    const late = failing(slow, ['unreachable'], ['unreachable'], ['unreachable']);
    await within(slow, 1_000_000, open(slow, { retryMs: 50_000 }).ask(late.request, signal));
    expect(late.at).toEqual([0, 50_000, 110_000, 170_000]);
  });

  test('waits at least as long as the venue wants, and holds up everybody else', async () => {
    const clock = createVirtualClock();
    const gate = open(clock);
    const { at, request } = failing(clock, ['busy', 60_000]);
    const first = gate.ask(request, signal);
    await clock.advance(10);
    const other = failing(clock);
    const second = gate.ask(other.request, signal);
    await clock.advance(59_000);
    expect([at.length, other.at.length]).toEqual([1, 0]);
    expect([await within(clock, 2000, first), await within(clock, 0, second)]).toEqual(['answer', 'answer']);
    expect(Math.min(at[1]!, other.at[0]!)).toBeGreaterThanOrEqual(60_000);
  });

  test('leaves a venue that bans for longer than one waits, and notes until when', async () => {
    const clock = createVirtualClock();
    const bans: number[] = [];
    const gate = open(clock, { onBan: (until) => bans.push(until) });
    const { at, request } = failing(clock, ['banned', 3_600_000]);
    await expect(within(clock, 10, gate.ask(request, signal))).rejects.toMatchObject({
      kind: 'banned',
      message: expect.stringContaining('until 2026-01-01T01:00'),
    });
    await expect(within(clock, 10_000_000, gate.ask(request, signal))).rejects.toMatchObject({ kind: 'banned' });
    expect(at).toHaveLength(1);
    expect(bans[0]).toBeGreaterThanOrEqual(clock.now() - clock.steady() + 3_600_000);
  });

  test('asks nothing while a ban that is known from before holds', async () => {
    const clock = createVirtualClock();
    const { at, request } = failing(clock);
    const work = open(clock, { bannedUntil: clock.now() + 100_000 }).ask(request, signal);
    expect(await within(clock, 99_000, work)).toBe('waiting');
    expect(at).toEqual([]);
    expect(await within(clock, 1001, work)).toBe('answer');
  });

  test('gives up what does not pass: at once what was refused, and a venue that is down for all', async () => {
    const clock = createVirtualClock();
    const refused = failing(clock, ['refused']);
    const gate = open(clock);
    await expect(within(clock, 1, gate.ask(refused.request, signal))).rejects.toMatchObject({ kind: 'refused' });
    expect(gate.closed).toBeNull();
    const down = failing(clock, ...Array.from({ length: 50 }, () => ['unreachable'] as const));
    await expect(within(clock, 10_000_000, gate.ask(down.request, signal))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(down.at).toHaveLength(7);
    await expect(gate.ask(down.request, signal)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(down.at).toHaveLength(7);
  });

  test('does not count against a venue what was not sent to it', async () => {
    const clock = createVirtualClock();
    let asked = 0;
    const work = open(clock).ask(async () => {
      if (++asked <= 20) throw new VenueFault('banned', 'it was said', { waitMs: 1, wasSent: false });
      return 'answer';
    }, signal);
    expect(await within(clock, 1_000_000, work)).toBe('answer');
  });

  test('stops waiting when it is told to', async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    const work = open(clock).ask(failing(clock, ['busy', 100_000]).request, stop.signal);
    expect(await within(clock, 10, work)).toBe('waiting');
    stop.abort();
    await expect(within(clock, 0, work)).rejects.toBeInstanceOf(VenueFault);
    expect(clock.sleeping()).toBe(0);
  });
});
