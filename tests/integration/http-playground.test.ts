import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PLAYGROUND_POLICY, WORKER_POLICY } from '#core/http/playground.ts';
import { startPlayground } from '#core/http/start-playground.ts';
import { serveBot } from '#core/http/testing/served-bot.ts';
import { temporaryFolder } from './cli-process.ts';

/** A page of the bot with a playground, as the build lays them out. */
function builtPages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strat-pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const part of ['', 'playground']) {
    mkdirSync(join(folder, part, 'assets'), { recursive: true });
    writeFileSync(join(folder, part, 'index.html'), `<!doctype html><title>${part}</title>`);
    writeFileSync(join(folder, part, 'assets/index-a1b2c3.js'), 'export {};');
  }
  writeFileSync(join(folder, 'playground/assets/worker-d4e5f6.js'), 'export {};');
  return folder;
}

describe('the playground at the endpoint of the bot', () => {
  test('has policies of its own: no request from the page, code from text in its worker only', async () => {
    const served = await serveBot({ pageFolder: builtPages() });
    onTestFinished(served.dispose);
    const policyOf = async (path: string): Promise<unknown[]> => {
      const response = await served.get(path);
      await response.text();
      return [response.status, response.headers.get('content-security-policy')];
    };
    expect(await policyOf('/playground/')).toEqual([200, PLAYGROUND_POLICY]);
    expect(await policyOf('/playground/assets/index-a1b2c3.js')).toEqual([200, PLAYGROUND_POLICY]);
    expect(await policyOf('/playground/assets/worker-d4e5f6.js')).toEqual([200, WORKER_POLICY]);
    expect(PLAYGROUND_POLICY).toContain("connect-src 'none'");
    expect(PLAYGROUND_POLICY).not.toMatch(/unsafe|https?:|\*/);
    expect(WORKER_POLICY).toBe("default-src 'none'; script-src 'unsafe-eval'");
    // The page of the bot keeps its own, and so do refusals.
    const [, own] = await policyOf('/');
    for (const path of ['/assets/index-a1b2c3.js', '/playground/nothing.js', '/api/v1/status']) expect((await policyOf(path))[1]).toBe(own);
    expect(own).toContain("connect-src 'self'");
    expect(own).not.toContain('unsafe-eval');
  });

  test('is found without the slash too, and never gets the token', async () => {
    const served = await serveBot({ pageFolder: builtPages() });
    onTestFinished(served.dispose);
    const response = await served.get('/playground', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([308, '/playground/']);
    expect(await (await served.get('/playground/')).text()).not.toContain(served.token);
  });
});

describe('the playground alone', () => {
  const serve = async (): Promise<string> => {
    const server = await startPlayground(join(builtPages(), 'playground'), 0);
    onTestFinished(server.close);
    return server.url;
  };

  test('is served at its address, and nothing else is', async () => {
    const url = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/playground\/$/);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await fetch(new URL('/', url))).url).toBe(url);
    for (const path of ['/api/v1/status', '/index.html', '/playground/%2e%2e/index.html', '/playground/.env'])
      expect((await fetch(new URL(path, url))).status).toBe(404);
    expect((await fetch(`${url}?token=abc`)).status).toBe(400);
  });

  test('answers no other name than those of this machine', async () => {
    const url = await serve();
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve) => {
      request(url, { headers: { Host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  test('is refused in words where the page is missing or the port is taken', async () => {
    const folder = temporaryFolder();
    await expect(startPlayground(folder, 0)).rejects.toThrow(/The playground is not part of this installation.*npm run prepare/);
    const taken = Number(new URL(await serve()).port);
    await expect(startPlayground(join(builtPages(), 'playground'), taken)).rejects.toThrow(
      new RegExp(`Port ${taken} on 127.0.0.1 is taken.*--port 0`),
    );
  });
});
