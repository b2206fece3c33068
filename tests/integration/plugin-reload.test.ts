import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Run by Node itself: reloading code is a matter of its module loader. */
const SCRIPT = `
import { writeFileSync } from 'node:fs';
import { createKernel } from '${ROOT}core/kernel/kernel.ts';
import { createLogger } from '${ROOT}core/observe/logger.ts';
const [folder] = process.argv.slice(2);
const kernel = createKernel({ log: createLogger({ level: 'silent' }), folder });
const account = { strategy: 'a', market: 'M', capital: 1, cash: 1, equity: 1, qty: 0, exposure: 0 };
const ask = () => kernel.lifecycle.ports('risk').get('mine')?.review({ strategy: 'a', market: 'M', side: 'long', qty: 100, price: 1 }, { time: 0, account, accounts: [account] }).qty ?? null;
const reload = async () => {
  await kernel.lifecycle.apply(await kernel.discover([folder]), [{ name: 'mine', id: 'risk/mine', config: {} }]);
  return ask();
};
const answers = [await reload(), await reload()];
writeFileSync(folder + '/risk/mine/limit.ts', 'export const limit = 20 + 2;\\n');
answers.push(await reload());
writeFileSync(folder + '/risk/mine/limit.ts', 'export const limit = {{{;\\n');
answers.push(await reload());
const told = [kernel.lifecycle.problems().length];
writeFileSync(folder + '/risk/mine/limit.ts', 'export const limit = 30 + 3 + 0;\\n');
answers.push(await reload());
told.push(kernel.lifecycle.problems().length);
console.log(JSON.stringify({ answers, told, problems: kernel.lifecycle.problems() }));
await kernel.close();
`;

test('a reload takes the changed code of a plugin, also of a file that its code imports, and no broken one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strat-reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'risk/mine'), { recursive: true });
  const files = {
    'risk/mine/manifest.ts': `export const manifest = { id: 'risk/mine', kind: 'risk', api: 1, summary: 'Mine', capabilities: [], requires: [],
      config: { type: 'object', additionalProperties: false }, load: () => import('./mine.ts') };\n`,
    'risk/mine/mine.ts': `import { limit } from './limit.ts';
export const setup = () => ({ port: { afterBar: () => null, review: ({ qty }) => ({ qty: Math.min(qty, limit), reason: 'limit' }) } });\n`,
    'risk/mine/limit.ts': 'export const limit = 11;\n',
    'run.mts': SCRIPT,
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'run.mts'), folder], { encoding: 'utf8' });
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({ answers: [11, 11, 22, 22, 33], told: [1, 0], problems: [] });
});
