import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

const compiler = createCompiler();

/** `CODE line:column` of every finding; the program's own lines start at line 4. */
function places(lines: string, trade = 'trade BTC/USDT on 1h'): readonly string[] {
  const source = `strat 1\nstrategy "places"\n${trade}\n${lines}\n`;
  const map = new LineMap(source);
  return compiler.compile(source).diagnostics.map(({ code, span }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

const RULES = 'enter long when close > open\nsize 1 BTC\nstop 5%';
/** Places of one line in front of rules without faults; it is line 4. */
const placesOf = (line: string): readonly string[] => places(`${line}\n${RULES}`);

describe('names', () => {
  it.each<[line: string, expected: readonly string[]]>([
    ['plot emaa(close, 5)', ['E0201 4:6']],
    ['plot position.toString', ['E0206 4:15']],
    ['plot close.high', ['E0206 4:12']],
    ['plot hasOwnProperty(close)', ['E0201 4:6']],
    ['plot sma(close, constructor: 5)', ['E0205 4:17']],
    ['plot sma(close, 5, 6)', ['E0205 4:20']],
    ['plot sma(close)', ['E0205 4:6']],
    ['plot sma(length: 5, close)', ['E0205 4:21']],
    ['plot sma(close, 5, length: 6)', ['E0205 4:20']],
    ['plot sma(close, 5, source: open)', ['E0205 4:20']],
    ['plot abs(close, 2)', ['E0205 4:17']],
    ['plot max(close)', ['E0205 4:6']],
    ['plot close(5)', ['E0207 4:6']],
    ['let sma = close plot sma', ['E0204 4:5']],
    ['let confidence = 1', ['E0204 4:5']],
    ['let wma = 1', ['E0204 4:5']],
    ['def f(close) = 1', ['E0204 4:7']],
    ['def f(a, a) = 1', ['E0202 4:10']],
    ['let run = close let run = open plot run', ['E0202 4:21']],
    ['def f(a) = a plot f', ['E0207 4:19']],
    ['let a = confidence plot a', ['E0207 4:9']],
  ])('%s', (line, expected) => {
    expect(placesOf(line)).toEqual(expected);
  });

  it('a failed name is silent wherever it is used', () => {
    expect(placesOf('let a = closs\nlet b = a + 1\nlet c = b > 5%\nplot c')).toEqual(['E0201 4:9']);
    expect(placesOf('let low = 5%\nplot low > 3\nplot sma(low, 5)')).toEqual(['E0204 4:5']);
    expect(placesOf('def f(x) = y\nplot f(1) + f(2)')).toEqual(['E0201 4:12']);
  });

  it('a name of a block is not known outside of it', () => {
    expect(places('long {\n  let a = close\n  enter when close > a\n  size 1 BTC\n  stop 5%\n}\nplot a')).toEqual(['E0201 10:6']);
  });

  it('both sides may use the same name', () => {
    expect(places('size 1 BTC\nstop 5%\nlong { let a = open enter when close > a }\nshort { let a = open enter when close < a }')).toEqual(
      [],
    );
  });

  it('what is misspelt is proposed', () => {
    const { diagnostics } = compiler.compile(
      'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nlet trend = close\nplot trnd\nplot bbands(close).uper\nplot sma(close, lenght: 5)',
    );
    expect(diagnostics.flatMap(({ hint }) => (hint?.startsWith('did you mean') === true ? [hint] : []))).toEqual([
      'did you mean trend?',
      'did you mean upper?',
      'did you mean length?',
    ]);
  });
});

describe('built-in names', () => {
  /** language.md section 8. */
  const names =
    'open high low close volume quote_volume hl2 hlc3 ohlc4 time bar_index funding_rate open_interest spread market_cap age hour minute weekday day ' +
    'day_of_month month year mon tue wed thu fri sat sun pi equity cash drawdown last_fill confidence position entry trades sma ema wma rma ' +
    'hma dema tema kama alma vwma linreg vwap rsi stoch stoch_rsi cci mfi williams_r cmo roc mom change macd adx dmi aroon supertrend psar ' +
    'ichimoku donchian atr tr natr stdev variance bbands keltner chop obv adl cmf highest lowest sum avg median percentile percentile_rank ' +
    'zscore count any all since value_when latch highest_since lowest_since sum_since slope corr beta rank abs min max clamp sqrt log exp sin cos tan asin acos atan ' +
    'pow floor ceil round sign mod nz vote';

  it.each(names.split(' ').filter((name) => name !== 'entry'))('%s cannot be defined again', (name) => {
    expect(placesOf(`let ${name} = 5`)).toEqual(['E0204 4:5']);
  });

  it('every one of them is run, or refused by its name', () => {
    for (const name of names.split(' ')) {
      const codes = compiler
        .compile(`strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nplot ${name}\n${RULES}`)
        .diagnostics.map(({ code }) => code);
      expect([name, codes.filter((code) => code === 'E0201')]).toEqual([name, []]);
    }
  });
});

describe('lengths and history', () => {
  it.each<[line: string, expected: readonly string[]]>([
    ['plot sma(close, 0)', ['E0308 4:17']],
    ['plot sma(close, 10001)', ['E0308 4:17']],
    ['plot sma(close, 1000000000)', ['E0308 4:17']],
    ['plot sma(close, 2.5)', ['E0308 4:17']],
    ['plot sma(close, 2%)', ['E0307 4:17']],
    ['plot sma(close, 4h)', ['E0307 4:17']],
    ['plot sma(close, close)', ['E0303 4:17']],
    ['plot sma(close, rsi(14))', ['E0303 4:17']],
    ['plot close[5001]', ['E0406 4:12']],
    ['plot close[1000000]', ['E0406 4:12']],
    ['plot close[-1]', ['E0401 4:12']],
    ['plot close[1.5]', ['E0308 4:12']],
    ['plot close[rsi(14)]', ['E0303 4:12']],
    ['param k = 1 in -3..3 plot close[k]', ['E0401 4:33']],
    ['param k = 1 in 0..6000 plot close[k]', ['E0406 4:35']],
    ['param n = 5 in 0..20 plot sma(close, n)', ['E0308 4:38']],
    ['param n = 5 in 1.5..20 plot sma(close, n)', ['E0308 4:40']],
    ['param n = 5 in 2..20 plot sma(close, n / 2)', ['E0308 4:38']],
    ['param n = 5 in 2..20 plot sma(close, round(n / 2)) + sma(close, 2 * n + 1)', []],
    ['plot close[0] + close[5000] + sma(close, 10000)', []],
    ['plot 3 atr(0)', ['E0308 4:12']],
    ['def f(n: length) = sma(close, n) plot f(0)', ['E0308 4:41']],
  ])('%s', (line, expected) => {
    expect(placesOf(line)).toEqual(expected);
  });
});

describe('params', () => {
  it.each<[line: string, expected: readonly string[]]>([
    ['param a = 3 in 5..10 plot a', ['E0601 4:11']],
    ['param a = 3 in [1, 2] plot a', ['E0601 4:11']],
    ['param a = 3 in 1..10 step -1 plot a', ['E0602 4:27']],
    ['param a = 3 in 1..10 step 20 plot a', ['E0602 4:27']],
    ['param a = 3 in 10..1 plot a', ['E0603 4:16']],
    ['param a = 3 in [] plot a', ['E0603 4:16']],
    ['param a = 3% in 1..10 plot a', ['E0604 4:17']],
    ['param a = 3% in 1%..10% step 1 plot a', ['E0604 4:30']],
    ['param a = 30m in [15m, 1%] plot a', ['E0604 4:24']],
    ['param a = close plot a', ['E0303 4:11']],
    ['param a = macd(close) plot a', ['E0604 4:11']],
    ['param a: percent = 3 plot a', ['E0307 4:20']],
    ['param a: price = 30000 in 1000..90000 step 1000 plot a', []],
    ['param a = 30m in [15m, 30m, 60m] plot a', []],
    ['param a = true enter long when a', []],
    ['param a = 0.1 in 0.01..1 log label "speed" plot a', []],
    ['param a = 1 require a > rsi(14)', ['E0303 4:21']],
    ['param a = 1 require a', ['E0302 4:21']],
  ])('%s', (line, expected) => {
    expect(placesOf(line).filter((place) => !place.startsWith('W'))).toEqual(expected);
  });
});

describe('trading rules', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['size 1 BTC', ['E0504 2:1']],
    ['enter long when close > open', ['E0506 4:1']],
    ['enter when close > open\nsize 1 BTC', ['E0507 4:1']],
    ['size 1 BTC\nstop 5%\nlong { enter short when close > open }', ['E0507 6:14']],
    ['enter long when close > open\nsize -1 BTC\nstop 5%', ['E0511 5:6']],
    ['enter long when close > open\nsize 0 USDT\nstop 5%', ['E0511 5:6']],
    ['enter long when close > open\nsize 10\nstop 5%', ['E0307 5:6']],
    ['enter long when close > open\nsize close\nstop 5%', ['E0307 5:6']],
    ['enter long when close > open\nsize 100 EUR\nstop 5%', ['E0306 5:6']],
    ['enter long when close > open\nsize 10% of cash times close\nstop 5%', ['E0301 5:24']],
    ['enter long when close > open\nsize 1 BTC max 10%\nstop 5%', ['E0307 5:16']],
    ['enter long when close > open\nsize risk 1 BTC\nstop 5%', ['E0307 5:11']],
    ['enter long when close > open\nsize 1 BTC\nstop -5%', ['E0511 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop 0%', ['E0511 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop 100%', ['E0511 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop 0 atr', ['E0511 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop -2 atr', ['E0511 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop 2 * (high - low)', []],
    ['enter long when close > open\nsize 1 BTC\nstop 1R', ['E0503 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop 4h', ['E0307 6:6']],
    ['enter long when close > open\nsize 1 BTC\nstop at 5%', ['E0307 6:9']],
    ['enter long when close > open\nsize 1 BTC\ntrail 2% after 1R', ['E0503 6:16']],
    ['enter long when close > open\nsize 1 BTC\nstop 5%\ntrail 2', ['E0307 7:7']],
    ['enter long when close > open\nsize 1 BTC\nstop 5%\ntrail 2%\ntrail 3%', ['E0509 8:1']],
    ['enter long when close > open\nsize 1 BTC\nstop 5%\nexit 0% when close < open', ['E0507 7:1']],
    ['long {\nenter when close > open\nsize 1 BTC\nstop 5%\nexit 0% when close < open\n}', ['E0511 8:6']],
    ['long {\nenter when close > open\nsize 1 BTC\nstop 5%\nexit 150% when close < open\n}', ['E0502 8:6']],
    ['enter long when close > open with confidence close\nsize 1 BTC\nstop 5%', ['E0307 4:46']],
    ['enter long when close > open at market ioc\nsize 1 BTC\nstop 5%', ['E0508 4:40']],
    ['short { size risk 1% of equity }\nlong { stop 5% }\nenter short when close > open\nsize 1 BTC\nstop 5%', []],
    ['short { size risk 1% of equity enter when close > open }\nlong { stop 5% }', ['E0501 4:9']],
    ['size risk 1% of equity\nlong { enter when close > open stop 5% }\nshort { enter when close < open }', ['E0501 4:1']],
  ])('%s', (lines, expected) => {
    expect(places(lines).filter((place) => !place.startsWith('W'))).toEqual(expected);
  });

  it('a side that the trade line excludes is refused', () => {
    expect(places(`enter short when close > open\nsize 1 BTC\nstop 5%`, 'trade BTC/USDT on 1h side long')).toEqual(['E0507 4:7']);
    expect(
      places(`short { enter when close > open }\nenter long when close > open\nsize 1 BTC\nstop 5%`, 'trade BTC/USDT on 1h side long'),
    ).toEqual(['E0507 4:1']);
  });

  it('a strategy without a trade line is refused at its first word', () => {
    expect(places(RULES, '')).toEqual(['E0504 2:1']);
  });

  it('settings have their own rules', () => {
    expect(placesOf('account { capital 10000 }')).toEqual(['E0307 4:19']);
    expect(placesOf('account { capital 10000 EUR }')).toEqual(['E0306 4:19']);
    expect(placesOf('account { capitol 10000 USDT }')).toEqual(['E0206 4:11']);
    expect(placesOf('account { capital -1 USDT }')).toEqual(['E0511 4:19']);
    expect(placesOf('costs { taker 0.1 }')).toEqual(['E0304 4:15']);
    expect(placesOf('costs { taker 100% }')).toEqual(['E0511 4:15']);
    expect(placesOf('costs { taker 0.1% maker 0.02% slippage 3bp }')).toEqual([]);
    expect(placesOf('costs { taker 0.1% taker 0.2% }')).toEqual(['E0109 4:20']);
  });
});

describe('prices and distances', () => {
  const stops = (line: string): readonly string[] =>
    places(`enter long when close > open\nsize 1 BTC\n${line}`).filter((place) => !place.startsWith('W'));

  it.each([
    'low[1]',
    'sma(close, 20)',
    'ema(hl2, 9)[2]',
    'bbands(close).lower',
    'close - 2 atr',
    'close * 0.98',
    'lowest(low, 10) - 0.5 atr',
    'last_fill',
    'max(open, close)',
  ])('%s is a price of the chart, no distance', (price) => {
    expect(stops(`stop ${price}`)).toEqual(['E0307 6:6']);
    expect(stops(`stop at ${price}`)).toEqual([]);
    expect(stops(`stop 5%\ntrail ${price}`)).toEqual(['E0307 7:7']);
    expect(stops(`stop 5%\ntrail 2% from ${price}`)).toEqual([]);
  });

  it.each([
    '2 atr',
    '1.5 * (high - low)',
    'stdev(close, 20) * 2',
    'bbands(close).upper - bbands(close).lower',
    'abs(close - open)',
    '50% * (high - low[1])',
    'tr',
    'atr(14) + 1 atr(7)',
  ])('%s is a distance, no price of the chart', (distance) => {
    expect(stops(`stop ${distance}`)).toEqual([]);
    expect(stops(`stop at ${distance}`)).toEqual(['E0307 6:9']);
  });

  it.each(['close * 2%', '0.02 * close', 'close / 50', 'equity / volume'])('%s may be either', (value) => {
    expect(stops(`stop ${value}`)).toEqual([]);
    expect(stops(`stop at ${value}`)).toEqual([]);
  });
});

describe('statements that give names to series', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['let a = a[1] + 1 start 5 plot a', []],
    ['let a = a[1] + closs start 5 plot a', ['E0201 4:16']],
    ['plot sma(close, 5) on 4h', []],
    ['plot sma(close, 5) on 90m', ['E0403 4:23']],
    ['plot equity on 4h', ['E0405 4:16']],
    ['plot close of ETH/USDT', []],
    ['enter long when close > open for 3 bars', []],
    ['chart 4h { let up = close > opn }', ['E0201 4:29']],
    ['chart 30m { let up = close > open }', ['E0402 4:7']],
    ['use f from "./lib.strat"', ['E0702 4:12']],
    ['use strategy f from "./lib.strat"', ['E0702 4:21']],
    ['use f from "../lib.strat"', ['E0701 4:12']],
    ['use f from "./%2e%2e/lib"', ['E0701 4:12']],
    ['use f from "http://lib"', ['E0701 4:12']],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });
});

describe('warnings', () => {
  it.each<[lines: string, expected: readonly string[]]>([
    ['let a = close', ['W0902 4:5']],
    ['def f(x) = x', ['W0902 4:5']],
    ['param a = 5', ['W0903 4:7']],
    ['param a = 5 param b = 6 require a < b plot a', ['W0903 4:19']],
    ['long { let unused = close }', ['W0902 4:12']],
    ['let a = close let b = a', ['W0902 4:19']],
  ])('%s', (lines, expected) => {
    expect(placesOf(lines)).toEqual(expected);
  });

  it('an entry without a stop is warned of', () => {
    expect(places('enter long when close > open\nsize 1 BTC')).toEqual(['W0905 4:1']);
  });

  it('warnings are not given beside errors', () => {
    expect(placesOf('let a = close\nplot closs')).toEqual(['E0201 5:6']);
  });
});
