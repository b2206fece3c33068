import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "units"\ntrade BTC/USDT on 1h\nenter long when close > open\nsize 1 BTC\nstop 5%\n';

/** Codes that an expression gives where a plot takes anything that is one value. */
const codes = (lines: string): readonly string[] => compiler.compile(`${HEAD}${lines}`).diagnostics.map(({ code }) => code);

/** A let with a written type accepts exactly the values of that kind (a bare number adapts), so it tells the kind of an expression. */
const KINDS = ['number', 'percent', 'price', 'quantity', 'money', 'duration', 'bars', 'condition'] as const;
function kindsOf(expression: string): readonly string[] {
  return KINDS.filter((kind) => codes(`let probe: ${kind} = ${expression}\nplot probe`).length === 0);
}

describe('dimension arithmetic', () => {
  it.each<[expression: string, kinds: readonly string[]]>([
    ['close', ['price']],
    ['close * volume', ['money']],
    ['volume * close', ['money']],
    ['equity / close', ['quantity']],
    ['equity / volume', ['price']],
    ['close / open', ['number', 'percent']],
    ['equity / cash', ['number', 'percent']],
    ['log(close)', ['number']],
    ['sqrt(close * close)', ['price']],
    ['pow(close, 2) / close', ['price']],
    ['close * close', []],
    ['close * 2', ['price']],
    ['2 * close - open / 3', ['price']],
    ['close - open', ['price']],
    ['close + 5', ['price']],
    ['close + 2%', ['price']],
    ['equity - 10%', ['money']],
    ['volume + 1%', ['quantity']],
    ['2% + 25bp', ['percent']],
    ['2% * 3', ['percent']],
    ['50% * 2%', ['percent']],
    ['2% / 3', ['percent']],
    ['2% / 1%', ['number', 'percent']],
    ['50% * close', ['price']],
    ['10% of equity', ['money']],
    ['10% of position', ['money']],
    ['0.5 BTC', ['quantity']],
    ['100 USDT', ['money']],
    ['100 USDT / close', ['quantity']],
    ['0.5 BTC * close', ['money']],
    ['3 atr', ['price']],
    ['3 atr(21) + 1 atr', ['price']],
    ['atr', ['price']],
    ['4h', ['duration']],
    ['4h / 1h', ['number', 'percent']],
    ['time - entry.time', ['duration']],
    ['5 bars', ['bars']],
    ['position.bars + 1', ['bars']],
    ['rsi(14)', ['number']],
    ['roc(close, 5)', ['percent']],
    ['natr(14)', ['percent']],
    ['macd(close).hist', ['price']],
    ['macd(volume).hist', ['quantity']],
    ['bbands(close).upper', ['price']],
    ['bbands(close).width', ['number', 'percent']],
    ['bbands(rsi(14)).upper', ['number']],
    ['stdev(close, 20)', ['price']],
    ['max(close, open)', ['price']],
    ['max(close - open, 0)', ['price']],
    ['if close > open then close else 0', ['price']],
    ['close > open', ['condition']],
    ['position.profit', ['percent']],
    ['position.pnl', ['money']],
    ['drawdown', ['percent']],
    ['trades.win_rate', ['percent']],
    ['(close - open) / open', ['number', 'percent']],
  ])('%s is %j', (expression, kinds) => {
    expect(kindsOf(expression)).toEqual(kinds);
  });
});

describe('units that do not fit', () => {
  it.each<[expression: string, code: string]>([
    ['close + volume', 'E0309'],
    ['close - equity', 'E0309'],
    ['2% + close', 'E0309'],
    ['4h + 5', 'E0309'],
    ['close + 4h', 'E0309'],
    ['rsi(14) + 5%', 'E0305'],
    ['5% - 3', 'E0305'],
    ['100 USDT + 5 EUR', 'E0306'],
    ['equity > 5 EUR', 'E0306'],
    ['close > volume', 'E0304'],
    ['position.profit > 5', 'E0304'],
    ['rsi(14) > 30%', 'E0304'],
    ['time - entry.time > 5', 'E0304'],
    ['close > 5%', 'E0304'],
    ['rsi(14) between 30% and 70%', 'E0311'],
    ['rsi(14) between 70 and 30', 'E0311'],
    ['close crosses above volume', 'E0304'],
    ['macd(close) > 0', 'E0301'],
    ['-bbands(close)', 'E0301'],
    ['macd(close)[1]', 'E0301'],
    ['(close > open) + 1', 'E0301'],
    ['close and close > open', 'E0302'],
    ['close and open', 'E0302'],
    ['not close', 'E0302'],
    ['close / 0', 'E0314'],
    ['close / (2 - 2)', 'E0314'],
    ['if close > open then close else 5%', 'E0310'],
    ['if close then 1 else 2', 'E0302'],
    ['min(close, volume)', 'E0307'],
    ['sqrt(close)', 'E0307'],
    ['exp(close)', 'E0307'],
    ['sma(close > open, 5)', 'E0307'],
    ['10 of equity', 'E0313'],
    ['10% of close', 'E0313'],
    ['position', 'E0301'],
    ['sma', 'E0207'],
    ['2R * close', 'E0301'],
  ])('%s is %s', (expression, code) => {
    expect(codes(`plot ${expression}`)).toEqual([code]);
  });
});

describe('numbers without a unit', () => {
  it.each([
    'close > 30000',
    'volume > 100',
    'equity > 5000',
    'position.bars > 5',
    'position.r > 2',
    'rsi(14) > 70',
    'close / open > 1',
    'position.profit > 5%',
  ])('take the unit of the other side: %s', (expression) => {
    expect(codes(`plot ${expression}`)).toEqual([]);
  });

  it('a param is not a literal: it is given its unit where it is defined', () => {
    expect(codes('param level = 30000 in 1000..90000\nplot close > level')).toEqual(['E0304']);
    expect(codes('param level: price = 30000 in 1000..90000\nplot close > level')).toEqual([]);
  });
});
