import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Discovered } from '#core/kernel/kernel.ts';
import { doctorReport, type DoctorReport } from '#core/kernel/doctor.ts';
import { doctorText } from '#core/kernel/doctor-text.ts';
import { createKernel, type Kernel } from '#core/kernel/kernel.ts';
import { createLogger } from '#core/observe/logger.ts';
import type { Notification } from '#core/ports/notifier.ts';
import type { PluginKind, PluginPorts } from '#core/ports/plugin.ts';
import type { RiskView } from '#core/ports/risk-rule.ts';

const FAULTY = join(import.meta.dirname, '../fixtures/plugins/faulty');
const GOOD = [
  { name: 'main', id: 'exchange/sim', config: { seed: 1, speed: 'max', startPrice: 30_000, volatility: 0.6, missingRate: 0 } },
  { name: 'risk/max-position', id: 'risk/max-position', config: { maxShare: '25%' } },
  { name: 'notifier/console', id: 'notifier/console', config: { least: 'info' } },
];
const KINDS = ['exchange', 'risk', 'notifier'] as const;
const lines: string[] = [];
const signal = new AbortController().signal;
const account = { strategy: 'alpha', capital: 10_000, cash: 10_000, equity: 10_000, exposure: 0, positions: [] };
const view: RiskView = { time: 3_600_000, account, accounts: [account] };
const intent = { strategy: 'alpha', market: 'BTC/USDT', side: 'long', qty: 1, price: 100 } as const;
const notification = (key: string): Notification => ({ key, level: 'error', strategy: null, title: 't', text: 'x', time: 0 });

let kernel: Kernel;
let discovery: Discovered;

const report = (): DoctorReport =>
  doctorReport(discovery, kernel.lifecycle, { file: null, findings: [] }, [], { strat: 'x', node: process.versions.node });
const codesOf = (id: string): readonly string[] =>
  report()
    .problems.filter(({ plugin }) => plugin === id)
    .map(({ code }) => code);
const stateOf = (id: string): string | undefined => kernel.lifecycle.status().find((one) => one.id === id)?.state;
function port<K extends PluginKind>(kind: K, name: string): PluginPorts[K] {
  const found = kernel.lifecycle.ports(kind).get(name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

beforeAll(async () => {
  kernel = createKernel({
    log: createLogger({ destination: { write: (line) => lines.push(line) }, pretty: false }),
    folder: '/',
    budgetMs: 150,
  });
  discovery = await kernel.discover([FAULTY]);
  const faulty = [...discovery.plugins.values()]
    .filter(({ isOwn }) => !isOwn)
    .map(({ manifest }) => ({ name: manifest.id, id: manifest.id, config: {} }));
  await kernel.lifecycle.apply(discovery, [...faulty, ...GOOD]);
});
afterAll(async () => {
  await kernel.close();
});

describe('with a throwing, hanging, leaking and lying plugin of each kind', () => {
  test('the good ones run', () => {
    expect(kernel.lifecycle.status()).toHaveLength(15 + GOOD.length);
    for (const { id } of GOOD) expect(stateOf(id), id).toBe('running');
  });

  test.for(KINDS)('a throwing %s is named, without its secret', (kind) => {
    expect(stateOf(`${kind}/throws`)).toBe('failed');
    expect(codesOf(`${kind}/throws`)).toEqual(['PLUGIN_FAILED']);
    const [problem] = report().problems.filter(({ plugin }) => plugin === `${kind}/throws`);
    expect(problem?.text).toBe(`Plugin "${kind}/throws" failed in setup: no way: apiKey=[redacted]`);
  });

  test.for(KINDS)('a hanging %s is given up and named', (kind) => {
    expect(stateOf(`${kind}/hangs`)).toBe('failed');
    expect(codesOf(`${kind}/hangs`)).toEqual(['PLUGIN_TIMEOUT']);
  });

  test('a lying exchange gives no bar that goes back in time', async () => {
    const feed = await port('exchange', 'exchange/lies').openFeed('BTC/USDT', '1h', signal);
    expect(feed.bar(0)).toMatchObject({ time: 7_200_000 });
    expect(() => feed.bar(1)).toThrow('not after the bar before it');
    expect(codesOf('exchange/lies')).toEqual(['PLUGIN_LIED']);
  });

  test('a lying exchange gives no columns but numbers, and none that nobody wished for', async () => {
    const wish = { columns: ['funding_rate', 'spread'], isBeside: false } as const;
    const feed = await port('exchange', 'exchange/lies').openFeed('BTC/USDT', '1h', signal, wish);
    expect(feed.columns).toEqual(['funding_rate']);
    expect(feed.bar(0)?.further).toEqual({ funding_rate: Number.NaN });
  });

  test('a lying exchange gives no feed of another market', async () => {
    await expect(port('exchange', 'exchange/lies').openFeed('BTC/USDT', '15m', signal)).rejects.toThrow('asked for 15m');
  });

  test('an exchange that fails or hangs when it is asked is an error for who asked, and named', async () => {
    const exchange = port('exchange', 'exchange/fails');
    await expect(exchange.openFeed('BTC/USDT', '1h', signal)).rejects.toThrow('the line is dead');
    await expect(exchange.openFeed('HANG', '1h', signal)).rejects.toThrow('took longer than 1800 ms in openFeed');
    expect(codesOf('exchange/fails')).toEqual(['PLUGIN_FAILED', 'PLUGIN_TIMEOUT']);
    expect(stateOf('exchange/fails')).toBe('running');
  });

  test('a lying risk rule cannot raise a quantity', () => {
    expect(port('risk', 'risk/lies').review(intent, view)).toEqual({ qty: 1, reason: null });
    expect(codesOf('risk/lies')).toEqual(['PLUGIN_LIED']);
  });

  test('a risk rule that throws approves of nothing, and its neighbour still answers', () => {
    const rule = port('risk', 'risk/fails');
    expect(rule.review(intent, view).qty).toBe(0);
    expect(rule.afterBar(view)).toBeNull();
    expect(codesOf('risk/fails')).toEqual(['PLUGIN_FAILED', 'PLUGIN_FAILED']);
    expect(port('risk', 'risk/max-position').review({ ...intent, qty: 100 }, view).qty).toBe(25);
  });

  test('a plugin that fails a thousand times neither fills the log nor the memory', () => {
    const rule = port('risk', 'risk/fails');
    const before = lines.length;
    for (let i = 0; i < 998; i++) rule.review(intent, view);
    expect(kernel.lifecycle.status().find(({ id }) => id === 'risk/fails')?.faults).toBe(1000);
    expect(lines.length - before).toBe(3);
    expect(codesOf('risk/fails')).toHaveLength(2);
  });

  test('a notifier that is none does not start, one that fails or hangs rejects for nobody', async () => {
    expect(stateOf('notifier/lies')).toBe('failed');
    expect(codesOf('notifier/lies')).toEqual(['PLUGIN_LIED']);
    const notifier = port('notifier', 'notifier/fails');
    await notifier.notify(notification('a'), signal);
    await notifier.notify(notification('hang'), signal);
    expect(codesOf('notifier/fails')).toEqual(['PLUGIN_FAILED', 'PLUGIN_TIMEOUT']);
  });

  test('a hanging notifier cannot pile up messages', async () => {
    const asked = Array.from({ length: 150 }, async () => port('notifier', 'notifier/fails').notify(notification('hang'), signal));
    await Promise.all(asked);
    expect(report().problems.map(({ text }) => text)).toContainEqual(expect.stringContaining('100 notifications are waiting'));
  });

  test('each fault is in the log with the plugin it is of', () => {
    for (const id of ['exchange/throws', 'risk/hangs', 'risk/lies', 'notifier/fails'])
      expect(
        lines.some((line) => line.includes(`"plugin":"${id}"`) && line.includes('"level":"error"')),
        id,
      ).toBe(true);
    expect(lines.join('')).not.toContain('abc123');
  });

  test('doctor shows the tree with the problems below what they are about', () => {
    const text = doctorText(report());
    expect(text).toMatch(
      /exchange\/hangs {2}Never starts .*\n {4}failed .*\n {4}! Plugin "exchange\/hangs" took longer than 150 ms in start/,
    );
    expect(text).toContain('main: running');
    expect(report().ok).toBe(false);
  });

  // The last one: it stops them all.
  test('a leaking one of each kind is named when it has stopped', async () => {
    await kernel.lifecycle.stop();
    for (const kind of KINDS) {
      expect(codesOf(`${kind}/leaks`)).toEqual(['PLUGIN_LEAKED']);
      expect(report().problems.find(({ plugin }) => plugin === `${kind}/leaks`)?.text).toContain('1 timer');
    }
    for (const { id } of GOOD) expect(codesOf(id), id).toEqual([]);
  });
});
