import { accessSync, constants, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(file(path), 'utf8');

test('the GitHub workflow runs .ci/run and nothing beside it, on Linux and macOS', () => {
  const workflow = read('.github/workflows/ci.yml');
  expect([...workflow.matchAll(/^\s*- run: (.*)$/gm)].map((match) => match[1])).toEqual(['.ci/run']);
  expect(workflow).not.toMatch(/run: \|/);
  for (const system of ['ubuntu', 'macos']) expect(workflow).toContain(`${system}-latest`);
});

test('.ci/run can be executed, installs from the lock file and calls the test command of the README', () => {
  expect(() => accessSync(file('.ci/run'), constants.X_OK)).not.toThrow();
  const script = read('.ci/run');
  expect(script).toContain('STRAT_TEST_INSTALL=1');
  expect(script).toMatch(/^if ! npm ci\b/m);
  expect(script).toMatch(/^npm test$/m);
  expect(read('README.md')).toMatch(/^npm test\b/m);
});

test('npm test includes npm run check', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(scripts['test']).toBe('npm run check && vitest run');
  expect(scripts['check']).toBe('node scripts/check.ts');
});
