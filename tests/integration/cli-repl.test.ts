import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { replCommand } from '#core/cli/commands/repl.ts';
import { ReplSession } from '#core/cli/repl/repl-session.ts';
import type { NameFile, SourceRequest } from '#core/cli/series/series-source.ts';
import { createCompiler } from '#dsl/compile.ts';
import { strat } from './cli-in-process.ts';
import { ROOT, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const START = Date.UTC(2024, 0, 1);
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
/** Closes 1, 2, 3, ... by the hour. */
const lines = Array.from({ length: 30 }, (_, i) => [START + i * 3_600_000, i + 1, i + 1, i + 1, i + 1, 10].join(','));
const CANDLES = put('binance_BTC-USDT_1h.csv', ['timestamp,open,high,low,close,volume', ...lines].join('\n'));

const io = { out: () => undefined, err: () => undefined, width: 60, color: false, isTerminal: true, showsProgress: false, env: {} };
const REQUEST: SourceRequest = {
  data: [CANDLES],
  stored: { markets: [], folder: '' },
  caps: new Map(),
  timeframe: null,
  from: null,
  to: null,
};
const open = (file: NameFile | null = null): ReplSession => new ReplSession(replCommand, REQUEST, file, io);

/** What each line is answered with; behind `!` where it was wrong. */
async function talk(session: ReplSession, ...typed: readonly string[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const line of typed) {
    const { text, isWrong } = await session.answer(line);
    answers.push((isWrong ? '!' : '') + text.trimEnd());
  }
  return answers;
}

describe('a session', () => {
  it('answers expressions with the value at the last bar, and how it came there', async () => {
    expect(await talk(open(), 'close + 1', 'close > 29', 'sma(31)', 'donchian(2)', '2%')).toEqual([
      expect.stringMatching(/^31 {2}▁.*█ {2}price in USDT$/),
      expect.stringMatching(/^yes {2}▁+█ {2}condition$/),
      'na  price in USDT, na for the first 30 bars',
      expect.stringMatching(/^\.upper +30 .*\n\.mid +29\.5000 .*\n\.lower +29 /),
      '2%  percent',
    ]);
  });

  it('keeps lines that give names, gives names a new meaning, and forgets them', async () => {
    const session = open();
    const answers = await talk(
      session,
      'let a = close - 10',
      'let b = a * 2',
      'param n = 3 in 1..9',
      'def f(x) = x * n',
      'f(b)',
      'let a = close',
      'f(b)',
      ':list',
      ':drop f',
      'f(b)',
      ':drop f',
    );
    expect(answers.map((text) => text.split('  ')[0])).toEqual([
      '20',
      '40',
      '',
      '',
      '120',
      '30',
      '180',
      'let a = close\nlet b = a * 2\nparam n = 3 in 1..9\ndef f(x) = x * n',
      '',
      expect.stringMatching(/^!expression: 1 error\nE0201 1:1/),
      '!no line that is kept defines f',
    ]);
    // A new meaning that needs what came later stands below it; one that would need itself is refused.
    expect((await talk(session, 'let c = 7', 'let n2 = 1', 'let c = n2 + 1', 'let b = b + 1')).map((text) => text.split('  ')[0])).toEqual([
      '7',
      '1',
      '2',
      expect.stringMatching(/^!the line: 1 error\nE0404 1:5/),
    ]);
    expect((await talk(session, 'b'))[0]).toMatch(/^60 /);
  });

  it('shows where a line is wrong, and does not keep it', async () => {
    expect(await talk(open(), 'let a = clos', 'a', 'rsi(close', 'enter long when close > 1', 'equity')).toEqual([
      '!the line: 1 error\nE0201 1:9   I do not know "clos"\n  let a = clos\n          ^^^^\n  did you mean close?',
      expect.stringMatching(/^!expression: 1 error\nE0201 1:1 {3}I do not know "a"\n {2}a\n {2}\^/),
      expect.stringContaining('E0103 1:10  the expression ends too early'),
      expect.stringMatching(/^!here nothing is traded/),
      expect.stringContaining('E0405'),
    ]);
  });

  it('moves to a bar and back', async () => {
    const session = open();
    expect(await talk(session, ':at 2024-01-01 05:30', 'hour', ':at 2030-01-01', 'hour', ':at last', 'hour', ':at noon')).toEqual([
      '2024-01-01 05:00 UTC',
      expect.stringMatching(/^5 /),
      expect.stringMatching(/^!.*no bar holds/),
      expect.stringMatching(/^5 /),
      '2024-01-02 05:00 UTC',
      expect.stringMatching(/^5 /),
      expect.stringMatching(/^!.*--at takes a date/),
    ]);
  });

  it('loads a strategy, changes candles, and keeps what it had where these cannot be read', async () => {
    const session = open();
    const file = join(ROOT, 'strategies/sma-cross/sma-cross.strat');
    expect(await talk(session, `:load ${file}`, 'fast', ':load none.strat', 'fast', ':data none.csv', 'close')).toEqual([
      'names: fast, slow, quick, trend',
      '20  number',
      expect.stringMatching(/^!.*none\.strat/),
      '20  number',
      expect.stringMatching(/^!.*none\.csv/),
      expect.stringMatching(/^30 /),
    ]);
    expect((await talk(session, ':data'))[0]).toMatch(
      /^BTC\/USDT 1h: 30 bars from 2024-01-01 00:00 to 2024-01-02 05:00 UTC, binance_BTC-USDT_1h\.csv/,
    );
  });

  it('draws, tells kinds and what functions do', async () => {
    const [chart, kind, doc, none, value, help, unknown, missing] = await talk(
      open(),
      ':chart close',
      ':type close > 29',
      ':doc rsi',
      ':doc nothing',
      ':doc hlc3',
      ':help',
      ':chrt',
      ':chart',
    );
    expect(chart!.split('\n').every((line) => line.length <= 60)).toBe(true);
    expect(chart).toContain('30 ┤');
    expect(kind).toMatch(/close > 29 +condition +0 .*3\.3% yes/);
    expect(doc).toMatch(/^rsi\(source = close, length: length = 14\)\n {2}Relative strength index/);
    expect([none, unknown, missing]).toEqual([
      expect.stringMatching(/^!there is no text/),
      '!there is no :chrt: did you mean :chart?',
      '!:chart needs EXPR',
    ]);
    expect(value).toBe('hlc3\n  Mean of high, low and close.');
    for (const name of [':chart', ':data', ':save', ':quit']) expect(help).toContain(name);
  });

  it('saves a strategy that is right, and writes over nothing', async () => {
    const file = join(folder, 'saved.strat');
    const session = open();
    const answers = await talk(session, 'let fast = sma(5)', 'close crosses above fast', `:save ${file}`, `:save ${file}`);
    expect([answers[2]!.includes('is written'), answers[3]]).toEqual([true, expect.stringMatching(/^!.*is there already/)]);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('let fast = sma(5)\n\nenter long when close crosses above fast\n');
    expect(createCompiler().compile(text).diagnostics).toEqual([]);
  });

  it('survives whatever is typed', async () => {
    const session = open();
    for (const line of [
      ')))',
      ':',
      ':::',
      '"',
      '\u0000',
      '\u202E',
      'let',
      'def',
      'let let',
      'param',
      'chart',
      '}{',
      ':at',
      ':data ',
      ':save',
      ':load /',
      ':save /',
      '#',
      '__proto__',
      'let constructor = 1',
      '1e400',
      'a'.repeat(5000),
      '('.repeat(300),
    ]) {
      const { text } = await session.answer(line);
      expect(text).not.toMatch(/^\s+at /m);
    }
    expect((await talk(session, 'close'))[0]).toMatch(/^30 /);
  });
});

test('the page shows what the REPL answers', async () => {
  const [, shown = ''] = /^```text repl\n([^]*?)^```$/m.exec(readFileSync(join(ROOT, 'docs/eval.md'), 'utf8')) ?? [];
  const turns = shown.split(/^strat> /m).slice(1);
  expect(turns.length).toBeGreaterThan(5);
  const session = new ReplSession(replCommand, { ...REQUEST, data: [] }, null, { ...io, isTerminal: false });
  for (const turn of turns) {
    const [line = '', ...answer] = turn.trimEnd().split('\n');
    expect([line, (await session.answer(line)).text.trimEnd()]).toEqual([line, answer.join('\n')]);
  }
});

describe('completion', () => {
  it('knows commands, files, names of the session and of the language, and members', async () => {
    const session = open();
    await talk(session, 'let my_line = macd(close)');
    expect(session.complete(':ch')).toEqual([[':chart'], ':ch']);
    expect(session.complete('close > my_')).toEqual([['my_line'], 'my_']);
    expect(session.complete(':chart percentile_r')).toEqual([['percentile_rank'], 'percentile_r']);
    expect(session.complete('my_line.').map((part) => [...part].toSorted())).toEqual([['hist', 'line', 'signal'], []]);
    expect(session.complete('close cross')).toEqual([['crosses'], 'cross']);
    expect(session.complete(`:load ${folder}/binance`)).toEqual([[CANDLES], `${folder}/binance`]);
    expect(session.complete('rsi(close, 14) # of ')[0]).toEqual([]);
  });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as a process of its own, with this on its standard input. */
async function piped(input: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/strat.js'), 'repl', ...args], { stdio: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  child.stdin.end(input);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  return { code: await promise, out, err };
}

describe('strat repl', () => {
  it('reads lines from a pipe, in order, over several lines where brackets are open', async () => {
    const { code, out, err } = await piped('let a = close\n\n2 * (\n a\n)\n:quit\nnever', '--data', CANDLES);
    expect([code, err, out.split('\n').map((line) => line.split('  ')[0])]).toEqual([0, '', ['30', '60', '']]);
  });

  it('ends with 1 where a line was wrong, and goes on behind it', async () => {
    const { code, out, err } = await piped('clos\nclose', '--data', CANDLES, '--json');
    expect([code, err, JSON.parse(out)]).toEqual([
      1,
      '',
      [
        { line: 'clos', isWrong: true, text: expect.stringContaining('did you mean close?') },
        { line: 'close', isWrong: false, text: expect.stringMatching(/^30 /) },
      ],
    ]);
    expect([(await strat('repl', '--data', 'none.csv')).code, (await strat('repl', 'close')).code]).toEqual([1, 2]);
  });

  // `script` of util-linux gives the process a terminal; that of other systems takes other arguments.
  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasScript)('talks to a person: prompt, completion, Ctrl-C, history, Ctrl-D', async () => {
    const command = `'${process.execPath}' '${join(ROOT, 'bin/strat.js')}' repl --data '${CANDLES}'`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      stdio: 'pipe',
      env: { ...process.env, XDG_STATE_HOME: folder, TERM: 'xterm', NO_COLOR: '1' },
    });
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => void (shown += chunk.toString()));
    /** Types, and waits until something is shown behind what was there before. */
    const type = async (keys: string, awaited: string): Promise<void> => {
      const from = shown.length;
      // Key by key: a terminal that gets several at once takes them for pasted text.
      for (const key of keys) {
        child.stdin.write(key);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await until(
        () => shown.includes(awaited, from),
        () => `${JSON.stringify(keys)}: ${shown.slice(from)}`,
      );
    };
    await until(
      () => shown.includes('strat> '),
      () => shown,
    );
    await type('percentile_r\t', 'percentile_rank');
    await type('\u0003', 'strat> ');
    await type('close + 12\r', '42  ');
    await type('sma(\r', '...> ');
    await type('\u0003', 'strat> ');
    await type('\u001b[A\u001b[A\r', '42  ');
    const closed = Promise.withResolvers<number | null>();
    child.once('close', closed.resolve);
    child.stdin.write('\u0004');
    expect(await closed.promise).toBe(0);
    const history = join(folder, 'strat/repl-history');
    expect([existsSync(history), statSync(history).mode & 0o777]).toEqual([true, 0o600]);
    expect(readFileSync(history, 'utf8')).toContain('close + 12\n');
  });
});

async function until(isTrue: () => boolean, told: () => string): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(told());
}
