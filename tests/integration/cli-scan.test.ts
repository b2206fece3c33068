import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScanDocument } from '#core/runtime/scan/scan-document.ts';
import { hasStack, START } from './cli-fixtures.ts';
import { stratWith } from './cli-in-process.ts';
import { startStrat, temporaryFolder } from './cli-process.ts';

/**
 * Bars of a day of one price. Of x: FAST gains 2 a day from 100, SLOW 1, DOWN loses 1, each with 1,000 units a day, for 40 days; OLD stood at 100 and ended after
 * 20; NEW begins on day 30 at 50; HUGE stands at 100 with 9,000 units. Of y there is FAST in EUR, and HUGE.
 */
const DAY = 86_400_000;
const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(path(name), text);
const command = stratWith({ STRAT_HOME: path('.strat') });
/** Words of the command line that name files of the folder have its path put before them. */
const FILES = new Set(['files', 'chosen.strat', 'wrong.strat', 'my.strat', 'many', 'nowhere', 'caps.csv']);
async function strat(args: readonly string[]): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const { code, out, err } = await command(...args.map((word) => (FILES.has(word) ? path(word) : word)));
  return { status: code, stdout: out, stderr: err };
}

function market(file: string, from: number, to: number, price: (day: number) => number, volume = 1000): void {
  const rows = Array.from({ length: to - from }, (_, row) => {
    const at = price(from + row);
    return [START + (from + row) * DAY, at, at, at, at, volume].join(',');
  });
  put(file, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
}

async function scan(...args: readonly string[]): Promise<ScanDocument> {
  const { status, stdout, stderr } = await strat(['scan', ...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as ScanDocument;
}
const names = ({ markets }: ScanDocument): readonly string[] => markets.map(({ venue, market: name }) => `${venue}:${name}`);
const reasons = ({ others }: ScanDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(others.map(({ venue, market: name, reason }) => [`${venue}:${name}`, reason]));

beforeAll(async () => {
  mkdirSync(path('files'));
  market('files/x_FAST-USDT_1d.csv', 0, 40, (day) => 100 + 2 * day);
  market('files/x_SLOW-USDT_1d.csv', 0, 40, (day) => 100 + day);
  market('files/x_DOWN-USDT_1d.csv', 0, 40, (day) => 100 - day);
  market('files/x_OLD-USDT_1d.csv', 0, 20, () => 100);
  market('files/x_NEW-USDT_1d.csv', 30, 40, () => 50);
  market('files/x_HUGE-USDT_1d.csv', 0, 40, () => 100, 9000);
  market('files/y_FAST-EUR_1d.csv', 0, 40, (day) => 100 + 2 * day);
  market('files/y_HUGE-USDT_1d.csv', 0, 40, () => 100, 8000);
  await strat(['data', 'import', 'files']);
});

describe('strat scan', () => {
  test('filters, ranks and shows, and tells why the others are not there', async () => {
    const document = await scan('--venue', 'x', '--filter', 'volume < 5000', '--rank', 'roc(close, 10)', '--top', '2', '--show', 'close');
    expect(names(document)).toEqual(['x:FAST/USDT', 'x:SLOW/USDT']);
    // 178 of 158, and 139 of 129, at the last of forty days.
    expect(document.markets.map(({ values }) => values)).toEqual([
      [true, expect.closeTo(178 / 158 - 1, 12), 178],
      [true, expect.closeTo(139 / 129 - 1, 12), 139],
    ]);
    expect(document).toMatchObject({
      at: '2024-02-10T00:00:00.000Z',
      counts: { markets: 6, found: 2, beyond: 1, filtered: 1, leftOut: 2 },
    });
    expect(reasons(document)).toEqual({
      'x:DOWN/USDT': 'not among the first 2',
      'x:HUGE/USDT': 'volume < 5000 does not hold',
      'x:NEW/USDT': 'it has 10 bars by then, and roc(close, 10) needs 11',
      'x:OLD/USDT': 'its last bar closed at 2024-01-21 00:00: it has ended, or its data are old',
    });
    expect(document.markets[0]!.data).toMatchObject({ rows: 40, stored: { series: 'x:FAST/USDT', version: 1 } });
  });

  test('knows what was known at a moment, of markets that have ended since, too', async () => {
    const document = await scan('--venue', 'x', '--at', '2024-01-16', '--rank', 'roc(close, 10)', '--ascending', '--show', 'age');
    expect(names(document)).toEqual(['x:DOWN/USDT', 'x:HUGE/USDT', 'x:OLD/USDT', 'x:SLOW/USDT', 'x:FAST/USDT']);
    // The bar that opens at 2024-01-15 is the last that had closed.
    expect(document.markets[0]).toMatchObject({ bar: '2024-01-15T00:00:00.000Z', values: [expect.closeTo(86 / 96 - 1, 12), 15 * DAY] });
    expect(reasons(document)).toEqual({ 'x:NEW/USDT': 'no 1d bar of it had closed by then' });
  });

  test('reads another market beside each, of the same venue', async () => {
    const document = await scan('--venue', 'x', '--rank', 'corr(close, close of SLOW/USDT, 5)', '--filter', 'close > 60');
    expect(document.markets.map(({ market: name, values }) => [name, values[1]])).toEqual([
      ['FAST/USDT', expect.closeTo(1, 9)],
      ['SLOW/USDT', expect.closeTo(1, 9)],
      ['DOWN/USDT', expect.closeTo(-1, 9)],
    ]);
    // A price that stands still goes with none.
    expect(reasons(document)).toMatchObject({ 'x:HUGE/USDT': 'corr(close, close of SLOW/USDT, 5) is not known' });
  });

  test('takes venues, currencies, single markets, bars that are made longer, and a longer silence', async () => {
    expect(names(await scan('--quote', 'EUR'))).toEqual(['y:FAST/EUR']);
    expect(names(await scan('--quote', 'USDT', '--filter', 'volume > 5000', '--rank', 'volume'))).toEqual(['x:HUGE/USDT', 'y:HUGE/USDT']);
    expect(names(await scan('--market', 'y:*', '--market', 'x:DOWN/USDT'))).toEqual(['x:DOWN/USDT', 'y:FAST/EUR', 'y:HUGE/USDT']);
    const weeks = await scan('--timeframe', '1w', '--market', 'x:FAST/USDT', '--show', 'close');
    // The week of Monday 2024-01-29 ends on its Sunday, day 34.
    expect(weeks.markets[0]).toMatchObject({ bar: '2024-01-29T00:00:00.000Z', values: [168] });
    expect(names(await scan('--stale', '30d', '--venue', 'x'))).toContain('x:OLD/USDT');
  });

  test('uses the names of a strategy, and its bars', async () => {
    put(
      'my.strat',
      'strat 1\nstrategy "my"\ntrade SLOW/USDT on 2d\nparam n = 3 in 2..9\nlet strength = roc(close, n)\nenter long when strength > 0%\nsize 10% of equity\nstop 5%\n',
    );
    const document = await scan('--file', 'my.strat', '--rank', 'strength', '--set', 'n=2', '--market', 'x:FAST/USDT');
    expect(document.timeframe).toBe('2d');
    // Bars of two days begin at even days since 1970: the last that had closed ends with day 38, at 176, two before it at 168.
    expect(document.markets[0]!.values[0]).toBeCloseTo(176 / 168 - 1, 12);
  });

  test('asks what the universe of a strategy asks', async () => {
    const universe = `universe {
  quote USDT list [SLOW/USDT, FAST/USDT, HUGE/USDT, DOWN/USDT, OLD/USDT, GONE/USDT] exclude [DOWN/USDT]
  filter volume < 5000 filter close > least
  rank by strength hold top most
}`;
    put(
      'chosen.strat',
      `strat 1\nstrategy "chosen"\nparam most = 1 in 1..5\nlet least = sma(close, 3) - 1000\nlet strength = roc(close, 3)\n${universe}\ntrade universe on 1d\nenter long when true\nsize 10% of equity\nstop 50%\n`,
    );
    const document = await scan('chosen.strat', '--venue', 'x', '--show', 'least');
    expect(document).toMatchObject({ filters: ['volume < 5000', 'close > least'], rank: { by: 'strength', order: 'descending' }, top: 1 });
    expect(names(document)).toEqual(['x:FAST/USDT']);
    expect(reasons(document)).toEqual({
      'x:SLOW/USDT': 'not among the first 1',
      'x:HUGE/USDT': 'volume < 5000 does not hold',
      'x:OLD/USDT': 'its last bar closed at 2024-01-21 00:00: it has ended, or its data are old',
      'null:GONE/USDT': 'there are no candles of it',
    });
    const then = await scan('chosen.strat', '--data', 'files', '--venue', 'x', '--set', 'most=3', '--at', '2024-01-16');
    expect(names(then)).toEqual(['x:FAST/USDT', 'x:SLOW/USDT', 'x:OLD/USDT']);
    put('wrong.strat', 'strat 1\nstrategy "wrong"\ntrade universe on 1d\nenter long when true\n');
    const wrong = await strat(['scan', 'wrong.strat']);
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('E0504')]);
  });

  test('takes market capitalisations from a file, as they were known', async () => {
    put('caps.csv', 'date,market,market_cap\n2024-01-10,FAST,500\n2024-02-08,FAST,900\n2024-02-09,FAST,1\n2024-01-10,SLOW/USDT,700\n');
    const asked = ['--venue', 'x', '--caps', 'caps.csv', '--rank', 'market_cap', '--filter', 'close > 60'];
    // That of 2024-02-09 is known when this day is over, which is when the newest bar had closed.
    expect((await scan(...asked)).markets.map(({ market: name, values }) => [name, values[1]])).toEqual([
      ['SLOW/USDT', 700],
      ['FAST/USDT', 1],
    ]);
    const before = await scan(...asked, '--at', '2024-02-09');
    expect(before.markets.map(({ market: name, values }) => [name, values[1]])).toEqual([
      ['FAST/USDT', 900],
      ['SLOW/USDT', 700],
    ]);
    expect(reasons(before)['x:HUGE/USDT']).toBe('market_cap is not known');
    expect(before.markets[0]!.data).toMatchObject({
      caps: { file: 'caps.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
    expect(before.warnings.join()).toMatch(/the candles of DOWN\/USDT, HUGE\/USDT, NEW\/USDT have no market_cap/);
    const wrong = await strat(['scan', '--caps', 'files', '--rank', 'market_cap']);
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('Cannot read')]);
  });

  test('reads folders of files in the same way', async () => {
    const asked = ['--venue', 'x', '--rank', 'roc(close, 3)', '--filter', 'close > 60'];
    const [files, stored] = [await scan('--data', 'files', ...asked), await scan(...asked)];
    const plain = (document: ScanDocument): object =>
      document.markets.map(({ rank, market: name, bar, values }) => ({ rank, name, bar, values }));
    expect(plain(files)).toEqual(plain(stored));
    expect(files.others).toEqual(stored.others);
    market('files/odd.csv', 0, 40, () => 1);
    put('files/x_BAD-USDT_1d.csv', 'timestamp,open,high,low,close,volume\n1704067200000,5,4,6,5,1\n1704153600000,5,5,5,5,1\n');
    expect(reasons(await scan('--data', 'files'))).toMatchObject({
      'null:odd.csv': 'its name says no market: give --data MARKET=PATH',
      'null:x_BAD-USDT_1d.csv': expect.stringMatching(/^Errors in the candles of/) as string,
    });
  });

  test('prints a table, and what is left out by name', async () => {
    const { stdout } = await strat(['scan', '--venue', 'x', '--filter', 'volume < 5000', '--rank', 'roc(close, 10)', '--top', '1']);
    expect(stdout).toBe(`1 of 6 markets, as known at 2024-02-10 00:00 UTC, 1d bars
note: the candles of DOWN/USDT, FAST/USDT, HUGE/USDT, SLOW/USDT have no quote_volume: it is estimated as close x volume of each bar

   market       roc(close, 10)  close  quote_volume  bar (UTC)
1  x:FAST/USDT          12.66%    178       178,000  2024-02-09 00:00

2: not among the first 1 (x:SLOW/USDT, x:DOWN/USDT)
1: volume < 5000 does not hold (x:HUGE/USDT)
left out: x:NEW/USDT: it has 10 bars by then, and roc(close, 10) needs 11
left out: x:OLD/USDT: its last bar closed at 2024-01-21 00:00: it has ended, or its data are old
`);
    const all = await strat(['scan', '--venue', 'x', '--filter', 'close > 1000000', '--all']);
    expect([all.status, all.stdout]).toEqual([
      0,
      expect.stringMatching(/No market passes\.[^]*x:SLOW\/USDT {2}close > 1000000 does not hold/),
    ]);
  });

  test('shows where an expression is wrong', async () => {
    const wrong = await strat(['scan', '--venue', 'x', '--filter', 'close > 1', '--rank', 'rocc(close, 3)']);
    expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([1, '', expect.stringMatching(/^expression 2: 1 error\nE0201 1:1[^]*roc/)]);
    // Of the markets in EUR alone it is no mistake.
    const euros = await scan('--filter', 'quote_volume > 50 EUR');
    expect(names(euros)).toEqual(['y:FAST/EUR']);
    expect(reasons(euros)['x:FAST/USDT']).toMatch(/^E03\d\d: .* EUR/);
  });

  test.for([
    [['movers'], '"movers" stands alone: a condition stands behind --filter'],
    [['my.strat'], '"my.strat" has no universe: names of a strategy are used with --file'],
    [['chosen.strat', 'more'], '"more" stands alone'],
    [['chosen.strat', '--file', 'my.strat'], 'leave out --file'],
    [['chosen.strat', '--rank', 'close'], 'The universe is ranked by strength: leave out --rank'],
    [['--filter', 'close'], 'A filter is a condition, such as "close > 10"; "close" is price'],
    [['--rank', 'close > 1'], 'Markets are ranked by a number, such as "roc(close, 30)"; "close > 1" is condition'],
    [['--rank', 'macd(close)'], '"macd(close)" is the group of'],
    [['--ascending'], '--ascending is the order of a --rank'],
    [['--top', '0'], '--top takes a whole number above zero'],
    [['--save', '../up'], '--save takes a name of letters'],
    [['--set', 'n=1'], '--set gives values to params of a strategy'],
    [['--data', 'files', '--market', 'x:FAST/USDT'], '--market and --data exclude each other'],
    [['--at', 'soon'], '--at takes a date'],
  ] as const)('refuses %j', async ([args, says]) => {
    const { status, stderr } = await strat(['scan', ...args]);
    expect([status, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(says)]);
  });

  test.for([
    [['--venue', 'z'], 'The data store has no candles of z. "strat data list" shows what there is'],
    [['--quote', 'JPY'], 'no candles in JPY'],
    [['--market', 'x:GONE/USDT'], 'no candles of x:GONE/USDT'],
    [['--home', 'nowhere'], 'strat data download or import brings some'],
    [['--data', 'nowhere'], 'there is no such file'],
    [['--data', 'files', '--quote', 'JPY'], 'No candles for any market: odd.csv (its name says no market'],
  ] as const)('says that there is nothing for %j', async ([args, says]) => {
    const { status, stderr } = await strat(['scan', ...args]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(says)]);
  });

  test('ends at Ctrl-C without a result', async () => {
    mkdirSync(path('many'));
    for (let one = 0; one < 400; one++) market(`many/x_M${one}-USDT_1d.csv`, 0, 400, (day) => 100 + day);
    const seen = await startStrat(['scan', '--data', 'many', '--rank', 'ema(close, 20)'], { cwd: folder, interruptMs: 1500 });
    expect(seen.stdout).toBe('');
    expect(seen.signal === 'SIGINT' || seen.status === 130).toBe(true);
    expect(hasStack(seen.stderr)).toBe(false);
  });
});

describe('snapshots of scans', () => {
  const movers = ['--venue', 'x', '--rank', 'roc(close, 5)', '--top', '3', '--save', 'movers'] as const;

  test('are kept, listed, shown and compared', async () => {
    expect(await strat(['scan', 'list'])).toMatchObject({
      status: 0,
      stdout: 'No scan has been kept yet: strat scan --save NAME keeps one.\n',
    });
    const first = await scan(...movers, '--at', '2024-01-16');
    expect(first).toMatchObject({ snapshot: { name: 'movers', number: 1 } });
    expect(names(first)).toEqual(['x:FAST/USDT', 'x:SLOW/USDT', 'x:HUGE/USDT']);
    await strat(['scan', ...movers, '--filter', 'volume < 5000']);
    const compared = JSON.parse((await strat(['scan', 'diff', 'movers', '--json'])).stdout) as object;
    expect(compared).toMatchObject({
      schema: 'strat.scan-diff/1',
      before: { number: 1, at: '2024-01-16T00:00:00.000Z' },
      after: { number: 2 },
      came: [{ market: 'x:NEW/USDT', rank: 3, before: 'no 1d bar of it had closed by then' }],
      went: [{ market: 'x:HUGE/USDT', rank: 3, reason: 'volume < 5000 does not hold' }],
      moved: [],
      stayed: 2,
      asked: ['filters: none before, volume < 5000 now'],
    });
    expect((await strat(['scan', 'diff', 'movers@2', 'movers@1'])).stdout).toMatch(
      /^movers@2 \(2024-02-10 00:00 UTC\) -> movers@1 [^]*\n1 came, 1 went, 2 stayed[^]*\+ {2}x:HUGE\/USDT {5}3 {2}before: volume < 5000 does not hold\n- {2}x:NEW\/USDT/,
    );
    expect((await strat(['scan', 'list'])).stdout).toMatch(/movers@1 {2}2024-01-16 00:00 {2}1d {8}3 {3}6[^]*movers@2 {2}2024-02-10/);
    expect(JSON.parse((await strat(['scan', 'list', '--json'])).stdout)).toMatchObject({ snapshots: [{ number: 1 }, { number: 2 }] });
    const shown = JSON.parse((await strat(['scan', 'show', 'movers@1', '--json'])).stdout) as ScanDocument;
    expect(shown).toEqual(first);
    expect((await strat(['scan', 'show', 'movers'])).stdout).toContain('3 of 6 markets, as known at 2024-02-10');
  });

  test('that are missing or damaged are refused', async () => {
    const told = async (...args: readonly string[]): Promise<unknown> => {
      const { status, stderr } = await strat(['scan', ...args]);
      return [status, stderr.replaceAll(/\s+/g, ' ')];
    };
    await strat(['scan', '--venue', 'y', '--save', 'one']);
    expect(await told('show', 'none')).toEqual([1, expect.stringContaining('there is none of this name. There are movers, one')]);
    expect(await told('diff', 'one')).toEqual([1, expect.stringContaining('there is none before number 1')]);
    expect(await told('show', 'one@7')).toEqual([1, expect.stringContaining('it has no number 7. It has 1')]);
    expect(await told('show')).toEqual([2, expect.stringContaining('Name one snapshot')]);
    expect(readdirSync(path('.strat/scans/one'))).toEqual(['1.json']);
    writeFileSync(path('.strat/scans/one/1.json'), '{"schema":"strat.scan-snap');
    expect(await told('show', 'one')).toEqual([1, expect.stringContaining('it is not whole')]);
  });
});
