import { afterEach, describe, expect, test, vi } from 'vitest';
import { createFakeBot, type FakeBot } from '../../dev/fake-bot.ts';
import { type FakeServer, startFakeServer } from '../../dev/fake-server.ts';
import { createBotClient, Refused } from '../api/bot-client.ts';
import type { StreamPace } from '../api/event-stream.ts';
import { type BotSession, openBotSession } from './bot-session.ts';
import { ALL, chartKey } from './page-state.ts';

const PACE: StreamPace = { waitMs: () => 20, patience: 3, silenceMs: 60_000 };
const TOKEN = 'secret';
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function start(bot: FakeBot, port = 0): Promise<FakeServer> {
  const server = await startFakeServer({ bot, page: '/nowhere', token: TOKEN, port });
  open.push(() => server.close());
  return server;
}

function connect(server: FakeServer, pace: StreamPace = PACE): BotSession {
  const session = openBotSession(createBotClient(`${server.url}/api/v1`), pace);
  open.push(() => session.close());
  return session;
}

const newBot = (startedAt = 1): FakeBot => createFakeBot({ history: 60, oldTrades: 0, startedAt });
const lastTime = (bot: FakeBot): number | undefined => bot.candles('sma-cross', null, 1)[0]?.time;
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 10 });

describe('a session of the page', { timeout: 30_000 }, () => {
  test('loads what the bot says, and follows its events', async () => {
    const bot = newBot();
    const server = await start(bot);
    const { store, ...session } = connect(server);
    session.showCandles('sma-cross', 'SIM:BTC/USDT');
    session.showEquity(ALL);
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toEqual(bot.candles('sma-cross', null, 100)));
    await until(() => expect(store.get().connection).toBe('live'));
    for (let i = 0; i < 40; i += 1) bot.step();
    await until(() => {
      expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toEqual(bot.candles('sma-cross', null, 200));
      expect(store.get().equity[ALL]).toEqual(bot.equity(null, 200));
      expect(store.get().strategies).toEqual(bot.strategies());
      expect(store.get().orders).toEqual(bot.orders(null));
      expect(store.get().trades).toHaveLength(bot.trades(null).length);
    });
  });

  test('loads a chart asked for later without a hole', async () => {
    const bot = newBot();
    const { store, ...session } = connect(await start(bot));
    await until(() => expect(store.get().strategies).toHaveLength(2));
    session.showCandles('rsi-dip', 'SIM:ETH/USDT');
    for (let i = 0; i < 30; i += 1) {
      bot.step();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => expect(store.get().candles[chartKey('rsi-dip', 'SIM:ETH/USDT')]).toEqual(bot.candles('rsi-dip', null, 200)));
  });

  test('loads a chart that is asked for while the last of the rest comes in', async () => {
    const bot = newBot();
    const { store, ...session } = connect(await start(bot));
    session.showEquity(ALL);
    store.subscribe(() => {
      if (store.get().equity[ALL] !== undefined) session.showCandles('rsi-dip', 'SIM:ETH/USDT');
    });
    await until(() => expect(store.get().candles[chartKey('rsi-dip', 'SIM:ETH/USDT')]).toEqual(bot.candles('rsi-dip', null, 100)));
  });

  test('gets what it missed after a broken connection, once', async () => {
    const bot = newBot();
    const server = await start(bot);
    const { store, ...session } = connect(server);
    session.showCandles('sma-cross', 'SIM:BTC/USDT');
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toBeDefined());
    bot.emit({ type: 'log', level: 'info', strategy: null, time: 1, text: 'before' });
    await until(() => expect(store.get().log.map(({ text }) => text)).toEqual(['before']));
    server.dropStreams();
    bot.emit({ type: 'log', level: 'info', strategy: null, time: 2, text: 'while away' });
    for (let i = 0; i < 5; i += 1) bot.step();
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]?.at(-1)?.time).toBe(lastTime(bot)));
    expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toEqual(bot.candles('sma-cross', null, 200));
    const texts = store.get().log.map(({ text }) => text);
    expect(texts.filter((text) => text === 'before')).toHaveLength(1);
    expect(texts.filter((text) => text === 'while away')).toHaveLength(1);
    expect(texts.some((text) => text.includes('missed'))).toBe(false);
  });

  test('loads everything again after a gap, and says so', async () => {
    const bot = newBot();
    const server = await start(bot);
    const { store, ...session } = connect(server);
    session.showCandles('sma-cross', 'SIM:BTC/USDT');
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toBeDefined());
    bot.step();
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]?.at(-1)?.time).toBe(lastTime(bot)));
    server.dropStreams();
    for (let i = 0; i < 5; i += 1) bot.step();
    server.forgetEvents();
    await until(() => expect(store.get().log.map(({ text }) => text)).toContain('Events were missed; everything shown was loaded again.'));
    await until(() => expect(store.get().candles[chartKey('sma-cross', 'SIM:BTC/USDT')]).toEqual(bot.candles('sma-cross', null, 200)));
  });

  test('shows a bot that is gone as stopped, and finds the one that comes after it', async () => {
    const first = await start(newBot(1));
    const { store } = connect(first);
    await until(() => expect(store.get().bot?.startedAt).toBe(1));
    await until(() => expect(store.get().connection).toBe('live'));
    await first.close();
    await until(() => expect(store.get().connection).toBe('stopped'));
    const next = newBot(2);
    for (let i = 0; i < 3; i += 1) next.step();
    await start(next, Number(new URL(first.url).port));
    await until(() => expect(store.get().bot?.startedAt).toBe(2));
    await until(() => expect(store.get().strategies).toEqual(next.strategies()));
    expect(store.get().connection).toBe('live');
  });

  test('gives commands with the token, and says what the bot says to a wrong one', async () => {
    const bot = newBot();
    const { client } = connect(await start(bot));
    await expect(client.command('pause', 'sma-cross', 'wrong')).rejects.toThrow('token');
    await expect(client.command('pause', 'sma-cross', 'wrong')).rejects.toBeInstanceOf(Refused);
    expect(bot.strategies()[0]?.state).toBe('running');
    await expect(client.command('pause', 'sma-cross', TOKEN)).resolves.toContain('paused');
    expect(bot.strategies().map(({ state }) => state)).toEqual(['paused', 'running']);
    await client.command('stop', null, TOKEN);
    expect(bot.strategies().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    await expect(client.command('pause', 'nobody', TOKEN)).rejects.toThrow('nobody');
  });

  test('goes on after an event that it cannot read', async () => {
    const bot = newBot();
    const { store } = connect(await start(bot));
    await until(() => expect(store.get().connection).toBe('live'));
    const broken: unknown = { type: 'log', level: 'loud', strategy: null, time: 1, text: 'x' };
    bot.emit(broken as Parameters<FakeBot['emit']>[0]);
    bot.emit({ type: 'log', level: 'info', strategy: null, time: 2, text: 'fine' });
    await until(() => expect(store.get().log.map(({ text }) => text)).toContain('fine'));
    expect(store.get().log.some(({ text }) => text.includes('event log.level'))).toBe(true);
  });
});
