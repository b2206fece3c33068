import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PINE_SCRIPTS } from '../language/pine-scripts.ts';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const script = (name: string): string => PINE_SCRIPTS.find((one) => one.name === name)!.source;

const DROPS = '//@version=5\nstrategy("x")\nbgcolor(color.red)\nif close > open\n    strategy.entry("L", strategy.long)\n';

beforeEach(() => {
  writeFileSync(place('macd.pine'), script('macd'));
  writeFileSync(place('drops.pine'), DROPS);
  writeFileSync(place('wrong.pine'), 'strategy("x")\nif close > )\n    y = 1\n');
  writeFileSync(place('there.strat'), 'old');
});

describe('strat import pine', () => {
  it('prints a strategy that checks, and the report beside it', async () => {
    const { code, out, err } = await strat('import', 'pine', place('macd.pine'), '--market', 'ETH/USDT', '--timeframe', '4h');
    expect([code, out.split('\n').slice(0, 3)]).toEqual([0, ['strat 1', 'strategy "MACD"', 'trade ETH/USDT on 4h side both']]);
    expect(err).toMatch(/macd\.pine: translated\nHow to run it:\n {2}line 2: /);
    writeFileSync(place('macd.strat'), out);
    expect(await strat('check', place('macd.strat'))).toMatchObject({ code: 0 });
    expect(await strat('fmt', '--check', place('macd.strat'))).toMatchObject({ code: 0, out: '' });
  });

  it('writes a file, and replaces one only with --force', async () => {
    const kept = await strat('import', 'pine', place('macd.pine'), '--out', place('there.strat'));
    expect(kept).toMatchObject({ code: 1, out: '', err: expect.stringContaining('it is there already; --force replaces it') });
    expect(readFileSync(place('there.strat'), 'utf8')).toBe('old');
    expect(await strat('import', 'pine', place('macd.pine'), '--out', place('there.strat'), '--force')).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(place('there.strat'), 'utf8')).toMatch(/^strat 1\nstrategy "MACD"\n/);
    expect(await strat('import', 'pine', place('macd.pine'), '--out', place('macd.pine'), '--force')).toMatchObject({ code: 2 });
  });

  it('tells what was dropped, which --strict takes for a failure', async () => {
    const { code, err } = await strat('import', 'pine', place('drops.pine'));
    expect([code, err]).toEqual([0, expect.stringContaining('Dropped:\n  line 3: bgcolor(...): a drawing')]);
    expect(await strat('import', 'pine', place('drops.pine'), '--strict')).toMatchObject({ code: 1 });
    expect(await strat('import', 'pine', place('macd.pine'), '--strict')).toMatchObject({ code: 0 });
  });

  it('puts the report into the strategy with --report', async () => {
    const { code, out, err } = await strat('import', 'pine', place('drops.pine'), '--report');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^# Dropped:\n# - line 3: bgcolor\(\.\.\.\): /);
    writeFileSync(place('drops.strat'), out);
    expect(await strat('check', place('drops.strat'))).toMatchObject({ code: 0 });
  });

  it('gives one document with --json', async () => {
    const { code, out } = await strat('import', 'pine', place('drops.pine'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'strat.import/1',
      from: 'pine',
      version: 5,
      title: 'x',
      program: expect.stringContaining('enter long when close > open'),
      compiles: true,
      errors: [],
      remarks: expect.arrayContaining([{ kind: 'dropped', line: 3, column: 1, construct: 'bgcolor(...)', text: expect.any(String) }]),
    });
  });

  it('shows mistakes with their line, and gives no program', async () => {
    const { code, out, err } = await strat('import', 'pine', place('wrong.pine'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('2:12 a value was expected here, found ")"\n  if close > )\n             ^\n');
  });

  it('refuses what it does not know', async () => {
    for (const [args, text] of [
      [[], 'Say what to import'],
      [['easylanguage', 'x'], 'strat imports pine, not "easylanguage"'],
      [['pine'], 'Name one file'],
      [['pine', 'a', 'b'], 'Name one file'],
      [['pine', place('macd.pine'), '--market', 'btc'], '--market takes a market'],
      [['pine', place('macd.pine'), '--timeframe', 'x'], '--timeframe takes a length'],
    ] as const)
      expect(await strat('import', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(text) });
    expect(await strat('import', 'pine', place('none.pine'))).toMatchObject({ code: 1, err: expect.stringContaining('none.pine') });
  });

  it.each(PINE_SCRIPTS)('$name, a published strategy, compiles as it is imported', async ({ name, source }) => {
    writeFileSync(place(`${name}.pine`), source);
    const { code, out } = await strat('import', 'pine', place(`${name}.pine`), '--strict', '--json');
    const { program, compiles } = JSON.parse(out) as { readonly program: string; readonly compiles: boolean };
    expect([code, compiles]).toEqual([0, true]);
    expect(program).toMatch(/\nenter long |\n {2}enter (long )?when /);
  });
});
