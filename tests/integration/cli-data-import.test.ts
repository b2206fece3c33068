import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HOUR, START, workplace } from './cli-fixtures.ts';

const { path, put, strat } = workplace();
const file = (name: string, content: string | Uint8Array): string => {
  mkdirSync(dirname(path(name)), { recursive: true });
  return put(name, content);
};
const HEADER = 'timestamp,open,high,low,close,volume\n';
const hours = (from: number, to: number, price = 1): string =>
  Array.from({ length: to - from }, (_, at) => `${START + (from + at) * HOUR},${price},${price + 2},0.5,${price + 1},10\n`).join('');

const run = async (...args: readonly string[]): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> => {
  const { status, stdout, stderr } = await strat(['data', 'import', ...args]);
  return { status: status ?? -1, stdout, stderr };
};

describe('strat data import', () => {
  test('files go into the store, and again change nothing', async () => {
    const first = file('binance_BTC-USDT_1h.csv.gz', gzipSync(HEADER + hours(0, 10)));
    const more = file('more/binance_BTC-USDT_1h.csv', HEADER + hours(8, 12, 2));
    const done = await run(first, more, '--home', path('home'));
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toContain('binance:BTC/USDT 1h, 10 rows, ');
    expect(done.stdout).toContain('10 added, 0 revised, 0 there before');
    expect(done.stdout).toContain('2 added, 2 revised, 0 there before');
    expect(done.stdout).toContain('2 files, 1 series, 14 rows: 12 added, 2 revised, 0 there before');
    const again = await run(more, '--home', path('home'));
    expect(again.stdout).toContain('0 added, 0 revised, 4 there before');
    const list = await strat(['data', 'list', '--home', path('home'), '--json']);
    expect(JSON.parse(list.stdout)).toMatchObject({
      series: [{ venue: 'binance', market: 'BTC/USDT', timeframe: '1h', rows: 12, version: 2 }],
    });
  });

  test('--skip leaves out files by path, name, pattern, folder and list', async () => {
    for (const name of [
      'a/binance_BTC-USDT_1h.csv',
      'a/binance_ETH-USDT_1h.csv',
      'b/okx_BTC-USDT_1h.csv',
      'b/deep/okx_SOL-USDT_1h.csv',
      'b/okx_ADA-USDT_1h.csv',
    ])
      file(`skip/${name}`, HEADER + hours(0, 3));
    file('skip-list.txt', `# broken\n\n*_ADA-*\n${path('skip/a/binance_BTC-USDT_1h.csv')}\n`);
    const kept = async (...args: readonly string[]): Promise<unknown> => {
      const { status, stdout } = await run(path('skip'), '--dry-run', '--json', ...args);
      expect(status).toBe(0);
      const { files, skipped } = JSON.parse(stdout) as { files: { series: { market: string }[] }[]; skipped: string[] };
      expect(files.length + skipped.length).toBe(5);
      return files.flatMap(({ series }) => series.map(({ market }) => market.split('/')[0]));
    };
    expect(await kept()).toEqual(['BTC', 'ETH', 'SOL', 'ADA', 'BTC']);
    expect(await kept('--skip', 'okx_*')).toEqual(['BTC', 'ETH']);
    expect(await kept('--skip', '*_BTC-*', '--skip', '*SOL*')).toEqual(['ETH', 'ADA']);
    expect(await kept('--skip', path('skip/b/deep'))).toEqual(['BTC', 'ETH', 'ADA', 'BTC']);
    expect(await kept('--skip', 'deep')).toEqual(['BTC', 'ETH', 'ADA', 'BTC']);
    expect(await kept('--skip', path('skip/**/okx*'))).toEqual(['BTC', 'ETH']);
    expect(await kept('--skip', `@${path('skip-list.txt')}`)).toEqual(['ETH', 'SOL', 'BTC']);
    const slip = await run(path('skip'), '--dry-run', '--skip', '*_XRP-*');
    expect(slip.stderr).toBe('--skip *_XRP-* fits no file\n');
    expect(await run(path('skip'), '--skip', '*.csv')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--skip leaves no file'),
    });
    expect(await run(path('skip'), '--skip', '@nowhere.txt')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('list of what to skip'),
    });
  });

  test('--resume leaves out what was imported whole and is as it was', async () => {
    file('resume/binance_BTC-USDT_1h.csv', HEADER + hours(0, 3));
    file('resume/binance_ETH-USDT_1h.csv', HEADER + hours(0, 3));
    file('resume/wrong_SOL-USDT_1h.csv', `${HEADER}${hours(0, 3)}${START + 3 * HOUR},1,0.5,0.4,1,10\n`);
    const home = ['--home', path('resume-home')];
    const imported = async (...args: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await run(path('resume'), ...home, '--json', ...args);
      return (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file: name }) => name.split('_')[1]!);
    };
    // Nothing was imported before, so there is nothing to go on behind.
    expect(await imported('--resume')).toEqual(['BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
    // What had an error is read again, and so is what changed, is asked for as something else, or is gone from the store.
    expect(await imported('--resume')).toEqual(['SOL-USDT']);
    expect(await imported('--resume', '--zone', 'UTC')).toEqual(['BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
    file('resume/binance_ETH-USDT_1h.csv', HEADER + hours(0, 4));
    expect(await imported('--resume', '--zone', 'UTC')).toEqual(['ETH-USDT', 'SOL-USDT']);
    expect((await strat(['data', 'remove', 'binance:BTC/USDT', '--yes', ...home])).status).toBe(0);
    expect(await imported('--resume', '--zone', 'UTC')).toEqual(['BTC-USDT', 'SOL-USDT']);
    // Without it everything is read.
    expect(await imported()).toEqual(['BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
  });

  test.each(['\r', '\r\n'])('lines may end with %j, packed or not, and the rows are the same', async (end) => {
    const text = HEADER + hours(0, 5000);
    const name = `ends/${end === '\r' ? 'mac' : 'windows'}_BTC-USDT_1h.csv.gz`;
    file(name, gzipSync(text.replaceAll('\n', end)));
    file('ends/plain_BTC-USDT_1h.csv', text);
    const home = ['--home', path(`ends-home-${end.length}`)];
    const { stdout, status } = await run(path(name), path('ends/plain_BTC-USDT_1h.csv'), ...home);
    expect([status, stdout.match(/5000 rows/g)?.length]).toEqual([0, 2]);
    const list = JSON.parse((await strat(['data', 'list', ...home, '--json'])).stdout) as { series: { digest: string }[] };
    expect(new Set(list.series.map(({ digest }) => digest)).size).toBe(1);
  });

  test('--dry-run reads and writes nothing; --json says the same', async () => {
    const one = file('dry/kraken_ETH-USD_1h.csv', HEADER + hours(0, 3));
    const { status, stdout } = await run(one, '--dry-run', '--json', '--home', path('dry-home'));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'strat.data-import/1',
      store: null,
      files: [{ error: null, series: [{ venue: 'kraken', market: 'ETH/USD', kind: 'candles', timeframe: '1h', rows: 3, merge: null }] }],
    });
    expect(() => readFileSync(path('dry-home'))).toThrow('ENOENT');
  });

  test('a file that cannot be read is told, the others are there, and the exit code is 1', async () => {
    file('mixed/binance_BTC-USDT_1h.csv', HEADER + hours(0, 3));
    file('mixed/nothing.csv', HEADER + hours(0, 3));
    file('mixed/wrong_ETH-USDT_1h.csv', `${HEADER}${hours(0, 3)}${START + 3 * HOUR},1,0.5,0.4,1,10\n`);
    file('mixed/README.md', '# notes');
    const { status, stdout, stderr } = await run(path('mixed'), '--home', path('mixed-home'));
    expect(status).toBe(1);
    expect(stderr).toContain('nothing.csv" does not say the venue');
    expect(stderr).toContain('wrong_ETH-USDT_1h.csv:5: high 0.5 is below close 1');
    expect(stderr).toContain('passed over, as files of other kinds: 1');
    expect(stdout).toContain('3 files, 1 series, 3 rows');
    const list = await strat(['data', 'list', '--home', path('mixed-home')]);
    expect(list.stdout).toContain('BTC/USDT');
    // Of a file with an error nothing is there.
    expect(list.stdout).not.toContain('ETH');
  });

  test('patterns', async () => {
    file('pattern/binance_A-USDT_1h.csv', HEADER + hours(0, 3));
    file('pattern/binance_B-USDT_1h.csv', HEADER + hours(0, 3));
    const { stdout } = await run(path('pattern/*.csv'), '--dry-run', '--home', path('x'));
    expect(stdout).toContain('2 files, 2 series, 6 rows: nothing was written');
  });

  const wrong: readonly (readonly [readonly string[], number, string])[] = [
    [[], 2, 'Name files, folders or patterns'],
    [['none.csv'], 1, 'there is no such file'],
    [['*.nothing'], 1, 'no file fits the pattern'],
    [['a.csv', '--market', 'btc'], 2, '--market takes a market such as BTC/USDT'],
    [['a.csv', '--zone', 'Europe/Athen'], 2, 'Did you mean Europe/Athens'],
    [['a.csv', '--venue', 'a:b'], 2, '--venue takes a name'],
    [['a.csv', '--kind', 'bars'], 2, '--kind takes'],
  ];
  for (const [args, status, message] of wrong)
    test(`${args.join(' ') || 'no file'}: ${message}`, async () => {
      const answer = await run(...args);
      expect([answer.status, answer.stderr]).toEqual([status, expect.stringContaining(message)]);
    });
});
