import type { ErrorCode } from '../../core/errors/strat-error.ts';

/** A command that gives an error, and the one that does not. Both are typed in a folder with `my.strat`, its candles, and what else is shown. */
export interface CommandExample {
  readonly wrong: string;
  readonly right: string;
  /** Files that the page shows. */
  readonly files?: Readonly<Record<string, string>>;
}

const HEADER = 'timestamp,open,high,low,close,volume\n';
const BOOK = 'timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount\n';
const BACKTEST = 'strat backtest my.strat --data candles.csv';
/** Why there is no command for it. */
const ITS_OWN = 'It is a fault that no command brings about at will.';
const A_BOT = 'It takes a running bot, or the state that one left behind.';
const A_PLUGIN = 'It takes a plugin with this fault.';
const A_STORE = 'It takes a data store with something in it.';
const HEAVY = 'It takes a run or a file too large for a page.';

/** An example for each code of the program, or the reason why it has none; a code without either does not compile. */
export const PROGRAM_EXAMPLES: Readonly<Record<ErrorCode, CommandExample | string>> = {
  USAGE: { wrong: 'strat backtest my.strat', right: BACKTEST },
  FILE_UNREADABLE: { wrong: 'strat backtest mine.strat --data candles.csv', right: BACKTEST },
  DATA_FORMAT: {
    files: { 'no-low.csv': 'timestamp,open,high,close,volume\n1704067200000,30000,30100,30050,5\n' },
    wrong: 'strat backtest my.strat --data no-low.csv',
    right: BACKTEST,
  },
  DATA_EMPTY: { files: { 'empty.csv': HEADER }, wrong: 'strat backtest my.strat --data empty.csv', right: BACKTEST },
  DATA_INVALID: {
    files: { 'high-below-low.csv': `${HEADER}1704067200000,30000,30100,29900,30050,5\n1704070800000,30050,29000,30000,29950,5\n` },
    wrong: 'strat backtest my.strat --data high-below-low.csv',
    right: BACKTEST,
  },
  DATA_TOO_LARGE: HEAVY,
  DATA_TIMEFRAME: { wrong: `${BACKTEST} --timeframe 15m`, right: `${BACKTEST} --timeframe 4h` },
  DATA_DETAIL: { wrong: `${BACKTEST} --detail candles.csv`, right: BACKTEST },
  DATA_ASK: {
    files: { 'ask.csv': `${HEADER}1704067200000,30000,30100,29900,30050,5\n1704070800000,30050,30200,30000,30100,5\n` },
    wrong: `${BACKTEST} --ask ask.csv`,
    right: `${BACKTEST} --ask candles.csv`,
  },
  DATA_MARK: {
    files: { 'mark.csv': `${HEADER}1735689600000,30000,30100,29900,30050,5\n1735693200000,30050,30200,30000,30100,5\n` },
    wrong: `${BACKTEST} --leverage 3 --mark mark.csv`,
    right: `${BACKTEST} --leverage 3 --mark candles.csv`,
  },
  DATA_DEPTH: {
    files: { 'late.csv': `${BOOK}1735689600000,94010,1,94000,1\n`, 'books.csv': `${BOOK}1704067200000,30010,1,29990,1\n` },
    wrong: `${BACKTEST} --depth late.csv --slippage depth`,
    right: `${BACKTEST} --depth books.csv --slippage depth`,
  },
  IMPORT_UNSAID: {
    files: {
      'prices.csv': `${HEADER}1704067200000,30000,30100,29900,30050,5\n1704070800000,30050,30100,30000,30100,5\n1704074400000,30100,30200,30000,30150,5\n`,
    },
    wrong: 'strat data import prices.csv --market BTC/USDT --timeframe 1h --dry-run',
    right: 'strat data import prices.csv --venue mine --market BTC/USDT --timeframe 1h --dry-run',
  },
  DATA_CAPS: { wrong: `${BACKTEST} --caps candles.csv`, right: BACKTEST },
  DATA_FACTORS: { wrong: `${BACKTEST} --factors candles.csv`, right: BACKTEST },
  SWEEP_FILE: {
    files: { 'others.jsonl': '{"schema":"strat.sweep/1"}\n' },
    wrong: `${BACKTEST.replace('backtest', 'sweep')} --param n=10,20 --out others.jsonl --resume`,
    right: `${BACKTEST.replace('backtest', 'sweep')} --param n=10,20 --out sets.jsonl`,
  },
  SWEEP_WORKER: ITS_OWN,
  RECEIPT_INVALID: { wrong: 'strat verify candles.csv', right: `${BACKTEST} --receipt receipt.json && strat verify receipt.json` },
  FILE_UNWRITABLE: { wrong: `${BACKTEST} --report reports/mine.html`, right: `${BACKTEST} --report mine.html` },
  PARAM_VALUE: { wrong: `${BACKTEST} --set n=33`, right: `${BACKTEST} --set n=30` },
  PARAM_LENGTH: 'The checker finds such a length first (E0308).',
  DATA_MISSING: {
    files: {
      'leader.strat':
        'strat 1\nstrategy "Leader"\ntrade BTC/USDT on 1h\nenter long when close of ETH/USDT rises\nexit long when close of ETH/USDT falls\nsize 10% of equity\nstop 5%\n',
    },
    wrong: 'strat backtest leader.strat --data BTC/USDT=candles.csv',
    right: 'strat backtest leader.strat --data BTC/USDT=candles.csv --data ETH/USDT=candles.csv',
  },
  DATA_AMBIGUOUS: {
    wrong: 'strat backtest my.strat --data binance_BTC-USDT_1h.csv --data kraken_BTC-USDT_1h.csv',
    right: 'strat backtest my.strat --data kraken_BTC-USDT_1h.csv',
  },
  VENUE_UNKNOWN: 'What is right asks a venue, which a page cannot.',
  STORE_KEY: A_STORE,
  STORE_MISSING: A_STORE,
  STORE_ROWS: A_STORE,
  STORE_CANDLES: A_STORE,
  STORE_VENUES: A_STORE,
  STORE_BUSY: A_STORE,
  STORE_FULL: A_STORE,
  STORE_DAMAGED: A_STORE,
  SESSION_ZONE: 'The checker finds a wrong zone first (E0206); this is for machines whose database of zones lacks one.',
  SESSION_HOLIDAYS: 'The checker finds a wrong calendar first (E0206).',
  MARKETS_MANY: 'Commands take several markets; this is for hosts that have the candles of one.',
  CONFIG_INVALID: {
    files: { 'wrong.yaml': 'costs: { fee: 5 }\n', 'right.yaml': 'costs: { fee: 0.05% }\n' },
    wrong: `${BACKTEST} --config wrong.yaml`,
    right: `${BACKTEST} --config right.yaml`,
  },
  TEST_INVALID: {
    files: {
      'my.test.yaml': 'tests:\n  - name: nothing to see\n    bars: |\n      flat 100 x 5\n    filled: none\n',
      'right.test.yaml': 'strategy: my.strat\ntests:\n  - name: nothing to see\n    bars: |\n      flat 100 x 5\n    fills: none\n',
    },
    wrong: 'strat test my.test.yaml',
    right: 'strat test right.test.yaml',
  },
  RUN_STRATEGIES: {
    wrong: 'strat run mine.strat --sim 1 --speed max --stop-after 100 --home paper',
    right: 'strat run my.strat --sim 1 --speed max --stop-after 100 --home paper',
  },
  TEST_FILTER: { wrong: 'strat test right.test.yaml --filter stops', right: 'strat test right.test.yaml --filter nothing' },
  TEST_MISSING: { wrong: 'strat test leader.strat', right: 'strat test right.test.yaml' },
  INTERNAL: ITS_OWN,
  SANDBOX_INPUT: ITS_OWN,
  SANDBOX_TIMEOUT: HEAVY,
  SANDBOX_STUCK: HEAVY,
  SANDBOX_MEMORY: HEAVY,
  SANDBOX_CRASHED: ITS_OWN,
  SANDBOX_CANCELLED: 'It is the answer to Ctrl-C.',
  SCAN_CANCELLED: 'It is the answer to Ctrl-C.',
  SCAN_SNAPSHOT: A_STORE,
  RUNNER_FAILED: ITS_OWN,
  JOURNAL_DAMAGED: A_BOT,
  HISTORY_DAMAGED: A_BOT,
  JOURNAL_VERSION: A_BOT,
  JOURNAL_MISMATCH: A_BOT,
  JOURNAL_OTHER: A_BOT,
  BOT_RUNNING: A_BOT,
  PLUGIN_INVALID: A_PLUGIN,
  PLUGIN_API: A_PLUGIN,
  PLUGIN_DOUBLED: A_PLUGIN,
  PLUGIN_MISSING: 'It takes a plugin that requires another one.',
  PLUGIN_CYCLE: A_PLUGIN,
  PLUGIN_BLOCKED: A_PLUGIN,
  PLUGIN_FAILED: A_PLUGIN,
  PLUGIN_TIMEOUT: A_PLUGIN,
  PLUGIN_LIED: A_PLUGIN,
  PLUGIN_LEAKED: A_PLUGIN,
  PLUGIN_LOCK: 'It takes a lock file that was damaged.',
  PLUGIN_IMPORT: A_PLUGIN,
  HTTP_HOST: A_BOT,
  HTTP_PORT_BUSY: A_BOT,
  HTTP_LISTEN: A_BOT,
  HTTP_TOKEN_FILE: A_BOT,
  BOT_NOT_RUNNING: { wrong: 'strat status --home nowhere', right: 'strat status --help' },
  BOT_UNREACHABLE: A_BOT,
  BOT_ANSWER: A_BOT,
  BOT_TOKEN: A_BOT,
  BOT_REFUSED: A_BOT,
  PAGE_MISSING: 'It takes an installation without the built page.',
};
