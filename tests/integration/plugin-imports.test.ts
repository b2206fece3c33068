import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A plugin outside of the repository, without any package beside it. */
function doctorOf(files: Readonly<Record<string, string>>): {
  readonly text: string;
  readonly report: { ok: boolean; problems: { code: string; text: string }[] };
} {
  const folder = mkdtempSync(join(tmpdir(), 'strat-outside-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'risk/mine', path)), { recursive: true });
    writeFileSync(join(folder, 'risk/mine', path), text);
  }
  const config = join(folder, 'strat.yaml');
  writeFileSync(config, 'plugins: { folders: [.] }\nrisk: [{ use: risk/mine }]\n');
  const { stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/strat.js'), 'doctor', '--json', '--config', config], {
    encoding: 'utf8',
  });
  return { text: stdout + stderr, report: JSON.parse(stdout) };
}

const manifest = (head: string, load: string): string => `${head}
import { definePlugin } from 'strat/ports/plugin';
export const manifest = definePlugin({
  id: 'risk/mine', kind: 'risk', api: 1, summary: 'Mine', capabilities: [], requires: [],
  config: { type: 'object', additionalProperties: false, properties: {} },
  load: ${load},
});
`;
const CODE = `
import { StratError } from 'strat/errors';
import { parseTimeframe } from 'strat/model/timeframe';
if (parseTimeframe('1h')?.stepMs !== 3_600_000 || typeof StratError !== 'function') throw new Error('not the real thing');
export const setup = () => ({ port: { afterBar: () => null, review: ({ qty }) => ({ qty, reason: null }) } });
`;

describe('a plugin in a folder elsewhere', () => {
  test('imports the ports, the value types and the errors of strat, in all of its files', () => {
    const { report, text } = doctorOf({
      'manifest.ts': manifest('', "() => import('./code/main.ts')"),
      'code/main.ts': "export { setup } from './deep.ts';\n",
      'code/deep.ts': CODE,
    });
    expect(report.problems).toEqual([]);
    expect(text).not.toContain('MODULE_TYPELESS');
  });

  test.for([
    { name: 'by a private name', specifier: '#core/kernel/kernel.ts' },
    { name: 'by the name of the package', specifier: 'strat/kernel/kernel' },
    { name: 'by a path out of a door', specifier: 'strat/ports/../kernel/kernel' },
    { name: 'by its path on the disk', specifier: join(ROOT, 'core/kernel/kernel.ts') },
    { name: 'by its address', specifier: new URL('../../core/kernel/kernel.ts', import.meta.url).href },
    { name: 'in the folder of a plugin of strat', specifier: join(ROOT, 'plugins/risk/max-position/max-position.ts') },
  ])('does not reach the inside of strat $name', ({ specifier }) => {
    for (const files of [
      { 'manifest.ts': manifest(`import * as inside from '${specifier}';\nvoid inside;`, 'async () => ({})') },
      { 'manifest.ts': manifest('', `() => import('${specifier}')`) },
    ]) {
      const { report } = doctorOf(files);
      expect(report.ok).toBe(false);
      expect(report.problems.map(({ code }) => code).join()).toMatch(/^PLUGIN_(IMPORT|INVALID|FAILED)/);
    }
  });
});
