import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExplainDocument, MarketExplanation } from '#core/runtime/explain/explain-document.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const START = Date.UTC(2024, 0, 1);

/** Hourly bars that close at these, each from the close before, and 1 wide around that. */
function candles(closes: readonly number[], name = 'binance_BTC-USDT_1h.csv'): string {
  const rows = closes.map((close, bar) => {
    const open = closes[bar - 1] ?? close;
    return [START + bar * 3_600_000, open, Math.max(open, close) + 0.5, Math.min(open, close) - 0.5, close, 1000].join(',');
  });
  writeFileSync(place(name), `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return place(name);
}

function file(rules: string): string {
  writeFileSync(place('x.strat'), `strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n${rules}\n`);
  return place('x.strat');
}

const hour = (bar: number): string => new Date(START + bar * 3_600_000).toISOString();

async function explained(rules: string, closes: readonly number[], bar: number, ...more: readonly string[]): Promise<MarketExplanation> {
  const { code, out, err } = await strat('explain', file(rules), '--data', candles(closes), '--at', hour(bar), '--json', ...more);
  expect(code, err).toBe(0);
  const document = JSON.parse(out) as ExplainDocument;
  expect(document.schema).toBe('strat.explain/1');
  return document.markets[0]!;
}

const causes = ({ causes: all }: MarketExplanation): readonly string[] => all.map(({ kind, line, text }) => `${kind} ${line}: ${text}`);

const RISE = [100, 101, 102, 103, 104, 105, 106, 107, 108, 109];

describe('strat explain', () => {
  it('says which parts of a condition keep an entry back, and shows what they are', async () => {
    const found = await explained(
      'let up = close > 103.5\nenter long when up and (close > 1000 or open > 1001) and close < 200\nsize 1000 USDT\nstop 5%',
      RISE,
      3,
    );
    expect([found.isOrdered, found.bar?.index, found.position]).toEqual([false, 3, null]);
    // Either part of the "or" would do.
    expect(causes(found)).toEqual(['condition 4: close > 103.5', 'condition 5: close > 1000']);
    expect(found.causes[0]).toMatchObject({ value: false, wanted: true, operands: [{ text: 'close', value: 103, unit: 'price' }] });
    const { condition } = found.rules[0]!;
    expect(condition?.parts.map(({ kind, text, value }) => [kind, text, value])).toEqual([
      ['name', 'up', false],
      ['or', '(close > 1000 or open > 1001)', false],
      ['leaf', 'close < 200', true],
    ]);
  });

  it('names parts that would each do alone as such', async () => {
    const found = await explained('enter long when close > 1000 or open > 1001\nsize 1000 USDT\nstop 5%', RISE, 3);
    expect(causes(found)).toEqual(['condition 4: close > 1000']);
    expect(found.rules[0]!.alternatives.map(({ text }) => text)).toEqual(['open > 1001']);
  });

  it('names what a condition must not be behind "not"', async () => {
    const found = await explained('enter long when not close > 50\nsize 1000 USDT\nstop 5%', RISE, 3);
    expect(found.causes).toMatchObject([{ text: 'close > 50', value: true, wanted: false }]);
  });

  it('names the supports of an order, and what the next bar made of it', async () => {
    const found = await explained(
      'enter long when close > 102.5 and (close > 1 or open > 1)\nsize 1000 USDT\nstop 5%',
      RISE,
      3,
      '--fee',
      '0',
      '--slippage',
      '0',
    );
    expect(found.verdict).toMatch(/^ordered at the close: enter long: market order to buy 9\.7087379 at the next open$/);
    // Neither part of the "or" is needed, one of them is.
    expect(causes(found)).toEqual(['condition 4: close > 102.5', 'condition 4: (close > 1 or open > 1)']);
    expect(found.next?.fills).toMatchObject([{ kind: 'entry', side: 'buy', price: 103 }]);
  });

  it('says why something is na: the bars that it needs, or the data that are not there', async () => {
    const warm = await explained('enter long when sma(close, 5) > 1\nsize 1000 USDT\nstop 5%', RISE, 2);
    expect(warm.causes.map(({ kind }) => kind)).toEqual(['warmUp', 'condition']);
    expect(warm.causes[1]!.operands).toMatchObject([
      { text: 'sma(close, 5)', value: null, na: 'warming up: needs 4 bars before it, has 2' },
    ]);
    const spread = await explained('enter long when spread < 1%\nsize 1000 USDT\nstop 5%', RISE, 5);
    expect(spread.causes).toMatchObject([{ text: 'spread < 1%', value: null, operands: [{ na: 'the data have no spread here' }] }]);
    const flat = await explained('enter long when position.profit > 1%\nsize 1000 USDT\nstop 5%', RISE, 5);
    expect(flat.causes).toMatchObject([{ value: null, operands: [{ na: 'nothing is held' }] }]);
  });

  it.each([
    ['a position', 'enter long when true', [], ['position null: already long since 4 bars: it enters when nothing is held']],
    ['a cooldown', 'enter long when true\nexit long when bar_index == 3\ncooldown 9 bars', [], ['cooldown 8: cooldown 9 bars']],
    ['a guard', 'enter long when true\nrisk { block long when close > 1 }', [], ['guard 7: block long when close > 1']],
    [
      'a limit',
      'enter long when true\nexit long when bar_index == 3\nrisk { max trades 1 per month }',
      [],
      ['limit 8: max trades 1 per month'],
    ],
    [
      'a pause',
      'enter long when bar_index == 1 or bar_index == 5\nexit long when bar_index == 3\nrisk { max loss 1 USDT then pause 8 bars }',
      ['--fee', '5%'],
      // The fee of the exit breaks it once more, at the close of bar 4.
      ['pause 8: entries are paused for 7 bars more: max loss 1 USDT then pause 8 bars'],
    ],
    ['the period', 'enter long when true', ['--from', '2024-01-02'], ['period null: the bar lies before the first that counts (--from)']],
  ])('names %s', async (_, rules, more, expected) => {
    const closes = more.includes('--from') ? Array.from({ length: 40 }, (_, bar) => 100 + bar) : RISE;
    const found = await explained(
      `${rules.split('\n')[0]}\nsize 1000 USDT\nstop 50%\n${rules.split('\n').slice(1).join('\n')}`,
      closes,
      5,
      ...more,
    );
    const [rule] = found.rules;
    expect(rule!.blocking.map(({ kind, line, text }) => `${kind} ${line}: ${text}`)).toEqual(expected);
  });

  it('names the rule that acts first', async () => {
    const found = await explained('enter long when close > 1\nenter short when close > 2\nsize 1000 USDT\nstop 5%', RISE, 0);
    expect(found.rules[1]!.blocking).toMatchObject([{ kind: 'rule', line: 4, text: 'another rule acts first: enter long when close > 1' }]);
  });

  it('names a size that is too small, one that is nothing, and cash that is not there', async () => {
    const small = await explained('enter long when true\nsize 1 USDT\nstop 5%', RISE, 5, '--min-notional', '10');
    expect(causes(small)).toEqual(['minimum null: less than one lot or the minimum notional of the venue']);
    const none = await explained('enter long when true\nsize (if close > 1000 then 10% else 0%) * equity\nstop 5%', RISE, 5);
    expect(causes(none)).toEqual(['invalid null: its size is na or not above zero']);
    const wide = await explained('enter long when true\nsize 1000 USDT\nstop at close + 1', RISE, 5);
    expect(causes(wide)).toEqual(['invalid null: its stop lies at or beyond the price, or its size is nothing']);
  });

  it('explains exits, timeouts and stops of what is held', async () => {
    const rules = 'enter long when bar_index == 1\nexit long when close > 1000\ntimeout 9 bars\nsize 1000 USDT\nstop 5%';
    const held = await explained(rules, RISE, 5);
    expect(held.position).toMatchObject({ side: 'long', bars: 3 });
    expect(held.rules.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['enter blocked', 'exit blocked', 'timeout blocked']);
    expect(held.rules[2]!.blocking).toMatchObject([{ kind: 'age', text: 'held for 3 bars so far' }]);
    expect(held.levels).toMatchObject([{ kind: 'stop', isHit: false }]);
    const flat = await explained(rules, RISE, 0);
    expect(flat.rules.map(({ status, note }) => [status, note])).toEqual([
      ['blocked', null],
      ['idle', 'nothing is held'],
      ['idle', 'nothing is held'],
    ]);
    const stopped = await explained(rules, [100, 101, 102, 90, 91, 92, 93], 3);
    expect(stopped.verdict).toMatch(/^filled in the bar: stop; nothing ordered/);
    expect(stopped.levels).toMatchObject([{ kind: 'stop', isHit: true }]);
    const left = await explained(rules, [100, 101, 102, 1001, 1002, 1003], 3);
    expect(causes(left)).toEqual(['condition 5: close > 1000']);
    expect(left.rules[1]).toMatchObject({ status: 'fired', note: 'leaves at the next open: 100% of the position' });
  });

  it('explains adds and cancels', async () => {
    const adds = 'enter long when bar_index == 1\nadd 100% when close > 104.5 max 1 times\nsize 1000 USDT\nstop 50%';
    expect((await explained(adds, RISE, 5)).rules[1]).toMatchObject({
      kind: 'add',
      status: 'fired',
      supporting: [{ text: 'close > 104.5' }],
    });
    expect((await explained(adds, RISE, 7)).rules[1]).toMatchObject({ status: 'blocked', blocking: [{ kind: 'adds' }] });
    const rests = 'enter long when bar_index == 1 at limit 90\ncancel when close > 104.5\nsize 1000 USDT\nstop 5%';
    const resting = await explained(rests, RISE, 3);
    expect(resting.resting).toEqual(['limit order to buy 11.111111 at 90']);
    expect(resting.rules[1]).toMatchObject({ kind: 'cancel', status: 'blocked', blocking: [{ text: 'close > 104.5' }] });
    expect((await explained(rests, RISE, 5)).rules[1]).toMatchObject({ status: 'fired' });
    expect((await explained(rests, RISE, 6)).rules[1]).toMatchObject({ status: 'idle', note: 'no order of its entries rests' });
  });

  it('takes a time within the bar, the last bar, and trades by number', async () => {
    const rules = file('enter long when bar_index == 1 or bar_index == 5\nexit long when bar_index == 3\nsize 1000 USDT\nstop 5%');
    const barOf = async (at: string): Promise<number | undefined> => {
      const { out } = await strat('explain', rules, '--data', candles(RISE), '--at', at, '--json');
      return (JSON.parse(out) as ExplainDocument).markets[0]!.bar?.index;
    };
    expect(await barOf('2024-01-01T04:59')).toBe(4);
    expect(await barOf('last')).toBe(9);
    expect([await barOf('trade:1'), await barOf('trade:last'), await barOf('exit:1')]).toEqual([1, 5, 3]);
  });

  it('prints a tree that a person can read', async () => {
    const rules = file('let up = close > 103.5\nenter long when up and close < 200\nsize 1000 USDT\nstop 5%');
    const { code, out } = await strat('explain', rules, '--data', candles(RISE), '--at', hour(3));
    expect(code).toBe(0);
    expect(out).toBe(`BTC/USDT, bar 4: 2024-01-01 03:00 to 2024-01-01 04:00 UTC
  open 102.0000  high 103.5000  low 101.5000  close 103.0000  volume 1,000
  nothing held, cash 10,000.00, equity 10,000.00

Nothing ordered at the close: what kept back the enter long on line 5
  ✗ line 4: close > 103.5 is false
      close  103.0000

Rules
  ✗ line 5: enter long when up and close < 200
      ✗ up: close > 103.5
          close  103.0000
      ✓ close < 200
          close  103.0000
`);
  });

  it('explains each of several markets, of several strategies, and of baskets', async () => {
    writeFileSync(
      place('two.strat'),
      'strat 1\nstrategy "two"\ntrade A/USDT, B/USDT on 1h\nbasket pair { buy A/USDT weight 1 sell B/USDT weight 1 }\nenter long pair when close > 1000\nsize 10% of equity\nstop 5%\n',
    );
    const data = ['--data', candles(RISE, 'binance_A-USDT_1h.csv'), '--data', candles(RISE, 'binance_B-USDT_1h.csv')];
    const basket = await strat('explain', place('two.strat'), ...data, '--at', hour(3), '--json');
    const [only, ...others] = (JSON.parse(basket.out) as ExplainDocument).markets;
    expect([only?.basket, causes(only!), others]).toEqual(['pair', ['condition 5: close > 1000'], []]);
    writeFileSync(
      place('both.strat'),
      'strat 1\nstrategy "both"\ntrade A/USDT, B/USDT on 1h\nenter long when close > 1\nsize 10% of equity\nstop 5%\nrisk { max positions 1 }\n',
    );
    const both = await strat('explain', place('both.strat'), ...data, '--at', hour(0), '--json');
    const [a, b] = (JSON.parse(both.out) as ExplainDocument).markets;
    expect([a!.isOrdered, b!.isOrdered, causes(b!)]).toEqual([true, false, ['limit 7: max positions 1']]);
    const one = await strat('explain', place('both.strat'), ...data, '--at', hour(0), '--show', 'B/USDT', '--json');
    expect((JSON.parse(one.out) as ExplainDocument).markets.map(({ market }) => market)).toEqual(['B/USDT']);
  });

  it('takes params, and what a backtest takes', async () => {
    const rules = 'param level: price = 105 in 1..1000\nenter long when close > level\nsize 1000 USDT\nstop 5%';
    expect((await explained(rules, RISE, 3)).isOrdered).toBe(false);
    expect((await explained(rules, RISE, 3, '--set', 'level=102.5')).isOrdered).toBe(true);
  });

  it.each([
    [[], /--at says which bar/],
    [['--at', 'now'], /--at takes a time such as/],
    [['--at', '2023-01-01'], /There is no bar at 2023-01-01 00:00: the bars open from 2024-01-01 00:00 to [-\d: ]{16} UTC\./],
    [['--at', 'trade:1'], /There is no trade 1: the run has none/],
    [['--at', 'last', '--show', 'ETH/USDT'], /None of the run's markets is ETH\/USDT. They are BTC\/USDT/],
  ])('refuses %j', async (more, message) => {
    const rules = file('enter long when close > 1000\nsize 1000 USDT\nstop 5%');
    const { code, err } = await strat('explain', rules, '--data', candles(RISE), ...more);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
