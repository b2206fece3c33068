import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import { type Fill, fillsOf } from '#core/engine/log-rows.ts';
import { DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createPacer } from '#core/runtime/feeds/pacer.ts';
import { openJournal } from '#core/runtime/journal/journal-file.ts';
import { loadMarkets, type MarketData } from '#core/runtime/market-data.ts';
import { outcomeOf } from '#core/runtime/paper/open-paper-strategy.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import type { PaperAccount } from '#core/runtime/paper/paper-account.ts';
import { restoreAccount } from '#core/runtime/paper/restore-account.ts';
import { portfolioRun } from '#core/runtime/portfolio/portfolio-run.ts';
import type { PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import {
  BUSY_STRATEGY,
  essence,
  essences,
  gappyFile,
  onMarkets,
  openBot,
  prepared,
  runPaper,
  startStrat,
  temporaryFolder,
} from './paper-runs.ts';

const MARKETS = ['BTC/USDT', 'ETH/USDT', 'XRP/USDT'] as const;
const BARS = 30;
const JOURNAL = 'paper/busy/journal.jsonl';

/** Looks at the account that its markets share, and is held by limits of all of them. */
const TEXT = BUSY_STRATEGY.replace('trade BTC/USDT on 1h', `trade ${MARKETS.join(', ')} on 1h`)
  .replace('enter when quick crosses above slow', 'enter when quick crosses above slow and cash > 0.3 * equity')
  .replace('risk { max trades 8 per day }', 'risk { max positions 2\n max loss 0.1% per day then pause 3 bars }');
const busy = (): PreparedStrategy => prepared(TEXT, 'busy.strat');

/** Buys on the first bar of each market, and holds. */
const HOLDER = `strat 1
strategy "Holder"
trade ${MARKETS.join(', ')} on 1h
enter long when close > 0
size 20% of equity
stop 60%
`;

/** Holds the two that fell most, in proportion to their volume; members change on most days. */
const ROTATION = `strat 1
strategy "Rotation"
universe {
  list [${MARKETS.join(', ')}]
  filter volume > 0 and high > low * 1.0005
  rank by roc(close, 3) ascending
  hold top 2
  weight by volume
  rebalance every 6h
}
trade universe on 1h side both
enter long when close > sma(close, 4) and drawdown < 50%
exit long when close < sma(close, 6)
size 80% of equity max 60% of equity
stop 2%
risk { max loss 0.4% per day then pause 3 bars }
`;

/** A basket, whose first leg is traded on its own too, and whose second is no market of the `trade` line. */
const SPREAD = `strat 1
strategy "Spread"
trade BTC/USDT, ETH/USDT on 1h side both
basket pair { buy ETH/USDT weight 1 sell XRP/USDT weight 0.5 }
enter long pair when close < sma(close, 3)
exit long pair when close > sma(close, 3)
enter long when close > sma(close, 6) and trades.count >= 0
exit long when close < sma(close, 6)
size 25% of equity
stop 0.4%
`;

/** Files with gaps at other places; the last market begins later and ends earlier. */
function files(folder: string, bars: number): readonly string[] {
  const all = ['BTC-USDT', 'ETH-USDT', 'XRP-USDT'].map((pair, at) => gappyFile(folder, bars, 11 + at, pair));
  const [head, ...lines] = readFileSync(all[2]!, 'utf8').trimEnd().split('\n');
  writeFileSync(all[2]!, `${[head, ...lines.slice(6, -4)].join('\n')}\n`);
  return all;
}

const dataOf = (strategy: PreparedStrategy, paths: readonly string[]): readonly MarketData[] =>
  loadMarkets(dataNeeds(strategy), { data: paths, timeframe: null, from: null, to: null });

const onFiles = (strategy: PreparedStrategy, paths: readonly string[]) => onMarkets(strategy, dataOf(strategy, paths));

async function expectedOf(strategy: PreparedStrategy, paths: readonly string[]): Promise<object> {
  return essence((await portfolioBacktest(strategy, dataOf(strategy, paths), DEFAULT_LIMITS, {})).document);
}

/** A home with the beginning of a journal. */
function cutHome(folder: string, what: string, journal: Buffer, end: number): string {
  const home = join(folder, `${what}-${end}`);
  mkdirSync(dirname(join(home, JOURNAL)), { recursive: true });
  writeFileSync(join(home, JOURNAL), journal.subarray(0, end));
  return home;
}

/** The account that the beginning of a journal tells of. */
function restoredAt(folder: string, journal: Buffer, end: number): PaperAccount {
  const file = join(cutHome(folder, 'restored', journal, end), JOURNAL);
  const { journal: opened, content } = openJournal(file, () => 0);
  opened.close();
  const { account, histories } = restoreAccount(file, content.lines)!;
  for (const history of histories) history.close();
  return account;
}

/** Where its last step is decided it has the equity that the whole run had there. */
function expectBeginning(end: number, account: PaperAccount, equity: Float64Array): void {
  const isDecided = account.steps > 0 && !account.awaitsDecision;
  expect([end, isDecided ? account.equity : null]).toEqual([end, isDecided ? equity[account.steps - 1] : null]);
}

/** Two at a time: each start is a process a market. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

describe('several markets on one account on paper', () => {
  it('are the backtest, on files with gaps at other places, and every event names its market', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 600);
    const events: PaperEvent[] = [];
    const outcomes = await runPaper(join(folder, 'home'), [onFiles(busy(), paths)], { onEvent: (event) => events.push(event) });
    const expected = await expectedOf(busy(), paths);
    expect(essences(outcomes)).toEqual([expected]);
    expect(expected).toMatchObject({ metrics: { tradeCount: expect.toSatisfy((count: number) => count > 60) } });
    const { account, markets } = outcomes[0]!.strategy;
    for (const [market, name] of MARKETS.entries()) {
      const own = events.filter((event) => 'market' in event && event.market === name);
      expect(own.filter(({ type }) => type === 'bar')).toHaveLength(account.bars(market));
      const fills = own.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));
      expect(fills.length).toBeGreaterThan(10);
      expect(markets[market]!.history.tape.trades().length).toBeGreaterThan(5);
      // No gap of one market was waited for: each has all bars of its own file.
      expect(account.bars(market)).toBe(markets[market]!.feed.rows);
    }
    expect(events.filter((event) => event.type === 'fill' && !MARKETS.some((name) => name === event.market))).toEqual([]);
  });

  it('end as an uninterrupted run after whichever record the journal ended', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const paths = files(folder, BARS);
    const expected = await expectedOf(busy(), paths);
    const whole = join(folder, 'whole');
    const [outcome] = await runPaper(whole, [onFiles(busy(), paths)]);
    expect(essences([outcome!])).toEqual([expected]);
    const journal = readFileSync(join(whole, JOURNAL));
    const ends: number[] = [];
    for (let at = journal.indexOf(0x0a); at >= 0; at = journal.indexOf(0x0a, at + 1)) ends.push(at + 1);
    const lineAt = (end: number): string => journal.subarray(journal.lastIndexOf(0x0a, end - 2) + 1, end).toString();
    const typeAt = (end: number): string => /"type":"(\w+)"/.exec(lineAt(end))?.[1] ?? '';
    expect(new Set(ends.map(typeAt))).toEqual(new Set(['start', 'bar', 'log', 'decision', 'stop']));

    // Each beginning of the journal is an account whose history is a beginning of the whole one.
    const { equity } = outcomeOf(outcome!.strategy);
    for (const end of ends) {
      const account = restoredAt(folder, journal, end);
      expectBeginning(end, account, equity);
      const cash = new Set(MARKETS.map((_, market) => account.registers(market)[ACCOUNT.cash]));
      expect(cash.size).toBe(1);
    }

    // Going on is a matter of processes: after every twelfth, each type of record among them.
    const chosen = ends.filter((_, at) => at % 12 === 2);
    expect(new Set(chosen.map(typeAt))).toEqual(new Set(['bar', 'log', 'decision']));
    await inPairs(chosen, async (end) => {
      const home = cutHome(folder, 'cut', journal, end);
      expect([end, essences(await runPaper(home, [onFiles(busy(), paths)]))]).toEqual([end, [expected]]);
    });
  });

  it('and when it was stopped often and its journal compacted, and a runner of one market killed', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, BARS);
    const home = join(folder, 'home');
    const often = { journalBytes: 3000 };
    let snapshots = 0;
    for (const stopAfter of [1, 8, 9, 22]) {
      await runPaper(home, [onFiles(busy(), paths)], { ...often, stopAfter });
      if (readFileSync(join(home, JOURNAL), 'utf8').startsWith('{"v":3,"seq":0')) continue;
      snapshots += 1;
    }
    expect(snapshots).toBeGreaterThan(2);
    let pid = 0;
    const outcomes = await runPaper(home, [onFiles(busy(), paths)], {
      ...often,
      onEvent: (event) => {
        if (event.type === 'runner' && event.market === MARKETS[1] && event.event.type === 'started') ({ pid } = event.event);
        if (event.type === 'bar' && event.market === MARKETS[1] && event.index === 24) process.kill(pid, 'SIGKILL');
      },
    });
    expect(essences(outcomes)).toEqual([await expectedOf(busy(), paths)]);
  });

  it('are refused with other markets than those of the account', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, BARS);
    const home = join(folder, 'home');
    await runPaper(home, [onFiles(busy(), paths)], { stopAfter: 3 });
    const fewer = prepared(TEXT.replace(', XRP/USDT', ''), 'busy.strat');
    await expect(runPaper(home, [onFiles(fewer, paths)])).rejects.toMatchObject({
      code: 'JOURNAL_OTHER',
      data: { what: 'the market', was: MARKETS.join(', '), now: MARKETS.slice(0, 2).join(', ') },
    });
  });
});

describe.each([
  { what: 'a universe', text: ROTATION, reasons: ['rebalance', 'exit'], bars: 90 },
  { what: 'a basket', text: SPREAD, reasons: ['exit', 'stop'], bars: 60 },
])('$what on paper', ({ text, reasons, bars }) => {
  it('is the backtest, after whichever record the journal ended, its snapshots and stops', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, bars);
    const strategy = (): PreparedStrategy => prepared(text, 'busy.strat');
    const { document, outcome: tested } = await portfolioBacktest(strategy(), dataOf(strategy(), paths), DEFAULT_LIMITS, {});
    const kinds = Map.groupBy(fillsOf(tested.log), ({ kind }) => kind);
    for (const reason of reasons)
      expect([reason, kinds.get(reason as Fill['kind'])?.length]).toEqual([reason, expect.toSatisfy((n: number) => n > 1)]);
    const expected = essence(document);

    const whole = join(folder, 'whole');
    const [outcome] = await runPaper(whole, [onFiles(strategy(), paths)]);
    expect(essences([outcome!])).toEqual([expected]);
    const { equity } = outcomeOf(outcome!.strategy);
    const journal = readFileSync(join(whole, JOURNAL));
    let lines = 0;
    for (let end = journal.indexOf(0x0a) + 1; end > 0; end = journal.indexOf(0x0a, end) + 1) {
      // Every fifth: of each type of record some.
      if (lines++ % 5 !== 0) continue;
      expectBeginning(end, restoredAt(folder, journal, end), equity);
    }

    // A start after every record, also between a step and the decision on it: every fill comes out as it was written.
    const { journal: opened, content } = openJournal(join(whole, JOURNAL), () => 0);
    opened.close();
    const [start, ...records] = content.lines;
    const often = records.flatMap((record, at) => (records[at + 1]?.type === 'log' ? [record] : [record, start!]));
    mkdirSync(join(folder, 'starts'));
    const { account, histories } = restoreAccount(join(folder, 'starts', 'journal.jsonl'), [start!, ...often])!;
    for (const history of histories) history.close();
    expect(account.equity).toBe(equity.at(-1));

    const home = join(folder, 'home');
    const small = { journalBytes: 3000 };
    for (const stopAfter of [3, 31]) await runPaper(home, [onFiles(strategy(), paths)], { ...small, stopAfter });
    expect(readFileSync(join(home, JOURNAL), 'utf8')).toMatch(/^\{"v":3,"seq":[1-9]/);
    expect(essences(await runPaper(home, [onFiles(strategy(), paths)], small))).toEqual([expected]);
  });

  it('is run by strat run, killed and started again', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 120);
    const file = join(folder, 'busy.strat');
    writeFileSync(file, text);
    const replays = paths.flatMap((path) => ['--replay', path]);
    const home = ['--home', join(folder, 'home')];
    const killed = startStrat(['run', file, ...replays, '--speed', '200', ...home]);
    await killed.says('buy');
    killed.kill('SIGKILL');
    await killed.ended;
    const [run, test] = [
      startStrat(['run', file, '--json', ...replays, ...home]),
      startStrat(['backtest', file, '--json', ...paths.flatMap((path) => ['--data', path])]),
    ];
    expect([(await run.ended).code, (await test.ended).code]).toEqual([0, 0]);
    const [replayed, tested] = [run, test].map(({ output }) => JSON.parse(output()) as BacktestDocument);
    expect({ ...replayed, timing: {} }).toEqual({ ...tested, timing: {} });
  });
});

describe('a basket on paper whose rules change while it is held', () => {
  it('goes on with the new ones, alike however often it is stopped; other baskets are refused', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 60);
    const now = prepared(SPREAD.replace('stop 0.4%', 'stop 0.3%\ntake at 0.6%'), 'busy.strat');
    const homes = await Promise.all(
      [[60], [30, 41, 60]].map(async (stops, at) => {
        const home = join(folder, `home-${at}`);
        const [first] = await runPaper(home, [onFiles(prepared(SPREAD, 'busy.strat'), paths)], { stopAfter: 20 });
        expect(MARKETS.map((_, market) => first!.strategy.account.position(market)).filter((qty) => qty !== 0)).toHaveLength(2);
        let last: object[] = [];
        for (const stopAfter of stops) last = essences(await runPaper(home, [onFiles(now, paths)], { stopAfter, journalBytes: 3000 }));
        return { home, last };
      }),
    );
    expect(homes[0]!.last).toEqual(homes[1]!.last);
    const other = prepared(SPREAD.replace('buy ETH/USDT weight 1 sell XRP/USDT weight 0.5', 'buy XRP/USDT sell ETH/USDT'), 'busy.strat');
    await expect(runPaper(homes[0]!.home, [onFiles(other, paths)])).rejects.toMatchObject({
      code: 'JOURNAL_OTHER',
      data: { what: 'the market' },
    });
  });
});

describe('a universe on paper', () => {
  it.for([
    ['list [', 'quote USDT exclude [', 'does not list its markets'],
    ['exit long when close', 'exit long when rank(close) > 2 or close', 'asks for rank(x)'],
  ] as const)('with %s as %s is refused with the reason', async ([from, to, reason]) => {
    const folder = temporaryFolder();
    const file = join(folder, 'busy.strat');
    writeFileSync(file, ROTATION.replace(from, to));
    const refused = startStrat(['run', file, '--sim', '3', '--home', join(folder, 'home')]);
    expect((await refused.ended).code).toBe(1);
    expect(refused.errors()).toContain(reason);
  });
});

/** A bot over the files. */
function botOn(home: string, paths: readonly string[], rules: readonly NamedRule[], barsPerSecond: number, of = busy()) {
  const { bot, close } = openBot(home, rules);
  const { prepared: strategy, feeds } = onFiles(of, paths);
  const opened = bot.open({ prepared: strategy, markets: feeds.map((feed) => ({ feed, pacer: createPacer(systemClock, barsPerSecond) })) });
  return { bot, opened, close };
}

/** Takes a pause of six hours from what all accounts lost since its last, closes everything, and cuts quantities. */
function strict(sums: Set<boolean> = new Set()): NamedRule {
  let from: number | null = null;
  return {
    id: 'strict',
    rule: {
      afterBar: ({ time, account, accounts }) => {
        const equity = accounts.reduce((sum, one) => sum + one.equity, 0);
        sums.add(equity === account.equity);
        from ??= equity;
        if (from - equity < account.capital * 0.0005) return null;
        from = equity;
        return { flatten: true, pauseUntil: time + 6 * 3_600_000, reason: 'enough' };
      },
      review: ({ qty, price }) => ({ qty: Math.min(qty, 1000 / price), reason: 'too much' }),
    },
  };
}

describe('a bot of several markets', () => {
  it('obeys risk rules as the backtest does, also when it was stopped in between', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 200);
    const whole = { label: 'busy', prepared: busy(), markets: dataOf(busy(), paths) };
    const expected = await portfolioRun([whole], [strict()], DEFAULT_LIMITS);
    const free = await portfolioRun([whole], [], DEFAULT_LIMITS);
    expect(expected.acted.get('strict')).toBeGreaterThan(10);
    expect([...expected.equity]).not.toEqual([...free.equity]);
    const home = join(folder, 'home');
    let logs: readonly (readonly number[])[] = [];
    let equity: readonly number[] = [];
    const sums = new Set<boolean>();
    for (const pieces of [40, 111, Infinity]) {
      const { bot, opened, close } = botOn(home, paths, [strict(sums)], Infinity);
      bot.start(opened.id);
      const end = bot.subscribe((event) => {
        if (event.type === 'bar' && opened.account.steps >= pieces) bot.stopAll('test');
      });
      await bot.ended();
      end();
      const outcome = outcomeOf(opened);
      logs = (outcome.markets ?? []).map(({ log }) => [...log]);
      equity = [...outcome.equity];
      close();
    }
    expect({ logs, equity }).toEqual({ logs: expected.logs.map((log) => [...log]), equity: [...expected.equity] });
    // A rule that sums over accounts counts this one once.
    expect([...sums]).toEqual([true]);
  });

  it('flattens all of them, stays paused, and tells positions, orders, trades and candles by market', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 600);
    const { bot, opened } = botOn(join(folder, 'home'), paths, [], 200, prepared(HOLDER, 'busy.strat'));
    bot.start(opened.id);
    const held = (): readonly string[] => bot.strategies()[0]!.markets.flatMap(({ market, qty }) => (qty === 0 ? [] : [market]));
    await expect.poll(() => held().length, { timeout: 20_000, interval: 5 }).toBe(3);
    const [status] = bot.strategies();
    expect(status).toMatchObject({ market: MARKETS.join(', '), markets: MARKETS.map((market) => ({ market })) });
    for (const market of held()) expect(bot.orders('busy').some((order) => order.market === market)).toBe(true);
    expect(bot.flatten('busy')).toMatchObject({ ok: true });
    await expect.poll(() => held().length, { timeout: 20_000, interval: 5 }).toBe(0);
    expect(bot.strategies()[0]!.state).toBe('paused');
    const reasons = bot.trades('busy').filter(({ exitReason }) => exitReason === 'flatten');
    expect(reasons.map(({ market }) => market).toSorted()).toEqual(MARKETS);
    const { steps } = opened.account;
    await expect.poll(() => opened.account.steps, { timeout: 20_000 }).toBeGreaterThan(steps + 20);
    expect(held()).toEqual([]);
    const [first] = bot.candles('busy', 'ETH/USDT', 1000);
    expect(first).toMatchObject({ open: opened.markets[1]!.feed.bar(0)!.open });
    expect(bot.candles('busy', null, 1)[0]?.close).toBe(opened.account.lastBar(0)!.close);
    expect(bot.candles('busy', 'DOGE/USDT', 1)).toEqual([]);
    bot.stopAll('test');
    await bot.ended();
  });
});

describe('strat run', () => {
  it('gives the document of strat backtest on files of several markets, and on generated ones', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 300);
    writeFileSync(join(folder, 'busy.strat'), TEXT);
    const common = [join(folder, 'busy.strat'), '--json'];
    const pairs = [
      [
        startStrat(['run', ...common, ...paths.flatMap((path) => ['--replay', path]), '--home', join(folder, 'home')]),
        startStrat(['backtest', ...common, ...paths.flatMap((path) => ['--data', path])]),
      ],
      [
        startStrat(['run', ...common, '--sim', '7', '--speed', 'max', '--stop-after', '300', '--home', join(folder, 'sim')]),
        startStrat(['backtest', ...common, '--synthetic', '7', '--bars', '300']),
      ],
    ] as const;
    const results: (readonly [BacktestDocument, BacktestDocument])[] = [];
    for (const [run, test] of pairs) {
      expect([(await run.ended).code, run.errors().includes('"level":50'), (await test.ended).code]).toEqual([0, false, 0]);
      results.push([JSON.parse(run.output()), JSON.parse(test.output())]);
    }
    const [replayed, generated] = results;
    expect({ ...replayed![0], timing: {} }).toEqual({ ...replayed![1], timing: {} });
    expect(essence(generated![0])).toEqual(essence(generated![1]));
    for (const [{ metrics, markets }] of results) {
      expect(metrics.tradeCount).toBeGreaterThan(10);
      expect(markets).toEqual(MARKETS);
    }
  });

  it('names the market in its lines, and says which market has no candles', async () => {
    const folder = temporaryFolder();
    const paths = files(folder, 200);
    writeFileSync(join(folder, 'busy.strat'), TEXT);
    const run = startStrat([
      'run',
      join(folder, 'busy.strat'),
      ...paths.flatMap((path) => ['--replay', path]),
      '--home',
      join(folder, 'home'),
    ]);
    expect((await run.ended).code).toBe(0);
    for (const market of MARKETS) expect(run.output()).toMatch(new RegExp(`busy ${market} +(buy|sell) `));
    expect(run.output()).toMatch(/ busy +BTC\/USDT, ETH\/USDT, XRP\/USDT 1h {2}capital/);
    cpSync(paths[0]!, join(folder, 'only.csv'));
    const lacking = startStrat([
      'run',
      join(folder, 'busy.strat'),
      '--replay',
      paths[0]!,
      '--replay',
      paths[1]!,
      '--home',
      join(folder, 'other'),
    ]);
    expect((await lacking.ended).code).toBe(1);
    expect(lacking.errors()).toContain('XRP/USDT');
  });
});
