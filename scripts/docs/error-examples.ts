import type { DiagnosticCode } from '../../dsl/diagnostics/codes.ts';

/** A program that is answered with a code, and one in which the mistake is corrected. Parts of strategies are completed by strategy-part.ts. */
export interface ErrorExample {
  readonly wrong: string;
  readonly right: string;
  /** Files beside it, by the path that it imports; `right` has them, too, where it needs them. */
  readonly files?: Readonly<Record<string, string>>;
  /** `run`: the checker finds nothing, a backtest tells it. */
  readonly told?: 'run';
  /** What the texts cannot show. */
  readonly note?: string;
}

const TOOLS = 'strat 1\nmodule "tools"\nexport def gap(a: price, b: price) = abs(a - b) / b\n';

/** What a model said of the first hours of 2024: up and down by turns. */
const predictions = (trained: string): string =>
  [
    `# trained ${trained}`,
    'timestamp,up',
    ...Array.from({ length: 1000 }, (_, hour) => `${Date.UTC(2024, 0, 1, hour)},${hour % 20 < 10 ? 0.7 : 0.3}`),
    '',
  ].join('\n');

/** An example for each code of the language; a code without one does not compile. */
export const ERROR_EXAMPLES: Readonly<Record<DiagnosticCode, ErrorExample>> = {
  E0101: { wrong: 'enter long when close > open && volume > 0 BTC', right: 'enter long when close > open and volume > 0 BTC' },
  E0102: { wrong: 'exit long when close < open reason "turned', right: 'exit long when close < open reason "turned"' },
  E0103: { wrong: 'enter long if close > open', right: 'enter long when close > open' },
  E0104: {
    wrong: 'long {\n  enter when close > open\nsize 10% of equity',
    right: 'long {\n  enter when close > open\n}\nsize 10% of equity',
  },
  E0105: { wrong: 'timeout 3hours', right: 'timeout 3h' },
  E0106: { wrong: 'stop 2 %', right: 'stop 2%' },
  E0107: { wrong: 'entr long when close > open', right: 'enter long when close > open' },
  E0108: {
    wrong: `let x = ${'('.repeat(70)}close${')'.repeat(70)}\nenter long when x > open`,
    right: 'let x = close\nenter long when x > open',
  },
  E0109: {
    wrong: 'param n = 20 in 10..30 step 5 step 2\nenter long when close > sma(close, n)',
    right: 'param n = 20 in 10..30 step 5\nenter long when close > sma(close, n)',
  },
  E0110: { wrong: 'enter long when 30 < rsi(close, 14) < 50', right: 'enter long when rsi(close, 14) between 30 and 50' },
  E0111: { wrong: 'enter long when weekday = mon', right: 'enter long when weekday == mon' },
  E0201: {
    wrong: 'let trend = sma(close, 50)\nenter long when close > tred',
    right: 'let trend = sma(close, 50)\nenter long when close > trend',
  },
  E0202: {
    wrong: 'let line = sma(close, 20)\nlet line = sma(close, 50)\nenter long when close > line',
    right: 'let line = sma(close, 20)\nlet slow = sma(close, 50)\nenter long when line > slow',
  },
  E0203: {
    wrong: 'let stop = sma(close, 20)\nenter long when close > stop',
    right: 'let floor_line = sma(close, 20)\nenter long when close > floor_line',
  },
  E0204: { wrong: 'let rsi = close - open\nenter long when rsi > 0', right: 'let body = close - open\nenter long when body > 0' },
  E0205: { wrong: 'enter long when close > sma(close)', right: 'enter long when close > sma(close, 50)' },
  E0206: { wrong: 'enter long when macd(close).histogram > 0', right: 'enter long when macd(close).hist > 0' },
  E0207: {
    wrong: 'def double(x) = 2 * x\nenter long when close > double',
    right: 'def double(x) = 2 * x\nenter long when close > double(open) / 2',
  },
  E0208: {
    wrong: 'use near from "./near.strat"\nenter long when near(close, open) > 1%',
    right: 'use gap from "./tools.strat"\nenter long when gap(close, open) > 1%',
    files: {
      './near.strat': 'strat 1\nmodule "near"\nuse far from "./far.strat"\nexport def near(a: price, b: price) = far(a, b)\n',
      './far.strat': 'strat 1\nmodule "far"\nuse near from "./near.strat"\nexport def far(a: price, b: price) = near(a, b)\n',
      './tools.strat': TOOLS,
    },
  },
  E0209: {
    wrong: 'let constructor = sma(close, 20)\nenter long when close > constructor',
    right: 'let average = sma(close, 20)\nenter long when close > average',
  },
  E0210: {
    wrong: 'def grow(x) = grow(x) + 1\nenter long when close > grow(open)',
    right: 'let bars_up = if close > open then bars_up[1] + 1 else 0 start 0\nenter long when bars_up == 3',
  },
  E0211: {
    wrong: 'exit long when close < open reason "at {close * 2}"',
    right: 'let twice = close * 2\nexit long when close < open reason "at {twice:2}"',
  },
  E0301: { wrong: 'enter long when macd(close) > 0', right: 'enter long when macd(close).line > 0' },
  E0302: { wrong: 'enter long when rsi(close, 14)', right: 'enter long when rsi(close, 14) > 50' },
  E0303: {
    wrong: 'enter long when close > sma(close, rsi(close, 14))',
    right: 'param n = 20 in 10..50 step 10\nenter long when close > sma(close, n)',
  },
  E0304: { wrong: 'exit long when position.profit > 5', right: 'exit long when position.profit > 5%' },
  E0305: { wrong: 'exit long when roc(close, 10) + 1 < 0%', right: 'exit long when roc(close, 10) + 1% < 0%' },
  E0306: { wrong: 'enter long when equity > 1000 EUR', right: 'enter long when equity > 1000 USDT' },
  E0307: { wrong: 'size 10%', right: 'size 10% of equity' },
  E0308: { wrong: 'enter long when close > sma(close, 0)', right: 'enter long when close > sma(close, 10)' },
  E0309: { wrong: 'enter long when close + volume > 0', right: 'enter long when close * volume > 1000 USDT' },
  E0310: {
    wrong: 'let x = if close > open then close else volume\nenter long when x > 0',
    right: 'let x = if close > open then close else open\nenter long when x > sma(close, 20)',
  },
  E0311: { wrong: 'enter long when rsi(close, 14) in 40%..60%', right: 'enter long when rsi(close, 14) in 40..60' },
  E0312: { wrong: 'enter long when rsi(close, 14) < 30 on 4h', right: 'enter long when (rsi(close, 14) < 30) on 4h' },
  E0313: { wrong: 'enter long when 2% of close > 100', right: 'enter long when close * 2% > 100' },
  E0314: { wrong: 'enter long when close / 0 > 1', right: 'enter long when close / open > 1' },
  E0401: { wrong: 'enter long when close < close[-1]', right: 'enter long when close < close[1]' },
  E0402: { wrong: 'enter long when rsi(close, 14) on 15m < 30', right: 'enter long when rsi(close, 14) on 4h < 30' },
  E0403: { wrong: 'enter long when rsi(close, 14) on 90m < 30', right: 'enter long when rsi(close, 14) on 2h < 30' },
  E0404: {
    wrong: 'let line = line[1] + 0.1 * (close - line[1])\nenter long when close > line',
    right: 'let line = line[1] + 0.1 * (close - line[1]) start close\nenter long when close > line',
  },
  E0405: { wrong: 'exit long when position.profit on 4h > 2%', right: 'exit long when position.profit > 2%' },
  E0406: { wrong: 'enter long when close > close[6000]', right: 'enter long when close > close[5000]' },
  E0501: {
    wrong:
      'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > open\nexit long when close < open\nsize risk 1% of equity',
    right:
      'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > open\nexit long when close < open\nsize risk 1% of equity\nstop 2 atr(14)',
  },
  E0502: { wrong: 'take 60% at 2%, 60% at 4%', right: 'take 60% at 2%, 40% at 4%' },
  E0503: {
    wrong: 'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > sma(close, 50)\nsize 10% of equity\ntake all at 2R',
    right:
      'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > sma(close, 50)\nsize 10% of equity\nstop 2%\ntake all at 2R',
  },
  E0504: {
    wrong: 'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nlet trend = sma(close, 50)\nplot trend',
    right: 'let trend = sma(close, 50)\nplot trend\nenter long when close > trend',
  },
  E0505: {
    wrong: 'enter long when close > open\nexit short when close > sma(close, 50)',
    right: 'enter long when close > open\nexit long when close < sma(close, 50)',
  },
  E0506: {
    wrong: 'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > open\nstop 2%',
    right: 'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > open\nsize 10% of equity\nstop 2%',
  },
  E0507: { wrong: 'enter when close > open', right: 'enter long when close > open' },
  E0508: { wrong: 'enter long when close > open at market post_only', right: 'enter long when close > open at limit low post_only' },
  E0509: { wrong: 'size 10% of equity\nsize 500 USDT', right: 'size 10% of equity max 500 USDT' },
  E0510: { wrong: 'add 50% when close > last_fill + 1 atr', right: 'add 50% when close > last_fill + 1 atr max 3 times' },
  E0511: { wrong: 'stop 0%', right: 'stop 2%' },
  E0512: { wrong: 'take rest at 2%, 30% at 4%', right: 'take 30% at 2%, rest at 4%' },
  E0513: {
    wrong:
      'trade ETH/USDT, BTC/USDT on 1h side both\nbasket pair { buy ETH/USDT sell BTC/USDT }\nenter long pair when close < sma(close, 50)\nexit long pair when close > sma(close, 50)\nsize 1000 USDT\nstop at low',
    right:
      'trade ETH/USDT, BTC/USDT on 1h side both\nbasket pair { buy ETH/USDT sell BTC/USDT }\nenter long pair when close < sma(close, 50)\nexit long pair when close > sma(close, 50)\nsize 1000 USDT\nstop 5%',
  },
  E0601: {
    wrong: 'param n = 100 in 10..50 step 10\nenter long when close > sma(close, n)',
    right: 'param n = 50 in 10..50 step 10\nenter long when close > sma(close, n)',
  },
  E0602: {
    wrong: 'param n = 20 in 10..50 step 0\nenter long when close > sma(close, n)',
    right: 'param n = 20 in 10..50 step 10\nenter long when close > sma(close, n)',
  },
  E0603: {
    wrong: 'param n = 20 in 50..10 step 10\nenter long when close > sma(close, n)',
    right: 'param n = 20 in 10..50 step 10\nenter long when close > sma(close, n)',
  },
  E0604: { wrong: 'param loss = 2% in 1..5 step 1\nstop loss', right: 'param loss = 2% in 1%..5% step 1%\nstop loss' },
  E0605: {
    wrong:
      'param fast = 50 in 5..100 step 5\nparam slow = 20 in 5..100 step 5\nrequire fast < slow\nenter long when sma(close, fast) > sma(close, slow)',
    right:
      'param fast = 20 in 5..100 step 5\nparam slow = 50 in 5..100 step 5\nrequire fast < slow\nenter long when sma(close, fast) > sma(close, slow)',
  },
  E0701: {
    wrong: 'use gap from "../tools.strat"\nenter long when gap(close, open) > 1%',
    right: 'use gap from "./tools.strat"\nenter long when gap(close, open) > 1%',
    files: { './tools.strat': TOOLS },
  },
  E0702: {
    wrong: 'use gap from "./tool.strat"\nenter long when gap(close, open) > 1%',
    right: 'use gap from "./tools.strat"\nenter long when gap(close, open) > 1%',
    files: { './tools.strat': TOOLS },
  },
  E0703: {
    wrong: 'use indicator fischer from "plugin:@strat/fischer"\nenter long when fischer(length: 10).value > 0',
    right: 'use indicator fisher from "plugin:@strat/fisher"\nenter long when fisher(length: 10).value > 0',
    note: 'Here `@strat/fisher` is pinned in `strat.lock`, and nothing else.',
  },
  E0704: {
    wrong: 'use indicator changed from "plugin:@local/changed"\nenter long when changed(length: 10).value > 0',
    right: 'use indicator fisher from "plugin:@strat/fisher"\nenter long when fisher(length: 10).value > 0',
    note: 'The code of `@local/changed` was edited after it was pinned; `strat plugin lock` pins it anew, once you have looked at what changed.',
  },
  E0801: {
    wrong:
      'trade BTC/USD:BTC on 1h side both\nbasket one { buy BTC/USD:BTC weight 1 }\nenter long one when close < sma(close, 50)\nexit long one when close > sma(close, 50)\nsize 10% of equity\nstop 5%',
    right:
      'trade BTC/USD:BTC on 1h\nenter long when close < sma(close, 50)\nexit long when close > sma(close, 50)\nsize 10% of equity\nstop 5%',
  },
  W0601: {
    wrong: 'use model net from "./net" with { r1 = roc(close, 1) }\nenter long when net.up > 60%',
    right: 'use model net from "./earlier" with { r1 = roc(close, 1) }\nenter long when net.up > 60%',
    files: { './net.csv': predictions('2024-01-01..2024-03-31'), './earlier.csv': predictions('2022-01-01..2023-12-31') },
    told: 'run',
    note: 'The run is over 2024. `net.csv` begins with `# trained 2024-01-01..2024-03-31`, `earlier.csv` with `# trained 2022-01-01..2023-12-31`.',
  },
  W0901: { wrong: 'enter long when close > open and rsi(close, 14) < 130', right: 'enter long when close > open and rsi(close, 14) < 30' },
  W0902: {
    wrong: 'let trend = sma(close, 200)\nenter long when close > open',
    right: 'let trend = sma(close, 200)\nenter long when close > open and close > trend',
  },
  W0903: {
    wrong: 'param n = 20 in 10..50 step 10\nenter long when close > sma(close, 50)',
    right: 'param n = 20 in 10..50 step 10\nenter long when close > sma(close, n)',
  },
  W0904: {
    wrong:
      'regime market start calm {\n  calm -> wild when natr(14) > 3%\n  wild -> calm when natr(14) < 2%\n  tired -> calm when natr(14) < 1%\n}\nenter long when market is calm and close > open',
    right:
      'regime market start calm {\n  calm -> wild when natr(14) > 3%\n  wild -> calm when natr(14) < 2%\n}\nenter long when market is calm and close > open',
  },
  W0905: {
    wrong:
      'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > sma(close, 50)\nexit long when close < sma(close, 50)\nsize 10% of equity',
    right:
      'strat 1\nstrategy "Example"\ntrade BTC/USDT on 1h\nenter long when close > sma(close, 50)\nexit long when close < sma(close, 50)\nsize 10% of equity\nstop 5%',
  },
  W0906: { wrong: 'enter long when close == sma(close, 50)', right: 'enter long when close crosses above sma(close, 50)' },
  W0907: {
    wrong:
      'setup one long {\n  enter when close > sma(close, 50)\n  exit when close < open\n}\nsetup two long {\n  enter when close > sma(close, 50)\n  exit when close < low[1]\n}',
    right:
      'setup one long {\n  enter when close > sma(close, 50)\n  exit when close < open\n}\nsetup two long {\n  enter when rsi(close, 14) < 30\n  exit when close < low[1]\n}',
  },
  W0908: { wrong: 'enter long when close > 20', right: 'enter long when close > 40000', told: 'run' },
  W0909: {
    wrong: 'enter long when close > sma(close, 50)\nexit long when close > sma(close, 50)',
    right: 'enter long when close > sma(close, 50)\nexit long when close < sma(close, 50)',
  },
  W0910: { wrong: 'enter long when close > open at stop high + 1', right: 'enter long when close > open at stop high + 1 tick' },
  W0911: { wrong: 'enter long when close > open\nstop at high', right: 'enter long when close > open\nstop at low' },
  W0912: { wrong: 'enter long when obv > 1000 BTC', right: 'enter long when obv > sma(obv, 50)' },
  W0913: { wrong: 'enter long when close > open for 5m', right: 'enter long when close > open for 5 bars' },
  E1001: {
    wrong: 'let part = if weekday == mon then 0 else 1\nsize 10% of equity times part',
    right: 'enter long when close crosses above sma(close, 50) and weekday != mon\nsize 10% of equity',
    told: 'run',
  },
  E1004: {
    wrong: 'risk { max trades 2 per day }\nenter long when close > open\nexit long when close < open',
    right: 'risk { max trades 20 per day }\nenter long when close > open\nexit long when close < open',
    told: 'run',
  },
  E1005: {
    wrong: 'use indicator endless from "plugin:@local/endless"\nenter long when endless(length: 10).value > 0',
    right: 'use indicator fisher from "plugin:@strat/fisher"\nenter long when fisher(length: 10).value > 0',
    told: 'run',
  },
};
