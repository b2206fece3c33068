import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARROW_RULES, HOMES } from '../../scripts/arrow-rules.ts';
import { type ArrowReport, checkArrows } from '../../scripts/arrows.ts';

/** Rule -> [importing file, import specifier]: what each rule must catch. */
const OFFENDERS: Readonly<Record<string, readonly [from: string, specifier: string]>> = {
  'errors-sees-only-its-own': ['core/errors/offender.ts', '#core/model/victim.ts'],
  'model-sees-only-its-own': ['core/model/offender.ts', '#core/engine/victim.ts'],
  'engine-sees-only-its-own': ['core/engine/offender.ts', '#core/ports/victim.ts'],
  'ports-sees-only-its-own': ['core/ports/offender.ts', '#core/engine/victim.ts'],
  'config-sees-only-its-own': ['core/config/offender.ts', '#core/runtime/victim.ts'],
  'files-sees-only-its-own': ['core/files/offender.ts', '#core/ports/victim.ts'],
  'indicators-sees-only-its-own': ['core/indicators/offender.ts', '#core/runtime/victim.ts'],
  'data-sees-only-its-own': ['core/data/offender.ts', '#core/sandbox/victim.ts'],
  'language-server-sees-only-its-own': ['core/language-server/offender.ts', '#core/kernel/victim.ts'],
  'observe-sees-only-its-own': ['core/observe/offender.ts', '#core/engine/victim.ts'],
  'sandbox-sees-only-its-own': ['core/sandbox/offender.ts', '#core/data/victim.ts'],
  'runtime-sees-only-its-own': ['core/runtime/offender.ts', '#core/kernel/victim.ts'],
  'execution-sees-only-its-own': ['core/execution/offender.ts', '#core/sandbox/victim.ts'],
  'testkit-sees-only-its-own': ['core/testkit/offender.ts', '#core/runtime/victim.ts'],
  'dsl-sees-only-its-own': ['dsl/offender.ts', '#core/engine/victim.ts'],
  'plugins-see-ports-model-errors': ['plugins/exchange/alpha/offender.ts', '#core/engine/victim.ts'],
  'plugin-tests-see-testkit': ['plugins/exchange/alpha/offender.test.ts', '#core/runtime/victim.ts'],
  'plugins-never-each-other': ['plugins/exchange/alpha/friend.ts', '../beta/victim.ts'],
  'only-cli-and-http-see-kernel': ['core/config/kernel-offender.ts', '#core/kernel/victim.ts'],
  'nothing-imports-cli': ['core/http/offender.ts', '#core/cli/victim.ts'],
  'only-cli-and-kernel-see-http': ['core/observe/http-offender.ts', '#core/http/victim.ts'],
  'web-sees-the-control-port': ['web/src/kernel-offender.ts', '#core/engine/victim.ts'],
  'web-shares-types-only': ['web/src/code-offender.ts', '#core/ports/bot-control.ts'],
  'playground-sees-what-runs-in-a-browser': ['web/playground/worker/offender.ts', '#core/runtime/victim.ts'],
  'playground-page-leaves-strat-to-its-worker': ['web/playground/page/offender.ts', '#core/runtime/playground/victim.ts'],
  'bot-page-sees-no-playground': ['web/src/play-offender.ts', '../playground/page/victim.ts'],
  'page-sees-no-node': ['web/src/node-offender.tsx', 'node:http'],
  'page-never-sees-its-stand-in': ['web/src/stand-in-offender.ts', '../dev/victim.ts'],
  'nothing-imports-web': ['scripts/web-offender.ts', '../web/src/victim.ts'],
  'library-needs-a-home': ['core/cli/library-offender.ts', 'left-pad'],
  'product-never-imports-tests': ['core/cli/test-offender.ts', '../../tests/victim.ts'],
  'pure-zones-see-no-node': ['core/model/node-offender.ts', 'node:fs'],
  'no-cycles': ['core/model/circle-back.ts', './circle.ts'],
  'imports-resolve': ['core/model/lost.ts', './nowhere.ts'],
  ...Object.fromEntries(
    Object.keys(HOMES).map((library) => {
      const name = library.replace(/^@/, '').replace(/[/.]/g, '-');
      return [`${name}-has-one-home`, [`core/cli/${name}-offender.ts`, library] as const];
    }),
  ),
};

/** Imports that the rules allow; none may be reported. */
const ALLOWED: readonly (readonly [from: string, specifier: string])[] = [
  ['core/engine/good.ts', '#core/model/victim.ts'],
  ['core/engine/decimal.ts', 'big.js'],
  ['core/runtime/good.ts', '#core/sandbox/victim.ts'],
  ['core/sandbox/good.ts', '#core/engine/victim.ts'],
  ['core/sandbox/isolate.ts', 'isolated-vm'],
  ['core/cli/good.ts', '#core/kernel/victim.ts'],
  ['dsl/grammar/good.ts', 'chevrotain'],
  ['dsl/good.ts', '#core/model/victim.ts'],
  ['plugins/exchange/alpha/good.ts', '#core/ports/victim.ts'],
  ['plugins/exchange/alpha/good.test.ts', '#core/testkit/victim.ts'],
  ['core/data/good.test.ts', '#core/sandbox/victim.ts'],
  ['web/src/good.tsx', 'react'],
  ['web/src/chart.ts', 'lightweight-charts'],
  ['web/dev/good.ts', 'node:http'],
  ['web/src/colour.ts', '#core/model/victim.ts'],
  ['web/playground/worker/good.ts', '#core/runtime/playground/victim.ts'],
  ['web/playground/page/good.ts', '../../src/victim.ts'],
];

const VICTIMS = [
  ...['model', 'engine', 'ports', 'config', 'data', 'observe', 'sandbox', 'runtime', 'testkit', 'kernel', 'cli', 'http'].map(
    (f) => `core/${f}`,
  ),
  'dsl',
  'tests',
  'plugins/exchange/beta',
  'web/src',
  'web/dev',
  'core/runtime/playground',
  'web/playground/page',
].map((folder) => `${folder}/victim.ts`);

function plant(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('the arrow rules', () => {
  const root = mkdtempSync(join(tmpdir(), 'strat-arrows-'));
  let report: ArrowReport;

  beforeAll(() => {
    plant(
      root,
      'package.json',
      JSON.stringify({ name: 'planted', type: 'module', imports: { '#core/*': './core/*', '#dsl/*': './dsl/*' } }),
    );
    for (const library of [...Object.keys(HOMES), 'left-pad']) {
      plant(root, `node_modules/${library}/package.json`, JSON.stringify({ name: library, version: '1.0.0', main: 'index.js' }));
      plant(root, `node_modules/${library}/index.js`, 'module.exports = {};\n');
    }
    for (const victim of VICTIMS) plant(root, victim, 'export interface Victim { readonly x: number }\nexport const victim = 1;\n');
    plant(root, 'core/model/circle.ts', "import { circle } from './circle-back.ts';\nexport const victim = () => circle;\n");
    for (const [from, specifier] of [...Object.values(OFFENDERS), ...ALLOWED]) {
      plant(root, from, `import { victim } from '${specifier}';\nexport const circle = victim;\n`);
    }
    plant(
      root,
      'core/data/ring.ts',
      "import { back } from './ring-back.ts';\nexport interface Ring { readonly x: number }\nexport const ring = back;\n",
    );
    plant(root, 'core/data/ring-back.ts', "import type { Ring } from './ring.ts';\nexport const back = (r: Ring) => r.x;\n");
    plant(root, 'core/ports/bot-control.ts', 'export interface Victim { readonly x: number }\nexport const victim = 1;\n');
    plant(root, 'web/src/page.tsx', "import type { Victim } from '#core/ports/bot-control.ts';\nexport type Mine = Victim;\n");
    plant(root, 'core/engine/type-offender.ts', "import type { Victim } from '#core/ports/victim.ts';\nexport type Mine = Victim;\n");
    report = checkArrows(root);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('each have an offender planted here', () => {
    expect(Object.keys(OFFENDERS).toSorted()).toEqual(ARROW_RULES.map((rule) => rule.name).toSorted());
  });

  test.for(Object.entries(OFFENDERS))('%s catches its offender', ([rule, [from]]) => {
    expect(report.violations.filter((found) => found.rule === rule).map((found) => found.from)).toContain(from);
  });

  test('an import of a type counts, except in a cycle', () => {
    expect(report.violations).toContainEqual({
      rule: 'engine-sees-only-its-own',
      from: 'core/engine/type-offender.ts',
      to: 'core/ports/victim.ts',
    });
  });

  test('nothing but the offenders is reported', () => {
    const planted = new Set([
      ...Object.values(OFFENDERS).map(([from]) => from),
      'core/engine/type-offender.ts',
      'core/model/circle-back.ts',
    ]);
    expect(report.violations.filter((found) => !planted.has(found.from))).toEqual([]);
  });

  test('all planted files are seen', () => {
    expect(report.unseen).toEqual([]);
    expect(report.modules).toBeGreaterThan(VICTIMS.length + Object.keys(OFFENDERS).length);
  });
});

describe('the repository', () => {
  test('is seen by the checker as a whole, and keeps the rules', () => {
    const report = checkArrows(fileURLToPath(new URL('../..', import.meta.url)));
    expect(report.unseen).toEqual([]);
    expect(report.modules).toBeGreaterThan(30);
    expect(report.dependencies).toBeGreaterThan(60);
    expect(report.violations).toEqual([]);
  });
});
