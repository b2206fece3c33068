import { describe, expect, it } from 'vitest';
import { compiler, onLine4, places, type Row, RULES } from '../testing/error-places.ts';

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
    ['maximize close', ['E0201 4:20']],
    ['maximize rsi(14)', ['E0207 4:20']],
    ['maximize sharpe where sortino', ['E0302 4:33']],
    ['maximize sharpe where max_drawdown < 20', ['E0304 4:46']],
    ['maximize sharpe + max_drawdown', ['E0305 4:27']],
    ['maximize net_profit where net_profit > 10 EUR', ['E0306 4:48']],
    ['maximize sharpe where close > 5', ['E0201 4:33']],
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

describe('one mistake is told once', () => {
  it.each<[name: string, lines: string, expected: readonly string[]]>([
    ['an entry without a side, and its exit', 'enter when close > open\nexit long when close < open\nsize 1 BTC', ['E0507 4:1']],
    [
      'an unknown basket, and its exit',
      'enter long pare when close > open\nexit long pare when close < open\nsize 10% of equity',
      ['E0201 4:12'],
    ],
    [
      'a stop that cannot be read, and what needs it',
      'enter long when close > open\nsize risk 1% of equity\nstop tred\ntake at 2R',
      ['E0201 6:6'],
    ],
    [
      'a stop of a wrong kind, and what needs it',
      'enter long when close > open\nsize risk 1% of equity\nstop 2\ntake at 2R',
      ['E0307 6:6'],
    ],
    ['a size that cannot be read', 'enter long when close > open\nsize tred\nstop 5%', ['E0201 5:6']],
    [
      'a condition that cannot be read, and its exit',
      'enter long when tred\nexit long when close < open\nsize 1 BTC\nstop 5%',
      ['E0201 4:17'],
    ],
    [
      'several in one statement',
      'enter long when tred > 5 at limit tred with confidence tred reason "{tred}"\nsize 1 BTC\nstop 5%',
      ['E0201 4:17'],
    ],
    [
      'several limits',
      'risk { max positon 1 max leverage 2% block when close }\nenter long when close > open\nsize 1 BTC\nstop 5%',
      ['E0206 4:12'],
    ],
    [
      'a basket without legs, and what names it',
      'basket p { }\nenter long p when close > open\nsize 10% of equity\nstop 5%',
      ['E0513 4:8'],
    ],
    [
      'a forbidden name of a basket, and what names it',
      'basket eval { buy BTC/USDT }\nenter long eval when close > open\nsize 10% of equity\nstop 5%',
      ['E0209 4:8'],
    ],
    ['a setup of a taken name', 'let dip = close\nsetup dip long { enter when dip > open size 1 BTC stop 5% }', ['E0202 5:7']],
  ])('%s', (_, lines, expected) => {
    expect(places(lines)).toEqual(expected);
  });
});
