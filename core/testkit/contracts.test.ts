/** The contracts themselves: each must catch the liar that breaks one of its demands, by the name of that demand. */
import { describe, expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import type { BarFeedPort } from '#core/ports/bar-feed.ts';
import { createBarPace } from '#core/ports/bar-pace.ts';
import type { Notification, NotifierPort } from '#core/ports/notifier.ts';
import type { PluginContext, PluginInstance } from '#core/ports/plugin.ts';
import type { RiskRulePort } from '#core/ports/risk-rule.ts';
import { brokenCases } from './contract-case.ts';
import { exchangeCases } from './exchange-contract.ts';
import { type NotifierHarness, notifierCases } from './notifier-contract.ts';
import { pluginSurroundings } from './plugin-surroundings.ts';
import { riskRuleCases } from './risk-rule-contract.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

describe('the exchange contract', () => {
  const honest = (context: PluginContext, speed: number, lie: (feed: BarFeedPort) => Partial<BarFeedPort>): PluginInstance<'exchange'> => {
    const pace = createBarPace(context.clock, speed);
    return {
      port: {
        can: { bars: true, orders: false },
        openFeed: async (market, timeframe) => {
          if (market !== 'BTC/USDT') throw new StratError('DATA_MISSING', { market, reason: 'no', hint: 'no' });
          const feed: BarFeedPort = {
            description: { kind: 'sim', seed: 0 },
            market,
            timeframe,
            stepMs: HOUR,
            rows: 40,
            isSynthetic: true,
            warnings: [],
            bar: (i) => (i < 40 ? { time: START + i * HOUR, open: 10, high: 11, low: 9, close: 10, volume: i } : null),
            due: pace.due,
          };
          return { ...feed, ...lie(feed) };
        },
      },
    };
  };
  const broken = async (lie: (feed: BarFeedPort) => Partial<BarFeedPort>): Promise<readonly string[]> =>
    brokenCases(
      exchangeCases({
        create: (context, speed) => honest(context, speed, lie),
        market: 'BTC/USDT',
        timeframe: '1h',
        missingMarket: 'ETH/USDT',
      }),
    );
  const changed =
    (at: number, change: object) =>
    (feed: BarFeedPort): Partial<BarFeedPort> => ({
      bar: (i) => {
        const bar = feed.bar(i);
        return bar !== null && i === at ? { ...bar, ...change } : bar;
      },
    });
  const WHOLE = 'gives bars that are whole, on the grid of the timeframe, oldest first, each time once';

  test('holds for an honest one', async () => expect(await broken(() => ({}))).toEqual([]));

  test.for([
    { name: 'a high below the close', lie: changed(7, { high: 9.5 }), catches: WHOLE },
    { name: 'a price that is no number', lie: changed(7, { close: NaN }), catches: WHOLE },
    { name: 'a bar off the grid', lie: changed(7, { time: START + 7 * HOUR + 1 }), catches: WHOLE },
    { name: 'a bar twice', lie: changed(7, { time: START + 6 * HOUR }), catches: WHOLE },
    { name: 'another timeframe', lie: () => ({ timeframe: '4h' }), catches: 'opens the market and timeframe that it was asked for' },
    { name: 'fewer bars than it says', lie: () => ({ rows: 41 }), catches: 'ends where it says, and not before' },
    {
      name: 'other bars at each look',
      lie: (feed: BarFeedPort): Partial<BarFeedPort> => {
        let looks = 0;
        return { bar: (i) => (feed.bar(i) === null ? null : { ...feed.bar(i)!, volume: looks++ }) };
      },
      catches: 'gives the same bars again: going back, and in a second feed',
    },
    {
      name: 'columns that its bars do not have',
      lie: (): Partial<BarFeedPort> => ({ columns: ['funding_rate'] }),
      catches: 'gives of the columns that are wished for what it says, and the candles that it gives anyway',
    },
    {
      name: 'a column without a number',
      lie: (feed: BarFeedPort): Partial<BarFeedPort> => ({
        columns: ['funding_rate'],
        bar: (i) => (feed.bar(i) === null ? null : { ...feed.bar(i)!, further: { funding_rate: Infinity } }),
      }),
      catches: 'gives of the columns that are wished for what it says, and the candles that it gives anyway',
    },
    {
      name: 'a past that has to be waited for',
      lie: (feed: BarFeedPort): Partial<BarFeedPort> => ({ due: async (i, _history, signal) => feed.due(i + 1, 0, signal) }),
      catches: 'has the bars of the past at once',
    },
    {
      name: 'a wait that does not end',
      lie: (feed: BarFeedPort): Partial<BarFeedPort> => ({
        due: async (i, history) => feed.due(i, history, new AbortController().signal),
      }),
      catches: 'stops waiting as soon as it is told to',
    },
    {
      name: 'a favourite',
      lie: (() => {
        let feeds = 0;
        return (feed: BarFeedPort): Partial<BarFeedPort> => {
          const isFavourite = feeds++ % 2 === 0;
          return { due: async (i, history, signal) => (isFavourite ? undefined : feed.due(i, history, signal)) };
        };
      })(),
      catches: 'shows a bar to every strategy at the same time, and never before the one ahead of it',
    },
  ])('catches $name', async ({ lie, catches }) => {
    expect(await broken(lie)).toContain(catches);
  });

  test('catches a secret in an error', async () => {
    const cases = exchangeCases({
      create: () => ({
        port: {
          can: { bars: true, orders: false },
          openFeed: async () => Promise.reject(new StratError('INTERNAL', { reason: 'key=hunter2' })),
        },
      }),
      market: 'BTC/USDT',
      timeframe: '1h',
      secrets: ['hunter2'],
    });
    expect(await brokenCases(cases)).toContain('keeps its secrets out of logs and errors');
  });
});

describe('the risk rule contract', () => {
  const honest: RiskRulePort = {
    afterBar: () => null,
    review: ({ qty }) => (qty > 0 && qty < Infinity ? { qty, reason: null } : { qty: 0, reason: 'no number' }),
  };
  const liars: readonly { readonly name: string; readonly create: () => RiskRulePort; readonly catches: string }[] = [
    {
      name: 'one that throws',
      create: () => ({
        ...honest,
        review: ({ qty }) => {
          if (!(qty > 0)) throw new RangeError('no number');
          return { qty, reason: null };
        },
      }),
      catches: 'answers for any numbers at all, and never throws',
    },
    {
      name: 'one that raises',
      create: () => ({ ...honest, review: ({ qty }) => ({ qty: qty * 1.5, reason: null }) }),
      catches: 'never raises a quantity',
    },
    {
      name: 'one that keeps silent',
      create: () => ({ ...honest, review: () => ({ qty: 0, reason: null }) }),
      catches: 'says why when it cuts or refuses',
    },
    {
      name: 'one that pauses until yesterday',
      create: () => ({ ...honest, afterBar: ({ time }) => ({ flatten: false, pauseUntil: time - 1, reason: 'x' }) }),
      catches: 'pauses until a time that is still to come',
    },
    {
      name: 'one that rolls dice',
      create: () => ({ ...honest, review: ({ qty }) => ({ qty: qty * Math.random(), reason: 'dice' }) }),
      catches: 'gives the same answers to the same calls',
    },
    {
      name: 'one that counts reviews',
      create: () => {
        let reviews = 0;
        return { ...honest, review: ({ qty }) => (reviews++ < 3 ? { qty, reason: null } : { qty: 0, reason: 'enough' }) };
      },
      catches: 'changes nothing by a review',
    },
    {
      name: 'one that changes what it is shown',
      create: () => ({
        ...honest,
        afterBar: ({ account }) => {
          Object.assign(account, { cash: 0 });
          return null;
        },
      }),
      catches: 'leaves what it is shown as it was',
    },
    {
      name: 'one that dislikes small orders',
      create: () => ({
        ...honest,
        review: ({ qty }) => (qty > 1 && qty < Infinity ? { qty, reason: null } : { qty: 0, reason: 'too small' }),
      }),
      catches: 'lets a smaller order pass where a larger one does',
    },
  ];

  test('holds for an honest one', async () => expect(await brokenCases(riskRuleCases({ create: () => honest }))).toEqual([]));

  test.for(liars)('catches $name', async ({ create, catches }) => {
    expect(await brokenCases(riskRuleCases({ create }))).toContain(catches);
  });
});

describe('the notifier contract', () => {
  type Send = (notification: Notification) => void;
  const honest =
    (send: Send, isBroken: () => boolean): NotifierPort['notify'] =>
    async (notification, signal) => {
      if (signal.aborted) return;
      if (isBroken()) throw new Error('the channel is down');
      send(notification);
    };
  const once =
    (inner: (send: Send, isBroken: () => boolean) => NotifierPort['notify']): typeof inner =>
    (send, isBroken) => {
      const seen = new Set<string>();
      const notify = inner(send, isBroken);
      return async (notification, signal) => {
        if (seen.has(notification.key)) return;
        await notify(notification, signal);
        seen.add(notification.key);
      };
    };
  const broken = async (make: (send: Send, isBroken: () => boolean) => NotifierPort['notify']): Promise<readonly string[]> =>
    brokenCases(
      notifierCases({
        secrets: ['hunter2'],
        create: (): NotifierHarness => {
          const arrived: Notification[] = [];
          let isBroken = false;
          const { lines, end } = pluginSurroundings();
          const notify = make(
            (notification) => arrived.push(notification),
            () => isBroken,
          );
          return {
            instance: { port: { notify } },
            arrived: () => arrived,
            breakChannel: (next) => {
              isBroken = next;
            },
            lines,
            end: async () => end(),
          };
        },
      }),
    );

  test('holds for an honest one', async () => {
    const seen = new Set<string>();
    const deduplicating = (send: Send, isBroken: () => boolean): NotifierPort['notify'] => {
      seen.clear();
      return async (notification, signal) => {
        if (signal.aborted || seen.has(notification.key)) return;
        if (isBroken()) throw new Error('the channel is down');
        seen.add(notification.key);
        send(notification);
      };
    };
    expect(await broken(deduplicating)).toEqual([]);
  });

  test.for([
    { name: 'one that repeats itself', make: honest, catches: 'sends one message for one key, however often it is asked' },
    { name: 'one that sends nothing', make: once(() => async () => undefined), catches: 'delivers a notification once, with its title' },
    {
      name: 'one that hides failures',
      make: once((send, isBroken) => async (notification) => {
        if (!isBroken()) send(notification);
      }),
      catches: 'rejects when its channel fails, and works again with the channel',
    },
    {
      name: 'one that does not listen',
      make: once((send) => async (notification) => send(notification)),
      catches: 'sends nothing when it is told to stop beforehand',
    },
    {
      name: 'one that tells secrets',
      make: once((send, isBroken) => async (notification) => {
        if (isBroken()) throw new Error('cannot reach https://host/hunter2');
        send(notification);
      }),
      catches: 'keeps its secrets out of logs and errors',
    },
    {
      name: 'one that chokes on odd texts',
      make: once((send) => async (notification) => {
        if (/\p{C}/u.test(notification.title)) throw new Error('what?');
        send(notification);
      }),
      catches: 'takes texts of any characters',
    },
  ])('catches $name', async ({ make, catches }) => {
    expect(await broken(make)).toContain(catches);
  });
});
