import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, onTestFinished } from 'vitest';
import { main } from '#core/cli/main.ts';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';
import { listenOnFreePort } from '../setup/free-port.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function strat(...argv: readonly string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    width: 200,
    color: false,
    isTerminal: false,
    showsProgress: false,
    env: {},
  };
  const code = await main(argv, io);
  return { code, out, err };
}

const at = (served: ServedBot): string[] => ['--home', served.folder];

describe('strat status, pause, resume, flatten, kill', () => {
  test('status shows strategies, positions, money and problems', async () => {
    const served = await serve();
    served.bot.setProblems([{ part: 'strategy reversion', text: 'its runner \u001b[31mfailed' }]);
    const { code, out, err } = await strat('status', ...at(served));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(served.url);
    expect(out).toMatch(/trend +running +sim:BTC\/USDT 1h +long 2 +100\.0000 +95\.0000 +106\.0000 +10,012\.00 +\+12\.00 +2 +5/);
    expect(out).toMatch(/reversion +running +sim:BTC\/USDT 1h +flat/);
    expect(out).toContain('! strategy reversion: its runner');
    expect(out).not.toContain('\u001b');
  });

  test('status --json is the answer of the API', async () => {
    const served = await serve();
    const document = JSON.parse((await strat('status', '--json', ...at(served))).out);
    const answer = JSON.parse(await (await served.get('/api/v1/status')).text());
    expect({ ...document, now: 0 }).toEqual({ ...answer, now: 0 });
  });

  test('pause, resume and flatten act on one or on all, and say what was done', async () => {
    const served = await serve();
    const runs = [
      await strat('pause', 'trend', ...at(served)),
      await strat('resume', ...at(served)),
      await strat('flatten', 'reversion', '--json', ...at(served)),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(runs[0]?.out).toBe('pause: trend\n');
    expect(JSON.parse(runs[2]?.out ?? '')).toEqual({ ok: true, text: 'flatten: reversion' });
    expect(served.bot.commands).toEqual(['pause trend', 'resume *', 'flatten reversion']);
    const status = await strat('status', ...at(served));
    expect(status.out).toMatch(/reversion +paused/);
    expect(status.out).toContain('reversion is paused: told so');
  });

  test('--url finds the bot too, with the token of --home', async () => {
    const served = await serve();
    for (const url of [served.url, `${served.url}/`, served.url.replace('127.0.0.1', 'localhost')]) {
      expect(await strat('pause', '--url', url, ...at(served))).toMatchObject({ code: 0 });
    }
  });

  test('a strategy that does not exist is exit 1 with the nearest name', async () => {
    const served = await serve();
    for (const command of ['pause', 'resume', 'flatten', 'kill']) {
      const { code, err } = await strat(command, 'trent', ...at(served));
      expect([command, code]).toEqual([command, 1]);
      expect(err).toContain('Did you mean trend?');
    }
  });

  test('a wrong and a missing token are exit 1 and say where the right one is', async () => {
    const served = await serve();
    const other = mkdtempSync(join(tmpdir(), 'strat-other-'));
    for (const command of ['pause', 'kill']) {
      const { code, err } = await strat(command, '--url', served.url, '--home', other);
      expect([command, code]).toEqual([command, 1]);
      expect(err).toContain(join(served.folder, 'http.token'));
    }
    writeFileSync(join(other, 'http.token'), 'b'.repeat(43), { mode: 0o600 });
    const { code, err } = await strat('kill', '--url', served.url, '--home', other);
    expect(code).toBe(1);
    expect(err).toContain('did not accept the token');
    expect(err).not.toContain('bbb');
    expect(served.bot.commands).toEqual([]);
    rmSync(other, { recursive: true });
  });

  test('wrong usage is exit 2', async () => {
    for (const argv of [
      ['pause', 'a', 'b'],
      ['status', 'a'],
      ['pause', '--force'],
      ['kill', '--wait', '0'],
    ])
      expect([argv, (await strat(...argv)).code]).toEqual([argv, 2]);
  });
});

describe('strat kill', () => {
  test('flattens, waits until positions are closed, then stops', async () => {
    const served = await serve();
    setTimeout(() => served.bot.setQty(0), 600);
    const { code, out } = await strat('kill', ...at(served));
    expect(code).toBe(0);
    expect(served.bot.commands).toEqual(['flatten *', 'stop reversion', 'stop trend']);
    expect(out).toBe('Stopped: reversion, trend\n');
    const again = await strat('kill', ...at(served));
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/every strategy has ended.*\nNothing was running\n$/);
  });

  test('stops no strategy that still holds a position, and says so with exit 3', async () => {
    const served = await serve();
    const { code, out } = await strat('kill', '--wait', '1', ...at(served));
    expect(code).toBe(3);
    expect(out).toContain('Stopped: reversion');
    expect(out).toContain('Not flat yet, so paused and not stopped: trend');
    expect(served.bot.commands).toEqual(['flatten *', 'stop reversion']);
  });

  test('of one strategy leaves the others alone', async () => {
    const served = await serve();
    expect(await strat('kill', 'reversion', '--json', ...at(served))).toMatchObject({ code: 0 });
    expect(served.bot.commands).toEqual(['flatten reversion', 'stop reversion']);
  });

  test('--now stops at once and names the positions that nobody watches', async () => {
    const served = await serve();
    const { code, out } = await strat('kill', '--now', ...at(served));
    expect(code).toBe(3);
    expect(out).toContain('OPEN POSITIONS that nothing watches any more: trend');
    expect(served.bot.commands).toEqual(['stop *']);
  });
});

describe('without a bot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strat-nobody-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const endpoint = (value: unknown): void =>
    writeFileSync(join(folder, 'http.json'), typeof value === 'string' ? value : JSON.stringify(value));
  /** A process that has ended. */
  const GONE = 2 ** 22 + 1;

  test.for([
    { what: 'no file', value: null, says: 'No bot is running' },
    { what: 'a broken file', value: '{"url":', says: 'No bot is running' },
    { what: 'a file of another form', value: { url: 1, pid: 'x' }, says: 'No bot is running' },
    { what: 'a file of a process that is gone', value: { url: 'http://127.0.0.1:9', pid: GONE }, says: 'No bot is running' },
    {
      what: 'a process that no longer listens',
      value: { url: 'http://127.0.0.1:9', pid: process.pid },
      says: 'nothing listens there|the connection failed',
    },
    { what: 'an address elsewhere', value: { url: 'http://192.0.2.1:8787', pid: process.pid }, says: 'no address of this machine' },
  ])('$what is exit 3 with what to do', async ({ value, says }) => {
    rmSync(join(folder, 'http.json'), { force: true });
    if (value !== null) endpoint(value);
    for (const command of ['status', 'pause', 'kill']) {
      const { code, out, err } = await strat(command, '--home', folder);
      expect([command, code, out]).toEqual([command, 3, '']);
      expect(err).toMatch(new RegExp(says));
      expect(err).not.toMatch(/^\s+at /m);
    }
  });

  test.for([
    'http://192.0.2.1:80',
    'https://127.0.0.1:1',
    'http://127.0.0.1@evil.example',
    'file:///etc/passwd',
    'nonsense',
    'http://127.0.0.1:1/other',
  ])('the token is sent to no other place than this machine: %s', async (url) => {
    writeFileSync(join(folder, 'http.token'), 'c'.repeat(43), { mode: 0o600 });
    const { code, err } = await strat('pause', '--url', url, '--home', folder);
    expect(code).toBe(3);
    expect(err).toContain('no address of this machine');
  });

  test.for([
    { body: 'hello', type: 'text/plain', says: 'no JSON' },
    { body: '{"a":1}', type: 'application/json', says: 'is missing' },
    { body: '[]', type: 'application/json', says: 'expected an object' },
  ])('another program that answers $body is told from a bot', async ({ body, type, says }) => {
    const other = createServer((_, response) => response.writeHead(200, { 'Content-Type': type, Connection: 'close' }).end(body));
    const port = await listenOnFreePort(other);
    const { code, err } = await strat('status', '--url', `http://127.0.0.1:${port}`, '--home', folder);
    other.close();
    expect(code).toBe(3);
    expect(err).toMatch(new RegExp(`no bot of this version.*${says}`));
  });
});
