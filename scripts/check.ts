/**
 * All gates that need no test run: `npm run check`, one line a step with its time, and the tool's output where a step fails.
 * `npm run check -- --fix` formats first. `npm run check -- lint arrows` runs the named steps only. Exit 1 if any failed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Step {
  readonly name: string;
  readonly what: string;
  /** Program in node_modules (run by this Node) and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
}

const MODULES = 'node_modules';
const TSC = `${MODULES}/typescript/bin/tsc`;

export const STEPS: readonly Step[] = [
  { name: 'format', what: 'oxfmt', command: [`${MODULES}/oxfmt/bin/oxfmt`, '--check'] },
  {
    name: 'lint',
    what: 'oxlint, type-aware',
    command: [`${MODULES}/oxlint/bin/oxlint`, '--deny-warnings', '--report-unused-disable-directives'],
  },
  { name: 'types', what: 'tsc', command: [TSC, '-p', 'tsconfig.json', '--noEmit'] },
  { name: 'pure', what: 'tsc without Node or a clock', command: [TSC, '-p', 'tsconfig.pure.json', '--noEmit'] },
  { name: 'web', what: 'tsc of the page, with the DOM', command: [TSC, '-p', 'web/src/tsconfig.json', '--noEmit'] },
  {
    name: 'play',
    what: 'tsc of the playground and its worker',
    command: [TSC, '-p', 'web/playground/tsconfig.json', '--noEmit'],
  },
  { name: 'arrows', what: 'who imports whom', command: ['scripts/arrows.ts'] },
  { name: 'unused', what: 'knip', command: [`${MODULES}/knip/bin/knip.js`, '--no-progress', '--no-config-hints'] },
];

const FIX: Step = { name: 'fix', what: 'oxfmt writes', command: [`${MODULES}/oxfmt/bin/oxfmt`] };
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs one step; `output` is what the tool said, both streams. */
export function runStep(step: Step): { readonly ok: boolean; readonly output: string; readonly ms: number } {
  const start = performance.now();
  const run = spawnSync(process.execPath, [...step.command], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const output = `${run.stdout}${run.stderr}${run.error === undefined ? '' : run.error.message}`;
  return { ok: run.status === 0, output, ms: performance.now() - start };
}

function main(args: readonly string[]): number {
  const names = args.filter((arg) => arg !== '--fix');
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No such step: ${unknown.join(', ')}. There are ${STEPS.map((step) => step.name).join(', ')}, and --fix`);
    return 2;
  }
  const wanted = names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
  const failed: string[] = [];
  for (const step of args.includes('--fix') ? [FIX, ...wanted] : wanted) {
    const { ok, output, ms } = runStep(step);
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${step.name.padEnd(7)} ${(ms / 1000).toFixed(1)} s  ${step.what}`);
    if (!ok) console.log(output.trimEnd());
    if (!ok) failed.push(step.name);
  }
  if (failed.length > 0) console.log(`check failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
