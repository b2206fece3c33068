import { mkdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Backtest, START, workplace } from './cli-fixtures.ts';

/**
 * Bars of a day that open, trade and close at one price, no costs. OLD rises by 1 a day from 10, and ends on 2024-01-20 at 29; NEW and ALT stand still, NEW from
 * 2024-01-11 on. OLD is the best of three from the close of its third bar on, and bought at the next open, at 13.
 */
const DAY = 86_400_000;
const DAYS = 60;
const BOUGHT = 10_000 / 13;
const { path, put, strat } = workplace();

function market(name: string, from: number, to: number, price: (day: number) => number): void {
  const rows = Array.from({ length: to - from }, (_, row) => {
    const at = price(from + row);
    return [START + (from + row) * DAY, at, at, at, at, 1000].join(',');
  });
  put(`files/${name}.csv`, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
}

const best = (every: string): string =>
  `strat 1\nstrategy "best"\nuniverse { quote USDT rank by roc(close, 2) hold top 1 ${every} }\ntrade universe on 1d\nenter long when true\nsize 100% of equity\nstop 90%\n`;
const FREE = ['--fee', '0', '--slippage', '0'];

async function run(...args: readonly string[]): Promise<Backtest> {
  const { status, stdout, stderr } = await strat(['backtest', 'best.strat', ...FREE, ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Backtest;
}
const exits = ({ trades }: Backtest): readonly string[] =>
  trades.map(({ market: name, exitReason, exitTime, exitPrice }) => [name, exitReason, exitTime, exitPrice].join(' '));

beforeAll(async () => {
  mkdirSync(path('files'));
  market('x_OLD-USDT_1d', 0, 20, (day) => 10 + day);
  market('x_NEW-USDT_1d', 10, DAYS, () => 50);
  market('x_ALT-USDT_1d', 0, DAYS, () => 40);
  market('x_EUR-EUR_1d', 0, DAYS, () => 40);
  put('best.strat', best(''));
  await strat(['data', 'import', 'files']);
});

test('a universe without a list is made of all markets of the store in its currency; one that was delisted is held until its last bar', async () => {
  const document = await run();
  expect(document.data.map(({ market: name, rows, delisted }) => [name, rows, delisted])).toEqual([
    ['ALT/USDT', 60, undefined],
    ['NEW/USDT', 50, undefined],
    ['OLD/USDT', 20, true],
  ]);
  expect(exits(document)).toEqual(['OLD/USDT delisting 2024-01-20T00:00:00.000Z 29', expect.stringMatching('^ALT/USDT open')]);
  expect(document.metrics['netProfit']).toBeCloseTo(BOUGHT * 29 - 10_000, 6);
  expect(document.warnings).toContainEqual({
    code: 'DATA',
    message: expect.stringMatching(/^taken as delisted, .*: OLD\/USDT \(2024-01-20\)$/) as string,
  });
});

test('as it is with files, and where the end is said by hand', async () => {
  const files = ['OLD', 'NEW', 'ALT'].flatMap((name) => ['--data', `files/x_${name}-USDT_1d.csv`]);
  const { resultHash } = await run();
  expect((await run(...files)).resultHash).toBe(resultHash);
  expect((await run(...files, '--delisted', 'OLD/USDT=2024-01-20')).resultHash).toBe(resultHash);
});

test('who leaves out what was delisted has another result', async () => {
  const survivors = await run('--market', 'x:NEW/USDT', '--market', 'x:ALT/USDT');
  expect(survivors.data.map(({ market: name }) => name)).toEqual(['ALT/USDT', 'NEW/USDT']);
  expect(survivors.metrics['netProfit']).toBe(0);
});

test('a period that ends before knows nothing of the end', async () => {
  const document = await run('--to', '2024-01-16');
  expect(document.data.find(({ market: name }) => name === 'OLD/USDT')).not.toHaveProperty('delisted');
  expect(exits(document)).toEqual([expect.stringMatching('^OLD/USDT open')]);
  // One that ends with the last bar of the market does: what was held is gone then.
  expect(exits(await run('--to', '2024-01-21'))).toEqual(['OLD/USDT delisting 2024-01-20T00:00:00.000Z 29']);
});

test('a receipt names every member, and holds', async () => {
  await run('--receipt', 'receipt.json');
  expect(await strat(['verify', 'receipt.json'])).toMatchObject({ status: 0 });
});

test('strat scan tells the members of its universe at a moment', async () => {
  const at = async (time: string): Promise<unknown> => {
    const { stdout } = await strat(['scan', 'best.strat', '--at', time, '--json']);
    return (JSON.parse(stdout) as { readonly markets: readonly { readonly market: string }[] }).markets.map(({ market: name }) => name);
  };
  // OLD is bought at the open of 2024-01-04, chosen when the bar before had closed; it is no member any more when the first bar without it has.
  expect([await at('2024-01-04'), await at('2024-01-21'), await at('2024-01-22')]).toEqual([['OLD/USDT'], ['OLD/USDT'], ['ALT/USDT']]);
});

test('markets that cannot be members are named with the reason', async () => {
  const weeks = Array.from({ length: 8 }, (_, week) => [START + week * 7 * DAY, 30, 30, 30, 30, 1000].join(','));
  put('files/x_LONG-USDT_1w.csv', `timestamp,open,high,low,close,volume\n${weeks.join('\n')}\n`);
  await strat(['data', 'import', 'files/x_LONG-USDT_1w.csv']);
  market('x_MUCH-USDT_1d', 50, 60, () => 30);
  await strat(['data', 'import', 'files/x_MUCH-USDT_1d.csv']);
  const { warnings } = await run('--to', '2024-01-25');
  expect(warnings.map(({ message }) => message)).toContain(
    'not traded for want of candles: MUCH/USDT (no bar lies between --from and --to), LONG/USDT (its bars are 1w, of which no 1d bars can be made)',
  );
});

test('of several venues one is named, and has all of its markets taken', async () => {
  market('y_ALT-USDT_1d', 0, DAYS, () => 41);
  await strat(['data', 'import', 'files/y_ALT-USDT_1d.csv']);
  const { status, stderr } = await strat(['backtest', 'best.strat']);
  expect([status, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
    1,
    'Several series of the data store are of ALT/USDT: x:ALT/USDT, y:ALT/USDT. Choose one, such as --market x:* ',
  ]);
  expect((await run('--market', 'x:*')).data.map(({ market: name }) => name)).toContain('OLD/USDT');
  expect((await run('--market', 'y:*')).data.map(({ stored }) => (stored as { series: string }).series)).toEqual(['y:ALT/USDT']);
  const missing = await strat(['backtest', 'best.strat', '--market', 'z:*']);
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('no candles of z:*. There is x:*, y:*')]);
  expect(await strat(['backtest', 'best.strat', '--market', 'x:*@1'])).toMatchObject({ status: 2 });
});

test('members may be chosen by market capitalisations of a file, which receipts keep', async () => {
  put('caps.csv', 'date,market,market_cap\n2024-01-05,NEW,50\n2024-01-05,ALT,40\n2024-02-01,ALT,60\n');
  put('large.strat', best('').replace('rank by roc(close, 2)', 'rank by market_cap').replace('strategy "best"', 'strategy "large"'));
  const { status, stdout } = await strat([
    'backtest',
    'large.strat',
    ...FREE,
    '--market',
    'x:*',
    '--caps',
    'caps.csv',
    '--receipt',
    'large.json',
    '--json',
  ]);
  expect(status).toBe(0);
  const document = JSON.parse(stdout) as Backtest;
  // ALT alone is there from 2024-01-06 on, when its figure is known; NEW from 2024-01-11 on, and ALT again from 2024-02-02 on.
  expect(document.trades.map(({ market: name, entryTime }) => [name, entryTime.slice(0, 10)].join(' '))).toEqual([
    'ALT/USDT 2024-01-06',
    'NEW/USDT 2024-01-12',
    'ALT/USDT 2024-02-02',
  ]);
  expect(document.data[0]).toMatchObject({ caps: { file: 'caps.csv' } });
  expect(await strat(['verify', 'large.json'])).toMatchObject({ status: 0 });
  put('caps.csv', 'date,market,market_cap\n2024-01-05,NEW,50\n2024-01-05,ALT,40\n2024-02-01,ALT,61\n');
  const other = await strat(['verify', 'large.json']);
  expect([other.status, other.stdout]).toEqual([1, expect.stringContaining('caps')]);
});
