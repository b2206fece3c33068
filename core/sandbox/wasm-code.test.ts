import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (name: string): string => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

/** What V8 says of its search for dead code of WebAssembly, which it begins whenever it can: Node's removal of types is hot here, and its first code is replaced. */
function searches(first: string): string {
  const text = `${first}
process.emitWarning = () => undefined;
const { stripTypeScriptTypes } = await import('node:module');
const text = (await import('node:fs')).readFileSync(${path('hardened-context.ts')}, 'utf8');
for (let round = 0; round < 80; round += 1) stripTypeScriptTypes(text);
await new Promise((resolve) => setTimeout(resolve, 200));
for (let round = 0; round < 40; round += 1) stripTypeScriptTypes(text);`;
  const args = ['--stress-wasm-code-gc', '--trace-wasm-code-gc', '--input-type=module', '-e', text];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
}

describe('code of WebAssembly', { timeout: 60_000 }, () => {
  it('is collected where there are no isolates', () => {
    expect(searches('')).toContain('[wasm-gc] Starting GC');
  });

  it('is not where one was opened: V8 could stand still for ever', () => {
    const opened = `const { openContext } = await import(${path('hardened-context.ts')});
openContext({ text: '({})' }, { memoryMb: 16, timeoutMs: 1000 }, false).dispose();`;
    // Before that, Node has removed the types of the modules themselves.
    const [plain, kept] = [searches(''), searches(opened)].map((text) => text.split('Starting GC').length - 1);
    expect(kept).toBeLessThan(plain! / 2);
  });
});
