import { describe, expect, it } from 'vitest';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { importPine } from './import-pine.ts';

const compiler = createCompiler();
const HEAD = '//@version=5\nstrategy("x")\n';

function imported(source: string): { readonly program: string; readonly remarks: readonly string[] } {
  const { program, compiles, errors, remarks } = importPine(
    HEAD + source,
    { market: parseMarket('BTC/USDT')!, timeframe: parseTimeframe('1h')! },
    compiler,
  );
  const told = remarks
    .filter(({ kind }) => kind !== 'run')
    .map(({ kind, line, construct, text }) => `${kind} ${line} ${construct}: ${text}`);
  expect({ errors, compiles: compiles || told }).toEqual({ errors: [], compiles: true });
  return { program: program!, remarks: told };
}

/** The lines of the program behind its head that are not empty. */
const body = (source: string): readonly string[] =>
  imported(source)
    .program.split('\n')
    .slice(5)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What an expression becomes, as the condition or side of one. */
function said(expression: string): string {
  const lines = body(`if close > ${expression}\n    strategy.entry("L", strategy.long)`);
  const [, text] = /^enter long when close > (.*) reason "L"$/.exec(lines.at(-1)!) ?? [];
  return [...lines.slice(0, -2).filter((line) => !line.startsWith('size')), text].join(' | ');
}

describe('values of Pine in the words of strat', () => {
  it.each([
    ['ta.sma(close, 20)', 'sma(close, 20)'],
    ['ta.highest(20)', 'highest(high, 20)'],
    ['ta.lowest(close, 20)[1]', 'lowest(close, 20)[1]'],
    ['ta.wma(hl2, 9) - ta.atr(14) * 2', 'wma(hl2, 9) - atr(14) * 2'],
    ['ta.alma(close, 9, 0.85, 6) - ta.alma(close, 10, 0.55, 12)', 'alma(close, 9) - alma(close, 10, 0.55, 12)'],
    ['math.max(open, high[1], low)', 'max(max(open, high[1]), low)'],
    ['math.avg(open, close)', '(open + close) / 2'],
    ['math.sin(open / close) + math.atan(0.5)', 'let unit: price = 1 | (sin(open / close) + atan(0.5)) * unit'],
    ['math.todegrees(math.acos(0.5))', 'let unit: price = 1 | acos(0.5) * 180 / pi * unit'],
    ['math.toradians(ta.rsi(close, 14))', 'let unit: price = 1 | rsi(close, 14) * pi / 180 * unit'],
    ['ta.mode(close, 9)', 'mode(close, 9)'],
    ['ta.rci(close, 9)', 'let unit: price = 1 | rci(close, 9) * unit'],
    ['ta.percentile_nearest_rank(close, 20, 75)', 'percentile_nearest(close, 20, 75)'],
    ['nz(high[1], low)', 'nz(high[1], low)'],
    ['(open > low ? high : low)', '(if open > low then high else low)'],
    ['ta.valuewhen(open > low, high, 0)', 'value_when(open > low, high)'],
    ['ta.valuewhen(open > low, high, 1)', 'value_when(open > low, value_when(open > low, high)[1])'],
    ['fixnan(high)', 'value_when(high is not na, high)'],
    ['ta.linreg(close, 20, 0)', 'linreg(close, 20, 0)'],
    ['request.security(syminfo.tickerid, "D", ta.sma(close, 20))', 'sma(close, 20) on 1d'],
    ['request.security("BINANCE:ETHUSDT", "60", close)', 'close of ETH/USDT'],
    ['request.security("", "240", high[1], lookahead=barmerge.lookahead_on)', 'high on 4h'],
    ['low + 3 * syminfo.mintick', 'low + 3 * 1 tick'],
  ])('%s', (pine, strat) => {
    expect(said(pine)).toBe(strat);
  });

  it('gives plain numbers the unit of what they meet', () => {
    expect(said('input.float(3, "level")')).toBe('param level = 3 | let unit: price = 1 | level * unit');
    expect(said('ta.rsi(close, 14)')).toBe('let unit: price = 1 | rsi(close, 14) * unit');
    expect(said('0.5 * high + 3')).toBe('0.5 * high + 3');
  });

  it('calculates with plain numbers', () => {
    expect(said('(2 + 3) * 4 / 2 - 1')).toBe('9');
  });

  it.each([
    ['ta.crossover(close, open)', 'close crosses above open'],
    ['ta.cross(close, open)', 'close crosses open'],
    ['ta.rising(close, 3)', 'close > highest(close, 3)[1]'],
    ['not (close > open)', 'close <= open'],
    ['ta.change(close) > 0', 'change'],
    ['na(close[5])', 'close[5] is na'],
    ['dayofweek == dayofweek.monday', 'weekday == mon'],
    ['dayofweek != 1', 'weekday != sun'],
    ['time >= timestamp(2020, 3, 1, 0, 0)', 'time >= 2020-03-01'],
    ['time >= timestamp("2020-03-01 09:30")', 'time >= 2020-03-01 + 570m'],
    ['hour >= 9 and hour < 16', 'hour >= 9 and hour < 16'],
    ['ta.barssince(close > open) > 5', 'since(close > open) > 5'],
    ['barstate.isconfirmed and close > open', 'close > open'],
    ['strategy.position_size == 0 and close > open', 'not position.open and close > open'],
    ['strategy.opentrades == 0 and close > open', 'not position.open and close > open'],
    ['strategy.position_size <= 0 and close > open', 'not position.open and close > open'],
    ['bar_index % 10 == 3', 'mod(bar_index, 10) == 3'],
  ])('the condition %s', (pine, strat) => {
    const line = body(`if ${pine}\n    strategy.entry("L", strategy.long)`).at(-1)!;
    expect(line.replace('(time >= 2020-03-01 + 570m)', '')).toBe(
      strat === 'change'
        ? 'enter long when close - close[1] > 0 reason "L"'
        : `enter long when ${strat.replace('2020-03-01 + 570m', '(2020-03-01 + 570m)')} reason "L"`,
    );
  });
});

describe('variables that change', () => {
  const ENTRY = '\nif close > x\n    strategy.entry("L", strategy.long)';

  it('become a choice', () => {
    expect(body(`x = high\nif open > low\n    x := low${ENTRY}`)[0]).toBe('let x = if open > low then low else high');
    expect(body(`x = switch\n    open > low => low\n    => high${ENTRY}`)[0]).toBe('let x = if open > low then low else high');
  });

  it('remember as series that read their own past', () => {
    expect(body(`var x = 0.0\nif open > low\n    x := x + low${ENTRY}`)[0]).toBe(
      'let x = if open > low then x[1] + low else x[1] start if open > low then low else 0',
    );
    expect(body(`var float x = na\nif open > low\n    x := low${ENTRY}`)[0]).toBe('let x = value_when(open > low, low)');
    expect(body(`x = low\nx := open > nz(x[1], x) ? math.max(low, nz(x[1], x)) : low${ENTRY}`).join(' | ')).toContain(
      'let x = if open > nz(x[1], low) then max(low, nz(x[1], low)) else low start low',
    );
  });

  it('that never change are what they were declared as', () => {
    expect(body('var x = 3\nif close > x\n    strategy.entry("L", strategy.long)').at(-1)).toBe('enter long when close > 3 reason "L"');
  });

  it('of loops of few turns are written out', () => {
    expect(body(`x = 0.0\nfor i = 0 to 2\n    x += low[i]${ENTRY}`).join(' | ')).toMatch(/low\[1\].*low\[2\]/);
  });

  it('that read each other cannot be said', () => {
    const source = `var x = 0.0\nvar y = 0.0\nx := y[1] + low\ny := x[1] + high\nif close > open\n    strategy.entry("M", strategy.long)${ENTRY}`;
    const { program, remarks } = imported(source);
    expect(remarks.join('\n')).toContain("it and x read each other's past");
    expect(program).toContain('enter long when close > open reason "M"');
    expect(program).not.toContain('reason "L"');
  });

  it('of functions are their own at each call', () => {
    const lines = body(
      `f(s) =>\n    var n = 0\n    n := s > s[1] ? n + 1 : n\n    n\nif f(high) > 3 and f(low) > 3\n    strategy.entry("L", strategy.long)`,
    );
    expect(lines.filter((line) => line.startsWith('let n'))).toHaveLength(2);
  });
});

describe('orders', () => {
  it('an entry first closes the other side', () => {
    expect(body('if close > open\n    strategy.entry("Up", strategy.long)\nelse\n    strategy.entry("Down", strategy.short)')).toEqual([
      'size 1 BTC',
      'enter long when close > open reason "Up"',
      'enter short when close <= open reason "Down"',
      'exit long when close <= open reason "Down"',
      'exit short when close > open reason "Up"',
    ]);
  });

  it('what exits tell apart are setups', () => {
    const lines = body(
      'if close > open\n    strategy.entry("A", strategy.long)\nif close < low[1]\n    strategy.entry("B", strategy.long)\nif close > high[1]\n    strategy.close("B")',
    );
    expect(lines).toEqual([
      'size 1 BTC',
      'setup setup_a long {',
      'enter when close > open reason "A"',
      '}',
      'setup setup_b long {',
      'enter when close < low[1] reason "B"',
      'exit when close > high[1]',
      '}',
    ]);
  });

  it.each([
    ['stop = strategy.position_avg_price * 0.98', 'stop 2%'],
    ['stop = strategy.position_avg_price - 2 * ta.atr(14)', 'stop 2 * atr(14)'],
    ['stop = ta.lowest(low, 10)', 'stop at lowest(low, 10) moving'],
    ['limit = strategy.position_avg_price * (1 + 5 / 100)', 'take at 5%'],
    ['limit = ta.highest(high, 10)', 'take at highest(high, 10)'],
    ['profit = 100, loss = 50', 'stop 50 ticks | take at 100 ticks'],
    ['trail_points = 100, trail_offset = 50', 'trail 50 ticks after 100 ticks'],
  ])('strategy.exit with %s', (args, expected) => {
    const lines = body(`if close > open\n    strategy.entry("L", strategy.long)\nstrategy.exit("X", "L", ${args})`);
    expect(lines.filter((line) => /^(stop|take|trail)/.test(line)).join(' | ')).toBe(expected);
  });

  it('shares of targets', () => {
    const lines = body(
      'if close > open\n    strategy.entry("L", strategy.long)\nstrategy.exit("A", "L", qty_percent = 50, profit = 10)\nstrategy.exit("B", "L", profit = 20)',
    );
    expect(lines).toContain('take 50% at 10 ticks, rest at 20 ticks');
  });

  it('sizes, pyramids and risk rules', () => {
    const { program } = importPine(
      '//@version=5\nstrategy("x", pyramiding = 3, initial_capital = 5000, margin_long = 20, commission_value = 0.05)\nstrategy.risk.max_drawdown(20, strategy.percent_of_equity)\nstrategy.risk.allow_entry_in(strategy.direction.long)\nif close > open\n    strategy.entry("L", strategy.long, qty = strategy.equity * 0.1 / close)\nif close < open\n    strategy.entry("S", strategy.short)',
      { market: parseMarket('BTC/USDT')!, timeframe: parseTimeframe('4h')! },
      compiler,
    );
    expect(program!.split('\n').filter((line) => line !== '')).toEqual([
      'strat 1',
      'strategy "x"',
      'trade BTC/USDT on 4h side long',
      'account { capital 5000 USDT leverage 5 }',
      'costs { maker 0.05% taker 0.05% slippage 0% }',
      'size equity * 0.1 / close',
      'enter long when close > open reason "L"',
      'exit long when close < open reason "S"',
      'add 100% when close > open max 2 times',
      'risk { max drawdown 20% then flatten and halt }',
    ]);
  });

  it('a condition that may be unknown is false, as in Pine', () => {
    const lines = body('p = ta.pivothigh(2, 2)\nif not (close > p)\n    strategy.entry("L", strategy.long)');
    expect(lines.at(-1)).toBe('enter long when not known(close > p) reason "L"');
  });
});

describe('what cannot be said is told', () => {
  const told = (source: string): string =>
    imported(`if close > open\n    strategy.entry("M", strategy.long)\n${source}`).remarks.join('\n');

  it.each([
    ['a = array.new<float>(3)', 'array.new(...): strat has no lists'],
    ['x = request.financial("A", "B", "FQ")', 'request.financial(...): strat has no such data'],
    ['x = request.security(syminfo.tickerid, "D", close, lookahead = barmerge.lookahead_on)', 'it looks ahead'],
    ['x = request.security(syminfo.tickerid, "5", close)', 'import it with --timeframe 5m'],
    ['x = ta.sma(close, bar_index)', '"length" changes from bar to bar'],
    ['while close > open\n    x = 1', 'while: strat has no loops'],
    ['x = close[-1]', 'strat looks 0 to 5000 bars back'],
    ['bgcolor(color.red)', 'bgcolor(...): a drawing'],
    ['type point\n    float x\n', 'strat has no types of your own'],
    ['import a/b/1 as c', 'libraries of TradingView are not read'],
    ['x = unknown + 1', 'the script does not say what it is'],
    ['x = strategy.max_drawdown_percent', ''],
  ])('%s', (source, text) => {
    expect(told(source)).toContain(text);
  });

  it('a rule that needs it is left out, not loosened', () => {
    const source =
      'a = request.financial("A", "B", "FQ")\nif close > open and a > 3\n    strategy.entry("L", strategy.long)\nif close < open\n    strategy.entry("M", strategy.long)';
    const { program, remarks } = imported(source);
    expect(program).not.toContain('"L"');
    expect(remarks).toContain('dropped 5 strategy.entry("L"): it needs what line 3 could not say');
  });

  it('an indicator, a script without entries, and text that is no Pine give no program', () => {
    const options = { market: parseMarket('BTC/USDT')!, timeframe: parseTimeframe('1h')! };
    for (const source of ['//@version=5\nindicator("x")\nplot(close)', HEAD, '', 'hello world']) {
      const { program, errors, remarks } = importPine(source, options, compiler);
      expect([program, errors.length + remarks.length > 0]).toEqual([null, true]);
    }
  });
});

describe('the side of the position', () => {
  const held = 'var float s = na\nif strategy.position_size > 0\n    s := math.max(nz(s), low)\nelse\n    s := na\n';
  const up = 'if close > open\n    strategy.entry("L", strategy.long)\nif close < s\n    strategy.close("L")';

  it('may be remembered where one side is entered only', () => {
    const lines = body(held + up);
    expect(lines[0]).toBe('let s = if position.open then max(nz(s[1]), low) else na start if position.open then max(0, low) else na');
    expect(lines).toContain('exit long when close < s');
  });

  it('cannot be remembered where both are', () => {
    const { program, remarks } = imported(`${held}${up}\nif close < open\n    strategy.entry("S", strategy.short)`);
    expect(program).not.toContain('close < s');
    expect(remarks.join('\n')).toContain('dropped 3 s: it remembers the side of the position');
  });

  it('is known to rules: those of one side ask for nothing, or for less', () => {
    const lines = body(
      'if close > open and strategy.position_size <= 0\n    strategy.entry("L", strategy.long)\nif close < open and strategy.position_size >= 0\n    strategy.entry("S", strategy.short)\nif close > high[1] and strategy.position_size < 0\n    strategy.close("S")',
    );
    expect(lines).toEqual([
      'size 1 BTC',
      'enter long when close > open reason "L"',
      'enter short when close < open reason "S"',
      'exit long when close < open reason "S"',
      'exit short when close > high[1]',
      'exit short when close > open reason "L"',
    ]);
  });
});
