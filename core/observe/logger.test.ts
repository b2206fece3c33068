import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StratError } from '#core/errors/strat-error.ts';
import { createLogger, type Logger, type LoggerSettings } from './logger.ts';

/** Planted: it must be in no line, however it got there. */
const CANARY = 'cAnArY-5f0c2b9e77';

function capture(settings: LoggerSettings = {}): {
  readonly log: Logger;
  readonly text: () => string;
  readonly lines: () => Record<string, unknown>[];
} {
  let text = '';
  const log = createLogger({ ...settings, destination: { write: (line) => (text += line) } });
  const lines = (): Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, text: () => text, lines };
}

describe('a log line', () => {
  test('is one JSON object with level, time, fields and message', () => {
    const { log, lines, text } = capture();
    log.info({ market: 'BTC/USDT', qty: 0.5 }, 'order filled');
    log.warn('second');
    expect(text().match(/\n/g)).toHaveLength(2);
    expect(lines()[0]).toMatchObject({ level: 'info', market: 'BTC/USDT', qty: 0.5, msg: 'order filled', pid: process.pid });
    expect(lines()[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines()[1]).toMatchObject({ level: 'warn', msg: 'second' });
  });

  test('below the level is not written', () => {
    const { log, text } = capture({ level: 'warn' });
    log.info('quiet');
    expect(text()).toBe('');
  });

  test('of a child has the fields of the child', () => {
    const { log, lines } = capture();
    log.child({ strategy: 'sma-cross' }).child({ run: 7 }).info('start');
    expect(lines()[0]).toMatchObject({ strategy: 'sma-cross', run: 7, msg: 'start' });
  });

  test('keeps code, data and the whole chain of causes of an error', () => {
    const { log, lines } = capture();
    const root = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
    const middle = new Error('open failed', { cause: root });
    log.error({ err: new StratError('FILE_UNREADABLE', { file: 'a.csv', reason: 'it is not there' }, { cause: middle }) }, 'no data');
    expect(lines()[0]?.['err']).toMatchObject({
      type: 'StratError',
      code: 'FILE_UNREADABLE',
      data: { file: 'a.csv', reason: 'it is not there' },
      message: 'Cannot read "a.csv": it is not there. Check the path and its permissions',
      cause: { type: 'Error', message: 'open failed', cause: { message: 'ENOENT: no such file', code: 'ENOENT' } },
    });
    expect(lines()[0]).toHaveProperty('err.stack', expect.stringContaining('logger.test.ts'));
  });

  test('survives circles, depth, big integers, typed arrays and many errors', () => {
    const { log, lines } = capture();
    const circle: Record<string, unknown> = { n: 1n, bytes: new Uint8Array(4) };
    circle['self'] = circle;
    const error = new Error('loop');
    error.cause = error;
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 50; i++) deep = { deep };
    log.info({ circle, err: error, deep, many: new AggregateError([new Error('one')], 'all') }, 'odd');
    expect(lines()[0]).toMatchObject({
      circle: { n: '1', self: '[circular]' },
      err: { cause: '[circular]' },
      many: { errors: [{ message: 'one' }] },
    });
  });
});

describe('a secret', () => {
  const cause = new Error(`GET https://user:${CANARY}@venue.example/order?signature=${CANARY} failed`);
  const planted: readonly (readonly [string, (log: Logger) => void])[] = [
    ['in a field', (log) => log.info({ apiKey: CANARY }, 'x')],
    [
      'in a field of another spelling',
      (log) => log.info({ api_key: CANARY, 'X-MBX-APIKEY': CANARY, clientSecret: CANARY, API_SECRET: CANARY }, 'x'),
    ],
    ['in a deep field', (log) => log.info({ a: { b: [{ c: { d: { passphrase: CANARY } } }] } }, 'x')],
    ['below a secret name', (log) => log.info({ secret: { value: CANARY, more: [CANARY] } }, 'x')],
    ['in the fields of a child', (log) => log.child({ token: CANARY, venue: { privateKey: CANARY } }).info('x')],
    ['in headers', (log) => log.info({ headers: { Authorization: `Bearer ${CANARY}`, Cookie: `sid=${CANARY}` } }, 'x')],
    ['in a map', (log) => log.info({ env: new Map([['password', CANARY]]) }, 'x')],
    ['in the message', (log) => log.info(`login with password=${CANARY}`)],
    ['in an address', (log) => log.info({ url: `wss://bot:${CANARY}@venue.example/ws` }, 'x')],
    ['in a query', (log) => log.info({ url: new URL(`https://venue.example/api?symbol=BTC&apiKey=${CANARY}&token=${CANARY}`) }, 'x')],
    ['in a body of JSON', (log) => log.info({ body: JSON.stringify({ apiKey: CANARY, nested: JSON.stringify({ secret: CANARY }) }) }, 'x')],
    ['in an error', (log) => log.error({ err: cause }, 'x')],
    ['in an error that is the only argument', (log) => Reflect.apply(log.error, log, [cause])],
    ['in a cause', (log) => log.error({ err: new Error('outer', { cause: new Error('middle', { cause }) }) }, 'x')],
    [
      'in the data of an error',
      (log) => log.error({ err: new StratError('FILE_UNREADABLE', { file: `https://${CANARY}@host/a.csv`, reason: 'no' }) }, 'x'),
    ],
    ['in an error under another name', (log) => log.error({ failure: { reason: cause } }, 'x')],
    ['in a webhook', (log) => log.info({ hook: `https://chat.example/api/webhooks/123456/${CANARY}` }, 'x')],
    ['in a private key', (log) => log.info({ pem: `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----` }, 'x')],
  ];

  test.for(planted)('%s is not written', ([, write]) => {
    for (const pretty of [false, true]) {
      const { log, text } = capture({ pretty });
      write(log);
      expect(text()).not.toBe('');
      expect(text()).toContain('[redacted]');
      expect(text()).not.toContain(CANARY);
    }
  });

  test('leaves the rest of the line readable', () => {
    const { log, lines } = capture();
    log.info({ url: `https://u:${CANARY}@venue.example/order?symbol=BTC&signature=${CANARY}&side=buy` }, 'sent');
    expect(lines()[0]?.['url']).toBe('https://[redacted]@venue.example/order?symbol=BTC&signature=[redacted]&side=buy');
  });

  test('is not seen where there is none', () => {
    const { log, lines } = capture();
    log.info({ strategy: 'sma-cross', keys: 3, tokens: 12, note: 'Unexpected token: found "}"' }, 'monkey business at 12:30');
    expect(lines()[0]).toMatchObject({
      strategy: 'sma-cross',
      keys: 3,
      tokens: 12,
      note: 'Unexpected token: found "}"',
      msg: 'monkey business at 12:30',
    });
  });
});

describe('the log goes', () => {
  const run = (code: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['--input-type=module', '-e', `import { createLogger } from '#core/observe/logger.ts';\n${code}`], {
      encoding: 'utf8',
      timeout: 15_000,
    });

  test('to stderr, as JSON when that is no terminal, and stdout stays free', () => {
    const { status, stdout, stderr } = run("createLogger().info({ a: 1 }, 'hello');");
    expect(status).toBe(0);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ a: 1, msg: 'hello' });
  });

  test('completely, though the process exits in the next statement, pretty or not', () => {
    for (const pretty of [true, false]) {
      const { stderr } = run(
        `const log = createLogger({ pretty: ${pretty} });\nfor (let i = 0; i < 500; i++) log.info({ i }, 'line');\nprocess.exit(0);`,
      );
      expect(stderr.match(/line/g)).toHaveLength(500);
    }
  });

  test('to a file, to which it appends', () => {
    const folder = mkdtempSync(join(tmpdir(), 'strat-log-'));
    const file = join(folder, 'logs/strat.log');
    for (const message of ['first', 'second']) createLogger({ destination: file }).info(message);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['first', 'second']);
    rmSync(folder, { recursive: true });
  });

  test('in lines for people when asked', () => {
    const { log, text } = capture({ pretty: true });
    log.warn({ market: 'BTC/USDT' }, 'order refused');
    expect(text()).toMatch(/WARN.*order refused/);
    expect(text()).toContain('market: "BTC/USDT"');
    expect(text()).not.toContain('{"level"');
  });
});
