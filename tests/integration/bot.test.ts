import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fillsOf } from '#core/engine/log-rows.ts';
import type { NumberedEvent } from '#core/ports/bot-control.ts';
import type { Bot, BotStrategy } from '#core/runtime/bot/bot.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createPacer, type Pacer } from '#core/runtime/feeds/pacer.ts';
import { loadMarketData } from '#core/runtime/market-data.ts';
import { outcomeOf, type PaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import { paperDocument } from '#core/runtime/paper/paper-bot.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import { BUSY_STRATEGY, BOT_LIMITS as LIMITS, gappyFile, onFile, openBot, prepared, temporaryFolder } from './paper-runs.ts';

const paced = (strategy: PreparedStrategy, file: string, pacer: Pacer): BotStrategy => ({
  prepared: strategy,
  markets: [{ feed: onFile(strategy, file).feed, pacer }],
});

/** A bot with two strategies on one file, at a pace that leaves time to act. */
function twoStrategies(
  home: string,
  file: string,
  barsPerSecond: number,
  rules: readonly NamedRule[] = [],
): { readonly bot: Bot; readonly opened: readonly PaperStrategy[]; readonly close: () => void } {
  const { bot, close } = openBot(home, rules);
  const pacer = createPacer(systemClock, barsPerSecond);
  const opened = ['one.strat', 'two.strat'].map((name) => bot.open(paced(prepared(BUSY_STRATEGY, name), file, pacer)));
  return { bot, opened, close };
}

/** Resolves with the first event that fits. */
function eventOf(bot: Bot, fits: (event: NumberedEvent) => boolean): Promise<NumberedEvent> {
  const { promise, resolve } = Promise.withResolvers<NumberedEvent>();
  const end = bot.subscribe((event) => {
    if (!fits(event)) return;
    end();
    resolve(event);
  });
  return promise;
}

const barOf = (bot: Bot, strategy: string): Promise<NumberedEvent> =>
  eventOf(bot, (event) => event.type === 'bar' && event.strategy === strategy);

describe('an operator', () => {
  test('pauses one strategy: it leaves and enters no more, the other trades on; resumed, it enters again', async () => {
    const folder = temporaryFolder();
    const { bot, opened } = twoStrategies(join(folder, 'home'), gappyFile(folder, 400), 100);
    for (const { id } of opened) bot.start(id);
    await eventOf(bot, (event) => event.type === 'fill' && event.strategy === 'one');
    expect(bot.pause('one')).toMatchObject({ ok: true });
    // The decision of the bar in work may still order.
    await barOf(bot, 'one');
    await barOf(bot, 'one');
    const from = bot.strategies()[0]!.bars;
    for (let entries = 0; entries < 3;)
      entries += (await eventOf(bot, (event) => event.type === 'fill' && event.strategy === 'two')).seq > 0 ? 1 : 0;
    const until = bot.strategies()[0]!.bars;
    expect(bot.strategies().map(({ state }) => state)).toEqual(['paused', 'running']);
    const entriesOf = (strategy: PaperStrategy): readonly number[] =>
      fillsOf(outcomeOf(strategy).log).flatMap(({ kind, bar }) => (kind === 'entry' ? [bar] : []));
    expect(entriesOf(opened[0]!).filter((bar) => bar >= from)).toEqual([]);
    expect(until).toBeGreaterThan(from);
    expect(bot.resume('one')).toMatchObject({ ok: true });
    await eventOf(bot, (event) => event.type === 'fill' && event.strategy === 'one' && event.kind === 'entry');
    bot.stopAll('test');
    await bot.ended();
  });

  test('flattens: the position closes with that reason and the strategy stays paused, also after a restart', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 300);
    const first = twoStrategies(join(folder, 'home'), file, 100);
    for (const { id } of first.opened) first.bot.start(id);
    await eventOf(first.bot, (event) => event.type === 'bar' && event.strategy === 'one' && event.qty !== 0);
    expect(first.bot.flatten('one')).toMatchObject({ ok: true });
    const fill = await eventOf(first.bot, (event) => event.type === 'fill' && event.strategy === 'one' && event.kind === 'flatten');
    expect(fill.type === 'fill' ? fill.reason : '').toBe('flatten');
    await barOf(first.bot, 'one');
    expect(first.bot.strategies()[0]).toMatchObject({ state: 'paused', markets: [{ qty: 0 }] });
    first.bot.stopAll('test');
    await first.bot.ended();
    first.close();
    const second = twoStrategies(join(folder, 'home'), file, 100);
    expect(second.bot.strategies().map(({ state }) => state)).toEqual(['paused', 'running']);
    second.bot.abandon();
  });

  test('lets a strategy go on that its own limit has halted, which the journal knows', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 400);
    const halting = prepared(BUSY_STRATEGY.replace('max trades 8 per day', 'max trades 1 then halt'), 'halting.strat');
    const home = join(folder, 'home');
    const first = openBot(home);
    const strategy = first.bot.open(paced(halting, file, createPacer(systemClock, 200)));
    const entriesOf = (one: PaperStrategy): number => fillsOf(outcomeOf(one).log).filter(({ kind }) => kind === 'entry').length;
    const isEntry = (event: NumberedEvent): boolean => event.type === 'fill' && event.kind === 'entry';
    first.bot.start(strategy.id);
    await eventOf(first.bot, isEntry);
    const halted = strategy.account.steps;
    await eventOf(first.bot, () => strategy.account.steps > halted + 40);
    expect(entriesOf(strategy)).toBe(1);
    expect(first.bot.resume(strategy.id)).toMatchObject({ ok: true });
    await eventOf(first.bot, isEntry);
    first.bot.stopAll('test');
    await first.bot.ended();
    first.close();
    const second = openBot(home);
    const again = second.bot.open(paced(halting, file, createPacer(systemClock, 200)));
    expect(entriesOf(again)).toBe(2);
    expect([...again.account.registers()]).toEqual([...strategy.account.registers()]);
    second.bot.abandon();
  });

  test('stops one strategy for good, and is told what cannot be done', async () => {
    const folder = temporaryFolder();
    const { bot, opened } = twoStrategies(join(folder, 'home'), gappyFile(folder, 200), 100);
    for (const { id } of opened) bot.start(id);
    await barOf(bot, 'one');
    expect(bot.stop('one')).toMatchObject({ ok: true });
    await eventOf(bot, (event) => event.type === 'state' && event.strategy === 'one' && event.state === 'stopped');
    expect(bot.resume('one')).toMatchObject({ ok: false, code: 'REFUSED' });
    expect(bot.pause('nobody')).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    expect(bot.strategies()[1]?.state).toBe('running');
    bot.stopAll('test');
    const outcomes = await bot.ended();
    expect(outcomes.map(({ end }) => end?.reason)).toEqual(['stopped', 'stopped']);
  });
});

test('a strategy leaves and another version of it goes on with its account, while the bot runs', async () => {
  const folder = temporaryFolder();
  const file = gappyFile(folder, 300);
  const { bot } = openBot(join(folder, 'home'));
  const pacer = createPacer(systemClock, 200);
  const first = bot.open(paced(prepared(BUSY_STRATEGY, 'one.strat'), file, pacer));
  bot.start(first.id);
  await eventOf(bot, (event) => event.type === 'fill');
  const ended = bot.ended();
  await bot.changing(async () => {
    await bot.remove('one', 'its params changed');
    const next = bot.open(paced(prepared(BUSY_STRATEGY, 'one.strat', { fast: '3' }), file, pacer));
    expect(next.account.steps).toBe(first.account.steps);
    expect(next.notes.join(' ')).toContain('params');
    bot.start(next.id);
  });
  const [outcome] = await ended;
  expect(outcome?.strategy.account.steps).toBe(300);
  const document = outcome === undefined ? null : paperDocument(outcome, {});
  expect(document?.warnings.map(({ code }) => code)).toContain('MIXED_RULES');
  expect(bot.strategies()[0]?.params).toEqual({ fast: 3 });
});

describe('risk rules', () => {
  /** Lets at most 0.01 BTC through and takes a day off after a loss: enough to act often. */
  const strict = (): NamedRule => {
    const dayOf = (time: number): number => Math.floor(time / 86_400_000);
    const start = new Map<number, number>();
    return {
      id: 'strict',
      rule: {
        afterBar: ({ time, account }) => {
          const day = dayOf(time);
          if (!start.has(day)) start.set(day, account.equity);
          const loss = start.get(day)! - account.equity;
          return loss > account.capital * 0.0001 ? { flatten: true, pauseUntil: (day + 1) * 86_400_000, reason: 'enough for today' } : null;
        },
        review: ({ qty }) => ({ qty: Math.min(qty, 0.01), reason: 'too much' }),
      },
    };
  };

  test('act alike in a backtest, on paper, and on paper that was stopped in between', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, 600);
    const strategy = prepared(BUSY_STRATEGY, 'one.strat');
    const data = loadMarketData(
      { file: 'one.strat', markets: ['BTC/USDT'], timeframe: '1h' },
      { data: [file], timeframe: null, from: null, to: null },
    );
    const run = async (rules: readonly NamedRule[]) => {
      const { logs, equity, acted } = await portfolioRun([{ label: 'Busy', prepared: strategy, markets: [data] }], rules, LIMITS);
      return { log: logs[0]!, equity, acted };
    };
    const expected = await run([strict()]);
    const free = await run([]);
    expect(expected.acted.get('strict')).toBeGreaterThan(10);
    expect([...expected.log]).not.toEqual([...free.log]);
    const bought = fillsOf(expected.log).filter(({ kind }) => kind === 'entry' || kind === 'add');
    expect(Math.max(...bought.map(({ qty }) => Math.abs(qty)))).toBeLessThanOrEqual(0.01);
    expect(fillsOf(expected.log).some(({ kind }) => kind === 'flatten')).toBe(true);

    const home = join(folder, 'home');
    let log: Float64Array = new Float64Array(0);
    let equity: Float64Array = new Float64Array(0);
    for (const pieces of [150, 377, Infinity]) {
      const { bot, close } = openBot(home, [strict()]);
      const opened = bot.open(paced(strategy, file, createPacer(systemClock, Infinity)));
      bot.start(opened.id);
      const stop = bot.subscribe((event) => {
        if (event.type === 'bar' && opened.account.steps >= pieces) bot.stopAll('test');
      });
      await bot.ended();
      stop();
      ({ log, equity } = outcomeOf(opened));
      close();
    }
    expect({ log: [...log], equity: [...equity] }).toEqual({ log: [...expected.log], equity: [...expected.equity] });
  });
});
