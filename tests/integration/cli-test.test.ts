import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExitCode } from '#core/cli/command.ts';
import { painter } from '#core/cli/render/paint.ts';
import { fileText } from '#core/cli/render/test-text.ts';
import { watchTests } from '#core/cli/watch-tests.ts';
import type { TestDocument } from '#core/runtime/strategy-test/strategy-test.ts';
import { candles, HOUR } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { ROOT, startStrat, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
let count = 0;

/** Buys what rises and sells what falls, a unit each. */
const RULES = `enter long when close > close[1]
exit long when close < close[1] reason "it fell"
size 1 BTC
stop 10%
`;

/** A folder of its own with a strategy and its tests; gives the path of the tests. */
function put(tests: string, rules = RULES, head = 'trade BTC/USDT on 1h'): string {
  const own = join(folder, String(++count));
  mkdirSync(own);
  writeFileSync(join(own, 'a.strat'), `strat 1\nstrategy "a"\n${head}\n${rules}`);
  writeFileSync(join(own, 'a.test.yaml'), tests);
  return join(own, 'a.test.yaml');
}

/** A test of these bars. */
const test = (bars: readonly string[], rest: string, name = 'x'): string =>
  `tests:\n  - name: ${name}\n    bars: |\n${bars.map((line) => `      ${line}\n`).join('')}${rest.trimEnd().replaceAll(/^(?=.)/gm, '    ')}\n`;

async function run(file: string, ...options: readonly string[]): Promise<TestDocument> {
  const { out, err } = await strat('test', file, '--json', ...options);
  expect(err).toBe('');
  return JSON.parse(out) as TestDocument;
}

/** A text, or what a text must match. */
const matching = (line: string | RegExp): unknown => (typeof line === 'string' ? line : expect.stringMatching(line));

/** What failed, as `line expected | found`. */
async function failures(file: string): Promise<readonly string[]> {
  const { files } = await run(file);
  return files.flatMap(({ tests, error }) => [
    ...(error === null ? [] : [error]),
    ...tests.flatMap((one) => one.failures.map(({ line, expected, found }) => `${line} ${expected} | ${found}`)),
  ]);
}

describe('strat test', () => {
  it('passes the tests of every strategy that comes with strat, and each has some', async () => {
    const { code, out } = await strat('test', join(ROOT, 'strategies'), '--json');
    const { files } = JSON.parse(out) as TestDocument;
    expect(files.flatMap(({ tests }) => tests.filter(({ ok }) => !ok))).toEqual([]);
    expect(files.map(({ file }) => file.split('/').at(-2))).toEqual(readdirSync(join(ROOT, 'strategies')).toSorted());
    expect(code).toBe(0);
  });

  it('knows fills, the stop, orders and values from bars that a person can follow', async () => {
    const tests = test(
      ['flat 100 x 2', '101', '102', '101', '101'],
      `fills:
  - bar 4: buy 1 at open
  - bar 6: sell all at 101 because it fell
values:
  - bar 2: no position, no order, no stop
  - bar 3: order buy 1 at market, close > close[1], close[1] is 100
  - bar 4: position is 1, stop is 91.8, position.size is 1, equity is 10000
  - bar 1: close[1] is na
  - bar 5: equity is 9999
trades: 1
`,
    );
    expect(await failures(put(tests))).toEqual([]);
  });

  it.each([
    ['a fill too early', 'fills', ['bar 3: buy', 'bar 6: sell'], ['10 bar 3: buy | bar 4: buy 1 at 102 (the open) by entry']],
    [
      'another quantity',
      'fills',
      ['bar 4: buy 2', 'bar 6: sell'],
      ['10 bar 4: buy 2 | buy 1 at 102 (the open) by entry: the quantity is 1'],
    ],
    ['a fill that is not told', 'fills', ['bar 4: buy'], ['null no other fill | bar 6: sell 1 at 101 (the open) by exit because it fell']],
    ['a bar that there is not', 'fills', ['bar 4: buy', 'bar 6: sell', 'bar 60: buy'], ['12 bar 60: buy | there is no such bar']],
    [
      'a market that there is not',
      'values',
      ['bar 1 of ETH/USDT: close is 1'],
      ['10 bar 1 of ETH/USDT: close is 1 | ETH/USDT is not traded'],
    ],
    ['another value', 'values', ['bar 3: close is 100'], ['10 bar 3: close is 100 | close is 101']],
    ['na for true', 'values', ['bar 1: close > close[1]'], ['10 bar 1: close > close[1] | it is na: not known to be true']],
    ['another stop', 'values', ['bar 4: stop is 90'], ['10 bar 4: stop is 90 | the stop is 91.8']],
    ['no stop', 'values', ['bar 2: stop is 90'], ['10 bar 2: stop is 90 | there is no stop']],
    ['a position', 'values', ['bar 4: no position'], ['10 bar 4: no position | the position is 1']],
    ['another order', 'values', ['bar 3: order buy 1 at limit 5'], ['10 bar 3: order buy 1 at limit 5 | order buy 1 at market']],
    ['no order', 'values', ['bar 2: order sell'], ['10 bar 2: order sell | no order waits']],
    ['an unknown name', 'values', ['bar 3: clsoe is 100'], ['10 "clsoe" is an expression of the language | I do not know "clsoe"']],
    ['two expressions', 'values', ['bar 3: close) plot (open'], [/^10 .* \| this is more than one expression/]],
    ['text behind an expression', 'values', ['bar 3: close # x'], [/^10 .* is an expression/]],
  ] as const)('tells %s', async (_, key, lines, wanted) => {
    const tests = test(
      ['flat 100 x 2', '101', '102', '101', '101'],
      `${key}:\n${lines
        .map((line) => `  - '${line}'\n`)
        .join('')
        .replaceAll(/'(bar [^:]*): (.*)'/g, '$1: "$2"')}`,
    );
    expect(await failures(put(tests))).toEqual(wanted.map(matching));
  });

  it('tells fills where none should be, and another count of positions', async () => {
    const bars = ['flat 100 x 2', '101', '102', '101', '101'];
    expect(await failures(put(test(bars, 'fills: none\n')))).toMatchObject([
      expect.stringMatching(/^null nothing fills \| bar 4: buy/),
      expect.stringMatching(/bar 6: sell/),
    ]);
    expect(await failures(put(test(bars, 'trades: 2\n')))).toEqual(['9 trades: 2 | 1 positions were opened']);
  });

  it.each([
    ['risk above: 0.1%', /the loss at the stop would be/],
    ['drawdown above: 0.1%', /below its highest/],
    ['position above: 1%', /the position is worth/],
    ['exposure above: 1%', /positions are worth/],
    ['positions above: 0', /1 positions are open/],
    ['hold longer than: 1', /held for 2 bars/],
    ['trade on: [mon]', /filled on mon/],
    ['enter when: close > 100', /true at the close of bar 3/],
    ['exit when: close > 102', /an exit filled, and it was true at the close of bar 6/],
    ['enter long when: close > 100', /an entry filled/],
    ['exit long when: close > 102', /an exit filled/],
    ['hold when: close > 104', /position is open, and it is true/],
    ['open without a stop: true', /no stop/],
  ])('tells where %s is broken, and not where it holds', async (rule, found) => {
    const bars = ['flat 100 x 2', '101', '102', '105', '103', '85', '85'];
    const rules = rule.startsWith('open')
      ? RULES.replace('stop 10%', '').replace('exit long', 'exit long 50%')
      : RULES.replace('stop 10%', 'stop 30%');
    expect(await failures(put(test(bars, `never: { ${rule} }\n`), rules))).toEqual([expect.stringMatching(found)]);
  });

  it('passes where nothing is broken', async () => {
    const bars = ['flat 100 x 2', '101', '102', '105', '103', '85', '85'];
    const rules = [
      'risk above: 1%',
      'drawdown above: 1%',
      'position above: 2%',
      'exposure above: 2%',
      'positions above: 1',
      'hold longer than: 2',
    ];
    const more = [
      'trade on: [sun]',
      'enter when: close > 101',
      'exit when: close > 104',
      'enter short when: close > 1',
      'exit short when: close > 1',
      'hold when: close < 101',
      'open without a stop: true',
    ];
    expect(await failures(put(test(bars, `never: { ${[...rules, ...more].join(', ')} }\n`)))).toEqual([]);
  });

  it('fails what must never happen where nothing was traded, unless that is said', async () => {
    const never = 'never: { risk above: 5% }\n';
    expect(await failures(put(test(['flat 100 x 5'], never)))).toEqual([expect.stringMatching(/it never did/)]);
    expect(await failures(put(test(['flat 100 x 5'], `${never}trades: 0\n`)))).toEqual([]);
  });

  it('counts the generated markets on which a rule is broken, and shows the first', async () => {
    const tests = 'tests:\n  - { name: x, seeds: 1..3, length: 300, never: { positions above: 0 } }\n';
    const [failed] = (await run(put(tests, RULES.replace('1 BTC', '10% of equity')))).files[0]!.tests;
    expect(failed).toMatchObject({
      runs: 3,
      bars: 900,
      failures: [{ found: '1 positions are open (on 3 of 3 markets)', at: { source: 'seed 1' } }],
    });
  });

  it('runs on several markets, each with its table, and on those that are read', async () => {
    const tests = `tests:
  - name: each its own
    bars:
      BTC/USDT: |
        flat 100 x 2
        101
        flat 102 x 2
      ETH/USDT: |
        flat 10 x 3
        11
        12
    fills:
      - bar 4: buy 1 at 102
      - bar 5 of ETH/USDT: buy 1 at 12
`;
    expect(await failures(put(tests, RULES.replace('1 BTC', '1 contract'), 'trade BTC/USDT, ETH/USDT on 1h'))).toEqual([]);
    const read = RULES.replace('close > close[1]', 'close of ETH/USDT > close[1] of ETH/USDT');
    expect(await failures(put(tests.replace(/fills:[^]*/, 'fills:\n      - bar 5: buy 1\n'), read))).toEqual([]);
    expect(await failures(put(test(['101'], 'fills: none'), read))).toEqual([
      expect.stringMatching(/BTC\/USDT has no table/),
      expect.stringMatching(/ETH\/USDT has no table/),
    ]);
  });

  it('knows what a market does as a leg of a basket', async () => {
    const rules = `basket pair { buy BTC/USDT weight 1 sell ETH/USDT weight 1 }
enter long pair when close > close[1]
exit long pair when close < close[1]
size 1000 USDT
`;
    const tests = `tests:
  - name: both legs
    bars:
      BTC/USDT: |
        flat 100 x 2
        101
        flat 100 x 3
      ETH/USDT: |
        flat 10 x 6
    fills:
      - bar 4: buy at 100
      - bar 4 of ETH/USDT: sell at 10
      - bar 5: sell all at 100
      - bar 5 of ETH/USDT: buy all at 10
    values:
      - bar 4: position is about 4.95
`;
    expect(await failures(put(tests, rules))).toEqual([]);
  });

  it('runs on files of candles beside the test', async () => {
    const file = put('tests:\n  - { name: x, data: c.csv, from: 2024-01-02, to: 2024-01-03, fee: 0.1%, never: { drawdown above: 50% } }\n');
    writeFileSync(join(file, '../c.csv'), candles(100, HOUR));
    expect((await run(file)).files[0]!.tests).toMatchObject([{ ok: true, bars: 48 }]);
    expect(await failures(put('tests:\n  - { name: x, data: none.csv, trades: 1 }\n'))).toEqual([expect.stringMatching(/none\.csv/)]);
  });

  it('takes values of params, and tells those that there are not', async () => {
    const rules = `param n = 1 in 1..5\n${RULES.replace('close[1]', 'close[n]')}`;
    const tests = test(['flat 100 x 2', '101', '102', '103'], 'set: { n: 2 }\nfills:\n  - bar 4: buy\n');
    expect(await failures(put(tests, rules))).toEqual([]);
    expect(await failures(put(tests.replace('n: 2', 'm: 2'), rules))).toEqual([expect.stringMatching(/Cannot set m/)]);
  });

  it('tells every fault of a file at its place, and runs the others', async () => {
    const wrong = put(`tests:
  - name: a
    bar: |
      flat 1
    fills:
      - bar 3: buyy 3
    never: { risk abov: 2%, drawdown above: 5 }
`);
    put(test(['flat 100 x 3'], 'fills: none'));
    const { code, out, err } = await strat('test', wrong, join(folder, String(count)));
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/:3:5 tests\[0\]\.bar: unknown key "bar" \(did you mean "bars"\?\)/);
    expect(out).toMatch(/:7:14 .*unknown key "risk abov" \(did you mean "risk above"\?\)/);
    expect(out).toMatch(/:7:45 .*with its sign: 5%/);
    expect(out).toMatch(/ok {4}x/);
    expect(out).toMatch(/1 test passed, 1 file could not be run/);
  });

  it.each([
    ['', /"tests" is missing/],
    ['tests: []\n', /at least 1 entry/],
    ['- x\n', /must hold sections/],
    ['tests:\n  - { name: a, bars: "1" }\n', /asks for nothing/],
    ['tests:\n  - { name: a, trades: 1 }\n', /has no market/],
    ['tests:\n  - { name: a, bars: "1", seeds: 1, trades: 1 }\n', /several markets/],
    ['tests:\n  - { name: a, seeds: 5..1, trades: 1 }\n', /seeds are a whole number/],
    ['tests:\n  - { name: a, seeds: 1..2, fills: none }\n', /those of one market/],
    ['tests:\n  - { name: a, bars: "1", length: 3, trades: 1 }\n', /belongs to "seeds:"/],
    ['tests:\n  - { name: a, bars: "1", fills: all }\n', /a list, or none/],
    ['tests:\n  - { name: a, bars: "1", fills: [3] }\n', /must be a mapping/],
    ['tests:\n  - { name: a, bars: { btc: "1" }, trades: 0 }\n', /"btc" is no market/],
    ['tests:\n  - { name: a, bars: "1", start: soon, trades: 0 }\n', /no time/],
    ['tests:\n  - { name: a, bars: "1", trades: 0 }\n  - { name: a, bars: "1", trades: 0 }\n', /another test has this name/],
    ['tests: &a\n  - *a\n', /holds itself/],
    ['\u0000', /cannot be seen/],
    ['tests:\n  - { name: a, bars: "xyz", trades: 0 }\n', /begins with "xyz"/],
  ])('refuses %j', async (tests, message) => {
    expect((await failures(put(tests))).join('\n')).toMatch(message);
  });

  it('tells the findings of a strategy once, and a strategy that is not there', async () => {
    const file = put(test(['1'], 'trades: 0') + test(['1'], 'trades: 0', 'y').replace('tests:\n', ''), 'enter long when clsoe > 1\n');
    expect((await failures(file)).join('\n')).toMatch(/1 error\nE0201 [^]*did you mean close/);
    expect((await failures(put('strategy: none.strat\ntests:\n  - { name: a, bars: "1", trades: 0 }\n'))).join()).toMatch(/none\.strat/);
  });

  it('takes files of strategies and of tests, folders and a filter', async () => {
    const file = put(test(['1'], 'trades: 0', 'one') + test(['1'], 'trades: 0', 'two').replace('tests:\n', ''));
    const names = async (...args: readonly string[]): Promise<readonly string[]> =>
      (JSON.parse((await strat('test', '--json', ...args)).out) as TestDocument).files.flatMap(({ tests }) =>
        tests.map(({ name }) => name),
      );
    const own = join(file, '..');
    expect(await names(own)).toEqual(['one', 'two']);
    expect(await names(join(own, 'a.strat'))).toEqual(['one', 'two']);
    expect(await names(file, file, own, '--filter', 'TW')).toEqual(['two']);
    expect(await strat('test', file, '--filter', 'three')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/No test has "three" in its name\. There are: "one", "two"/),
    });
  });

  it('tells by Ctrl-C what was not run, and a watch ends by it', async () => {
    const file = put(test(['line 100 to 200 in 2000'], 'trades: 1'));
    const stopped = await startStrat(['test', 'strategies', '--mutate'], { interruptMs: 1500 });
    expect(stopped).toMatchObject({ status: 130, stderr: 'Stopped; the tests that are not shown were not run.\n' });
    const watched = await startStrat(['test', file, '--watch'], { interruptMs: 2500 });
    expect(watched).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/cancelled/) });
  });

  it('tells where there are no tests', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'b.strat'), '');
    const told = async (place: string): Promise<string> => (await strat('test', place)).err;
    expect(await told(empty)).toMatch(/no file below it ends in \.test\.yaml/);
    expect(await told(join(empty, 'b.strat'))).toMatch(/there is no ".*b\.test\.yaml"/);
    expect(await told(join(empty, 'c.strat'))).toMatch(/no such file/);
    writeFileSync(join(empty, 'd.txt'), '');
    expect(await told(join(empty, 'd.txt'))).toMatch(/ends neither in/);
    expect(await strat('test', empty, '--watch', '--json')).toMatchObject({ code: 2 });
  });

  it('with --mutate tells which changes of the rules no test notices, and where they show', async () => {
    const rules = 'enter long when close > close[1]\nexit long when close < close[1]\nsize 1 BTC\nstop 90%\n';
    const file = put(test(['flat 100 x 2', '101', '102', '102', '101', '101'], 'fills:\n  - bar 4: buy 1\n  - bar 7: sell all\n'), rules);
    const { mutation } = (await run(file, '--mutate')).files[0]!;
    const survived = mutation!.survivors.map(({ line, was, now, apart }) => [line, was, now, apart === null]);
    // No market falls by 90 % from one bar to the next.
    expect(survived).toContainEqual([7, 'stop 90%', '', true]);
    expect(survived).toContainEqual([4, '1', '2', false]);
    expect(survived).not.toContainEqual(expect.arrayContaining(['>']));
    expect(mutation).toMatchObject({ killed: mutation!.total - mutation!.survivors.length, same: 0 });
    const text = fileText({ file, strategy: '', ok: true, tests: [], error: null, mutation: mutation! }, 200, painter(false));
    expect(text).toContain(`changes of the rules that the tests notice: ${mutation!.killed} of ${mutation!.total}`);
    expect(text).toMatch(/not noticed {2}4:31 {2}1 -> 2 {2}one more\n +differs on seed 1, bar \d+/);
  });

  it('with --mutate tells nothing of mutants while a test fails', async () => {
    const { files } = await run(put(test(['flat 100 x 2'], 'trades: 1')), '--mutate');
    expect(files[0]).not.toHaveProperty('mutation');
  });

  it('with --watch runs again when a strategy changes, until it is told to end', async () => {
    const file = put(test(['flat 100 x 2', '101', '102'], 'fills: none'));
    const end = new AbortController();
    const codes: number[] = [];
    const io = { width: 80, color: false, isTerminal: false, showsProgress: false, env: {}, out: () => undefined, err: () => undefined };
    const watched = async (): Promise<ExitCode> => {
      const { code } = await strat('test', file);
      codes.push(code);
      if (codes.length === 1)
        writeFileSync(join(file, '../a.strat'), `strat 1\nstrategy "a"\ntrade BTC/USDT on 1h\n${RULES.replace('>', '<')}`);
      else end.abort();
      return code as ExitCode;
    };
    expect(await watchTests([file], watched, io, end.signal)).toBe(0);
    expect(codes).toEqual([1, 0]);
  });
});
