import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStateFolder } from './state-folder.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const codeAt = (path: string): unknown => {
  try {
    openStateFolder(path, () => 0).close();
    return 'opened';
  } catch (error) {
    return error;
  }
};

describe('a state folder', () => {
  it('is made with the folders above it, and may be there already', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'c');
    openStateFolder(path, () => 0).close();
    openStateFolder(path, () => 0).close();
    expect(existsSync(path)).toBe(true);
  });

  it.runIf(existsSync('/proc/self')).each(['/proc/strat', '/proc/strat/a/b', '/proc/self'])('is refused at %s, at once', (path) => {
    expect(codeAt(path)).toMatchObject({ code: 'FILE_UNWRITABLE', data: { file: path, reason: 'the folder does not exist' } });
  });

  it('is refused where a file stands in its way', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(codeAt(file)).toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(codeAt(join(file, 'a', 'b'))).toMatchObject({ code: 'FILE_UNWRITABLE' });
  });
});
