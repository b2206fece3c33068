import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { strat } from './cli-in-process.ts';
import { temporaryFolder } from './cli-process.ts';

const folder = temporaryFolder();
const place = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(place(name), 'utf8');

const MESSY = 'strat 1 strategy "x"\ntrade BTC/USDT on 1h\nstop   2%   # tight\n';
const NEAT = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\nstop 2% # tight\n';
const WRONG = 'strat 1\nstrategy "x"\nstop at\n';

beforeEach(() => {
  writeFileSync(place('messy.strat'), MESSY);
  writeFileSync(place('neat.strat'), NEAT);
  writeFileSync(place('wrong.strat'), WRONG);
});

describe('strat fmt', () => {
  it('writes what is not in the style, and names it', async () => {
    chmodSync(place('messy.strat'), 0o640);
    expect(await strat('fmt', place('messy.strat'), place('neat.strat'))).toEqual({ code: 0, out: `${place('messy.strat')}\n`, err: '' });
    expect([read('messy.strat'), statSync(place('messy.strat')).mode & 0o777]).toEqual([NEAT, 0o640]);
    expect((await strat('fmt', place('messy.strat'))).out).toBe('');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('takes a byte order mark away', async () => {
    writeFileSync(place('marked.strat'), `\ufeff${NEAT}`);
    expect(await strat('fmt', place('marked.strat'), '--check')).toMatchObject({ code: 1 });
    expect(await strat('fmt', place('marked.strat'))).toMatchObject({ code: 0 });
    expect(read('marked.strat')).toBe(NEAT);
  });

  it('with --check writes nothing', async () => {
    const { code, out } = await strat('fmt', place('messy.strat'), place('neat.strat'), '--check');
    expect([code, out, read('messy.strat')]).toEqual([1, `${place('messy.strat')} is not in the style\n`, MESSY]);
    expect((await strat('fmt', place('neat.strat'), '--check')).code).toBe(0);
  });

  it('leaves a file with a mistake alone, and goes on with the others', async () => {
    const { code, out, err } = await strat('fmt', place('wrong.strat'), place('none.strat'), place('messy.strat'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      { file: place('wrong.strat'), outcome: 'wrong' },
      { file: place('none.strat'), outcome: 'unread' },
      { file: place('messy.strat'), outcome: 'changed' },
    ]);
    expect(err).toMatch(/E0103 3:[^]*none\.strat/);
    expect(read('wrong.strat')).toBe(WRONG);
  });

  it('writes the file behind a link', async () => {
    mkdirSync(place('real'), { recursive: true });
    writeFileSync(place('real/a.strat'), MESSY);
    symlinkSync(place('real/a.strat'), place('link.strat'));
    expect((await strat('fmt', place('link.strat'))).code).toBe(0);
    expect([read('real/a.strat'), read('link.strat')]).toEqual([NEAT, NEAT]);
    expect(readdirSync(place('real'))).toEqual(['a.strat']);
  });

  it('needs a file', async () => {
    expect(await strat('fmt')).toMatchObject({ code: 2, err: expect.stringContaining('No strategy file was given') });
  });
});
