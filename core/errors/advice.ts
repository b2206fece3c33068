import type { ErrorCode } from './strat-error.ts';

/** For docs/errors.md: what an error means beyond its message, and what to do about it. */
export interface Advice {
  readonly meaning: string;
  readonly fix: string;
}

/** One entry a code of `MESSAGES`; tests/architecture/errors-page.test.ts names the ones that are missing. */
export const ADVICE: Readonly<Partial<Record<ErrorCode, Advice>>> = {
  USAGE: {
    meaning: 'The command line cannot be understood: an unknown command or option, a value that is missing or out of its range.',
    fix: 'Follow the hint of the message; `strat <command> --help` lists the options with their defaults.',
  },
  FILE_UNREADABLE: {
    meaning: 'The operating system refused to open or read the file; its own reason is in the message.',
    fix: 'Check the spelling of the path, that it is a file and not a folder, and that you may read it.',
  },
  SWEEP_FILE: {
    meaning:
      'The file for the results of a sweep is there already, or is to be gone on with and holds those of another sweep: of another strategy, other candles, other settings or other values. Or another process, which still runs, writes it. Results of two sweeps never come into one file.',
    fix: 'Add `--resume` to go on with a file, with the options that it was begun with; else name another `--out`. Wait for a sweep that still runs.',
  },
  SWEEP_WORKER: {
    meaning:
      'A sweep whose sets take a backtest each runs them in several processes. One of them could not be started, ended in the middle of a set, or read other files than the sweep began with; the set was given to another one, with which the same happened. Most often memory was short: each process has the candles for itself.',
    fix: 'Run it again with fewer `--workers`; with `--out` and `--resume` it goes on where it was. Leave the strategy and the candles as they are while a sweep runs.',
  },
  RECEIPT_INVALID: {
    meaning: 'A file that is to be a receipt or a result of a backtest is not one, or was cut off or changed so that it cannot be read.',
    fix: 'Write it again with `strat backtest --receipt FILE`, or `strat backtest --json > FILE` for a comparison.',
  },
  FILE_UNWRITABLE: {
    meaning: 'The operating system refused to create or write the file; its own reason is in the message.',
    fix: 'Check that the folder exists, that you may write there and that the disk is not full.',
  },
  DATA_FORMAT: {
    meaning:
      'A line of a candle file is not what its header promises: a field too few or too many, a text where a number belongs, an unknown header.',
    fix: 'Look at the named line. The header is `timestamp,open,high,low,close,volume`; times are ms, s or ISO 8601.',
  },
  DATA_EMPTY: {
    meaning: 'The file was read, and there is no candle in it.',
    fix: 'Export it again and check its size; a download that broke off leaves such files.',
  },
  DATA_INVALID: {
    meaning:
      'The candles contradict themselves: time going back, a bar twice with different prices, a high below the low, a price that is not above zero. A backtest over them would be worth nothing, so none is used.',
    fix: 'Correct or remove the lines named, or take the data from another source.',
  },
  DATA_TOO_LARGE: {
    meaning: 'The unpacked file is over the limit that keeps a hostile or broken archive from filling the memory.',
    fix: 'Split the file by year, or raise the limit if you trust its origin.',
  },
  DATA_TIMEFRAME: {
    meaning: 'Longer bars are made from shorter ones, where a whole number of them fits. The other way there is nothing to make them from.',
    fix: 'Give data of the same or a shorter timeframe that divides the wanted one.',
  },
  DATA_DETAIL: {
    meaning:
      'The candles given with `--detail` do not belong to those that the strategy runs on: their bars are not shorter or do not fit into them, they are of another market, or their prices leave the range of the bar that they should be a part of.',
    fix: 'Give shorter candles of the same market from the same venue; safest is one file for `--data` and `--detail`, from which strat makes the longer bars itself.',
  },
  DATA_ASK: {
    meaning:
      'With `--ask` the candles of `--data` are what sales meet (the bid), and those of `--ask` what buys meet. Both are of one market and feed, with the same bars.',
    fix: 'Give both sides from one source: `--data` the bid, `--ask` the ask.',
  },
  DATA_MARK: {
    meaning:
      'The mark prices given with `--mark`, or those of the data store, are not those of the market and the time that the strategy trades.',
    fix: 'Give mark prices of the same derivative from the same venue, on bars that make those of the strategy; `--last-prices` does without those of the data store.',
  },
  DATA_DEPTH: {
    meaning: 'The order books given with `--depth` are not of the market or the time that the strategy trades.',
    fix: 'Give snapshots of the same market from the same venue, recorded while the candles were.',
  },
  DATA_FACTORS: {
    meaning:
      'A factor file tells of the splits and dividends of a stock: lines `date,price factor,split factor,reference price`, oldest first, as LEAN writes them. This one cannot be read, or does not belong to the candles.',
    fix: 'Give the factor file of the traded stock, and candles whose prices are those at which it traded then (unadjusted).',
  },
  DATA_CAPS: {
    meaning:
      'A file of market capitalisations has a header with `date` (or `timestamp`), `market` and `market_cap`, and a line for each day and market. This one cannot be read.',
    fix: 'Correct it at the line that is named. A file of one market may be without that column: `--caps BTC/USDT=PATH`.',
  },
  IMPORT_UNSAID: {
    meaning:
      'Rows are imported into a series, which has a venue, a market, and mostly a length of bars. Neither name nor content of this file say one of them, or they leave a doubt, and nothing of that kind is guessed.',
    fix: 'Give the option that the message names, or name the file after its series: `{venue}_{BASE}-{QUOTE}_{timeframe}.csv`.',
  },
  DATA_MISSING: {
    meaning: 'No file given with `--data` belongs to this market of the strategy.',
    fix: 'Name the file after its market, `{venue}_{BASE}-{QUOTE}_{timeframe}.csv`, or say it with `--data MARKET=PATH`.',
  },
  DATA_AMBIGUOUS: {
    meaning: 'Several files given with `--data` are of the same market, and which one is meant is not to be guessed.',
    fix: 'Give one of them, or say which with `--data MARKET=PATH`.',
  },
  VENUE_UNKNOWN: {
    meaning: 'Histories come through ccxt, and it has no venue of this name.',
    fix: 'Use the name that ccxt has for it: small letters and digits, such as `binance`, `binanceusdm`, `coinbase`, `krakenfutures`.',
  },
  STORE_KEY: {
    meaning: 'A series of the data store is named by venue, market, kind and length of bars; one of them is missing or cannot be a name.',
    fix: 'Name it as `binance:BTC/USDT`, with `--timeframe 1h` or `--kind funding` where there are several.',
  },
  STORE_MISSING: {
    meaning: 'The data store has no such series, version, pin or column.',
    fix: '`strat data list` shows the series, `strat data versions` what is kept of one. Versions that are not pinned go when ten newer ones are there.',
  },
  STORE_ROWS: {
    meaning: 'Rows that were to be stored contradict themselves: columns of unequal length, times that go back or are none.',
    fix: 'Correct the source that is named; the store is as it was.',
  },
  STORE_CANDLES: {
    meaning:
      'The store keeps what it was given; a backtest refuses bars that contradict themselves, in the store as in a file (DATA_INVALID).',
    fix: 'Look at the bars that are named with `strat data validate`, and correct them or get them from another source.',
  },
  STORE_VENUES: {
    meaning:
      'Without `--data` the candles of a strategy are taken from the data store where one venue alone has its market. Here there are several.',
    fix: 'Say which: `--market binance:BTC/USDT`.',
  },
  STORE_BUSY: {
    meaning: 'One process at a time writes a series. Another one has been at it for longer than this one waits.',
    fix: 'Wait for it or end it. Nothing is left to clean up after a crash or kill -9: the lock ends with its process.',
  },
  STORE_FULL: {
    meaning:
      'The disk is full, or a quota or limit of file sizes was met. A version is written beside the old one, which stays until the new one is complete.',
    fix: 'Make room, then repeat the command.',
  },
  STORE_DAMAGED: {
    meaning:
      'A file of the data store is missing or not what was written. Every block of rows is checked against its digest when it is read from the archive.',
    fix: '`strat data check` makes a file anew from the other one of its block where that is possible. Else restore `.strat/data` from a backup, or remove the series that is named and get it again. Other series are not concerned.',
  },
  SESSION_ZONE: {
    meaning: 'The `zone` of a `session` is no name of the time zone database that strat runs with.',
    fix: 'Write it as `America/New_York`, `Europe/London`, `Asia/Tokyo` or `UTC`; offsets such as `+05:30` are no zones, as they say nothing about summer.',
  },
  SESSION_HOLIDAYS: {
    meaning: 'The `holidays` of a `session` name a calendar of holidays that strat does not have.',
    fix: 'Use one of those the message lists, or leave `holidays` out.',
  },
  MARKETS_MANY: {
    meaning: 'Candles of one market were asked for, for a strategy whose `trade` line names several.',
    fix: 'Choose the market with `MARKET=PATH`.',
  },
  PARAM_VALUE: {
    meaning:
      'A value given with `--set` is not of the kind, in the range or on the steps that the `param` line declares, there is no param of this name, or the values together break a `require` line.',
    fix: 'Choose a value as the message says; percents and durations are written with their unit, as in the file.',
  },
  PARAM_LENGTH: {
    meaning: 'A param takes part in the length of a window, and with this value the length is not a whole number in the allowed range.',
    fix: 'Choose other values, or declare a range on the `param` line that cannot produce such lengths.',
  },
  CONFIG_INVALID: {
    meaning:
      'The config file, or a `STRAT_*` variable of the environment, does not say what strat can do. At the start the bot does not begin; while it runs it goes on with the config that it has.',
    fix: 'Each line names a place, what was found there and often what was meant; docs/config.md lists every key.',
  },
  TEST_INVALID: {
    meaning: 'A file of tests, `NAME.test.yaml`, does not have the form of one.',
    fix: 'Each line names a place, what was found there and what to write; docs/testing-strategies.md shows every key.',
  },
  RUN_STRATEGIES: {
    meaning:
      'A strategy that the bot is to trade is not there, has mistakes, or cannot be traded by a bot; it starts with all of them or not at all.',
    fix: 'Correct what each line names; `strat check` shows the mistakes of a file, `strat doctor` those of all strategies of a config.',
  },
  TEST_FILTER: {
    meaning: '`strat test --filter` was given a text that no name of a test has in it.',
    fix: 'Give a part of a name; capitals do not matter.',
  },
  TEST_MISSING: {
    meaning: '`strat test` was asked to run tests where there are none.',
    fix: 'Write `NAME.test.yaml` beside `NAME.strat`, or name another file or folder.',
  },
  INTERNAL: {
    meaning: 'Something happened that strat rules out. No input should lead here.',
    fix: 'Please report it with the log, the command and, if you can share it, the strategy.',
  },
  SANDBOX_INPUT: {
    meaning: 'The part of strat that calls the sandbox passed columns or settings that do not fit together.',
    fix: 'It is a fault of strat or of a plugin, not of the strategy: please report it.',
  },
  SANDBOX_TIMEOUT: {
    meaning: 'The compiled strategy was stopped at its time limit. Its isolate is thrown away, nothing else is touched.',
    fix: 'Use fewer bars or a simpler strategy, or raise the limit.',
  },
  SANDBOX_STUCK: {
    meaning:
      'The code in the isolate is inside one long operation that cannot be interrupted. The compiler never emits such code, so a plugin is the likely cause.',
    fix: 'End the process; remove or report the plugin. The bot runs strategies in processes of their own and ends those by itself.',
  },
  SANDBOX_MEMORY: {
    meaning: 'The isolate reached its memory limit and was stopped.',
    fix: 'Use fewer bars, or raise the limit.',
  },
  SANDBOX_CRASHED: {
    meaning: 'The compiled strategy threw an error inside the isolate. A checked program should not be able to.',
    fix: '`strat check` the file; when it finds nothing, please report the file with the data it ran on.',
  },
  SANDBOX_CANCELLED: {
    meaning: 'The run was stopped from outside, by Ctrl-C for example; the numbers up to there are not a result.',
    fix: 'Start it again.',
  },
  SCAN_CANCELLED: {
    meaning: 'A scan was stopped from outside, by Ctrl-C for example; what it had found until then is no result.',
    fix: 'Start it again, over fewer markets (`--venue`, `--quote`) where it takes too long.',
  },
  SCAN_SNAPSHOT: {
    meaning: 'There is no such snapshot of a scan, or its file is not whole.',
    fix: '`strat scan list` shows which there are.',
  },
  RUNNER_FAILED: {
    meaning:
      'The process that computes the decisions of one strategy died or did not answer. The other strategies go on, stops stay in force.',
    fix: 'Nothing at first: it is started again from the last journaled bar, three times an hour. After that the strategy is disabled: see the log for the cause.',
  },
  JOURNAL_DAMAGED: {
    meaning:
      "A line in the middle of a paper account's journal is not what was written there: a checksum, a number of the sequence or its form is wrong. A last line that was never finished is no damage; it is cut off at the next start.",
    fix: 'Restore the file from a backup. `strat run --fresh` begins a new account and keeps the damaged file in the folder `old`.',
  },
  HISTORY_DAMAGED: {
    meaning:
      "The files `bars.f64` and `fills.f64` beside a paper account's journal hold what the journal no longer does. One of them is shorter than the journal says, or its bytes are others.",
    fix: 'Restore the whole folder of the strategy from a backup: the journal and both files belong together. `strat run --fresh` begins a new account and keeps the damaged files in the folder `old`.',
  },
  JOURNAL_VERSION: {
    meaning: 'The journal is whole, but its records have another form than those of this version of strat.',
    fix: 'Continue with the version that wrote it, or begin a new account with `--fresh`.',
  },
  JOURNAL_MISMATCH: {
    meaning:
      'At a start the journal is replayed through the trading engine, and the fills must come out as they were written down. They did not, so the account would not be the one that traded.',
    fix: 'Continue with the version of strat that wrote it. If it was that version, please report it with the journal.',
  },
  JOURNAL_OTHER: {
    meaning:
      'An account goes on with the market it has traded on. Its journal names another feed, market, timeframe or strategy than this start.',
    fix: 'Give the same options as before, use another state folder with `--home`, or begin a new account with `--fresh`.',
  },
  BOT_RUNNING: {
    meaning:
      'Two bots on one account would both trade it. The lock names a process that is alive and was started at the time that the lock says.',
    fix: 'Stop the other bot with Ctrl-C or SIGTERM. After a crash or kill -9 nothing has to be removed: such a lock is recognised.',
  },
  PLUGIN_INVALID: {
    meaning: 'The manifest of a plugin is not what the kernel accepts; the key is named. The plugin is left out, the others are loaded.',
    fix: 'Correct the manifest. docs/plugins.md lists its keys; `npm run create` makes a right one.',
  },
  PLUGIN_API: {
    meaning: 'The interface that plugins are written against has a major version. This plugin was written for another one.',
    fix: 'Update the plugin, or strat.',
  },
  PLUGIN_DOUBLED: {
    meaning: 'Two folders hold a plugin of the same id. Folders of the config are searched in their order, after those of strat itself.',
    fix: 'Remove one, or give it another name: its folder and the id in its manifest.',
  },
  PLUGIN_MISSING: {
    meaning: 'The config or another plugin names a plugin that is in none of the plugin folders.',
    fix: '`strat plugin list` shows what was found. Check the spelling and the plugin folders of the config.',
  },
  PLUGIN_CYCLE: {
    meaning: 'Plugins start in the order in which they require each other. These cannot, because each waits for the next one.',
    fix: 'Take one id out of `requires` of one of the manifests.',
  },
  PLUGIN_BLOCKED: {
    meaning: 'A plugin that this one needs is missing, failed or was left out.',
    fix: 'Correct the other plugin first; `strat doctor` names its problem.',
  },
  PLUGIN_FAILED: {
    meaning: 'The code of the plugin threw an error. The other plugins go on.',
    fix: 'Read the reason. Check the config of the plugin, then ask its author.',
  },
  PLUGIN_TIMEOUT: {
    meaning: 'A step of the plugin did not end within its time budget. Its signal was aborted, and nothing waits for it any more.',
    fix: 'Check what it connects to. If it always takes so long, report it to its author.',
  },
  PLUGIN_LIED: {
    meaning:
      'A plugin gave an answer that the contract of its kind rules out: a risk rule that raises a quantity, a bar that goes back in time. The answer was not used.',
    fix: 'Remove the plugin from the config and report it to its author. Its contract suite in strat/testkit shows the fault.',
  },
  PLUGIN_LEAKED: {
    meaning:
      'Timers, connections or processes that the plugin made were still open after it had stopped. They cost memory at every reload.',
    fix: 'Report it to the author: what is opened in `setup` or `start` is closed in `stop`, or when the signal aborts.',
  },
  PLUGIN_LOCK: {
    meaning:
      'The lock file says which indicator plugins were looked at and found good, down to their last byte. One that cannot be read, or that holds anything else, says nothing.',
    fix: 'Restore it from version control or a backup. Deleting it means to trust every plugin anew: look at them first.',
  },
  PLUGIN_IMPORT: {
    meaning: 'Plugins see the ports, the value types and the errors of strat, nothing of its inside: so they keep working when it changes.',
    fix: 'Use what `setup` gets in its context, or ask for a port.',
  },
  HTTP_HOST: {
    meaning:
      'Whoever reaches the control endpoint can read the accounts, and nothing on the way would be encrypted. So it listens on loopback addresses only.',
    fix: 'Leave `http.host` at 127.0.0.1. From another machine: `ssh -L 8321:127.0.0.1:8321 HOST`, with the same port on both sides.',
  },
  HTTP_PORT_BUSY: {
    meaning: 'One port serves one program. Most often another bot is running, with another state folder.',
    fix: 'Set `http.port` in the config or `STRAT_HTTP__PORT` to a free port; 0 takes any free one, which `strat status` finds by itself. `strat playground` takes `--port`.',
  },
  PAGE_MISSING: {
    meaning: 'Pages are built when strat is installed with its development packages; an installation without them has none.',
    fix: 'In a clone: `npm ci`, or `npm run prepare` where it ran before. The command line does the same without a page.',
  },
  HTTP_LISTEN: {
    meaning: 'The operating system refused the address or the port; its own reason is in the message. Ports under 1024 are reserved.',
    fix: 'Choose another `http.port`.',
  },
  HTTP_TOKEN_FILE: {
    meaning:
      'The token lets its owner stop the bot, so its file must be readable by its owner alone (mode 0600) and hold what the bot wrote.',
    fix: 'Remove the file and start the bot again. A token that others could read is known to them: a stricter mode alone does not help.',
  },
  BOT_NOT_RUNNING: {
    meaning: 'A running bot keeps the file `http.json` in its state folder. There is none, or the process that wrote it is gone.',
    fix: 'Start the bot, or name its state folder with `--home` or `STRAT_HOME`.',
  },
  BOT_UNREACHABLE: {
    meaning: 'The address was found, and nothing answered there in time.',
    fix: 'Look at the log of the bot in its state folder. A wrong `--url` has the same effect.',
  },
  BOT_ANSWER: {
    meaning: 'Something answered, but not as a bot of this version does: another program on that port, or another version of strat.',
    fix: 'Use the same version of strat for the bot and the command.',
  },
  BOT_TOKEN: {
    meaning:
      'Commands need the token that the bot keeps in `http.token` of its state folder. The one found here is another, or there is none.',
    fix: 'Give the state folder of that bot with `--home`; with `--url` alone the token of `.strat` is used.',
  },
  BOT_REFUSED: {
    meaning:
      'The bot understood the command and did not carry it out: a strategy that it does not have, or a state that does not allow it.',
    fix: 'Follow the hint of the message; `strat status` shows the strategies and their states.',
  },
};
