/**
 * Every error that strat throws on purpose, with the text a user sees: what was found, where, what to do.
 * docs/errors.md has one section per code; a test keeps both equal. `{name}` is a slot, filled from the error's data.
 */
export const MESSAGES = {
  USAGE: '{reason}. {hint}',
  FILE_UNREADABLE: 'Cannot read "{file}": {reason}. Check the path and its permissions',
  DATA_FORMAT: 'Cannot read "{file}", line {line}: {reason}. {hint}',
  DATA_EMPTY: '"{file}" has no candles: {reason}. Export it again, with a header line and one line a bar',
  DATA_INVALID: 'Errors in the candles of "{file}": {count}; none of them was used. Correct the file at the lines named\n{list}',
  DATA_TOO_LARGE: '"{file}" is larger than {limitMb} MB when unpacked. Split it by year, or raise the limit if you trust it',
  DATA_TIMEFRAME: 'Cannot make {to} bars from {from} bars: {reason}. {hint}',
  DATA_DETAIL: 'Cannot tell from "{file}" what happened inside of bars: {reason}. {hint}',
  DATA_ASK: 'Cannot use "{file}" as the ask: {reason}',
  DATA_MARK: 'Cannot use "{file}" as mark prices: {reason}',
  DATA_DEPTH: 'Cannot use the order books of "{file}": {reason}',
  DATA_FACTORS: 'Cannot use the factor file "{file}": {reason}',
  DATA_CAPS: 'Cannot use "{file}" as market capitalisations: {reason}',
  IMPORT_UNSAID: '"{file}" does not say {what}. {hint}',
  SWEEP_FILE: 'Cannot write the results of the sweep to "{file}": {reason}. {hint}',
  SWEEP_WORKER:
    'A process that runs sets of the sweep failed, and a second one, too: {reason}. What was written is kept. Try it again with --workers 1, or with fewer bars',
  RECEIPT_INVALID: 'Cannot use "{file}": {reason}. Receipts are written by "strat backtest --receipt FILE", results by "--json"',
  FILE_UNWRITABLE: 'Cannot write "{file}": {reason}. Check the folder, its permissions and the room on its disk',
  PARAM_VALUE: 'Cannot set {name} of "{file}": {reason}',
  PARAM_LENGTH:
    '"{file}" makes a window of {length} bars with these params; a length is a whole number from {least} to {most}. Choose other values',
  DATA_MISSING: 'No candles for {market}: {reason}. {hint}',
  DATA_AMBIGUOUS: 'Several files fit {market}: {files}. {hint}',
  VENUE_UNKNOWN: 'There is no venue "{venue}"; {hint}',
  STORE_KEY: 'The data store takes no such series: {reason}',
  STORE_MISSING: 'The data store has no {what}. {hint}',
  STORE_ROWS: 'The data store does not take these rows of {series}: {reason}. Nothing was changed',
  STORE_CANDLES:
    'Errors in the candles of {series} in the data store: {count}; none of them was used. "strat data validate" shows all that is wrong with them\n{list}',
  STORE_VENUES: 'Several series of the data store are of {market}: {series}. Choose one, such as --market {example}',
  STORE_BUSY:
    'The series {series} is being written by another strat ({holder}), after {seconds} s still. Wait for it, or end it; nothing was changed',
  STORE_FULL:
    'No room to write the series {series} in "{folder}" ({reason}). It is as it was before. Make room, or remove series with "strat data remove", and try again',
  STORE_DAMAGED:
    'The data store is damaged: "{file}": {reason}. Try "strat data check"; else restore it from a backup, or remove the series with "strat data remove" and get it again',
  SESSION_ZONE: 'A session is in the zone "{zone}", which is none. {hint}',
  SESSION_HOLIDAYS: 'A session keeps the holidays "{name}", which are not known. {hint}',
  MARKETS_MANY: '"{file}" trades {count} markets where the candles of one are asked for. Choose it with MARKET=PATH',
  CONFIG_INVALID: 'The config "{file}" has errors; nothing of it is used. Correct it at the places named\n{list}',
  RUN_STRATEGIES: 'The bot was not started: it cannot trade what it was given. Correct this, and start it again\n{list}',
  TEST_INVALID: 'The tests in "{file}" have errors; none of them was run. Correct them at the places named\n{list}',
  TEST_FILTER: 'No test has "{filter}" in its name. There are: {names}',
  TEST_MISSING: 'There are no tests in "{place}": {reason}. Write NAME.test.yaml beside NAME.strat; docs/testing-strategies.md shows how',
  INTERNAL: 'A fault of strat itself: {reason}. Please report it with the log',
  SANDBOX_INPUT:
    'The sandbox was given unfit input: {reason}. This is a fault of the caller; please report it with the command that led to it',
  SANDBOX_TIMEOUT:
    'The strategy ran longer than {timeoutMs} ms and was stopped. Use fewer bars or a simpler strategy, or raise the time limit',
  SANDBOX_STUCK:
    'The strategy ran longer than {timeoutMs} ms and cannot be stopped from inside; its thread is lost. End this process and report the strategy',
  SANDBOX_MEMORY: 'The strategy needed more than {memoryMb} MB and was stopped. Use fewer bars, or raise the memory limit',
  SANDBOX_CRASHED: 'The strategy failed in the sandbox: {reason}. Check the file with "strat check" and report it with its data',
  SANDBOX_CANCELLED: 'The run was cancelled after {bars} of {total} bars. Start it again for a full result',
  SCAN_CANCELLED: 'The scan was stopped after {done} of {total} markets. Start it again for a full result',
  SCAN_SNAPSHOT: 'Cannot read the snapshot "{name}" of a scan: {reason}. {hint}',
  RUNNER_FAILED: 'The runner of strategy "{id}" failed: {reason}. Its positions stay with the bot; see the log for what happened before',
  JOURNAL_DAMAGED:
    'The journal "{file}" is damaged at line {line}: {reason}. Nothing was changed. Restore the file from a backup, or start with --fresh: it moves the old state aside and begins a new account',
  HISTORY_DAMAGED:
    'The history "{file}" is not the one that its journal counts on: {reason}. Nothing was changed. Restore the folder of the strategy from a backup, or start with --fresh: it moves the old state aside and begins a new account',
  JOURNAL_VERSION:
    'The journal "{file}" was written in version {found} of its format, which this strat does not read. Use the strat that wrote it, or start with --fresh: it moves the old state aside',
  JOURNAL_MISMATCH:
    'Replaying the journal "{file}" does not give what it says: {reason}, line {line}. It was written by another version of strat, or changed. Use the strat that wrote it, or start with --fresh: it moves the old state aside',
  JOURNAL_OTHER:
    'The state in "{folder}" belongs to {what} {was}, and this start is for {now}. Start it as before, give another folder with --home DIR, or start anew with --fresh, which moves the old state aside',
  BOT_RUNNING:
    'Another bot (process {pid}, started {since}) is using the state in "{folder}". Stop it first, or give another folder with --home DIR',
  PLUGIN_INVALID: 'Plugin "{plugin}": {key}: {reason}',
  PLUGIN_API:
    'Plugin "{plugin}": api: it wants version {wanted} of the plugin API, this strat has {actual}. Get a version of the plugin for this strat',
  PLUGIN_DOUBLED: 'Plugin "{plugin}" is in "{folder}" and in "{other}"; the first one is used. Remove or rename one of them',
  PLUGIN_MISSING: 'Plugin "{plugin}", {by}, is not installed{hint}',
  PLUGIN_CYCLE: 'Plugin "{plugin}": requires: the plugins need each other in a circle, {circle}; none of them is started',
  PLUGIN_BLOCKED: 'Plugin "{plugin}" was not started: it requires "{other}", which is not running',
  PLUGIN_FAILED: 'Plugin "{plugin}" failed in {phase}: {reason}',
  PLUGIN_TIMEOUT: 'Plugin "{plugin}" took longer than {budgetMs} ms in {phase} and was given up',
  PLUGIN_LIED: 'Plugin "{plugin}" broke its contract in {phase}: {reason}',
  PLUGIN_LEAKED: 'Plugin "{plugin}" was stopped and left something behind: {left}',
  PLUGIN_LOCK:
    'The lock file "{file}" cannot be used: {reason}. Restore it from a backup; or delete it, look at your plugins, and pin them anew with "strat plugin lock"',
  PLUGIN_IMPORT:
    'Plugin code in "{folder}" imports "{specifier}", which is a part of strat that plugins do not see. They import strat/ports/*, strat/model/*, strat/errors, and in tests strat/testkit/*',
  HTTP_HOST:
    'The control endpoint cannot listen on "{host}": it answers anyone who reaches it, so it stays on this machine. Set http.host to 127.0.0.1, localhost or ::1; from elsewhere, use a tunnel',
  HTTP_PORT_BUSY:
    'Port {port} on {host} is taken by another program, perhaps another bot. Give --port 0 or another number, or set http.port in the config to a free port (0 = any), or end that program',
  HTTP_LISTEN:
    'The control endpoint cannot listen on {host}, port {port}: {reason}. Give --port 0 or another number, or set http.port in the config to another port, 1024 or above',
  PAGE_MISSING: 'The {page} is not part of this installation, or not built yet: there is no page in "{folder}". Run: npm run prepare',
  HTTP_TOKEN_FILE: 'The token in "{file}" is not used: {reason}. {hint}; the next start of the bot makes a new one',
  BOT_NOT_RUNNING:
    'No bot is running with the state in "{folder}". Start it with "strat run", or say where its state is with --home DIR or where it listens with --url URL',
  BOT_UNREACHABLE: 'The bot does not answer at {url}: {reason}. Check that it is running, and see its log',
  BOT_ANSWER:
    'What answers at {url} is no bot of this version: {reason}. Check the address, and that bot and command are the same version of strat',
  BOT_TOKEN: 'The bot did not accept the token of this state folder: {reason}. {hint}, and name its state folder with --home DIR',
  BOT_REFUSED: 'The bot refused: {reason}. {hint}',
} as const;
