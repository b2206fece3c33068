import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test, onTestFinished } from 'vitest';
import { REFUSALS } from '#core/http/refusal.ts';
import { serveBot, type ServedBot, type ServedBotOptions } from '#core/http/testing/served-bot.ts';

/** A bot for one test. */
async function serve(options?: ServedBotOptions): Promise<ServedBot> {
  const served = await serveBot(options);
  onTestFinished(served.dispose);
  return served;
}

/** What issue 3 asks for, written down apart from the code. */
const READS = [
  'health',
  'status',
  'strategies',
  'strategies/{id}',
  'positions',
  'trades',
  'orders',
  'equity',
  'candles',
  'marks',
  'config',
  'events',
  'openapi.json',
];
const WRITES = ['pause', 'resume', 'flatten', 'stop', 'reload'];
const TOOLS = ['check', 'format', 'eval', 'explain', 'diff'].map((tool) => `tools/${tool}`);

const json = async (response: Response) => JSON.parse(await response.text());

/** The same schema without room for fields that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && inner['type'] === 'object' ? { additionalProperties: false, ...inner } : inner;
}

describe('the routes', () => {
  let served: ServedBot;
  let document: ReturnType<typeof JSON.parse>;
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });

  /** The schema that the document gives for an answer, compiled. */
  function answerSchema(method: 'get' | 'post', path: string, status: number): ValidateFunction {
    const responses = document.paths[path][method].responses;
    const schema = (responses[status] ?? responses.default).content['application/json'].schema;
    return ajv.compile(closed(schema.$ref === undefined ? schema : document.components.schemas.Error) as object);
  }

  beforeAll(async () => {
    served = await serveBot();
    document = await json(await served.get('/api/v1/openapi.json'));
  });
  afterAll(async () => served.dispose());

  test('are the ones of the OpenAPI document, and the other way round', () => {
    const documented = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const wanted = [...READS.map((path) => `get /${path}`), ...[...WRITES, ...TOOLS].map((path) => `post /${path}`)];
    expect(documented.toSorted()).toEqual(wanted.toSorted());
    expect(document.openapi).toBe('3.1.0');
  });

  test.for([
    ['/health', '/health'],
    ['/status', '/status'],
    ['/strategies', '/strategies'],
    ['/strategies/trend', '/strategies/{id}'],
    ['/strategies/reversion', '/strategies/{id}'],
    ['/positions', '/positions'],
    ['/trades', '/trades'],
    ['/trades?strategy=trend&limit=1', '/trades'],
    ['/orders', '/orders'],
    ['/orders?strategy=trend', '/orders'],
    ['/equity', '/equity'],
    ['/equity?strategy=trend&limit=2', '/equity'],
    ['/candles?strategy=trend', '/candles'],
    ['/candles?strategy=trend&limit=3', '/candles'],
    ['/candles?strategy=trend&market=sim:BTC/USDT', '/candles'],
    ['/marks?strategy=trend', '/marks'],
    ['/config', '/config'],
    ['/openapi.json', '/openapi.json'],
  ] as const)('GET %s answers as its schema says', async ([url, path]) => {
    const response = await served.get(`/api/v1${url}`);
    const body: unknown = await json(response);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const validate = answerSchema('get', path, 200);
    validate(body);
    expect(validate.errors).toBe(null);
  });

  test('every answer of an error is as the schema of errors says', async () => {
    const validate = answerSchema('get', '/trades', 400);
    for (const path of ['/trades?limit=0', '/strategies/nobody', '/nowhere', '/pause', '/candles']) {
      const response = await served.get(`/api/v1${path}`);
      validate(await json(response));
      expect([path, response.status >= 400, validate.errors]).toEqual([path, true, null]);
    }
  });

  test('a schema that an answer breaks is noticed', async () => {
    const body = await json(await served.get('/api/v1/status'));
    const validate = answerSchema('get', '/status', 200);
    expect(validate({ ...body, more: 1 })).toBe(false);
    expect(validate({ ...body, equity: '1' })).toBe(false);
    expect(validate({ ...body, mode: undefined })).toBe(false);
  });

  test('limit and strategy choose', async () => {
    const ids = async (query: string): Promise<number[]> =>
      (await json(await served.get(`/api/v1/trades${query}`))).trades.map(({ positionId }: { positionId: number }) => positionId);
    expect(await ids('')).toEqual([1, 2, 3, 4]);
    expect(await ids('?limit=2')).toEqual([3, 4]);
    expect(await ids('?strategy=trend')).toEqual([2, 4]);
    expect(await ids('?strategy=trend&limit=1')).toEqual([4]);
    const candles = await json(await served.get('/api/v1/candles?strategy=trend&limit=2'));
    expect(candles.candles.map(({ time }: { time: number }) => time / 3_600_000)).toEqual([4, 5]);
  });

  test('a position is worth its quantity times the way of its price', async () => {
    const { positions } = await json(await served.get('/api/v1/positions'));
    // 2 bought at 100, the last bar closed at 106
    expect(positions).toEqual([
      { strategy: 'trend', market: 'sim:BTC/USDT', side: 'long', qty: 2, avgPrice: 100, price: 106, profit: 12, stopLevel: 95 },
    ]);
    served.bot.setQty(-3);
    const short = (await json(await served.get('/api/v1/positions'))).positions;
    expect(short).toMatchObject([{ side: 'short', qty: 3, profit: -18 }]);
    served.bot.setQty(0);
    expect((await json(await served.get('/api/v1/positions'))).positions).toEqual([]);
    served.bot.setQty(2);
  });

  test('health is 503 and names the part while there is a problem', async () => {
    served.bot.setProblems([{ part: 'notifier/webhook', text: 'does not answer' }]);
    const response = await served.get('/api/v1/health');
    const body = await json(response);
    served.bot.setProblems([]);
    expect(response.status).toBe(503);
    expect(body).toMatchObject({ status: 'problems', problems: [{ part: 'notifier/webhook', text: 'does not answer' }] });
    const validate = answerSchema('get', '/health', 503);
    validate(body);
    expect(validate.errors).toBe(null);
    expect((await served.get('/api/v1/health')).status).toBe(200);
  });

  test.for(['pause', 'resume', 'flatten', 'stop'] as const)('POST %s reaches the bot, for one and for all', async (verb) => {
    const own = await serve();
    for (const body of [{ strategy: 'trend' }, { all: true }]) {
      const response = await own.post(`/api/v1/${verb}`, body);
      const done = await json(response);
      const validate = answerSchema('post', `/${verb}`, 200);
      validate(done);
      expect([response.status, validate.errors]).toEqual([200, null]);
    }
    expect(own.bot.commands).toEqual([`${verb} trend`, `${verb} *`]);
  });

  test('POST reload takes {} and no body', async () => {
    const own = await serve();
    expect((await own.post('/api/v1/reload', {})).status).toBe(200);
    const bare = await own.get('/api/v1/reload', { method: 'POST', headers: { Authorization: `Bearer ${own.token}` } });
    expect(bare.status).toBe(200);
    expect((await own.post('/api/v1/reload', { all: true })).status).toBe(400);
    expect(own.bot.commands).toEqual(['reload', 'reload']);
  });

  test('a command that the bot refuses is 409, with its words', async () => {
    const own = await serve();
    await own.post('/api/v1/stop', { strategy: 'trend' });
    const response = await own.post('/api/v1/resume', { strategy: 'trend' });
    expect(response.status).toBe(409);
    expect((await json(response)).error).toMatchObject({ code: 'COMMAND_REFUSED', message: 'trend has ended' });
  });

  test('a strategy that does not exist is 404 with the nearest name', async () => {
    const read = await served.get('/api/v1/strategies/trand');
    expect([read.status, (await json(read)).error.hint]).toEqual([404, 'Did you mean trend?']);
    const write = await served.post('/api/v1/pause', { strategy: 'revarsion' });
    expect([write.status, (await json(write)).error.hint]).toEqual([404, 'Did you mean reversion?']);
    const query = await served.get('/api/v1/trades?strategy=nothing-like-it');
    expect([query.status, (await json(query)).error.hint]).toEqual([404, 'The bot runs trend, reversion']);
  });

  test.for([
    '/trades?limit=0',
    '/trades?limit=-1',
    '/trades?limit=1e3',
    '/trades?limit=10001',
    '/trades?limit=1&limit=2',
    '/trades?limit=NaN',
    '/trades?__proto__=1',
    '/status?x=1',
    '/candles',
    '/events?since=3',
  ])('GET %s is refused', async (path) => {
    const response = await served.get(`/api/v1${path}`);
    expect([response.status, (await json(response)).error.code]).toEqual([400, 'QUERY_INVALID']);
  });

  test('a wrong method is 405 and says which is right', async () => {
    for (const path of READS.map((read) => read.replace('{id}', 'trend'))) {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const response = await served.get(`/api/v1/${path}`, { method });
        expect([path, method, response.status, response.headers.get('allow')]).toEqual([path, method, 405, 'GET, HEAD']);
      }
    }
    for (const path of [...WRITES, ...TOOLS]) {
      for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
        const response = await served.get(`/api/v1/${path}`, { method });
        expect([path, method, response.status, response.headers.get('allow')]).toEqual([path, method, 405, 'POST']);
      }
    }
    expect(served.bot.commands.filter((one) => !one.startsWith('pause'))).toEqual([]);
  });

  test.for([
    '/api/v1',
    '/api/v1/',
    '/api/v1/statuss',
    '/api/v2/status',
    '/api/v1/status/',
    '/API/v1/status',
    '/x.js',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('%s is 404 in JSON with a hint', async (path) => {
    const response = await served.get(path);
    const { error } = await json(response);
    expect([response.status, error.code]).toEqual([404, 'ROUTE_UNKNOWN']);
    expect(error.hint).not.toBe('');
  });

  test('a slip in a route is pointed out', async () => {
    expect((await json(await served.get('/api/v1/statuss'))).error.hint).toBe('Did you mean /api/v1/status?');
  });

  test('HEAD gives the head alone, and does not hang on the stream', async () => {
    for (const path of ['status', 'events']) {
      const response = await served.get(`/api/v1/${path}`, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
  });

  test('a fault inside is 500 without a word about the inside', async () => {
    const own = await serve();
    own.bot.breakReads();
    const response = await own.get('/api/v1/status');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text).error.code).toBe('INTERNAL');
    expect(text).not.toMatch(/secret|at .*:\d+|\.ts/);
    expect(own.lines.find(({ level }) => level === 'error')?.message).toBe('request failed');
  });

  test('docs/http.md names every route and every code of an error', () => {
    const page = readFileSync(new URL('../../docs/http.md', import.meta.url), 'utf8');
    expect([...READS, ...WRITES, ...TOOLS].filter((path) => !page.includes(`/${path}`))).toEqual([]);
    expect(Object.entries(REFUSALS).filter(([code, status]) => !page.includes(`| \`${code}\` | ${status} |`))).toEqual([]);
  });
});
