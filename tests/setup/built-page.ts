import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the page from the sources as they are now, not what an earlier install built; gives the folder to serve. */
export function buildPage(folder: string): string {
  const page = join(folder, 'page');
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-web.ts'), page], { cwd: ROOT, stdio: 'pipe' });
  return page;
}
