import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { differencesOf } from '#core/cli/receipt/receipt.ts';
import type { JsonValue } from '#core/model/strict-json.ts';
import { strat } from './cli-in-process.ts';
import { CANDLES, HOUR, candles, statements } from './cli-fixtures.ts';
import { ROOT, temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const STRATEGY_TEXT = statements('param days = 2', 'enter long when close > close[2]', 'exit long when close < close[5] reason "down"');

/** Runs a command line in this process. */
type Content = { schema: string; args: string[]; result: Record<string, unknown>; digest?: string };
const read = (name: string): Content => JSON.parse(readFileSync(place(name), 'utf8')) as Content;

/** A receipt that somebody changed, who can compute a digest. */
function forge(name: string, change: (content: Content) => void): string {
  const content = read('r.json');
  delete content.digest;
  change(content);
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  writeFileSync(place(name), JSON.stringify({ ...content, digest }));
  return place(name);
}

beforeAll(async () => {
  writeFileSync(place(CANDLES), candles(400, HOUR));
  writeFileSync(place('s.strat'), STRATEGY_TEXT);
  const { code, err } = await strat('backtest', place('s.strat'), '--data', place(CANDLES), '--fee', '0.2%', '--receipt', place('r.json'));
  if (code !== 0) throw new Error(err);
});

describe('a receipt', () => {
  test('holds when the run is repeated, in its folder or in another one', async () => {
    expect(await strat('verify', place('r.json'))).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/r\.json holds/) });
    mkdirSync(place('elsewhere'));
    for (const name of ['r.json', 's.strat', CANDLES]) cpSync(place(name), place(`elsewhere/${name}`));
    const { code, out } = await strat('verify', place('elsewhere/r.json'), '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, isIntact: true, differences: [] }]);
  });

  test('holds where the names of folders have an equals sign', async () => {
    mkdirSync(place('run=1'));
    for (const name of ['s.strat', CANDLES]) cpSync(place(name), place(`run=1/${name}`));
    const args = [place('run=1/s.strat'), '--data', place(`run=1/${CANDLES}`)];
    expect(await strat('backtest', ...args, '--receipt', place('elsewhere/equals.json'))).toMatchObject({ code: 0 });
    expect(read('elsewhere/equals.json').args).toEqual(['../run=1/s.strat', '--data', `../run=1/${CANDLES}`]);
    expect(await strat('verify', place('elsewhere/equals.json'))).toMatchObject({ code: 0, err: '' });
    // What is read is not written over, whatever its name.
    const over = await strat('backtest', ...args, '--receipt', place(`run=1/${CANDLES}`));
    expect([over.code, readFileSync(place(`run=1/${CANDLES}`), 'utf8')]).toEqual([2, readFileSync(place(CANDLES), 'utf8')]);
  });

  test('names no folder of the machine, and no time', () => {
    const text = readFileSync(place('r.json'), 'utf8');
    expect(read('r.json').args).toEqual(['s.strat', '--data', CANDLES, '--fee', '0.2%']);
    expect(text).not.toContain(folder);
    expect(text).not.toContain('timing');
  });

  test('is found out when any of its values is changed, though its digest fits', async () => {
    const { result } = read('r.json') as unknown as { result: JsonValue };
    const leaves: { readonly path: string; readonly changed: JsonValue }[] = [];
    const walk = (value: JsonValue, path: string, put: (part: JsonValue) => JsonValue): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, part] of Object.entries(value))
          walk(part, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, (other) =>
            put(Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other }),
          );
        return;
      }
      const other = typeof value === 'number' ? value + (Math.abs(value) || 1) * 2 ** -50 : typeof value === 'string' ? `${value} ` : 1;
      leaves.push({ path, changed: put(other) });
    };
    walk(result, '', (value) => value);
    expect(leaves.length).toBeGreaterThan(500);
    for (const { path, changed } of leaves) expect(differencesOf(changed, result).map((difference) => difference.path)).toEqual([path]);
  });

  test.each([
    ['metrics.netProfit', (c: Content) => void ((c.result['metrics'] as Record<string, number>)['netProfit']! += 1)],
    ['strategy.sha256', (c: Content) => void ((c.result['strategy'] as Record<string, string>)['sha256'] = '0'.repeat(64))],
    ['strategy.file', (c: Content) => void ((c.result['strategy'] as Record<string, string>)['file'] = 'other.strat')],
    ['data[0].sha256', (c: Content) => void ((c.result['data'] as Record<string, string>[])[0]!['sha256'] = '1'.repeat(64))],
    ['engine', (c: Content) => void (c.result['engine'] = 'strat 9.9.9')],
    ['settings.feeRate', (c: Content) => void (c.args[4] = '0.1%')],
    ['resultHash', (c: Content) => void (c.result['resultHash'] = 'f'.repeat(64))],
    ['params.days', (c: Content) => void (c.result['params'] = { days: 3 })],
  ])('that was forged is found out by running: %s', async (path, change) => {
    const { code, out } = await strat('verify', forge('forged.json', change));
    expect(code).toBe(1);
    expect(out).toContain(`- ${path}: `);
    expect(out).not.toContain('digest');
  });

  test('that was changed by accident is found out by its digest', async () => {
    writeFileSync(place('slip.json'), readFileSync(place('r.json'), 'utf8').replace('"--fee"', '"--fee" '));
    expect((await strat('verify', place('slip.json'))).code).toBe(0);
    writeFileSync(place('slip.json'), JSON.stringify({ ...read('r.json'), digest: 'x' }));
    expect(await strat('verify', place('slip.json'))).toMatchObject({ code: 1, out: expect.stringContaining('digest does not fit') });
  });

  test('says which of its files is missing or another one now', async () => {
    mkdirSync(place('bare'));
    cpSync(place('r.json'), place('bare/r.json'));
    const missing = await strat('verify', place('bare/r.json'));
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/--strategy FILE[^]*s\.strat.*no such file/) });
    const named = await strat('verify', place('bare/r.json'), '--strategy', place('s.strat'), '--data', place(CANDLES));
    expect(named).toMatchObject({ code: 0 });
    writeFileSync(place('bare/s.strat'), `# a remark\n${STRATEGY_TEXT}`);
    const other = await strat('verify', place('bare/r.json'), '--data', place(CANDLES));
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('the strategy file is another') });
    writeFileSync(place(`bare/${CANDLES}`), candles(400, HOUR).replace(/30\d\d\d\.\d\d,100\n/, '30000.00,100\n'));
    const data = await strat('verify', place('bare/r.json'), '--strategy', place('s.strat'));
    expect(data).toMatchObject({ code: 1, out: expect.stringContaining('the candles are others') });
  });

  test.each([
    ['that writes files', (c: Content) => void c.args.push('--report', 'x.html'), 1, /--report, which is no part of a run/],
    ['of options that there are not', (c: Content) => void c.args.push('--nonsense'), 1, /no run of this strat.*--nonsense/],
    ['that opens a config', (c: Content) => void c.args.push('--config', 'evil.yaml'), 2, /give it with --config FILE, if you trust it/],
    ['without a command line', (c: Content) => void (c.args = []), 1, /"args"/],
    ['of another format', (c: Content) => void (c.schema = 'strat.receipt/9'), 1, /"schema"/],
  ])('%s is refused', async (_, change, code, message) => {
    const told = await strat('verify', forge('refused.json', change));
    expect(told.code).toBe(code);
    expect(told.err).toMatch(message);
  });

  test.each([
    ['no JSON', 'receipt?'],
    ['a list', '[]'],
    ['a result', '{"schema":"strat.backtest/1"}'],
    ['a key twice', '{"schema":"strat.receipt/1","schema":"strat.receipt/1"}'],
  ])('that is %s is refused', async (_, text) => {
    writeFileSync(place('odd.json'), text);
    const { code, err } = await strat('verify', place('odd.json'));
    expect([code, err]).toEqual([1, expect.stringMatching(/^Cannot use .*odd\.json/)]);
  });
});

describe('a comparison of results', () => {
  const run = async (name: string, ...args: readonly string[]): Promise<void> =>
    writeFileSync(place(name), (await strat('backtest', place('s.strat'), '--data', place(CANDLES), '--json', ...args)).out);

  test('says what went in, how figures changed, and which trades come and go', async () => {
    await run('a.json');
    await run('b.json', '--fee', '0.5%', '--from', '2024-01-05');
    const { code, out } = await strat('report', 'compare', place('a.json'), place('b.json'), '--json');
    const { inputs, metrics, trades, isSameResult } = JSON.parse(out);
    expect([code, isSameResult]).toEqual([0, false]);
    expect(inputs).toContainEqual({ name: 'feeRate', a: '0.001', b: '0.005' });
    const [a, b] = ['a.json', 'b.json'].map((name) => JSON.parse(readFileSync(place(name), 'utf8')));
    expect(metrics.find((metric: { name: string }) => metric.name === 'fees')).toEqual({
      name: 'fees',
      a: a.metrics.fees,
      b: b.metrics.fees,
      difference: b.metrics.fees - a.metrics.fees,
    });
    const before = a.trades.filter((trade: { entryTime: string }) => trade.entryTime < '2024-01-05').length;
    expect(before).toBeGreaterThan(0);
    expect(trades.onlyA.length).toBeGreaterThanOrEqual(before);
    expect(trades.common + trades.changed.length + trades.onlyA.length).toBe(a.trades.length);
    expect(trades.common + trades.changed.length + trades.onlyB.length).toBe(b.trades.length);
    const text = (await strat('report', 'compare', place('a.json'), place('b.json'))).out;
    expect(text).toMatch(/feeRate: 0\.001 in A, 0\.005 in B/);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('of a result with its own receipt finds nothing', async () => {
    await run('same.json', '--fee', '0.2%');
    const { out } = await strat('report', 'compare', place('same.json'), place('r.json'), '--json');
    expect(JSON.parse(out)).toMatchObject({ isSameResult: true, inputs: [], trades: { changed: [], onlyA: [], onlyB: [] } });
  });

  test.each([
    [['report'], 2, /report compare A B/],
    [['report', 'compare', 'a.json'], 2, /Name two results/],
    [['report', 'show'], 2, /There is no "report show"/],
    [['report', 'compare', 'nowhere.json', 'nowhere.json'], 1, /no such file/],
  ])('%j is refused', async (argv, code, message) => {
    const told = await strat(...argv);
    expect([told.code, told.err]).toEqual([code, expect.stringMatching(message)]);
  });
});

test('the equity as CSV has a line for every bar', async () => {
  await strat('backtest', place('s.strat'), '--data', place(CANDLES), '--equity', place('e.csv'));
  const [head, ...rows] = readFileSync(place('e.csv'), 'utf8').trimEnd().split('\r\n');
  expect(head).toBe('time,close,equity,drawdownPct,rollingSharpe');
  expect(rows).toHaveLength(400);
  const { out } = await strat('backtest', place('s.strat'), '--data', place(CANDLES), '--json');
  const { metrics } = JSON.parse(out);
  expect(Number(rows.at(-1)!.split(',')[2])).toBeCloseTo(metrics.finalEquity, 6);
  expect(Math.max(...rows.map((row) => Number(row.split(',')[3])))).toBeCloseTo(metrics.maxDrawdownPct, 9);
});

test('the commands of docs/reports.md run as they stand', async () => {
  cpSync(join(ROOT, 'strategies/sma-cross/sma-cross.strat'), place('my.strat'));
  const page = readFileSync(join(ROOT, 'docs/reports.md'), 'utf8');
  const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    const [words = '', target] = command.replace(/^strat /, '').split(' > ');
    const told = await strat(...words.split(' ').map((word) => (/\.(json|strat)$/.test(word) ? place(word) : word)));
    expect([command, told.code, told.err]).toEqual([command, 0, '']);
    if (target !== undefined) writeFileSync(place(target), told.out);
  }
});
