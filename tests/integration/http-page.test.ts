import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

describe('the page', () => {
  test('is a text while there is none', async () => {
    const served = await serve();
    const response = await served.get('/');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await response.text()).toContain('/api/v1/status');
    expect((await served.get('/', { method: 'POST' })).status).toBe(405);
  });

  test('is served from its folder with types, caching and a policy that allows no other origin', async () => {
    const served = await serve();
    const page = join(served.folder, 'page');
    mkdirSync(join(page, 'assets'), { recursive: true });
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>strat</title>');
    writeFileSync(join(page, 'assets', 'index-a1b2c3.js'), 'export {};');
    writeFileSync(join(page, 'assets', 'index-a1b2c3.css'), ':root {}');
    writeFileSync(join(page, '.env'), 'hidden');
    writeFileSync(join(served.folder, 'outside.txt'), 'outside');
    const own = await serve({ pageFolder: page });
    const seen = async (path: string): Promise<unknown[]> => {
      const response = await own.get(path);
      await response.text();
      return [response.status, response.headers.get('content-type'), response.headers.get('cache-control')];
    };
    const forever = 'public, max-age=31536000, immutable';
    expect(await seen('/')).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
    expect(await seen('/index.html')).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
    expect(await seen('/assets/index-a1b2c3.js')).toEqual([200, 'text/javascript; charset=utf-8', forever]);
    expect(await seen('/assets/index-a1b2c3.css')).toEqual([200, 'text/css; charset=utf-8', forever]);
    for (const path of ['/.env', '/assets', '/assets/', '/nothing.js', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt'])
      expect((await seen(path))[0]).toBe(404);
    // fetch tidies the path, a socket does not
    expect(await own.raw(`GET /../outside.txt HTTP/1.1\r\nHost: 127.0.0.1:${own.port}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40[034] /,
    );
    const policy = (await own.get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
    expect((await own.get('/')).headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('missing from its folder it is said in the log and the text is served', async () => {
    const served = await serve({ pageFolder: '/nonexistent/page' });
    expect((await served.get('/')).headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(served.lines.some(({ level, message }) => level === 'warn' && message.includes('not built'))).toBe(true);
  });
});
