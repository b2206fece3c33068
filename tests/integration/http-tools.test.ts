import { describe, expect, onTestFinished, test } from 'vitest';
import { serveBot } from '#core/http/testing/served-bot.ts';
import type { ToolAnswer } from '#core/ports/language-tools.ts';
import type { Bot } from '#core/runtime/bot/bot.ts';
import { backtest, DEFAULT_LIMITS, portfolioBacktest } from '#core/runtime/backtest.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import type { DiffDocument } from '#core/runtime/diff/diff-runs.ts';
import { netProfitOf } from '#core/runtime/diff/run-positions.ts';
import type { ExplainDocument } from '#core/runtime/explain/explain-document.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createPacer } from '#core/runtime/feeds/pacer.ts';
import type { EvalDocument } from '#core/runtime/series/eval-document.ts';
import { loadMarkets } from '#core/runtime/market-data.ts';
import { ToolDesk } from '#core/runtime/tools/tool-desk.ts';
import { BUSY_STRATEGY, gappyFile, marketData, onFile, onMarkets, openBot, prepared, temporaryFolder } from './paper-runs.ts';

const BARS = 300;

/** A bot whose strategy has gone through a file of candles. */
async function botAtEnd(): Promise<{ readonly bot: Bot; readonly file: string }> {
  const file = gappyFile(temporaryFolder(), BARS);
  const { bot } = openBot(temporaryFolder());
  const strategy = prepared(BUSY_STRATEGY, 'busy.strat', { fast: '3' });
  bot.open({ prepared: strategy, markets: [{ feed: onFile(strategy, file).feed, pacer: createPacer(systemClock, Infinity) }] });
  bot.start('busy');
  await bot.ended();
  return { bot, file };
}

/** The document of an answer to a request for it. */
const documentOf = (answer: ToolAnswer): unknown => (answer.ok ? answer.document : expect.fail(answer.text));

describe('tools on what a strategy of the bot has seen', () => {
  test('eval: values of expressions with its names and its params', async () => {
    const { bot, file } = await botAtEnd();
    const answer = await bot.tool({ tool: 'eval', strategy: 'busy', market: null, expressions: ['quick', 'close > slow'], last: 5 });
    const document = documentOf(answer) as EvalDocument;
    const { close } = marketData(prepared(BUSY_STRATEGY, 'busy.strat'), file).columns;
    const mean = (end: number, length: number): number => close.slice(end - length, end).reduce((sum, x) => sum + x, 0) / length;
    const ends = [4, 3, 2, 1, 0].map((back) => close.length - back);
    expect(document).toMatchObject({ schema: 'strat.eval/1', file: 'busy.strat', params: { fast: 3 }, period: { bars: close.length } });
    const [quick, above] = document.expressions.map(({ results }) => results[0]!.values);
    for (const [place, end] of ends.entries()) expect(quick![place]).toBeCloseTo(mean(end, 3), 8);
    expect(above).toEqual(ends.map((end) => close[end - 1]! > mean(end, 4)));
  });

  test('diff: what another text in its place would have done, to the last unit', async () => {
    const { bot, file } = await botAtEnd();
    const source = BUSY_STRATEGY.replace('stop 0.6%', 'stop 0.3%');
    const document = documentOf(await bot.tool({ tool: 'diff', strategy: 'busy', source })) as DiffDocument;
    const profit = async (text: string): Promise<string> => {
      const strategy = prepared(text, 'busy.strat', { fast: '3' });
      return netProfitOf(await backtest(strategy, marketData(strategy, file), DEFAULT_LIMITS, {}));
    };
    expect(document.schema).toBe('strat.diff/1');
    expect(document.reconciliation).toMatchObject({ profitA: await profit(BUSY_STRATEGY), profitB: await profit(source) });
    expect(document.trades.changed.length).toBeGreaterThan(0);
    const wrong = await bot.tool({ tool: 'diff', strategy: 'busy', source: source.replace('size 30%', 'size x%') });
    expect(wrong).toMatchObject({ ok: false, code: 'WRONG', text: expect.stringMatching(/^the source, \d+:\d+: E0/) });
    const other = await bot.tool({ tool: 'diff', strategy: 'busy', source: source.replace('BTC/USDT', 'ETH/USDT') });
    expect(other).toMatchObject({ code: 'WRONG', text: 'the source trades ETH/USDT, the strategy BTC/USDT' });
  });

  test('a basket has the bars of its legs', async () => {
    const folder = temporaryFolder();
    const source = `strat 1
strategy "Spread"
trade BTC/USDT on 1h side both
basket pair { buy BTC/USDT weight 1 sell XRP/USDT weight 0.5 }
enter long pair when close < sma(close, 3)
exit long pair when close > sma(close, 3)
size 25% of equity
`;
    const strategy = prepared(source, 'spread.strat');
    const paths = ['BTC-USDT', 'XRP-USDT'].map((pair, at) => gappyFile(folder, 60, 11 + at, pair));
    const data = loadMarkets(dataNeeds(strategy), { data: paths, timeframe: null, from: null, to: null });
    const { bot } = openBot(temporaryFolder());
    const pacer = createPacer(systemClock, Infinity);
    bot.open({ prepared: strategy, markets: onMarkets(strategy, data).feeds.map((feed) => ({ feed, pacer })) });
    bot.start('spread');
    await bot.ended();
    const document = documentOf(await bot.tool({ tool: 'diff', strategy: 'spread', source })) as DiffDocument;
    const { profitA, profitB } = document.reconciliation;
    expect(profitA).toBe(netProfitOf(await portfolioBacktest(strategy, data, DEFAULT_LIMITS, {})));
    expect([profitB, document.trades.changed]).toEqual([profitA, []]);
  });

  test('explain: the rule that a fill of the bot came from, on the bar that decided it', async () => {
    const { bot } = await botAtEnd();
    const trade = bot.trades('busy').findLast(({ side, entryReason }) => side === 'long' && entryReason !== null)!;
    const candles = bot.candles('busy', null, 1000);
    const decided = candles[candles.findIndex(({ time }) => time === trade.entryTime) - 1]!;
    const document = documentOf(
      await bot.tool({ tool: 'explain', strategy: 'busy', market: null, at: decided.time + 60_000 }),
    ) as ExplainDocument;
    expect(document).toMatchObject({ schema: 'strat.explain/1', at: new Date(decided.time).toISOString() });
    const fired = document.markets[0]!.rules.filter(({ status }) => status === 'fired');
    expect(fired.map(({ kind }) => kind)).toContain('enter');
    expect(await bot.tool({ tool: 'explain', strategy: 'busy', market: null, at: 0 })).toMatchObject({
      ok: false,
      code: 'WRONG',
      text: expect.stringContaining('There is no bar at 1970-01-01'),
    });
  });

  test('what is wrong with an expression is told with its place', async () => {
    const { bot } = await botAtEnd();
    expect(await bot.tool({ tool: 'eval', strategy: 'busy', market: null, expressions: ['quick', '1 + slwo'], last: 5 })).toMatchObject({
      ok: false,
      code: 'WRONG',
      text: expect.stringMatching(/^expression 2, 1:5: E0201 .*slow/),
    });
    expect(await bot.tool({ tool: 'eval', strategy: 'none', market: null, expressions: ['1'], last: 5 })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('a strategy that has seen no bar yet has nothing to look at', async () => {
    const file = gappyFile(temporaryFolder(), BARS);
    const { bot } = openBot(temporaryFolder());
    const strategy = prepared(BUSY_STRATEGY, 'busy.strat');
    bot.open({ prepared: strategy, markets: [{ feed: onFile(strategy, file).feed, pacer: createPacer(systemClock, Infinity) }] });
    onTestFinished(() => bot.abandon());
    expect(await bot.tool({ tool: 'eval', strategy: 'busy', market: null, expressions: ['close'], last: 5 })).toMatchObject({
      code: 'WRONG',
      text: 'the strategy has seen no bar yet',
    });
  });
});

describe('tools on a source', () => {
  const desk = new ToolDesk();
  interface Checked {
    readonly schema: string;
    readonly findings: readonly object[];
  }

  test('check finds what strat check finds', async () => {
    const document = documentOf(
      await desk.answer({ tool: 'check', source: 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nsize 10%\n' }, null),
    ) as Checked;
    expect(document.schema).toBe('strat.check/1');
    expect(document.findings).toContainEqual(expect.objectContaining({ code: 'E0307', line: 4, column: 6, severity: 'error' }));
  });

  test('format gives the source in the style, or what keeps it from being read', async () => {
    expect(documentOf(await desk.answer({ tool: 'format', source: 'strat   1\nmodule  "m"\nexport def f(x)=x+1' }, null))).toEqual({
      schema: 'strat.format/1',
      text: 'strat 1\nmodule "m"\nexport def f(x) = x + 1\n',
      findings: [],
    });
    expect(documentOf(await desk.answer({ tool: 'format', source: 'strat 1\n)' }, null))).toMatchObject({
      text: null,
      findings: [expect.objectContaining({ severity: 'error', line: 2 })],
    });
  });

  test('one request at a time, and one that takes too long ends', async () => {
    const slow = new ToolDesk({ timeoutMs: 1 });
    const source = 'strat 1\n'.padEnd(200_000, 'let x = 1 + 1\n');
    const first = slow.answer({ tool: 'check', source }, null);
    expect(await slow.answer({ tool: 'check', source: '' }, null)).toMatchObject({ ok: false, code: 'BUSY' });
    expect(await first).toMatchObject({ ok: false, code: 'FAILED', text: 'the tool did not end within 0.001 s' });
    expect(await desk.answer({ tool: 'check', source: '' }, null)).toMatchObject({ ok: true });
  });
});

describe('the routes', () => {
  async function serve(): Promise<Awaited<ReturnType<typeof serveBot>>> {
    const served = await serveBot();
    onTestFinished(served.dispose);
    return served;
  }

  test('ask the bot, with what is left out filled in, and give its document', async () => {
    const served = await serve();
    const asked: unknown[] = [];
    served.bot.onTool((request) => void asked.push(request));
    const bodies = [
      ['check', { source: 'x' }],
      ['format', { source: 'x' }],
      ['eval', { strategy: 'trend', expressions: ['close'] }],
      ['explain', { strategy: 'trend', at: 1_767_225_600_000, market: 'sim:BTC/USDT' }],
      ['diff', { strategy: 'trend', source: 'x' }],
    ] as const;
    for (const [name, body] of bodies) {
      const answer = await served.post(`/api/v1/tools/${name}`, body);
      expect([answer.status, await answer.json()]).toEqual([200, { schema: `strat.${name}/1` }]);
    }
    expect(asked).toEqual([
      { tool: 'check', source: 'x' },
      { tool: 'format', source: 'x' },
      { tool: 'eval', strategy: 'trend', market: null, expressions: ['close'], last: 20 },
      { tool: 'explain', strategy: 'trend', market: 'sim:BTC/USDT', at: 1_767_225_600_000 },
      { tool: 'diff', strategy: 'trend', source: 'x' },
    ]);
  });

  const OVER = 'x'.repeat(262_145);
  test.each([
    ['no token', 'check', { source: 'x' }, { Authorization: '' }, 401, 'TOKEN_MISSING'],
    ['no source', 'check', {}, {}, 400, 'BODY_INVALID'],
    ['a source that is too long', 'check', { source: OVER }, {}, 400, 'BODY_INVALID'],
    ['a body that is too long', 'check', { source: OVER.repeat(7) }, {}, 413, 'BODY_TOO_LARGE'],
    ['a field that is not known', 'eval', { strategy: 'trend', expresions: [] }, {}, 400, 'BODY_INVALID'],
    ['no expression', 'eval', { strategy: 'trend', expressions: [] }, {}, 400, 'BODY_INVALID'],
    ['too many', 'eval', { strategy: 'trend', expressions: Array.from({ length: 21 }, () => '1') }, {}, 400, 'BODY_INVALID'],
    ['a strategy that is not there', 'explain', { strategy: 'trand', at: 1_767_225_600_000 }, {}, 404, 'STRATEGY_UNKNOWN'],
    ['a market that it does not trade', 'explain', { strategy: 'trend', market: 'ETH/USDT', at: 0 }, {}, 400, 'QUERY_INVALID'],
  ])('%s is refused', async (_, name, body, headers, status, code) => {
    const served = await serve();
    const answer = await served.post(`/api/v1/tools/${name}`, body, headers);
    expect([answer.status, await answer.json()]).toEqual([status, { error: expect.objectContaining({ code }) }]);
  });

  test.each([
    ['WRONG', 422, 'TOOL_INPUT'],
    ['BUSY', 503, 'TOOL_BUSY'],
    ['FAILED', 500, 'TOOL_FAILED'],
    ['NOT_FOUND', 404, 'STRATEGY_UNKNOWN'],
  ] as const)('an answer %s has status %i', async (code, status, told) => {
    const served = await serve();
    served.bot.onTool(() => ({ ok: false, code, text: 'why', hint: 'what to do' }));
    const answer = await served.post('/api/v1/tools/check', { source: '' });
    expect([answer.status, await answer.json()]).toEqual([status, { error: { code: told, message: 'why', hint: 'what to do' } }]);
  });
});
