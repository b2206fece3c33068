import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

const compiler = createCompiler();

/** `CODE line:column` of every error; the given lines start at line 4. */
function places(lines: string, trade = 'trade BTC/USDT on 1h'): readonly string[] {
  const source = `strat 1\nstrategy "places"\n${trade}\n${lines}\n`;
  const map = new LineMap(source);
  const { program, diagnostics } = compiler.compile(source);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(program === null).toBe(errors.length > 0);
  return errors.map(({ code, span }) => {
    const { line, column } = map.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

type Row = readonly [line: string, expected: readonly string[]];

/** One line in front of rules without faults; it is line 4. */
const RULES = 'enter long when close > open\nsize 1 BTC\nstop 5%';
const onLine4 = (line: string): readonly string[] => places(`${line}\n${RULES}`);

describe('take', () => {
  it.each<Row>([
    ['take 50% at 2R, rest at 4R', []],
    ['take at 2R', []],
    ['take all at 5%', []],
    ['take at highest(high, 20)', []],
    ['take at 2 atr', []],
    ['take 33.4% at 1R, 33.3% at 2R, 33.3% at 3R', []],
    ['take at 150%', []],
    ['take at 2', ['E0307 4:9']],
    ['take at 4h', ['E0307 4:9']],
    ['take at rsi(14)', ['E0307 4:9']],
    ['take at 0R', ['E0511 4:9']],
    ['take at -2%', ['E0511 4:9']],
    ['take 0% at 2R', ['E0511 4:6']],
    ['take 60% at 1R, 50% at 2R', ['E0502 4:17']],
    ['take 100% at 1R, rest at 2R', ['E0502 4:18']],
    ['take rest at 2R, 50% at 4R', ['E0512 4:6']],
    ['take at 2R, 50% at 4R', ['E0512 4:6']],
    ['take all at 2R, rest at 4R', ['E0512 4:6']],
    ['take at 2R\ntake at 4R', ['E0509 5:1']],
    ['take at tred', ['E0201 4:9']],
    [`take ${Array.from({ length: 8 }, (_, i) => `10% at ${i + 1}R`).join(', ')}`, []],
    [`take ${Array.from({ length: 9 }, (_, i) => `10% at ${i + 1}R`).join(', ')}`, ['E0108 4:94']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('stop, trail, breakeven', () => {
  it.each<Row>([
    ['stop 2 atr moving closing limit 10bp', []],
    ['stop at low[1] moving', []],
    ['stop 2 atr limit 0', ['E0307 4:18']],
    ['stop 2 atr limit 1R', ['E0503 4:18']],
    ['stop 2 atr limit low', ['E0307 4:18']],
    ['trail 2R', []],
    ['trail 2% from highest(high, 22) after 1R step 0.5% closing moving', []],
    ['trail 2% step 0%', ['E0511 4:15']],
    ['trail 2% step close', ['E0307 4:15']],
    ['trail 2% from 2 atr', ['E0307 4:15']],
    ['trail 100%', ['E0511 4:7']],
    ['trail 2% after 150%', []],
    ['trail 2% after 3', ['E0307 4:16']],
    ['breakeven after 1R plus 0.1%', []],
    ['breakeven after 2', ['E0307 4:17']],
    ['breakeven after 1R plus 1', ['E0307 4:25']],
    ['breakeven after 1R\nbreakeven after 2R', ['E0509 5:1']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('R without a stop', () => {
  it.each<Row>([
    ['take at 2R', ['E0503 6:9']],
    ['trail 2R', ['E0503 6:7']],
    ['trail 2% step 1R', ['E0503 6:15']],
    ['breakeven after 1R', ['E0503 6:17']],
    ['breakeven after 5% plus 0.1R', ['E0503 6:25']],
    ['add every 1R against max 3 times', ['E0503 6:11']],
    ['take at 2R\nlong { stop 5% }', ['E0503 6:9']],
    ['long { take at 2R }', ['E0503 6:16']],
    ['stop 5%\nlong { take at 2R }', []],
  ])('%s', (line, expected) => {
    expect(places(`enter long when close > open\nsize 1 BTC\n${line}`)).toEqual(expected);
  });

  it('is told where one of the sides that use it has none', () => {
    const sides = (long: string, short: string): readonly string[] =>
      places(`size 1 BTC\ntake at 2R\nlong { enter when close > open ${long} }\nshort { enter when close < open ${short} }`);
    expect(sides('stop 5%', 'stop 5%')).toEqual([]);
    expect(sides('stop 5%', '')).toEqual(['E0503 5:9']);
    expect(sides('stop 5%', 'take at 5%')).toEqual([]);
    expect(sides('', 'stop 5%')).toEqual(['E0503 5:9']);
  });
});

describe('timeout, cooldown, cancel', () => {
  it.each<Row>([
    ['timeout 10 bars', []],
    ['timeout 14d when position.profit < 0%', []],
    ['timeout 10', ['E0307 4:9']],
    ['timeout 10%', ['E0307 4:9']],
    ['timeout 0 bars', ['E0511 4:9']],
    ['timeout -4h', ['E0511 4:9']],
    ['timeout position.bars', ['E0303 4:9']],
    ['timeout 10 bars when position.profit', ['E0302 4:22']],
    ['param n = 5 in 0..9 timeout n * 1h', ['E0511 4:29']],
    ['timeout 10 bars\ntimeout 5 bars when position.r < 1', []],
    ['cooldown 5 bars after loss\ncooldown 1d after win', []],
    ['cooldown 5', ['E0307 4:10']],
    ['cooldown 5 bars after loss\ncooldown 1d after loss', ['E0509 5:1']],
    ['cancel when close > open', []],
    ['cancel when close', ['E0302 4:13']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('add', () => {
  it.each<Row>([
    ['add when close > last_fill max 3 times', []],
    ['add 50% when close > last_fill max 3 times scale 1.4 at limit low good for 3 bars', []],
    ['add 100 USDT when close > last_fill max 3 times', []],
    ['add 10% of equity when close > last_fill max 3 times', []],
    ['add 100% every 2% against max 6 times scale 1.4', []],
    ['add every 1 atr in_favor max 2 times at market', []],
    ['add when close > last_fill', ['E0510 4:1']],
    ['add 100% every 2% against', ['E0510 4:1']],
    ['add 2 when close > last_fill max 3 times', ['E0307 4:5']],
    ['add 0% when close > last_fill max 3 times', ['E0511 4:5']],
    ['add 100 EUR when close > last_fill max 3 times', ['E0306 4:5']],
    ['add when close max 3 times', ['E0302 4:10']],
    ['add every 2 against max 3 times', ['E0307 4:11']],
    ['add every 100% against max 3 times', ['E0511 4:11']],
    ['add every low against max 3 times', ['E0307 4:11']],
    ['add every 2% against max 0 times', ['E0511 4:26']],
    ['add every 2% against max 2.5 times', ['E0308 4:26']],
    ['add every 2% against max 3% times', ['E0307 4:26']],
    ['add every 2% against max trades.count times', ['E0303 4:26']],
    ['add every 2% against max 3 times scale 0', ['E0511 4:40']],
    ['add every 2% against max 3 times scale 5%', ['E0307 4:40']],
    ['add every 2% against max 3 times scale rsi(14)', ['E0303 4:40']],
    ['add every 2% against max 3 times at limit low', ['E0508 4:34']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('orders', () => {
  it.each<Row>([
    ['at market', []],
    ['at limit close - 1 atr', []],
    ['at limit 30000', []],
    ['at stop high + 1 atr good for 3 bars', []],
    ['at stop high limit high + 1 atr good for 4h', []],
    ['at limit low post_only good until 15:30 else market after 2 bars', []],
    ['at limit low ioc', []],
    ['at limit low good until cancelled', []],
    ['at stop high limit high + 1 atr ioc', []],
    ['at limit 5%', ['E0307 4:39']],
    ['at limit 2 atr', ['E0307 4:39']],
    ['at limit tred', ['E0201 4:39']],
    ['at stop high limit 2 atr', ['E0307 4:49']],
    ['at limit low good for 3', ['E0307 4:52']],
    ['at limit low good for 0 bars', ['E0511 4:52']],
    ['at limit low else market after 3', ['E0307 4:61']],
    ['at market post_only', ['E0508 4:40']],
    ['at market good for 3 bars', ['E0508 4:40']],
    ['at limit low ioc fok', ['E0508 4:47']],
    ['at limit low post_only ioc', ['E0508 4:53']],
    ['at limit low ioc good for 3 bars', ['E0508 4:47']],
    ['at limit low else market after 2 bars fok', ['E0508 4:68']],
    ['at stop high post_only', ['E0508 4:43']],
    ['at stop high ioc', ['E0508 4:43']],
  ])('%s', (order, expected) => {
    expect(places(`enter long when close > open ${order}\nsize 1 BTC\nstop 5%`)).toEqual(expected);
    expect(places(`exit long when close < open  ${order}\n${RULES}`)).toEqual(expected);
  });
});

describe('size', () => {
  it.each<Row>([
    ['kelly', []],
    ['kelly fraction 0.25 over 100 trades min 2% of equity max 25% of equity', []],
    ['kelly fraction 25%', []],
    ['kelly fraction 0', ['E0511 5:21']],
    ['kelly fraction 1.5', ['E0511 5:21']],
    ['kelly fraction 2 atr', ['E0307 5:21']],
    ['kelly over 0 trades', ['E0511 5:17']],
    ['kelly over 2.5 trades', ['E0308 5:17']],
    ['kelly over 10% trades', ['E0307 5:17']],
    ['volatility target 20%', []],
    ['volatility target 20% over 30 bars times confidence', []],
    ['volatility target 20% over 2d', []],
    ['volatility target 20', ['E0307 5:24']],
    ['volatility target 0%', ['E0511 5:24']],
    ['volatility target 20% over 30', ['E0307 5:33']],
    ['volatility target 20% over 1 bar', ['E0308 5:33']],
    ['volatility target 20% over 20000 bars', ['E0308 5:33']],
    ['unit 1% of equity per 1 atr(20)', []],
    ['unit 100 USDT per 2%', []],
    ['unit 1% per 1 atr(20)', ['E0307 5:11']],
    ['unit 1 BTC per 1 atr(20)', ['E0307 5:11']],
    ['unit 100 EUR per 1 atr(20)', ['E0306 5:11']],
    ['unit 0 USDT per 1 atr(20)', ['E0511 5:11']],
    ['unit 1% of equity per 5', ['E0307 5:28']],
    ['unit 1% of equity per close', ['E0307 5:28']],
    ['unit 1% of equity per 1R', ['E0503 5:28']],
    ['10% of equity times close', ['E0301 5:26']],
    ['10% of equity max 5', ['E0307 5:24']],
    ['10% of equity min 5%', ['E0307 5:24']],
    ['10% of equity / confidence', []],
  ])('size %s', (size, expected) => {
    expect(places(`enter long when close > open with confidence 0.5\nsize ${size}\nstop 5%`)).toEqual(expected);
  });

  it('is checked with the confidence of each entry', () => {
    expect(places('enter long when close > open with confidence 0\nsize 10% of equity / confidence\nstop 5%')).toEqual(['E0314 5:20']);
    expect(places('enter long when close > open with confidence 0\nsize 10% of equity times confidence\nstop 5%')).toEqual([]);
  });
});

describe('setups', () => {
  const setups = (...bodies: readonly string[]): readonly string[] =>
    places(bodies.map((body, index) => `setup s${index + 1} long { ${body} }`).join('\n'));
  const WHOLE = 'enter when close > open size 1 BTC stop 5%';

  it.each<[name: string, bodies: readonly string[], expected: readonly string[]]>([
    ['each with its own', [WHOLE, `${WHOLE} exit when close < open`], []],
    ['an exit without an entry of its own', [WHOLE, 'exit when close < open'], ['E0505 5:17']],
    ['an entry of the other side', ['enter short when close > open size 1 BTC'], ['E0507 4:23']],
    ['an entry without a size', ['enter when close > open stop 5%'], ['E0506 4:17']],
    ['risk without a stop', [WHOLE, 'enter when close > open size risk 1% of equity'], ['E0501 5:41']],
    ['R without a stop', [WHOLE, 'enter when close > open size 1 BTC take at 1R'], ['E0503 5:60']],
    ['two sizes', [`${WHOLE} size 2 BTC`], ['E0509 4:60']],
  ])('%s', (_, bodies, expected) => {
    expect(setups(...bodies)).toEqual(expected);
  });

  it('own the positions that they open', () => {
    expect(places(`setup dip long { ${WHOLE} }\nexit long when close < open`)).toEqual(['E0505 5:1']);
  });

  it('have a name that nothing else has, and that is nothing to compute with', () => {
    expect(places(`setup dip long { ${WHOLE} }\nsetup dip long { ${WHOLE} }`)).toEqual(['E0202 5:7']);
    expect(places(`setup close long { ${WHOLE} }`)).toEqual(['E0204 4:7']);
    expect(places(`setup dip long { ${WHOLE} }\nplot dip`)).toEqual(['E0301 5:6']);
    expect(places(`setup dip long { ${WHOLE} }\nplot dip + 1`)).toEqual(['E0301 5:10']);
  });

  it('keep to the sides of the trade line', () => {
    expect(places(`setup dip short { ${WHOLE} }\n${RULES}`, 'trade BTC/USDT on 1h side long')).toEqual(['E0507 4:11']);
  });
});

describe('oco', () => {
  it.each<Row>([
    ['oco {\nenter long when close > open at stop high\nenter short when close > open at stop low\n}', []],
    ['oco {\nenter long when close\nenter short when open\n}', ['E0302 5:17', 'E0302 6:18']],
    ['oco { enter when close > open }', ['E0507 4:7']],
  ])('%s', (lines, expected) => {
    expect(places(`${lines}\nsize 10% of equity\nstop 5%`)).toEqual(expected);
  });
});

describe('baskets', () => {
  const PAIR = 'basket pair { buy BTC/USDT sell ETH/USDT weight 2 }';
  const paired = (...lines: readonly string[]): readonly string[] => places([PAIR, ...lines].join('\n'));

  it.each<[lines: readonly string[], expected: readonly string[]]>([
    [['enter long pair when close > open', 'exit long pair when close < open', 'size 10% of equity', 'stop 5%'], []],
    [['enter long pair when close > open', 'size 10% of equity', 'stop 2 atr'], ['E0513 7:6']],
    [['enter long pair when close > open', 'size 10% of equity', 'stop at low'], ['E0513 7:9']],
    [['enter long pair when close > open', 'size risk 1% of equity', 'stop 5%', 'take at 2R'], ['E0513 8:9']],
    [['enter long pair when close > open', 'size risk 1% of equity', 'stop 5%', 'take at 20%', 'breakeven after 5%'], []],
    [['enter long pair when close > open', 'size 1 BTC', 'stop 5%'], ['E0513 6:6']],
    [['enter long pair when close > open', 'size 10% of equity max 1 BTC', 'stop 5%'], ['E0513 6:24']],
    [['enter long pair when close > open at limit low', 'size 10% of equity', 'stop 5%'], ['E0513 5:35']],
    [['enter long pair when close > open', 'exit long when close < open', 'size 10% of equity', 'stop 5%'], ['E0505 6:1']],
    [['enter long pare when close > open', 'size 10% of equity', 'stop 5%'], ['E0201 5:12']],
    [['let x = close', 'enter long x when close > open', 'size 10% of equity', 'stop 5%'], ['E0207 6:12']],
    [['enter long close when close > open', 'size 10% of equity', 'stop 5%'], ['E0207 5:12']],
    [['enter long when pair > 1', 'size 10% of equity', 'stop 5%'], ['E0301 5:22']],
    [['plot pair', 'enter long pair when close > open', 'size 10% of equity', 'stop 5%'], ['E0301 5:6']],
    [['notify "{pair}"', 'enter long pair when close > open', 'size 10% of equity', 'stop 5%'], ['E0301 5:10']],
    [['long { stop 2 atr }', 'enter long pair when close > open', 'size 10% of equity', 'stop 5%'], []],
  ])('%j', (lines, expected) => {
    expect(paired(...lines)).toEqual(expected);
  });

  it.each<Row>([
    ['basket p { }', ['E0513 4:8']],
    ['basket p { buy BTC/USDT sell BTC/USDT }', ['E0509 4:30']],
    ['basket p { buy BTC/USDT sell EUR/USD }', ['E0306 4:30']],
    ['basket p { buy BTC/USDT weight 0 }', ['E0511 4:32']],
    ['basket p { buy BTC/USDT weight 2 atr }', ['E0307 4:32']],
    ['basket p { buy BTC/USDT weight rsi(14) / 50 }', []],
    ['basket close { buy BTC/USDT }', ['E0204 4:8']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('texts', () => {
  it.each<Row>([
    ['notify "{symbol} is at {close:2}" when close > open via telegram level warning once per day', []],
    ['notify "filled"', []],
    ['notify "{tred}" when close > open', ['E0201 4:10']],
    ['notify "{rsi}" when close > open', ['E0207 4:10']],
    ['notify "{position}" when close > open', ['E0301 4:10']],
    ['let m = macd(close)\nnotify "{m}" when close > open', ['E0301 5:10']],
    ['notify "{close + 1}" when close > open', ['E0211 4:10']],
    ['notify "x" when close', ['E0302 4:17']],
    ['notify "x" level warn', ['E0206 4:18']],
    ['notify "x" once per year', ['E0206 4:21']],
    ['exit long when close < open reason "{close:1} is low"', []],
    ['exit long when close < open reason "{clos} is low"', ['E0201 4:38']],
    ['mark above when close > open text "{close:2}" color red', []],
    ['mark above when close', ['E0302 4:17']],
    ['mark below when close > open text "{closs}"', ['E0201 4:37']],
    ['plot macd(close)', ['E0301 4:6']],
    ['plot [close, open]', ['E0301 4:6']],
    ['plot close > open', []],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('risk', () => {
  it.each<Row>([
    ['max position 25% of equity', []],
    ['max position 0.5 BTC', []],
    ['max position 25%', ['E0307 4:21']],
    ['max position 0 USDT', ['E0511 4:21']],
    ['max position 100 EUR', ['E0306 4:21']],
    ['max exposure 300% of equity', []],
    ['max exposure 1000 USDT', []],
    ['max exposure 1 BTC', ['E0307 4:21']],
    ['max exposure 60%', ['E0307 4:21']],
    ['max leverage 2', []],
    ['max leverage 200%', ['E0307 4:21']],
    ['max leverage 0', ['E0511 4:21']],
    ['max positions 3', []],
    ['max positions 3%', ['E0307 4:22']],
    ['max positions 0', ['E0511 4:22']],
    ['max positions 2.5', ['E0308 4:22']],
    ['max orders 40 per day', []],
    ['max orders 40 per days', ['E0206 4:26']],
    ['max trades 1 per day', []],
    ['max loss 3% per day then flatten and pause 1d', []],
    ['max loss 50 USDT per day then halt', []],
    ['max loss 3 per day', ['E0307 4:17']],
    ['max loss 100% per day', ['E0511 4:17']],
    ['max loss 1 BTC per day', ['E0307 4:17']],
    ['max loss 3% then pause 5', ['E0307 4:31']],
    ['max drawdown 15% then halt', []],
    ['max drawdown 15', ['E0307 4:21']],
    ['max drawdown 1500 USDT', ['E0307 4:21']],
    ['max drawdown 15% per day', ['E0206 4:29']],
    ['max losing_streak 4 then pause 1d', []],
    ['max losing_streak 4%', ['E0307 4:26']],
    ['max positon 25% of equity', ['E0206 4:12']],
    ['block long when equity < cash', []],
    ['block when equity', ['E0302 4:19']],
    ['flatten when close', ['E0302 4:21']],
    ['halt when drawdown > 20%', []],
  ])('risk { %s }', (rule, expected) => {
    expect(onLine4(`risk { ${rule} }`)).toEqual(expected);
  });

  it('what is misspelt is proposed', () => {
    const { diagnostics } = compiler.compile(`strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nrisk { max positon 25% of equity }\n${RULES}`);
    expect(diagnostics.map(({ hint }) => hint)).toEqual(['did you mean position?']);
    const percent = compiler.compile(`strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nrisk { max position 25% }\n${RULES}`);
    expect(percent.diagnostics.map(({ hint }) => hint)).toEqual(['did you mean 25% of equity?']);
  });
});

describe('universe', () => {
  const over = (clauses: string, more = ''): readonly string[] =>
    places(`${more}universe { ${clauses} }\nenter long when close > open\nsize 100% of equity\nstop 5%`, 'trade universe on 1d');

  it.each<[clauses: string, expected: readonly string[]]>([
    ['quote USDT filter volume > 5 rank by roc(close, 90) hold top 5 weight inverse natr(20) rebalance every 7d refresh every 30d', []],
    ['list [BTC/USDT, ETH/USDT] exclude [USDC/USDT]', []],
    ['filter volume > 5', ['E0504 4:1']],
    ['quote USDT filter volume', ['E0302 4:30']],
    ['quote USDT filter equity > 5', ['E0405 4:30']],
    ['quote USDT rank by equity hold top 5', ['E0405 4:31']],
    ['quote USDT rank by macd(close) hold top 5', ['E0301 4:31']],
    ['quote USDT rank by close > open hold top 5', ['E0307 4:31']],
    ['quote USDT rank by roc(close, 90) hold top 0', ['E0511 4:55']],
    ['quote USDT rank by roc(close, 90) hold top 5%', ['E0307 4:55']],
    ['quote USDT hold top 5', ['E0307 4:32']],
    ['quote USDT weight by macd(close)', ['E0301 4:33']],
    ['quote USDT weight inverse position.bars', ['E0405 4:38']],
    ['list [BTC/USDT, BTC/USDT]', ['E0509 4:28']],
    ['list [BTC/USDT, EUR/USD]', ['E0306 4:28']],
    ['quote USDT filter volume > 5 and tred', ['E0201 4:45']],
  ])('%s', (clauses, expected) => {
    expect(over(clauses)).toEqual(expected);
  });

  it('is there once, and there when it is traded', () => {
    expect(over('quote USDT', 'universe { quote USDT }\n')).toEqual(['E0509 5:1']);
    expect(places(RULES, 'trade universe on 1d')).toContain('E0504 3:1');
  });

  it('says the currency of the account', () => {
    const sized = (size: string): readonly string[] =>
      places(`universe { quote USDT }\nenter long when close > open\nsize ${size}\nstop 5%`, 'trade universe on 1d');
    expect(sized('100 USDT')).toEqual([]);
    expect(sized('100 EUR')).toEqual(['E0306 6:6']);
  });
});

describe('rank', () => {
  const over = (condition: string, trade = 'trade universe on 1d'): readonly string[] =>
    places(`universe { quote USDT }\nenter long when ${condition}\nsize 100% of equity\nstop 5%`, trade);

  it.each<[condition: string, expected: readonly string[]]>([
    ['rank(roc(close, 90)) <= 3', []],
    ['rank(x: roc(close, 90)) <= 3', []],
    ['rank() <= 3', ['E0205 5:17']],
    ['rank(close, open) <= 3', ['E0205 5:29']],
    ['rank(y: close) <= 3', ['E0205 5:22']],
    ['rank(close > open) <= 3', ['E0307 5:22']],
    ['rank(5) <= 3', ['E0307 5:22']],
    ['rank(equity) <= 3', ['E0405 5:22']],
    ['rank(close) <= 3%', ['E0304 5:29']],
    ['rank', ['E0207 5:17']],
  ])('%s', (condition, expected) => {
    expect(over(condition)).toEqual(expected);
  });

  it('needs a universe, and is not part of it', () => {
    expect(onLine4('plot rank(close)')).toEqual(['E0207 4:6']);
    const filtered = 'universe { quote USDT filter rank(close) < 5 }\nenter long when close > open\nsize 100% of equity\nstop 5%';
    expect(places(filtered, 'trade universe on 1d')).toEqual(['E0207 4:30']);
  });
});

describe('objective', () => {
  it.each<Row>([
    ['maximize sortino where trades.count >= 100 and max_drawdown < 20%', []],
    ['minimize max_drawdown', []],
    ['maximize sharpe * 2 - calmar / 10 where win_rate between 40% and 90%', []],
    ['maximize min(sharpe, sortino) where not (profit_factor < 1.5)', []],
    ['maximize net_profit where expectancy > 10 USDT', []],
    ['maximize sharp', ['E0201 4:20']],
    ['maximize trades.cont', ['E0206 4:27']],
    ['maximize close', ['E0207 4:20']],
    ['maximize rsi(14)', ['E0207 4:20']],
    ['maximize sharpe where sortino', ['E0302 4:33']],
    ['maximize sharpe where max_drawdown < 20', ['E0304 4:46']],
    ['maximize sharpe + max_drawdown', ['E0305 4:27']],
    ['maximize net_profit where net_profit > 10 EUR', ['E0306 4:48']],
    ['maximize sharpe where close > 5', ['E0207 4:33']],
  ])('objective %s', (rest, expected) => {
    expect(onLine4(`objective ${rest}`)).toEqual(expected);
  });

  it('is given once', () => {
    expect(onLine4('objective maximize sharpe\nobjective maximize calmar')).toEqual(['E0509 5:1']);
  });
});

describe('account and costs', () => {
  it.each<Row>([
    ['account { capital 10000 USDT leverage 2 margin isolated }', []],
    ['account { margin cross }', []],
    ['account { margin isolatd }', ['E0206 4:18']],
    ['account { margin 50% }', ['E0307 4:18']],
    ['account { leverage 0.5 }', ['E0511 4:20']],
    ['account { leverage 200% }', ['E0307 4:20']],
    ['account { leverage trades.count }', ['E0303 4:20']],
    ['costs { maker -0.01% taker 5bp slippage 3bp funding true borrow 5% }', []],
    ['costs { funding 1% }', ['E0307 4:17']],
    ['costs { borrow 5 }', ['E0304 4:16']],
    ['costs { borrow -5% }', ['E0511 4:16']],
    ['costs { taker -5bp }', ['E0511 4:15']],
    ['costs { makr 5bp }', ['E0206 4:9']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});
