import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BARS, CANDLES, HOUR, STRATEGY, candles, hasStack, harmless, workplace } from './cli-fixtures.ts';
import { ROOT } from './cli-process.ts';

const { path, put, strat } = workplace();

/** What speaks a protocol of its own has no document to print. */
const PROTOCOLS: ReadonlySet<string> = new Set(['lsp']);

describe('help', { concurrent: true }, () => {
  /** The commands, as the program itself lists them. */
  async function commands(of: readonly string[] = []): Promise<readonly string[]> {
    const { stdout } = await strat([...of, '--help']);
    const list = /^Commands:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1] ?? '';
    return [...list.matchAll(/^ {2}([a-z]+) {2}/gm)].map((match) => match[1]!);
  }

  test('lists the commands; without a command it goes to stderr with exit code 2', async () => {
    expect(await commands()).toEqual(expect.arrayContaining(['check', 'backtest', 'run']));
    const [asked, short, bare, word] = await Promise.all([strat(['--help']), strat(['-h']), strat([]), strat(['help'])]);
    expect([asked.status, asked.stderr, bare.status, bare.stdout]).toEqual([0, '', 2, '']);
    expect(bare.stderr).toBe(asked.stdout);
    expect([short.stdout, word.stdout]).toEqual([asked.stdout, asked.stdout]);
  });

  test('of every command has its usage, its options and examples that use no other option', async () => {
    const inner = (await commands(['data'])).map((word) => `data ${word}`);
    expect(inner).toContain('data list');
    for (const name of [...(await commands()), ...inner]) {
      const words = name.split(' ');
      const [help, other] = await Promise.all([strat([...words, '--help']), strat(['help', ...words])]);
      expect([help.status, help.stderr, other.stdout]).toEqual([0, '', help.stdout]);
      expect(help.stdout).toMatch(new RegExp(`^Usage: strat ${name}\\b`));
      const [about = '', examples = ''] = help.stdout.split('\nExamples:\n');
      const options = new Set([...about.matchAll(/^ {2}--([a-z-]+)/gm)].map((match) => match[1]));
      expect(options).toContain('help');
      expect(options.has('json') || PROTOCOLS.has(name) || about.includes('\nCommands:\n')).toBe(true);
      const used = [...examples.matchAll(/ --([a-z-]+)/g)].map((match) => match[1]);
      expect(used.filter((option) => !options.has(option))).toEqual([]);
      expect(examples.trim()).toMatch(new RegExp(`^strat ${name}`));
      expect(about.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test('is shown also behind other arguments, but not behind --', async () => {
    const [shown, file] = await Promise.all([strat(['check', 'x.strat', '--help']), strat(['check', '--', '--help'])]);
    expect([shown.status, file.status]).toEqual([0, 1]);
    expect(file.stderr).toContain('Cannot read "--help"');
  });

  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await strat(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('what is wrong', { concurrent: true }, () => {
  const bt = (...args: readonly string[]): readonly string[] => ['backtest', 'good.strat', ...args];
  const data = (...args: readonly string[]): readonly string[] => bt('--data', CANDLES, ...args);
  const sma = (...args: readonly string[]): readonly string[] => ['backtest', STRATEGY, '--data', CANDLES, ...args];
  const cases: readonly (readonly [what: string, args: readonly string[], status: number, text: RegExp])[] = [
    ['a misspelt command', ['backtset'], 2, /no command "backtset"; did you mean backtest/],
    ['an unknown command', ['frobnicate'], 2, /no command "frobnicate".*strat --help/],
    ['help for an unknown command', ['help', 'frobnicate'], 2, /no command "frobnicate"/],
    ['an option in place of a command', ['--hlep'], 2, /no option "--hlep"; did you mean --help/],
    ['a misspelt option', ['check', '--jsn', 'x'], 2, /no option --jsn; did you mean --json.*strat check --help/],
    ['a short option', ['check', '-j'], 2, /no option -j/],
    ['a value for a switch', data('--json=yes'), 2, /--json is a switch/],
    ['a missing value at the end', bt('--data'), 2, /--data needs a value: --data PATH/],
    ['a missing value before an option', bt('--data', '--json'), 2, /--data needs a value/],
    ['an empty value', data('--trades', ''), 2, /--trades was given an empty value/],
    ['an option twice', data('--fee', '1%', '--fee', '2%'), 2, /--fee was given twice: "1%" and "2%"/],
    ['no file to check', ['check'], 2, /No strategy file was given/],
    ['no strategy', ['backtest'], 2, /No strategy file was given/],
    [
      'candles for a strategy',
      data('other.csv.gz'),
      2,
      /"other.csv.gz" is no strategy file: each file of candles needs a --data of its own/,
    ],
    ['no candles', bt(), 2, /No candles were given.*--synthetic/],
    ['candles and a generated market', data('--synthetic', '1'), 2, /--synthetic and --data exclude each other/],
    ['a length of recorded candles', data('--bars', '5'), 2, /--bars .* needs --synthetic/],
    ['no seed', bt('--synthetic', 'x'), 2, /--synthetic takes a whole number of up to 9 digits, found "x"/],
    ['no seed of the intervals', data('--seed', '-1'), 2, /--seed takes a whole number of up to 9 digits, found "-1"/],
    ['more bars than memory', bt('--synthetic', '1', '--bars', '99999999999'), 2, /--bars takes at most 10000000/],
    ['zero bars', bt('--synthetic', '1', '--bars', '0'), 2, /--bars takes a whole number above zero/],
    ['a part of a bar', bt('--synthetic', '1', '--bars', '1.5'), 2, /--bars takes a whole number/],
    ['no capital', data('--capital', '0'), 2, /--capital takes a number above zero.*found "0"/],
    ['a debt', data('--capital', '-5'), 2, /--capital takes a number above zero.*found "-5"/],
    ['a fee without unit', data('--fee', '0.1'), 2, /--fee takes a percent such as 0.1% or 10bp, .*; found "0.1"/],
    ['a negative fee', data('--fee', '-1%'), 2, /--fee takes a percent/],
    ['a fee of all', data('--fee', '200%'), 2, /--fee takes a percent .*; found "200%"/],
    ['a word in place of a date', data('--from', 'yesterday'), 2, /--from takes a date such as 2024-01-31/],
    ['a day that is none', data('--to', '2023-02-29'), 2, /--to takes a date/],
    ['a period that ends before it begins', data('--from', '2024-05-01', '--to', '2024-01-01'), 2, /--from must lie before --to/],
    ['a length that is none', data('--timeframe', '7q'), 2, /--timeframe takes a length such as 15m.*found "7q"/],
    ['a convention that is none', data('--fill-at', 'clse'), 2, /--fill-at takes nextOpen or close, found "clse"/],
    ['a param without value', data('--set', 'fast'), 2, /--set takes name=value, found "fast"/],
    ['a param twice', data('--set', 'a=1', '--set', 'a=2'), 2, /--set gives "a" twice/],
    [
      'two results in one file',
      data('--report', 'x', '--trades', './x'),
      2,
      /--trades would overwrite "\.\/x", which is written by --report/,
    ],
    ['a report over the strategy', data('--report', 'good.strat'), 2, /--report would overwrite "good.strat", which is read/],
    ['a result over the candles', data('--trades', path(CANDLES)), 2, /--trades would overwrite .*, which is read/],
    ['a strategy that is not there', ['check', 'nofile'], 1, /^Cannot read "nofile": there is no such file\. Check the path/],
    ['a folder', ['check', 'folder.strat'], 1, /Cannot read "folder.strat": it is a folder/],
    ['a device', ['check', '/dev/null'], 1, /Cannot read "\/dev\/null": it is no regular file/],
    ['a very long name', ['check', 'n'.repeat(300)], 1, /the name is too long/],
    ['candles that are not there', bt('--data', 'no.csv'), 1, /^Cannot read "no.csv": there is no such file/],
    ['a folder of candles', bt('--data', 'folder.strat'), 1, /it is a folder/],
    ['an empty file of candles', bt('--data', 'empty.csv'), 1, /"empty.csv" has no candles/],
    ['bytes', bt('--data', 'binary.csv'), 1, /"binary.csv", line 1: it holds binary data/],
    ['a negative price', bt('--data', 'wrong.csv'), 1, /"wrong.csv": 1; none of them was used.*\n {2}wrong.csv:2: open is -5/],
    [
      'longer candles',
      bt('--data', 'coinbase_BTC-USD_1d.csv'),
      1,
      /Cannot make 1h bars from 1d bars: "coinbase_BTC-USD_1d.csv" has the longer/,
    ],
    [
      'a period without candles',
      data('--from', '2030-01-01'),
      1,
      /no bar lies between --from and --to\. The bars open from 2024-01-01 00:00 to 2024-01-25 23:00/,
    ],
    [
      'candles of another market',
      bt('--data', `ETH/USDT=${CANDLES}`),
      1,
      /No candles for BTC\/USDT: none of the files given is of this market/,
    ],
    ['candles given twice', data('--data', CANDLES), 1, /Several files fit/],
    [
      'two files for one market by its name',
      bt('--data', `BTC/USDT=${CANDLES}`, '--data', 'BTC/USDT=other.csv'),
      1,
      /Several files fit .*BTC\/USDT=PATH once/,
    ],
    [
      'two markets and candles of neither',
      ['backtest', 'two.strat', '--data', `ETC/USDT=${CANDLES}`],
      1,
      /No candles for BTC\/USDT, ETH\/USDT: none of the files given/,
    ],
    ['an unknown param', sma('--set', 'nope=1'), 1, /Cannot set nope of .*there is no param "nope"; the params are: fast, slow/],
    ['a param that is no number', sma('--set', 'fast=abc'), 1, /Cannot set fast of .*: "abc" is not a number$/m],
    ['a param out of range', sma('--set', 'fast=500'), 1, /Cannot set fast of .*: 500 is outside of 5 \.\. 50/],
    ['a param off its steps', sma('--set', 'fast=22'), 1, /22 is not on the steps of 5 from 5/],
    ['params that break a requirement', sma('--set', 'fast=50', '--set', 'slow=40'), 1, /the short average must be the shorter one/],
    ['a number of bars that is none', sma('--bars', '1e9'), 2, /--bars takes a whole number above zero, found "1e9"/],
    [
      'a strategy in UTF-16',
      ['backtest', 'utf16.strat', '--data', CANDLES],
      1,
      /"utf16.strat": it is saved as UTF-16, and strat reads UTF-8/,
    ],
    [
      'a bot without its strategy',
      ['run', 'none.strat', '--sim', '1', '--home', 'none'],
      1,
      /^The bot was not started: .*\nnone.strat: cannot be read: there is no such file/,
    ],
    [
      'a bot whose strategy has a mistake',
      ['run', 'wrong.strat', '--sim', '1', '--home', 'wrong'],
      1,
      /^The bot was not started: .*\nwrong.strat has mistakes:\nE0201 4:17/,
    ],
    [
      'a bot with its state in a file',
      ['run', 'good.strat', '--sim', '1', '--home', 'good.strat'],
      1,
      /^Cannot write "good.strat": another file has its name/,
    ],
    ['a report into no folder', data('--report', 'no/where/x.html'), 1, /Cannot write "no\/where\/x.html": the folder does not exist/],
    ['a report over a folder', data('--trades', 'folder.strat'), 1, /Cannot write "folder.strat": it is a folder/],
    ['a strategy with an error', ['backtest', 'wrong.strat', '--data', CANDLES], 1, /^wrong.strat: 1 error\nE0201 4:17/],
    ['an empty strategy', ['backtest', 'empty.strat', '--data', CANDLES, '--json'], 1, /^empty.strat: 1 error/],
  ];

  test.for(cases)('%s: exit code and a text that says what to do', async ([, args, status, text]) => {
    const seen = await strat(args);
    expect(seen.stderr).toMatch(text);
    // Who asked for a document gets one that says what is wrong; nobody else gets anything on stdout.
    const document = seen.stdout === '' ? null : (JSON.parse(seen.stdout) as unknown);
    const isDocument = Array.isArray(document)
      ? document.length > 0
      : document !== null && typeof document === 'object' && 'error' in document;
    expect({ status: seen.status, isDocument }).toEqual({ status, isDocument: args.includes('--json') });
    expect(hasStack(seen.stderr)).toBe(false);
    expect(seen.stderr).not.toMatch(/ENOENT|EISDIR|ERR_|undefined|\[object/);
    expect(harmless(seen.stderr)).toBe(true);
  });

  test('writes nothing before it refuses', () => {
    expect(readdirSync(path('.'))).not.toContain('x');
    expect(readFileSync(path('good.strat'), 'utf8')).toContain('strategy "test"');
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk behind stdout is said, with exit code 1', async () => {
    const said = 'Cannot write "standard output": the disk is full. Check the folder, its permissions and the room on its disk\n';
    for (const options of [[], ['--json']]) {
      const { status, stderr } = await strat(['check', 'good.strat', ...options], { outputFile: '/dev/full' });
      expect([status, stderr]).toEqual([1, said]);
    }
  });

  test.skipIf(!existsSync('/dev/full'))('a file that is written takes the place of the one before, as a whole', async () => {
    put('old.csv', 'of before');
    symlinkSync(path('old.csv'), path('link.csv'));
    const before = statSync(path('old.csv')).ino;
    expect(await strat(['backtest', 'good.strat', '--data', CANDLES, '--trades', 'link.csv'])).toMatchObject({ status: 0 });
    expect(readFileSync(path('old.csv'), 'utf8')).toMatch(/^positionId,/);
    expect([statSync(path('old.csv')).ino === before, lstatSync(path('link.csv')).isSymbolicLink()]).toEqual([false, true]);
    // A device stays one.
    const full = await strat(['backtest', 'good.strat', '--data', CANDLES, '--trades', '/dev/full']);
    expect([full.status, full.stderr]).toEqual([1, expect.stringMatching(/^Cannot write "\/dev\/full": the disk is full\./)]);
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });
});

describe("a stranger's files", { concurrent: true }, () => {
  const EVIL = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';

  test('show nothing on the terminal that it would obey', async () => {
    put(`${EVIL}.strat`, `strat 1\nstrategy "${EVIL}"\n`);
    put(`${EVIL}good.strat`, readFileSync(path('good.strat')));
    put(
      `${EVIL}_BTC-USDT_1h.csv`,
      candles(BARS, HOUR).replace(/^(?:.*\n){300}/, (part) => part.replace(/\n.*\n$/, '\n')),
    );
    put(`${EVIL}wrong.csv`, candles(20, HOUR).replace(/^(\d+),[\d.]+/m, `$1,${EVIL}`));
    const seen = await Promise.all([
      strat(['check', `${EVIL}.strat`]),
      strat(['check', `${EVIL}.strat`, '--json']),
      strat(['check', `${EVIL}\nno mistakes found`]),
      strat(['backtest', `${EVIL}.strat`, '--data', CANDLES]),
      strat(['backtest', `${EVIL}good.strat`, '--data', `${EVIL}_BTC-USDT_1h.csv`]),
      strat(['backtest', `${EVIL}good.strat`, '--data', `${EVIL}_BTC-USDT_1h.csv`, '--json']),
      strat(['backtest', 'good.strat', '--data', `${EVIL}wrong.csv`]),
      strat([EVIL]),
      strat(['check', `--${EVIL}`]),
    ]);
    expect(seen.map(({ status }) => status)).toEqual([1, 1, 1, 1, 0, 0, 1, 2, 2]);
    for (const { stdout, stderr } of seen) {
      expect(harmless(stdout + stderr)).toBe(true);
      expect(stdout + stderr).not.toMatch(/^no mistakes found/m);
    }
    // The JSON still holds the name as it is.
    const [finding] = JSON.parse(seen[1].stdout) as readonly { file: string }[];
    expect(finding?.file).toBe(`${EVIL}.strat`);
    // What was checked did reach the output.
    expect(seen[4].stdout).toMatch(/bars? missing/);
  });
});

describe('a process among others', { concurrent: true }, () => {
  test('a reader that goes away is no error', async () => {
    const { status, signal, stdout, stderr } = await strat(['backtest', STRATEGY, '--synthetic', '1', '--bars', '100000', '--json'], {
      closeOutput: true,
    });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(stdout).toMatch(/^\{/);
  });

  test('Ctrl-C ends a long run without a result', async () => {
    const seen = await strat(['backtest', STRATEGY, '--synthetic', '1', '--bars', '10000000'], { interruptMs: 700 });
    expect(seen.stdout).toBe('');
    expect(seen.signal === 'SIGINT' || seen.status === 130).toBe(true);
    expect(hasStack(seen.stderr)).toBe(false);
  });

  test('compiled modules are kept in a folder of the user alone', async () => {
    const cache = path('own-cache');
    expect(await strat(['--version'], { env: { XDG_CACHE_HOME: cache } })).toMatchObject({ status: 0 });
    expect(readdirSync(join(cache, 'strat/compile'))).toHaveLength(1);
    expect(statSync(join(cache, 'strat/compile')).mode & 0o777).toBe(0o700);
  });

  test('a cache that others can write to is left alone, and so is one that cannot be made', async () => {
    const open = path('open-cache');
    mkdirSync(join(open, 'strat/compile'), { recursive: true });
    chmodSync(join(open, 'strat/compile'), 0o777);
    expect(await strat(['--version'], { env: { XDG_CACHE_HOME: open } })).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(open, 'strat/compile'))).toEqual([]);
    expect(await strat(['--version'], { env: { XDG_CACHE_HOME: '/dev/null' } })).toMatchObject({ status: 0, stderr: '' });
  });
});
