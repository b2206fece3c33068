import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { type ModuleFolder, moduleFolder } from './module-source.ts';

const TEXT = 'strat 1\nmodule "m"\nexport def f(x) = x\n';
let around = '';
let folder = '';
let modules: ModuleFolder;

beforeEach(() => {
  around = realpathSync(mkdtempSync(join(tmpdir(), 'strat-modules-')));
  folder = join(around, 'bot');
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(around, 'secret.strat'), TEXT);
  writeFileSync(join(folder, 'lib/m.strat'), TEXT);
  modules = moduleFolder(join(folder, 's.strat'));
});
afterEach(() => rmSync(around, { recursive: true }));

const refusal = (path: string, from: string | null = null): string => {
  const found = modules.source(path, from);
  return found.ok ? 'was read' : `${found.code} ${found.reason}`;
};

describe('modules of a folder', () => {
  it('are found from the strategy and from each other, with one id for one file', () => {
    symlinkSync('lib', join(folder, 'same'));
    writeFileSync(join(folder, 'lib/n.strat'), TEXT);
    const file = join(folder, 'lib/m.strat');
    expect(modules.source('./lib/m.strat', null)).toEqual({ ok: true, id: file, text: TEXT });
    expect(modules.source('./same/m.strat', null)).toEqual({ ok: true, id: file, text: TEXT });
    expect(modules.source('./n.strat', file)).toMatchObject({ id: join(folder, 'lib/n.strat') });
    const sha256 = createHash('sha256').update(TEXT).digest('hex');
    expect(modules.used()).toEqual([
      { path: 'lib/m.strat', sha256 },
      { path: 'lib/n.strat', sha256 },
    ]);
  });

  it('are read again each time', () => {
    modules.source('./lib/m.strat', null);
    writeFileSync(join(folder, 'lib/m.strat'), 'other');
    expect(modules.source('./lib/m.strat', null)).toMatchObject({ text: 'other' });
  });

  it('a link out of the folder is refused, be it of the file or of a folder on the way', () => {
    symlinkSync(join(around, 'secret.strat'), join(folder, 'file.strat'));
    symlinkSync(around, join(folder, 'out'));
    symlinkSync('/', join(folder, 'root'));
    symlinkSync('/dev/zero', join(folder, 'zero'));
    for (const path of ['./file.strat', './out/secret.strat', './root/etc/passwd', './zero'])
      expect([path, refusal(path)]).toEqual([path, 'E0701 it leads out of the folder of the strategy']);
    expect(modules.used()).toEqual([]);
  });

  it('a folder with a name that begins like the one of the strategy is outside', () => {
    mkdirSync(join(around, 'bottom'));
    writeFileSync(join(around, 'bottom/m.strat'), TEXT);
    symlinkSync(join(around, 'bottom'), join(folder, 'b'));
    expect(refusal('./b/m.strat')).toMatch(/^E0701 /);
  });

  it('a strategy folder that is a link itself is where it leads to', () => {
    symlinkSync(folder, join(around, 'alias'));
    modules = moduleFolder(join(around, 'alias/s.strat'));
    expect(modules.source('./lib/m.strat', null)).toMatchObject({ ok: true });
  });

  it('what is no regular file, or too large, is refused without waiting', () => {
    execFileSync('mkfifo', [join(folder, 'pipe.strat')]);
    symlinkSync('a.strat', join(folder, 'b.strat'));
    symlinkSync('b.strat', join(folder, 'a.strat'));
    writeFileSync(join(folder, 'large.strat'), Buffer.alloc(256 * 1024 + 1, ' '));
    writeFileSync(join(folder, 'limit.strat'), Buffer.alloc(256 * 1024, ' '));
    expect(refusal('./pipe.strat')).toBe('E0702 it is no regular file');
    expect(refusal('./lib')).toBe('E0702 it is a folder');
    expect(refusal('./a.strat')).toBe('E0702 its symbolic links go in a circle');
    expect(refusal('./no.strat')).toBe('E0702 there is no such file');
    expect(refusal('./lib/m.strat/x')).toBe('E0702 a part of the path is no folder');
    expect(refusal('./large.strat')).toBe('E0702 it is over 256 KB');
    expect(refusal('./limit.strat')).toBe('was read');
  });

  it('two files that import each other through links are seen as a circle', () => {
    writeFileSync(join(folder, 'lib/m.strat'), 'strat 1\nmodule "m"\nuse f from "./again.strat"\nexport def g(x) = f(x)\n');
    symlinkSync('m.strat', join(folder, 'lib/again.strat'));
    const source = 'strat 1\nmodule "root"\nuse g from "./lib/m.strat"\n';
    const { diagnostics } = createCompiler().compile(source, { modules: modules.source });
    expect(diagnostics.map(({ code }) => code)).toEqual(['E0208']);
  });

  it('a strategy that came with strat is found by its name, and stays in the folder of those', () => {
    const found = modules.source('strategy:sma-cross', null);
    expect(found).toMatchObject({ ok: true });
    expect(modules.used().map(({ path }) => path)).toEqual(['strategy:sma-cross/sma-cross.strat']);
    expect(modules.source('strategy:no-such', null)).toMatchObject({ ok: false, code: 'E0702' });
    expect(modules.source('./../../README.md', found.ok ? found.id : null)).toMatchObject({ ok: false, code: 'E0701' });
  });
});
