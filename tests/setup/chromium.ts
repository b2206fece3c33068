import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PATH = '/usr/bin/chromium';

/** The browser of the tests: the installed one, or one installed now when STRAT_TEST_INSTALL=1; null = not there. */
export function chromiumPath(): string | null {
  if (existsSync(PATH)) return PATH;
  if (process.env['STRAT_TEST_INSTALL'] !== '1') return null;
  spawnSync('apt-get', ['update', '-qq']);
  spawnSync('apt-get', ['install', '-y', '-qq', 'chromium']);
  return existsSync(PATH) ? PATH : null;
}
