import { describe, expect, it } from 'vitest';
import { SIZE } from '#core/model/strategy-abi.ts';
import { createCompiler } from '#dsl/compile.ts';
import { AT_MARKET, type Program } from '#dsl/program.ts';
import { nodeText as text } from '../testing/node-text.ts';

const compiler = createCompiler();

function programOf(lines: string, trade = 'trade BTC/USDT on 1h'): Program {
  const { program, diagnostics } = compiler.compile(`strat 1\nstrategy "program"\n${trade}\n${lines}`);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

const ENTRY = 'enter long when close > open\nsize 1 BTC\n';
const blockOf = (lines: string) => {
  const program = programOf(`${ENTRY}${lines}`);
  return { program, block: program.entries[0]!.block, at: (id: number | null | undefined) => text(program, id) };
};

describe('levels', () => {
  it('a stop says how it acts', () => {
    const { block, at } = blockOf('stop 2%\nstop at low moving\nstop 2 ticks closing limit 10bp');
    expect(
      block.stops.map(({ kind, value, moving, closing, limit }) => [
        kind,
        at(value),
        moving,
        closing,
        limit && [limit.kind, at(limit.value)],
      ]),
    ).toEqual([
      ['percent', '0.02', false, false, null],
      ['price', 'low', true, false, null],
      ['distance', 'mul(2 tick)', false, true, ['percent', '0.001']],
    ]);
  });

  it('targets are R, percents, distances or prices; the last may take the rest', () => {
    const { block, at } = blockOf('stop 5%\ntake 40% at 1.5R, 10% at 2%, 20% at 2 pips, rest at sma(close, 2)');
    expect(block.takes.map(({ share, at: level }) => [share, level.kind, at(level.value)])).toEqual([
      [0.4, 'r', '1.5'],
      [0.1, 'percent', '0.02'],
      [0.2, 'distance', 'mul(2 pip)'],
      [null, 'price', 'div(sum(close 2) 2)'],
    ]);
    for (const whole of ['take at 2R', 'take all at 2R', 'take rest at 2R'])
      expect(blockOf(`stop 5%\n${whole}`).block.takes).toMatchObject([{ share: null, at: { kind: 'r' } }]);
  });

  it('a trail and breakeven have all their parts', () => {
    const { block, at } = blockOf('stop 5%\ntrail 2R from high after 3% step 1 tick closing moving\nbreakeven after 1R plus 0.1%');
    expect(block.trail).toMatchObject({
      distance: { kind: 'r' },
      after: { kind: 'percent' },
      step: { kind: 'distance' },
      closing: true,
      moving: true,
    });
    expect([at(block.trail?.from), at(block.trail?.step?.value)]).toEqual(['high', 'mul(1 tick)']);
    expect(block.breakeven).toMatchObject({ after: { kind: 'r' }, plus: { kind: 'percent' } });
  });

  it('each rule knows its place', () => {
    const source = `${ENTRY}stop 5%\ntake 50% at 2R\ntimeout 3 bars`;
    const { block } = programOf(source).entries[0]!;
    const head = 'strat 1\nstrategy "program"\ntrade BTC/USDT on 1h\n'.length;
    const written = ({ span }: { readonly span: { readonly start: number; readonly end: number } }): string =>
      source.slice(span.start - head, span.end - head);
    expect([block.stops[0]!, block.takes[0]!, block.timeouts[0]!].map(written)).toEqual(['stop 5%', '50% at 2R', 'timeout 3 bars']);
  });
});

describe('times are bars, rounded up', () => {
  it.each<[written: string, trade: string, bars: string]>([
    ['10 bars', '1h', '10'],
    ['14d', '15m', '1344'],
    ['90m', '1h', '2'],
    ['2.5 bars', '1h', '3'],
    ['1w', '1d', '7'],
  ])('%s on %s', (written, trade, bars) => {
    const program = programOf(`${ENTRY}stop 5%\ntimeout ${written}\ncooldown ${written} after loss`, `trade BTC/USDT on ${trade}`);
    const { timeouts, cooldowns } = program.entries[0]!.block;
    expect([text(program, timeouts[0]!.bars), text(program, cooldowns[0]!.bars)]).toEqual([bars, bars]);
    expect([timeouts[0]!.when, cooldowns[0]!.after]).toEqual([null, 'loss']);
  });

  it('of a param too, and with a condition', () => {
    const { block, at } = blockOf('stop 5%\nparam n = 90m in 30m..4h\ntimeout n when position.r < 0.5');
    expect(at(block.timeouts[0]!.bars)).toBe('ceil(div(p0 3600000))');
    expect(at(block.timeouts[0]!.when)).toMatch(/^lt\(/);
  });
});

describe('orders', () => {
  it('are market orders when nothing is said', () => {
    expect(programOf(`${ENTRY}stop 5%\nexit long when close < open`).exits[0]!.order).toEqual(AT_MARKET);
    expect(programOf('enter long when close > open at market\nsize 1 BTC\nstop 5%').entries[0]!.order).toEqual(AT_MARKET);
  });

  it('have their prices, options and times', () => {
    const program = programOf(
      `enter long when close > open at limit low post_only good for 4h else market after 2 bars
       enter long when close > open at stop high limit high + 1 tick good until 15:30
       exit long when close < open at limit high fok
       size 1 BTC stop 5%`,
    );
    const [limit, stop] = program.entries.map(({ order }) => order);
    const at = (id: number | null): string => text(program, id);
    expect({
      ...limit!,
      price: at(limit!.price),
      goodForBars: at(limit!.goodForBars),
      elseMarketAfterBars: at(limit!.elseMarketAfterBars),
    }).toEqual({
      type: 'limit',
      price: 'low',
      limit: null,
      postOnly: true,
      timeInForce: 'good',
      goodForBars: '4',
      goodUntilMinutes: null,
      elseMarketAfterBars: '2',
    });
    expect(stop).toMatchObject({ type: 'stopLimit', goodUntilMinutes: 930, goodForBars: null, timeInForce: 'good' });
    expect([at(stop!.price), at(stop!.limit)]).toEqual(['high', 'add(high mul(1 tick))']);
    expect(program.exits[0]!.order).toMatchObject({ type: 'limit', timeInForce: 'fok', postOnly: false });
  });
});

describe('size', () => {
  it('kelly is a share, over so many trades', () => {
    const program = programOf('enter long when close > open\nsize kelly fraction 0.25 over 50 trades min 2% of equity times 2\nstop 5%');
    const kelly = program.entries[0]!.block;
    expect([kelly.size.kind, text(program, kelly.size.value), text(program, kelly.kellyTrades)]).toEqual([SIZE.kellyShare, '0.5', '50']);
    expect(kelly.min?.kind).toBe(SIZE.equityShare);
    const plain = programOf('enter long when close > open\nsize kelly\nstop 5%');
    const { size, kellyTrades } = plain.entries[0]!.block;
    expect([text(plain, size.value), text(plain, kellyTrades)]).toEqual(['1', '100']);
    expect(programOf(`${ENTRY}stop 5%`).entries[0]!.block.kellyTrades).toBeNull();
  });

  it('volatility is target / (deviation of the log returns x root of the bars in a year)', () => {
    const program = programOf('enter long when close > open\nsize volatility target 20% over 2d\nstop 5%', 'trade BTC/USDT on 6h');
    const { size } = program.entries[0]!.block;
    expect(size.kind).toBe(SIZE.equityShare);
    const root = Math.sqrt(365.25 * 4);
    expect(text(program, size.value)).toBe(`div(0.2 mul(sqrt(variance(log(div(close delay(close 1))) 8)) ${root}))`);
  });

  it('a unit is money over a distance', () => {
    const unit = (size: string): string => {
      const program = programOf(`enter long when close > open\nsize unit ${size}\nstop 5%`);
      const { kind, value } = program.entries[0]!.block.size;
      expect(kind).toBe(SIZE.quantity);
      return text(program, value);
    };
    expect(unit('1% of equity per 2 ticks')).toBe('div(mul(0.01 equity) mul(2 tick))');
    expect(unit('50 USDT per 2%')).toBe('div(50 mul(0.02 close))');
  });

  it('contracts are quantities', () => {
    const program = programOf('enter long when close > open\nsize 2 contracts\nstop 5%');
    const { kind, value } = program.entries[0]!.block.size;
    expect([kind, text(program, value)]).toEqual([SIZE.quantity, 'mul(2 contract)']);
  });
});

describe('add', () => {
  it.each<[add: string, expected: object]>([
    [
      'add when close > open max 3 times',
      { amount: { kind: 'share', value: '1' }, trigger: { kind: 'when' }, maxTimes: '3', scale: '1', type: 'market' },
    ],
    [
      'add 50% when close > open max 2 times scale 1.4 at limit low',
      { amount: { kind: 'share', value: '0.5' }, trigger: { kind: 'when' }, maxTimes: '2', scale: '1.4', type: 'limit' },
    ],
    [
      'add 100 USDT every 2% against max 6 times',
      {
        amount: { kind: SIZE.money, value: '100' },
        trigger: { kind: 'every', distance: 'percent', direction: 'against' },
        maxTimes: '6',
        scale: '1',
        type: 'market',
      },
    ],
    [
      'add 10% of equity every 1R in_favor max 6 times',
      {
        amount: { kind: SIZE.equityShare, value: '0.1' },
        trigger: { kind: 'every', distance: 'r', direction: 'in_favor' },
        maxTimes: '6',
        scale: '1',
        type: 'market',
      },
    ],
  ])('%s', (add, expected) => {
    const { block, at } = blockOf(`stop 5%\n${add}`);
    const { amount, trigger, maxTimes, scale, order } = block.adds[0]!;
    const [kind, value] = amount.kind === 'share' ? ['share', amount.value] : [amount.amount.kind, amount.amount.value];
    expect({
      amount: { kind, value: at(value) },
      trigger:
        trigger.kind === 'when' ? { kind: 'when' } : { kind: 'every', distance: trigger.distance.kind, direction: trigger.direction },
      maxTimes: at(maxTimes),
      scale: at(scale),
      type: order.type,
    }).toEqual(expected);
  });
});

describe('blocks', () => {
  it('take from the top of each kind what they do not have', () => {
    const program = programOf(`
      size 1 BTC stop 5% take at 2R timeout 10 bars cooldown 1 bar cancel when close < low[1] breakeven after 1R
      long { enter when close > open take at 3R timeout 5 bars timeout 9 bars when position.r < 1 }
      short { enter when close < open cancel when close > open }`);
    const [long, short] = program.entries.map(({ block }) => block);
    const bars = (block: typeof long) => block!.timeouts.map((rule) => text(program, rule.bars));
    expect([text(program, long!.takes[0]!.at.value), text(program, short!.takes[0]!.at.value)]).toEqual(['3', '2']);
    expect([bars(long), bars(short)]).toEqual([['5', '9'], ['10']]);
    expect([text(program, long!.cancels[0]!.when), text(program, short!.cancels[0]!.when)]).toEqual([
      'lt(close delay(low 1))',
      'gt(close open)',
    ]);
    for (const block of [long, short]) expect([block!.cooldowns.length, block!.breakeven?.after.kind]).toEqual([1, 'r']);
  });

  it('of setups belong to their entries and exits', () => {
    const program = programOf(`
      enter long when close > open
      exit long when close < open
      size 1 BTC stop 5%
      setup dip long { enter when close < low[1] exit 50% when close > open size 10% of equity }
      setup fade short { enter when close > high[1] stop 2% }`);
    expect(program.setups).toMatchObject([
      { name: 'dip', side: 1 },
      { name: 'fade', side: -1 },
    ]);
    expect(program.entries.map(({ setup, side, block }) => [setup, side, block.size.kind, text(program, block.stops[0]!.value)])).toEqual([
      [null, 1, SIZE.quantity, '0.05'],
      [0, 1, SIZE.equityShare, '0.05'],
      [1, -1, SIZE.quantity, '0.02'],
    ]);
    expect(program.exits.map(({ setup, fraction }) => [setup, text(program, fraction)])).toEqual([
      [null, '1'],
      [0, '0.5'],
    ]);
    expect(program.sides).toEqual([1, -1]);
  });

  it('oco groups are numbered', () => {
    const program = programOf(`
      oco { enter long when close > open enter short when close < open }
      enter long when close > high[1]
      oco { enter long when close > low[1] }
      size 1 BTC stop 5%`);
    expect(program.entries.map(({ oco }) => oco)).toEqual([0, 0, null, 1]);
  });
});

describe('baskets', () => {
  it('have signed weights, and rules name them', () => {
    const program = programOf(`
      basket pair { buy BTC/USDT sell ETH/USDT weight 2 * sma(close, 2) / close }
      enter short pair when close > open
      exit short pair when close < open
      size 10% of equity stop 5%`);
    expect(program.baskets.map(({ name, legs }) => [name, legs.map(({ market, weight }) => [market, text(program, weight)])])).toEqual([
      [
        'pair',
        [
          ['BTC/USDT', '1'],
          ['ETH/USDT', 'neg(div(mul(2 div(sum(close 2) 2)) close))'],
        ],
      ],
    ]);
    expect([program.entries[0]!.basket, program.exits[0]!.basket]).toEqual([0, 0]);
  });
});

describe('universe', () => {
  it('holds its clauses', () => {
    const program = programOf(
      `universe { quote USDT exclude [USDC/USDT] exclude [FDUSD/USDT] filter volume > 1 filter close > open
         rank by roc(close, 9) ascending hold top 5 weight inverse natr(20) rebalance every 7d refresh every 30d }
       enter long when rank(volume) < 3 and rank(close) < 5 and rank(volume) > 1
       size 100% of equity stop 5%`,
      'trade universe on 1d',
    );
    const { universe } = program;
    expect(universe).toMatchObject({
      quote: 'USDT',
      list: null,
      exclude: ['USDC/USDT', 'FDUSD/USDT'],
      descending: false,
      rebalanceMs: 604_800_000,
      refreshMs: 2_592_000_000,
    });
    expect(universe!.filters.map((id) => text(program, id))).toEqual(['gt(volume 1)', 'gt(close open)']);
    expect([text(program, universe!.hold), universe!.weight.mode]).toEqual(['5', 'inverse']);
    expect(program.ranks.map((id) => text(program, id))).toEqual(['volume', 'close']);
    expect(program.columns).toEqual([0, 1].map((rank) => ({ chart: 0, column: { kind: 'rank', rank } })));
    expect(program.markets).toEqual([]);
  });
});

describe('risk', () => {
  it('limits and guards', () => {
    const program = programOf(`${ENTRY}stop 5%\nrisk {
      max position 25% of equity
      max loss 3% per day then flatten and pause 1d
      max loss 50 USDT
      max drawdown 15% then halt
      max leverage 2
      max orders 40 per day then notify
      block long when close < open
      halt when drawdown > 20%
    }`);
    expect(
      program.limits.map(({ name, value, per, actions }) => [
        name,
        value.kind,
        text(program, value.value),
        per,
        actions.map(({ kind }) => kind),
      ]),
    ).toEqual([
      ['position', SIZE.equityShare, '0.25', null, []],
      ['loss', SIZE.equityShare, '0.03', 'day', ['flatten', 'pause']],
      ['loss', SIZE.money, '50', null, []],
      ['drawdown', 'number', '0.15', null, ['halt']],
      ['leverage', 'number', '2', null, []],
      ['orders', 'number', '40', 'day', ['notify']],
    ]);
    const pause = program.limits[1]!.actions[1]!;
    expect(pause.kind === 'pause' && text(program, pause.bars)).toBe('24');
    expect(program.guards).toMatchObject([
      { action: 'block', side: 1 },
      { action: 'halt', side: null },
    ]);
  });
});

describe('texts', () => {
  it('are cut at their inserts', () => {
    const program = programOf(`
      regime mood start calm { calm -> wild when close > open wild -> calm when close < open }
      let gap = close / open - 1
      notify "{symbol} \\"{gap:2}\\" {mood}" when close > open via telegram level warning once per day
      notify "done"
      mark below when close < open text "{close}" color red
      enter long when close > open reason "at {close:1}"
      size 1 BTC stop 5%`);
    const [notice, plain] = program.notifications;
    expect(notice!.text.source).toBe('{symbol} "{gap:2}" {mood}');
    expect(notice!.text.parts).toMatchObject([
      { kind: 'symbol' },
      { kind: 'text', text: ' "' },
      { kind: 'value', unit: 'ratio', digits: 2 },
      { kind: 'text', text: '" ' },
      { kind: 'value', unit: 'regime', digits: null, states: ['calm', 'wild'] },
    ]);
    expect(notice).toMatchObject({ via: 'telegram', level: 'warning', oncePer: 'day' });
    expect(plain).toMatchObject({ text: { parts: [{ kind: 'text', text: 'done' }] }, when: null, via: null, level: null, oncePer: null });
    expect(program.marks).toMatchObject([{ where: 'below', color: 'red', text: { parts: [{ kind: 'value', unit: 'price' }] } }]);
    expect(program.entries[0]!.reason?.parts).toMatchObject([{ text: 'at ' }, { unit: 'price', digits: 1 }]);
  });
});

describe('objective', () => {
  it('is arithmetic over metrics', () => {
    const { objective } = programOf(
      `${ENTRY}stop 5%\nobjective maximize sharpe * 2 where trades.count >= 100 and not (max_drawdown > 20%)`,
    );
    const metric = (name: string) => ({ kind: 'metric', name });
    const number = (value: number) => ({ kind: 'number', value });
    expect(objective).toEqual({
      direction: 'maximize',
      metricText: 'sharpe * 2',
      conditionText: 'trades.count >= 100 and not (max_drawdown > 20%)',
      metric: { kind: 'operation', op: 'mul', args: [metric('sharpe'), number(2)] },
      condition: {
        kind: 'operation',
        op: 'and',
        args: [
          { kind: 'operation', op: 'ge', args: [metric('trades.count'), number(100)] },
          { kind: 'operation', op: 'not', args: [{ kind: 'operation', op: 'gt', args: [metric('max_drawdown'), number(0.2)] }] },
        ],
      },
    });
  });
});

describe('settings', () => {
  it('are what is said, and null where nothing is', () => {
    const { program } = compiler.compile(
      `strat 1\nstrategy "x" { author "me" version "1.2" tags "trend, crypto" }\ntrade BTC/USDT on 1h\naccount { capital 5k USDT leverage 2 margin cross }\ncosts { maker -1bp taker 5bp slippage 3bp funding true borrow 6% }\n${ENTRY}stop 5%`,
    );
    expect(program).toMatchObject({
      author: 'me',
      version: '1.2',
      tags: ['trend', 'crypto'],
      account: { capital: 5000, leverage: 2, margin: 'cross' },
      costs: { maker: -0.0001, taker: 0.0005, slippage: 0.0003, funding: true, borrow: 0.06 },
    });
    const plain = programOf(`${ENTRY}stop 5%`);
    expect(plain).toMatchObject({ author: null, version: null, tags: [], account: { capital: null }, costs: { funding: null } });
  });
});

describe('warnings', () => {
  const codes = (lines: string): readonly string[] =>
    compiler.compile(`strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n${lines}`).diagnostics.map(({ code }) => code);

  it('an entry without a stop is not warned of where a limit closes everything', () => {
    expect(codes(ENTRY)).toEqual(['W0905']);
    expect(codes(`${ENTRY}risk { max drawdown 20% then flatten and halt }`)).toEqual([]);
    expect(codes(`${ENTRY}risk { max drawdown 20% then halt }`)).toEqual(['W0905']);
  });

  it('a universe that is not traded', () => {
    expect(codes(`${ENTRY}stop 5%\nuniverse { quote USDT }`)).toEqual(['W0902']);
  });
});
