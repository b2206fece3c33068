import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test, vi, onTestFinished } from 'vitest';
import { RING_SIZE } from '#core/http/event-hub.ts';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';
import type { ControlEvent } from '#core/ports/bot-control.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

interface SseEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: ReturnType<typeof JSON.parse>;
}

interface Listener {
  readonly events: SseEvent[];
  readonly comments: string[];
  readonly type: string | undefined;
  readonly isEnded: () => boolean;
  readonly close: () => void;
}

/** Reads a stream as the standard says: fields up to an empty line. */
async function listen(served: ServedBot, headers: Readonly<Record<string, string>> = {}): Promise<Listener> {
  const { promise, resolve, reject } = Promise.withResolvers<Listener>();
  const events: SseEvent[] = [];
  const comments: string[] = [];
  let isEnded = false;
  const request = httpRequest(`${served.url}/api/v1/events`, { headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = block.split('\n').map((line) => /^([a-z]*): ?(.*)$/s.exec(line)?.slice(1) ?? ['?', line]);
        comments.push(...fields.filter(([name]) => name === '').map(([, value]) => value ?? ''));
        const field = (name: string): string | null => fields.find(([key]) => key === name)?.[1] ?? null;
        const data = field('data');
        if (data !== null) events.push({ event: field('event') ?? 'message', id: field('id'), data: JSON.parse(data) });
      }
    });
    response.on('close', () => {
      isEnded = true;
    });
    response.on('error', () => undefined);
    resolve({ events, comments, type: response.headers['content-type'], isEnded: () => isEnded, close: () => request.destroy() });
  });
  request.on('error', reject);
  request.end();
  return promise;
}

const log = (text: string): ControlEvent => ({ type: 'log', level: 'info', strategy: null, time: 0, text });
const messages = ({ events }: Listener): SseEvent[] => events.filter(({ event }) => event === 'message');
const seqs = (listener: Listener): number[] => messages(listener).map(({ data }) => data.seq);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the event stream', () => {
  test('says hello, then tells every event with its number as id, as the schema says', async () => {
    const served = await serve();
    const listener = await listen(served);
    expect(listener.type).toBe('text/event-stream; charset=utf-8');
    const told: ControlEvent[] = [
      {
        type: 'bar',
        strategy: 'trend',
        market: 'BTC/USDT',
        bar: { time: 1, open: 1, high: 2, low: 1, close: 2, volume: 3 },
        equity: 10_000,
        qty: 0,
      },
      {
        type: 'fill',
        strategy: 'trend',
        market: 'BTC/USDT',
        kind: 'entry',
        time: 2,
        side: 'buy',
        qty: 1,
        price: 2,
        fee: 0.1,
        profit: null,
        reason: 'line 1\nline 2\n\nid: 99',
      },
      { type: 'state', strategy: 'trend', state: 'paused', reason: 'told so' },
      log('a \u2028 b'),
      { type: 'config', ok: false, text: 'line 3: unknown key' },
    ];
    told.forEach(served.bot.emit);
    await vi.waitFor(() => expect(messages(listener).length).toBe(told.length));
    expect(listener.events[0]).toEqual({
      event: 'hello',
      id: null,
      data: { version: '1.2.3', startedAt: served.bot.control.startedAt, seq: 0, complete: true },
    });
    expect(messages(listener).map(({ data }) => data)).toEqual(told.map((event, i) => ({ ...event, seq: i + 1 })));
    expect(messages(listener).map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
    const { components } = await (async () => JSON.parse(await (await served.get('/api/v1/openapi.json')).text()))();
    const validate = new Ajv2020().compile(components.schemas.Event);
    for (const { data } of messages(listener)) expect([validate(data), data]).toEqual([true, data]);
    expect(validate({ type: 'bar', seq: 1 })).toBe(false);
    listener.close();
  });

  test('a client that comes back gets what it missed, once, and goes on', async () => {
    const served = await serve();
    const first = await listen(served);
    for (const n of range(1, 5)) served.bot.emit(log(`${n}`));
    await vi.waitFor(() => expect(seqs(first)).toEqual(range(1, 5)));
    first.close();
    for (const n of range(6, 20)) served.bot.emit(log(`${n}`));
    const second = await listen(served, { 'Last-Event-ID': '5' });
    served.bot.emit(log('21'));
    await vi.waitFor(() => expect(seqs(second)).toEqual(range(6, 21)));
    expect(second.events[0]?.data).toMatchObject({ seq: 20, complete: true });
    second.close();
  });

  test('events told while others are gathered arrive once each and in order', async () => {
    const served = await serve();
    const early = await listen(served);
    served.bot.emit(log('1'));
    const [late] = await Promise.all([listen(served, { 'Last-Event-ID': '0' }), listen(served)]);
    for (const n of range(2, 2500)) served.bot.emit(log(`${n}`));
    await vi.waitFor(() => expect([seqs(early).length, seqs(late).length]).toEqual([2500, 2500]));
    expect(seqs(early)).toEqual(range(1, 2500));
    expect(seqs(late)).toEqual(range(1, 2500));
    early.close();
    late.close();
  });

  test('what is older than the last thousand is gone, and the client is told', async () => {
    const served = await serve();
    for (const n of range(1, RING_SIZE + 10)) served.bot.emit(log(`${n}`));
    const hello = async (id: string): Promise<readonly [unknown, number[]]> => {
      const listener = await listen(served, { 'Last-Event-ID': id });
      await vi.waitFor(() => expect(listener.events.length).toBeGreaterThan(0));
      await sleep(50);
      listener.close();
      return [listener.events[0]?.data.complete, seqs(listener)];
    };
    expect(await hello('5')).toEqual([false, range(11, 1010)]);
    expect(await hello('10')).toEqual([true, range(11, 1010)]);
    expect(await hello('1010')).toEqual([true, []]);
    // a number of another process
    expect(await hello('99999')).toEqual([false, range(11, 1010)]);
  });

  test.for(['abc', '-1', '1e3', '99999999999999999999', '1; 2'])('Last-Event-ID %s is refused', async (id) => {
    const served = await serve();
    const response = await served.get('/api/v1/events', { headers: { 'Last-Event-ID': id } });
    expect(response.status).toBe(400);
    await response.text();
  });

  test('a comment keeps the connection open', async () => {
    const served = await serve({ streams: { heartbeatMs: 20 } });
    const listener = await listen(served);
    await vi.waitFor(() => expect(listener.comments.length).toBeGreaterThan(2));
    expect(new Set(listener.comments)).toEqual(new Set(['heartbeat']));
    listener.close();
  });

  test('a client that does not read is dropped with a reason, and the others miss nothing', async () => {
    const served = await serve({ streams: { maxQueuedBytes: 64 * 1024 } });
    const slow = connect(served.port, '127.0.0.1');
    slow.pause();
    slow.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\n\r\n`);
    slow.on('error', () => undefined);
    const quick = await listen(served);
    const text = 'x'.repeat(10_000);
    let sent = 0;
    const isDropped = (): boolean => served.lines.some(({ message }) => message.startsWith('slow client'));
    // The buffers of the system take some megabytes first.
    for (; sent < 5000 && !isDropped(); sent++) {
      served.bot.emit(log(text));
      if (sent % 50 === 0) await sleep(25);
    }
    expect(isDropped()).toBe(true);
    const fields = served.lines.find(({ message }) => message.startsWith('slow client'))?.fields;
    expect(fields?.['remote']).toBe(`127.0.0.1:${slow.localPort}`);
    expect(fields?.['queuedBytes']).toBeGreaterThan(64 * 1024);
    // bounded: the limit and what was gathered at once
    expect(fields?.['queuedBytes']).toBeLessThan(4 * 1024 * 1024);
    // Read now: what was queued comes, the reason last.
    let received = '';
    slow.on('data', (chunk) => {
      received = (received + chunk.toString('utf8')).slice(-2000);
    });
    const closed = new Promise<void>((resolve) => {
      slow.on('close', () => resolve());
    });
    slow.resume();
    await closed;
    expect(received).toContain('event: dropped\ndata: {"reason":"the client reads too slowly');
    await vi.waitFor(() => expect(seqs(quick)).toEqual(range(1, sent)), { timeout: 5000 });
    quick.close();
  });

  test('a hundred thousand events at once to a client that does not read take bounded memory', async () => {
    const served = await serve();
    const slow = connect(served.port, '127.0.0.1');
    slow.pause();
    slow.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\n\r\n`);
    slow.on('error', () => undefined);
    await vi.waitFor(() => expect(served.bot.listeners()).toBe(1));
    // One tick: the system takes nothing meanwhile.
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i++) served.bot.emit(log('event'));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
    expect((await served.get('/api/v1/health')).status).toBe(200);
    slow.destroy();
  });

  test('no more clients than allowed may listen; one that leaves makes room', async () => {
    const served = await serve({ streams: { maxStreams: 2 } });
    const one = await listen(served);
    const two = await listen(served);
    const refused = await served.get('/api/v1/events');
    expect([refused.status, JSON.parse(await refused.text()).error.code]).toEqual([503, 'TOO_MANY_STREAMS']);
    one.close();
    await vi.waitFor(async () => {
      const three = await listen(served);
      three.close();
      expect(three.type).toContain('event-stream');
    });
    two.close();
  });

  test('an event that cannot be written is left out and logged; the stream goes on', async () => {
    const served = await serve();
    const listener = await listen(served);
    served.bot.emit({ type: 'config', ok: false, text: 1n as unknown as string });
    await vi.waitFor(() => expect(served.lines.some(({ level }) => level === 'error')).toBe(true));
    served.bot.emit(log('good'));
    await vi.waitFor(() => expect(messages(listener).map(({ data }) => data.text)).toEqual(['good']));
    listener.close();
  });
});

describe('the end', () => {
  test('closing says bye to streams, cuts what hangs, and lets go of the bot', async () => {
    const served = await serveBot();
    const listener = await listen(served);
    const idle = connect(served.port, '127.0.0.1');
    const half = connect(served.port, '127.0.0.1', () => half.write('POST /api/v1/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n'));
    for (const socket of [idle, half]) socket.on('error', () => undefined);
    await vi.waitFor(() => expect(listener.events.length).toBe(1));
    expect(served.bot.listeners()).toBe(1);
    const isClosed = await Promise.race([served.closeHttp().then(() => true), sleep(10_000, false)]);
    expect(isClosed).toBe(true);
    await vi.waitFor(() => expect([listener.isEnded(), idle.closed, half.closed]).toEqual([true, true, true]));
    expect(listener.events.at(-1)).toMatchObject({ event: 'bye' });
    expect(served.bot.listeners()).toBe(0);
    await expect(fetch(served.url)).rejects.toThrow('fetch failed');
    await served.dispose();
  });

  test.skipIf(process.platform !== 'linux')('a thousand quick requests and a hundred streams leave no descriptor behind', async () => {
    const served = await serve();
    const open = (): number => readdirSync('/proc/self/fd').length;
    const burst = async (): Promise<void> => {
      for (let round = 0; round < 50; round++) {
        const answers = await Promise.all(
          range(1, 20).map(async () =>
            served.raw(`GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nConnection: close\r\n\r\n`),
          ),
        );
        expect(answers.filter((answer) => !answer.startsWith('HTTP/1.1 200'))).toEqual([]);
      }
    };
    await served.raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nConnection: close\r\n\r\n`);
    const before = open();
    await burst();
    for (let i = 0; i < 100; i++) (await listen(served)).close();
    await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(before));
  });
});
