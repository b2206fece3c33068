import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClockPort } from 'strat/ports/clock';
import type { Notification } from 'strat/ports/notifier';
import { type NotifierHarness, notifierContract } from 'strat/testkit/notifier-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { createVirtualClock } from 'strat/testkit/virtual-clock';
import { createDelivery } from './delivery.ts';
import type { WebhookConfig } from './schema.ts';
import { setup } from './webhook.ts';

/** The machine's clock with short waits: the order of things is real, the backoff of a second is not. */
const hastyClock: ClockPort = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms < 2000 ? 1 : ms, undefined, { signal }).catch(() => undefined);
  },
};

const config = (url: string, changes: Partial<WebhookConfig> = {}): WebhookConfig => ({
  url,
  headers: {},
  timeoutMs: 5000,
  attempts: 2,
  perMinute: 600,
  queue: 1000,
  least: 'info',
  ...changes,
});

interface Received {
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Status of the next answers; 200 when there is none left. */
  readonly answers: number[];
  readonly close: () => Promise<void>;
}

async function startReceiver(fixed: () => number | null = () => null): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const status = fixed() ?? answers.shift() ?? 200;
      if (status === 200) received.push({ body: JSON.parse(text), headers: request.headers });
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hooks/s3cr3t-path`,
    received,
    answers,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

notifierContract({
  secrets: ['s3cr3t-path', 'header-token'],
  create: async (): Promise<NotifierHarness> => {
    let isBroken = false;
    const receiver = await startReceiver(() => (isBroken ? 503 : null));
    const surroundings = pluginSurroundings({ clock: hastyClock, environment: { HOOK_TOKEN: 'header-token' } });
    return {
      instance: setup(config(receiver.url, { headers: { 'X-Token': 'HOOK_TOKEN' } }), surroundings.context),
      arrived: () => receiver.received.map(({ body }) => ({ key: String(body['key']), title: String(body['title']) })),
      breakChannel: (next) => {
        isBroken = next;
      },
      lines: surroundings.lines,
      end: async () => {
        surroundings.end();
        await receiver.close();
      },
    };
  },
});

const note = (key: string, level: Notification['level'] = 'error'): Notification => ({
  key,
  level,
  strategy: null,
  title: 'T',
  text: 'x',
  time: 5,
});
const { signal } = new AbortController();

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  onTestFinished(started.close);
  return started;
}

describe('the webhook', () => {
  test('posts the notification as JSON with its key and the headers of the environment', async () => {
    const { url, received } = await receiver();
    const { context } = pluginSurroundings({ clock: hastyClock, environment: { HOOK_TOKEN: 'abc' } });
    await setup(config(url, { headers: { Authorization: 'HOOK_TOKEN' } }), context).port.notify(note('k 1'), signal);
    expect(received).toHaveLength(1);
    expect(received[0]!.body).toEqual(note('k 1'));
    expect(received[0]!.headers).toMatchObject({ authorization: 'abc', 'idempotency-key': 'k_1', 'content-type': 'application/json' });
  });

  test.for([
    { answers: [503, 200], attempts: 4, arrives: true },
    { answers: [429, 500, 200], attempts: 4, arrives: true },
    { answers: [500, 500, 200], attempts: 2, arrives: false },
    { answers: [400, 200], attempts: 4, arrives: false },
    { answers: [302, 200], attempts: 4, arrives: false },
  ])('after the answers $answers in $attempts attempts: delivered is $arrives', async ({ answers, attempts, arrives }) => {
    const { url, received, answers: script } = await receiver();
    script.push(...answers);
    const { context } = pluginSurroundings({ clock: hastyClock });
    const { port } = setup(config(url, { attempts }), context);
    const outcome = await port.notify(note('k'), signal).then(
      () => 'kept',
      () => 'broken',
    );
    expect({ outcome, arrived: received.length }).toEqual(arrives ? { outcome: 'kept', arrived: 1 } : { outcome: 'broken', arrived: 0 });
  });

  test('waits longer each time, between half and the whole of a doubling second half', async () => {
    const waits: number[] = [];
    const clock: ClockPort = {
      ...hastyClock,
      sleep: async (ms, stop) => {
        if (ms === 5000) return hastyClock.sleep(ms, stop);
        waits.push(ms);
      },
    };
    const { context } = pluginSurroundings({ clock });
    const deliver = createDelivery(config('http://127.0.0.1:9/', { attempts: 4 }), { ...context, jitter: () => 0 });
    await expect(deliver(note('k'), signal)).rejects.toThrow('attempt 4 of 4');
    expect(waits).toEqual([250, 500, 1000]);
  });

  test('refuses what its queue has no room for, and keeps to its rate', async () => {
    const { url, received } = await receiver();
    const clock = createVirtualClock();
    const { context, end } = pluginSurroundings({ clock });
    const { port } = setup(config(url, { queue: 3, perMinute: 1 }), context);
    const asked = Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(async (key) => port.notify(note(key), signal)));
    while (received.length < 1) await delay(1);
    // The second one waits for the minute of the first, whatever happens.
    await delay(20);
    expect(received.map(({ body }) => body['key'])).toEqual(['a']);
    end();
    await clock.advance(0);
    expect((await asked).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected']);
  });

  test('leaves out what is below its level', async () => {
    const { url, received } = await receiver();
    const { context } = pluginSurroundings({ clock: hastyClock });
    await setup(config(url, { least: 'error' }), context).port.notify(note('k', 'warning'), signal);
    expect(received).toEqual([]);
  });

  test.for(['file:///etc/passwd', 'ftp://host/', 'https://user:s3cr3t@host/', 'not an address'])('takes no address like %s', (url) => {
    const { context } = pluginSurroundings({ clock: hastyClock });
    expect(() => setup(config(url), context)).toThrow(/url: it must be an http or https address/);
    expect(() => setup(config(url), context)).not.toThrow(/s3cr3t/);
  });

  test('says which environment variable is not set', () => {
    const { context } = pluginSurroundings({ clock: hastyClock });
    expect(() => setup(config('https://host/', { headers: { 'X-Key': 'NOT_THERE' } }), context)).toThrow('NOT_THERE is not set');
  });
});
