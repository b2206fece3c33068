import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasPage } from '#core/http/page.ts';
import { listenOnFreePort } from '../setup/free-port.ts';
import { ROOT, startStrat } from './cli-process.ts';

const LAUNCHER = join(ROOT, 'bin/strat.js');
/** Where nothing is built there is nothing to serve: an install without development packages. */
const isBuilt = hasPage(`${ROOT}web/dist/playground`);

describe('strat playground', { concurrent: true }, () => {
  test.skipIf(!isBuilt)('says where the page is, serves it, and Ctrl-C ends it', async () => {
    const child = spawn(process.execPath, [LAUNCHER, 'playground', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      const { schema, url } = JSON.parse(out) as { readonly schema: string; readonly url: string };
      expect(schema).toBe('strat.playground/1');
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/playground\/$/);
      expect(await (await fetch(url)).text()).toContain('strat playground');
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
  });

  test.skipIf(!isBuilt)('refuses a port that is taken', async ({ onTestFinished }) => {
    const other = createServer();
    onTestFinished(() => void other.close());
    const port = await listenOnFreePort(other);
    const { status, stdout, stderr } = await startStrat(['playground', '--port', String(port)]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken by another program`);
  });

  test.for([
    { args: ['my.strat'], says: 'strat playground takes no files, found "my.strat"' },
    { args: ['--port', 'x'], says: '--port takes a number from 0 to 65535, found "x"' },
    { args: ['--port', '65536'], says: 'found "65536"' },
  ])('refuses $args', async ({ args, says }) => {
    const { status, stderr } = await startStrat(['playground', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});
