import { afterAll, beforeAll, describe, expect, test, onTestFinished } from 'vitest';
import { MAX_COMMAND_BYTES } from '#core/http/request-body.ts';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

const json = async (response: Response) => JSON.parse(await response.text());
const codeOf = async (response: Response): Promise<unknown> => (await json(response)).error?.code;

describe('who may talk to the bot', () => {
  let served: ServedBot;
  beforeAll(async () => {
    served = await serveBot();
  });
  afterAll(async () => served.dispose());

  const status = async (lines: readonly string[]): Promise<string> => {
    const answer = await served.raw(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
    const code = /"code":"(\w+)"/.exec(answer)?.[1];
    return `${answer.slice(9, 12)}${code === undefined ? '' : ` ${code}`}`;
  };

  test.for(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('the host name %s with the port is served', async (name) => {
    expect(await status(['GET /api/v1/health HTTP/1.1', `Host: ${name}:${served.port}`])).toBe('200');
  });

  test.for([
    ['a name that was rebound', ['Host: evil.example:PORT']],
    ['no port', ['Host: 127.0.0.1']],
    ['another port', ['Host: 127.0.0.1:1']],
    ['a name that begins like ours', ['Host: localhost.evil.example:PORT']],
    ['a user in front', ['Host: localhost:PORT@evil.example']],
    ['the address of the network', ['Host: 0.0.0.0:PORT']],
    ['two hosts', ['Host: 127.0.0.1:PORT', 'Host: evil.example']],
    ['an empty host', ['Host:']],
  ] as const)('%s is refused, for the API and for the page', async ([, headers]) => {
    const filled = headers.map((line) => line.replace('PORT', String(served.port)));
    for (const path of ['/', '/api/v1/health', '/api/v1/events', '/nowhere']) {
      expect([path, await status([`GET ${path} HTTP/1.1`, ...filled])]).toEqual([
        path,
        expect.stringMatching(/^(403 HOST_REFUSED|400.*)$/),
      ]);
    }
  });

  test('a whole address in the request line does not stand in for the host', async () => {
    expect(await status([`GET http://127.0.0.1:${served.port}/api/v1/health HTTP/1.1`, 'Host: evil.example'])).toBe('403 HOST_REFUSED');
    expect(await status(['GET http://evil.example/api/v1/health HTTP/1.1', `Host: 127.0.0.1:${served.port}`])).toBe('400 URL_INVALID');
  });

  test.for([
    'https://evil.example',
    'null',
    'http://127.0.0.1:1',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT',
    'http://127.0.0.1:PORT.evil.example',
  ])('a command from a page of %s is refused, with the right token too', async (origin) => {
    const before = served.bot.commands.length;
    const response = await served.post('/api/v1/pause', { all: true }, { Origin: origin.replace('PORT', String(served.port)) });
    expect([response.status, await codeOf(response)]).toEqual([403, 'ORIGIN_REFUSED']);
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
    expect(served.bot.commands.length).toBe(before);
  });

  test('the page of the bot itself may command', async () => {
    const response = await served.post('/api/v1/pause', { strategy: 'trend' }, { Origin: served.url, 'Sec-Fetch-Site': 'same-origin' });
    expect(response.status).toBe(200);
  });

  test('a page of another site may not even read', async () => {
    const lines = ['GET /api/v1/status HTTP/1.1', `Host: 127.0.0.1:${served.port}`];
    expect(await status([...lines, 'Sec-Fetch-Site: cross-site'])).toBe('403 ORIGIN_REFUSED');
    expect(await status([...lines, 'Origin: https://evil.example'])).toBe('403 ORIGIN_REFUSED');
    expect(await status([...lines, 'Sec-Fetch-Site: same-origin'])).toBe('200');
  });

  test('a preflight is not answered with leave', async () => {
    const response = await served.get('/api/v1/pause', { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'POST' } });
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([405, null]);
  });

  test.for([
    { authorization: undefined, code: 'TOKEN_MISSING' },
    { authorization: 'TOKEN', code: 'TOKEN_MISSING' },
    { authorization: 'Basic TOKEN', code: 'TOKEN_MISSING' },
    { authorization: 'Bearer ', code: 'TOKEN_MISSING' },
    { authorization: 'Bearer TOKENx', code: 'TOKEN_WRONG' },
    { authorization: 'Bearer tokenabc', code: 'TOKEN_WRONG' },
    { authorization: `Bearer ${'x'.repeat(8000)}`, code: 'TOKEN_WRONG' },
  ])('Authorization $authorization is refused as $code', async ({ authorization, code }) => {
    const own = await serve();
    const response = await own.get('/api/v1/stop', {
      method: 'POST',
      body: '{"all":true}',
      headers: {
        'Content-Type': 'application/json',
        ...(authorization === undefined ? {} : { Authorization: authorization.replace('TOKEN', own.token) }),
      },
    });
    expect([response.status, await codeOf(response)]).toEqual([401, code]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="strat"');
    expect(own.bot.commands).toEqual([]);
  });

  test('every command needs the token', async () => {
    const own = await serve();
    for (const path of ['pause', 'resume', 'flatten', 'stop', 'reload']) {
      const response = await own.get(`/api/v1/${path}`, {
        method: 'POST',
        body: '{"all":true}',
        headers: { 'Content-Type': 'application/json' },
      });
      expect([path, response.status]).toEqual([path, 401]);
    }
    expect(own.bot.commands).toEqual([]);
  });

  test('after ten wrong tokens further ones must wait, and the right one is still served', async () => {
    const own = await serve();
    const wrong = async (): Promise<Response> => own.post('/api/v1/stop', { all: true }, { Authorization: 'Bearer wrong' });
    const codes: unknown[] = [];
    for (let i = 0; i < 12; i++) codes.push(await codeOf(await wrong()));
    expect(codes).toEqual([...Array(10).fill('TOKEN_WRONG'), 'TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
    const limited = await wrong();
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(own.bot.commands).toEqual([]);
    expect((await own.post('/api/v1/pause', { all: true })).status).toBe(200);
  });

  test.for(['token', 'access_token', 'Authorization', 'api_key', 'auth'])(
    'a token as ?%s= is refused and kept out of the log',
    async (name) => {
      const own = await serve();
      for (const method of ['GET', 'POST']) {
        const response = await own.get(`/api/v1/status?${name}=${own.token}`, { method });
        expect([response.status, await codeOf(response)]).toEqual([400, 'TOKEN_IN_URL']);
      }
      expect((await own.post(`/api/v1/stop?${name}=${own.token}`, { all: true })).status).toBe(400);
      expect(own.bot.commands).toEqual([]);
    },
  );

  test('no line of the log and no answer holds the token, wherever it was sent', async () => {
    const own = await serve();
    const answers = await Promise.all([
      own.get(`/api/v1/status?token=${own.token}`),
      own.get(`/${own.token}`),
      own.get(`/api/v1/strategies/${own.token}`),
      own.post('/api/v1/pause', { strategy: 'trend' }),
      own.post('/api/v1/pause', { all: true }, { Authorization: `Bearer ${own.token}x` }),
    ]);
    const texts = await Promise.all(answers.slice(0, 2).map(async (answer) => answer.text()));
    await own.closeHttp();
    expect(own.lines.filter(({ message }) => message === 'request').length).toBe(5);
    expect(JSON.stringify(own.lines)).not.toContain(own.token);
    expect(texts.join('')).not.toContain(own.token);
  });

  test('a command is logged with what, on what, by whom and how it ended; a read only for debugging', async () => {
    const own = await serve();
    await own.post('/api/v1/pause', { strategy: 'trend' });
    await own.post('/api/v1/resume', { all: true });
    await own.post('/api/v1/pause', { strategy: 'nobody' });
    await (await own.get('/api/v1/status')).text();
    await own.closeHttp();
    const audit = own.lines.filter(({ fields }) => 'audit' in fields);
    expect(audit.map(({ level, fields: { audit: what, strategy, ok } }) => [level, what, strategy, ok])).toEqual([
      ['info', 'pause', 'trend', true],
      ['info', 'resume', 'all', true],
      ['info', 'pause', 'nobody', false],
    ]);
    for (const { fields } of audit) expect(fields['remote']).toMatch(/^127\.0\.0\.1:\d+$/);
    const reads = own.lines.filter(({ fields }) => fields['path'] === '/api/v1/status');
    expect(reads.map(({ level, fields: { status: code } }) => [level, code])).toEqual([['debug', 200]]);
  });
});

describe('hostile bodies', () => {
  let served: ServedBot;
  beforeAll(async () => {
    served = await serveBot();
  });
  afterAll(async () => served.dispose());

  test.for([
    '{}',
    '{"__proto__":{"all":true}}',
    '{"__proto__":{"strategy":"trend"},"x":1}',
    '{"constructor":{"prototype":{"strategy":"trend"}}}',
    '{"strategy":"trend","__proto__":{}}',
    '{"strategy":{"toString":"trend"}}',
    '{"strategy":["trend"]}',
    '{"strategy":1e999}',
    '{"strategy":null}',
    '{"strategy":""}',
    '{"strategy":true}',
    '{"all":1}',
    '{"all":false}',
    '{"all":"true"}',
    '{"all":1e999}',
    '{"strategy":"trend","all":true}',
    '{"strategy":"trend","extra":1}',
    '{"stratgy":"trend"}',
    '[]',
    '[{"all":true}]',
    `{"strategy":"${'x'.repeat(300)}"}`,
  ])('%s is refused as BODY_INVALID', async (body) => {
    const response = await served.post('/api/v1/stop', body);
    expect([response.status, await codeOf(response)]).toEqual([400, 'BODY_INVALID']);
  });

  test.for(['{', '', 'all', '"all"', '1e999', 'null', 'true', '{"all":true}{', "{'all':true}", '{"all":NaN}', '\u0000', '{"all":true,}'])(
    'the text %j is refused as no JSON object',
    async (body) => {
      const response = await served.post('/api/v1/stop', body);
      expect([response.status, await codeOf(response)]).toEqual([400, expect.stringMatching(/^BODY_(NOT_JSON|INVALID)$/)]);
    },
  );

  test.for([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../etc/passwd',
    'dHJlbmQ=',
    'strategies/trend.strat',
    'trend\u0000',
    'TREND',
    ' trend',
  ])('the strategy %j does not exist', async (strategy) => {
    const response = await served.post('/api/v1/stop', { strategy });
    expect([response.status, await codeOf(response)]).toEqual([404, 'STRATEGY_UNKNOWN']);
    const read = await served.get(`/api/v1/strategies/${encodeURIComponent(strategy)}`);
    expect(read.status).toBe(404);
    expect((await served.get(`/api/v1/candles?strategy=${encodeURIComponent(strategy)}`)).status).toBe(404);
    served.bot.commands.splice(0);
  });

  test('a body over 16 KB is refused, and one just under it is read', async () => {
    expect(MAX_COMMAND_BYTES).toBe(16 * 1024);
    const over = await served.post('/api/v1/stop', `{"all":true}${' '.repeat(MAX_COMMAND_BYTES)}`);
    expect([over.status, await codeOf(over)]).toEqual([413, 'BODY_TOO_LARGE']);
    const under = await served.post('/api/v1/stop', `{"all":0}${' '.repeat(MAX_COMMAND_BYTES - 9)}`);
    expect([under.status, await codeOf(under)]).toEqual([400, 'BODY_INVALID']);
  });

  test('a huge body is refused before it is read, announced or in chunks', async () => {
    const head = `POST /api/v1/stop HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\nAuthorization: Bearer ${served.token}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    expect(await served.raw(`${head}Content-Length: 9999999999\r\n\r\n{`)).toContain('BODY_TOO_LARGE');
    const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`;
    expect(await served.raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`)).toContain('BODY_TOO_LARGE');
  });

  test('deep nesting is refused', async () => {
    const response = await served.post('/api/v1/stop', `{"strategy":${'['.repeat(8000)}${']'.repeat(8000)}}`);
    expect(response.status).toBe(400);
  });

  test.for([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
    'application/json, text/plain',
    '',
  ])('the type %j is refused', async (type) => {
    const response = await served.post('/api/v1/stop', '{"all":true}', { 'Content-Type': type });
    expect([response.status, await codeOf(response)]).toEqual([415, 'BODY_TYPE']);
  });

  test('a compressed body is refused', async () => {
    const response = await served.post('/api/v1/stop', '{"all":true}', { 'Content-Encoding': 'gzip' });
    expect([response.status, await codeOf(response)]).toEqual([415, 'BODY_TYPE']);
  });

  test.for(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'the type %j is read',
    async (type) => {
      const response = await served.post('/api/v1/stop', '{}', { 'Content-Type': type });
      expect(await codeOf(response)).toBe('BODY_INVALID');
    },
  );

  test('none of them did anything, and the bot still answers', async () => {
    expect(served.bot.commands).toEqual([]);
    expect((await served.get('/api/v1/health')).status).toBe(200);
    expect(Object.prototype).not.toHaveProperty('strategy');
  });

  test('broken requests do not end the server', async () => {
    const host = `Host: 127.0.0.1:${served.port}`;
    for (const text of [
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET / HTTP/1.1\r\n${host}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      `GET /${'x'.repeat(5000)} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
      `POST /api/v1/stop HTTP/1.1\r\n${host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET /api/v1/strategies/%E0%A4%A HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
    ]) {
      expect(await served.raw(text)).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
  });
});
