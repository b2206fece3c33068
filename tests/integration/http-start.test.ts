import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { explainError } from '#core/errors/explain-error.ts';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';
import { listenOnFreePort } from '../setup/free-port.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

/** What a start refuses, as a person reads it. */
const refusedStart = async (options: Parameters<typeof serveBot>[0]): Promise<string> =>
  serveBot(options).then(
    async (served) => {
      await served.dispose();
      return 'started';
    },
    (error: unknown) => explainError(error),
  );

describe('the token file', () => {
  const folders: string[] = [];
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'strat-token-'));
    folders.push(path);
    return path;
  };
  afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

  test('is made once with mode 0600 whatever the umask, and used again', async () => {
    const state = folder();
    const before = process.umask(0);
    try {
      const first = await serve({ folder: state });
      expect(first.token).toMatch(/^[\w-]{43}$/);
      for (const name of ['http.token', 'http.json']) expect((statSync(join(state, name)).mode & 0o777).toString(8)).toBe('600');
      await first.closeHttp();
      const second = await serve({ folder: state });
      expect(second.token).toBe(first.token);
      await second.closeHttp();
    } finally {
      process.umask(before);
    }
    expect(readdirSync(state)).toEqual(['http.token']);
  });

  test('two bots have two tokens', async () => {
    const one = await serve();
    const two = await serve();
    expect(one.token).not.toBe(two.token);
  });

  test.for([0o644, 0o640, 0o604, 0o620])('of mode %o is refused with what to do', async (mode) => {
    const state = folder();
    writeFileSync(join(state, 'http.token'), `${'a'.repeat(43)}\n`);
    chmodSync(join(state, 'http.token'), mode);
    const text = await refusedStart({ folder: state });
    expect(text).toContain('http.token');
    expect(text).toContain(`mode is 0${mode.toString(8)}`);
    expect(text).toContain('Remove it');
    expect(text).not.toContain('aaaa');
  });

  test.for([
    { what: 'empty', make: (path: string) => writeFileSync(path, '', { mode: 0o600 }), says: 'holds no token' },
    { what: 'too short', make: (path: string) => writeFileSync(path, 'abc', { mode: 0o600 }), says: 'holds no token' },
    { what: 'a symbolic link', make: (path: string) => symlinkSync('/etc/hostname', path), says: 'symbolic link' },
    { what: 'a folder', make: (path: string) => mkdirSync(path), says: 'no regular file' },
    { what: 'a pipe', make: (path: string) => execFileSync('sh', ['-c', `mkfifo -m 600 '${path}'`]), says: 'no regular file' },
  ])('that is $what is refused', async ({ make, says }) => {
    const state = folder();
    make(join(state, 'http.token'));
    expect(await refusedStart({ folder: state })).toContain(says);
  });

  test.skipIf(process.getuid?.() !== 0)('of another user is refused (needs root to try)', async () => {
    const state = folder();
    writeFileSync(join(state, 'http.token'), `${'a'.repeat(43)}\n`, { mode: 0o600 });
    chownSync(join(state, 'http.token'), 65_534, 65_534);
    expect(await refusedStart({ folder: state })).toContain('belongs to another user');
  });
});

describe('the address', () => {
  test.for(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.2', ''])(
    '%j is refused: the endpoint stays on this machine',
    async (host) => {
      expect(await refusedStart({ host })).toMatch(/cannot listen on ".*http\.host to 127\.0\.0\.1/);
    },
  );

  test('a port that is taken by a second bot is named, with the key of the config', async () => {
    const first = await serve();
    const text = await refusedStart({ port: first.port });
    expect(text).toContain(`Port ${first.port} on 127.0.0.1`);
    expect(text).toContain('http.port');
    expect((await first.get('/api/v1/health')).status).toBe(200);
  });

  test('a port that is taken by another program leaves nothing behind', async () => {
    const other = createServer();
    const port = await listenOnFreePort(other);
    const state = mkdtempSync(join(tmpdir(), 'strat-port-'));
    expect(await refusedStart({ port, folder: state })).toContain(`Port ${port}`);
    expect(existsSync(join(state, 'http.json'))).toBe(false);
    rmSync(state, { recursive: true });
    other.close();
  });

  test('of IPv6 loopback works where there is IPv6', async ({ skip }) => {
    const started = await serveBot({ host: '::1' }).catch((error: unknown) => error);
    if (started instanceof Error) {
      skip('no IPv6 here');
      return;
    }
    const served = started as ServedBot;
    onTestFinished(served.dispose);
    expect(served.url).toBe(`http://[::1]:${served.port}`);
    expect((await served.get('/api/v1/health')).status).toBe(200);
  });

  test('is written to http.json while the bot listens', async () => {
    const state = mkdtempSync(join(tmpdir(), 'strat-endpoint-'));
    const served = await serveBot({ folder: state });
    expect(JSON.parse(readFileSync(join(state, 'http.json'), 'utf8'))).toEqual({ url: served.url, pid: process.pid });
    await served.closeHttp();
    expect(existsSync(join(state, 'http.json'))).toBe(false);
    rmSync(state, { recursive: true });
  });
});
