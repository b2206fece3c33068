import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { modelFolder } from './model-folder.ts';

const GOOD = 'timestamp,up\n1704067200000,0.5\n';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'strat-models-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, 'own/models'), { recursive: true });
  return path;
}

describe('models beside a strategy', () => {
  it('are read from a file of predictions, packed or not, and told with their digest', () => {
    const path = folder();
    writeFileSync(join(path, 'own/models/a.csv'), GOOD);
    writeFileSync(join(path, 'own/models/b.csv.gz'), gzipSync('timestamp,value,down\n1704067200000,7,0.5\n'));
    const models = modelFolder(join(path, 'own/x.strat'));
    expect(models.source('./models/a', null)).toEqual({ ok: true, outputs: ['up'] });
    expect(models.source('./models/b', null)).toEqual({ ok: true, outputs: ['down', 'value'] });
    expect(models.predictionsOf({ path: './models/b', from: null }).value).toEqual(Float64Array.of(7));
    // As sha256sum says.
    expect(models.used()[0]).toEqual({ path: 'models/a.csv', sha256: '05e5ed324dd832c539a66d3aa8519a854374792625840996d1e8ab208ec0ea96' });
    expect(models.used().map((file) => file.path)).toEqual(['models/a.csv', 'models/b.csv.gz']);
  });

  it('of a module are beside the module', () => {
    const path = folder();
    writeFileSync(join(path, 'own/models/a.csv'), GOOD);
    const models = modelFolder(join(path, 'own/x.strat'));
    expect(models.source('./a', join(path, 'own/models/lib.strat')).ok).toBe(true);
    expect(models.source('./a', null)).toMatchObject({ code: 'E0702' });
  });

  it.each<readonly [what: string, make: (path: string) => void, code: string, reason: string]>([
    ['nothing', () => undefined, 'E0702', 'there is no such file'],
    ['a folder', (path) => mkdirSync(join(path, 'own/models/m.csv')), 'E0702', 'it is a folder'],
    ['a pipe', (path) => void execFileSync('mkfifo', [join(path, 'own/models/m.csv')]), 'E0702', 'it is no regular file'],
    ['a link out of the folder', (path) => outside(path, 'own/models/m.csv'), 'E0701', 'outside of the folder'],
    ['a folder that is a link out', (path) => linkedFolder(path), 'E0701', 'outside of the folder'],
    ['a link in a circle', (path) => symlinkSync('m.csv', join(path, 'own/models/m.csv')), 'E0702', 'circle'],
    ['a file that is too large', (path) => huge(join(path, 'own/models/m.csv')), 'E0702', 'it is over 64 MB'],
    ['no gzip file', (path) => writeFileSync(join(path, 'own/models/m.csv.gz'), GOOD), 'E0702', 'no gzip file'],
    [
      'a bomb',
      (path) => writeFileSync(join(path, 'own/models/m.csv.gz'), gzipSync(Buffer.alloc(300 * 2 ** 20, '1'))),
      'E0702',
      'unpacks to over',
    ],
    ['other text', (path) => writeFileSync(join(path, 'own/models/m.csv'), 'root:x:0:0\n'), 'E0702', 'no predictions'],
  ])('%s is refused', (_, make, code, reason) => {
    const path = folder();
    make(path);
    const models = modelFolder(join(path, 'own/x.strat'));
    expect(models.source('./models/m', null)).toEqual({ ok: false, code, reason: expect.stringContaining(reason) });
    expect(models.used()).toEqual([]);
  });
});

function outside(path: string, link: string): void {
  writeFileSync(join(path, 'secret.csv'), GOOD);
  symlinkSync(join(path, 'secret.csv'), join(path, link));
}

function linkedFolder(path: string): void {
  mkdirSync(join(path, 'elsewhere'));
  writeFileSync(join(path, 'elsewhere/m.csv'), GOOD);
  rmSync(join(path, 'own/models'), { recursive: true });
  symlinkSync(join(path, 'elsewhere'), join(path, 'own/models'));
}

function huge(file: string): void {
  writeFileSync(file, '');
  truncateSync(file, 64 * 2 ** 20 + 1);
}
