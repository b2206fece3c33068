/**
 * Checks who imports whom: `node scripts/arrows.ts [ROOT]`. The rules are in scripts/arrow-rules.ts.
 * A checker that cannot read TypeScript finds no violation in it, so this one also counts: every source file of the
 * folders must be among the modules seen, and imports between them must have been found.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARROW_RULES } from './arrow-rules.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['bin', 'core', 'dsl', 'plugins', 'web', 'scripts', 'bench', 'tests'];

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[];
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string; readonly to: string }[];
  };
}

export interface ArrowReport {
  readonly modules: number;
  readonly dependencies: number;
  /** Source files that the checker did not see; must be empty. */
  readonly unseen: readonly string[];
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

export function checkArrows(root: string): ArrowReport {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: ['**/node_modules/**'] }))
    .filter((file) => !file.startsWith('tests/fixtures/') && !file.startsWith('web/dist/'));
  const tool = join(PROJECT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const text = execFileSync(
    process.execPath,
    [tool, '--config', join(PROJECT, '.dependency-cruiser.mjs'), '--output-type', 'json', '--progress', 'none', ...folders],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { modules, summary } = JSON.parse(text) as Cruise;
  const seen = new Set(modules.map((module) => module.source));
  return {
    modules: modules.length,
    dependencies: modules.reduce((sum, module) => sum + module.dependencies.length, 0),
    unseen: files.filter((file) => !seen.has(file)),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

if (import.meta.main) {
  const report = checkArrows(resolve(process.argv[2] ?? PROJECT));
  for (const { rule, from, to } of report.violations) console.log(`${from} imports ${to}: ${rule}`);
  for (const { name, comment } of ARROW_RULES) if (report.violations.some(({ rule }) => rule === name)) console.log(`${name}: ${comment}`);
  for (const file of report.unseen) console.log(`not seen by the checker: ${file}`);
  console.log(`${report.modules} modules, ${report.dependencies} imports, ${report.violations.length} violations`);
  if (report.violations.length + report.unseen.length > 0 || report.modules === 0 || report.dependencies === 0) process.exitCode = 1;
}
