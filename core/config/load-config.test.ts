import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { LOG_LEVELS } from '#core/observe/logger.ts';
import { configError } from './config-error.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { findingLine } from './finding.ts';
import { loadConfig, pluginFolders } from './load-config.ts';
import { SECTIONS } from './schema.ts';
import { ConfigFile } from './testing/load-text.ts';
import { PLUGIN_SCHEMAS } from './testing/plugin-schemas.ts';

const file = new ConfigFile();
afterAll(() => file.close());

/** The config, or a failure with all findings. */
function good(text: string, env: Environment = {}): Config {
  const result = file.load(text, env);
  if (!result.ok) throw new Error(result.error.map((finding) => findingLine('strat.yaml', finding)).join('\n'));
  return result.value;
}

const FULL = `
account: { capital: 5000 }
costs: { fee: 10bp, slippage: 0% }
http: { enabled: false, host: "::1", port: 0 }
log: { level: debug }
plugins: { folders: [more, /opt/plugins] }
exchanges:
  demo: { use: exchange/sim, speed: 50 }
  past: { use: exchange/replay, files: [data/x.csv] }
risk:
  - { use: risk/max-position, maxShare: 20% }
notifiers: []
strategies:
  - file: mine/trend.strat
    exchange: past
    capital: 700
    timeframe: 4h
    params: { fast: 20, limit: 3%, wait: 30m, on: true, exact: 0.10, name: "x y" }
  - { file: ./other.strat, id: second, exchange: demo }
`;

describe('a config file', () => {
  test('gives every key, paths from its folder, and params as written', () => {
    const config = good(FULL);
    expect(config).toMatchObject({
      file: file.path,
      folder: file.folder,
      account: { capital: 5000 },
      costs: { fee: '10bp', slippage: '0%' },
      http: { enabled: false, host: '::1', port: 0 },
      log: { level: 'debug' },
      plugins: { folders: [resolve(file.folder, 'more'), '/opt/plugins'] },
      risk: [{ use: 'risk/max-position', config: { maxShare: '20%' }, secrets: [] }],
      notifiers: [],
    });
    expect([...config.exchanges]).toEqual([
      ['demo', { use: 'exchange/sim', config: { seed: 7, speed: 50 }, secrets: [], costs: {} }],
      ['past', { use: 'exchange/replay', config: { files: ['data/x.csv'], speed: 'max' }, secrets: [], costs: {} }],
    ]);
    const [first, second] = config.strategies;
    expect(first).toMatchObject({
      id: 'trend',
      file: 'mine/trend.strat',
      path: resolve(file.folder, 'mine/trend.strat'),
      exchange: 'past',
      capital: 700,
      timeframe: '4h',
    });
    expect([...(first?.params ?? [])]).toEqual([
      ['fast', '20'],
      ['limit', '3%'],
      ['wait', '30m'],
      ['on', 'true'],
      ['exact', '0.10'],
      ['name', 'x y'],
    ]);
    expect(second).toMatchObject({ id: 'second', capital: 5000, timeframe: null, exchange: 'demo' });
  });

  test.for(['', '\n\n', '# only a note\n', '\uFEFF# with a byte order mark', '{}', 'http: {}'])(
    'with nothing in it (%j) is the demo',
    (text) => {
      const config = good(text);
      expect(config.strategies.map(({ id, exchange }) => [id, exchange])).toEqual([
        ['sma-cross', 'demo'],
        ['rsi-reversion', 'demo'],
      ]);
      expect([...config.exchanges.values()]).toEqual([{ use: 'exchange/sim', config: { seed: 53, speed: 10 }, secrets: [], costs: {} }]);
      expect(config.notifiers.map(({ use }) => use)).toEqual(['notifier/console']);
      expect(config).toMatchObject({
        account: { capital: 10_000 },
        costs: { fee: '0.1%', slippage: '0.05%' },
        http: { enabled: true, host: '127.0.0.1', port: 8321 },
        log: { level: 'info' },
      });
    },
  );

  test('means the same with CR LF, a byte order mark, and as JSON', () => {
    const { sha256: _, ...plain } = good(FULL);
    for (const text of [FULL.replaceAll('\n', '\r\n'), `\uFEFF${FULL}`])
      expect({ ...good(text), sha256: null }).toEqual({ ...plain, sha256: null });
    expect(good('{"http": {"port": 1}, "strategies": []}').http.port).toBe(1);
  });

  test('with exchanges of its own runs no strategy that it does not name', () => {
    expect(good('exchanges: { mine: { use: exchange/sim } }').strategies).toEqual([]);
    expect(good('strategies: [{ file: a.strat }]').strategies).toMatchObject([{ exchange: 'demo' }]);
  });

  test('is frozen to the last leaf', () => {
    const config = good(FULL);
    const attempts: readonly (() => unknown)[] = [
      () => Object.assign(config, { http: null }),
      () => Object.assign(config.http, { port: 1 }),
      () => Object.assign(config.strategies, { length: 0 }),
      () => Object.assign(config.exchanges.get('demo')?.config ?? {}, { seed: 1 }),
      () => (config.exchanges as Map<string, unknown>).set('x', 1),
      () => (config.exchanges as Map<string, unknown>).delete('demo'),
      () => (config.strategies[0]?.params as Map<string, string> | undefined)?.clear(),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(TypeError);
  });

  test('an anchor gives its value again', () => {
    const config = good('exchanges: { a: &sim { use: exchange/sim, seed: 3 }, b: *sim }');
    expect([...config.exchanges.values()].map((use) => use.config['seed'])).toEqual([3, 3]);
  });

  test('its log levels are those of the logger', () => {
    expect(SECTIONS.log.properties.level.enum).toEqual(LOG_LEVELS);
  });
});

test('without a file the demo runs, with strategies that exist', async () => {
  const result = loadConfig({ path: null, env: {}, pluginSchemas: PLUGIN_SCHEMAS });
  if (!result.ok) throw configError(null, result.error);
  const { existsSync } = await import('node:fs');
  expect(result.value).toMatchObject({ file: null, folder: process.cwd(), sha256: null });
  expect(result.value.strategies.map(({ path }) => existsSync(path))).toEqual([true, true]);
});

describe('the environment', () => {
  test.for([
    ['STRAT_HTTP__PORT', '8080', (config: Config) => config.http.port, 8080],
    ['STRAT_HTTP__ENABLED', 'false', (config: Config) => config.http.enabled, false],
    ['strat_http__port', '1', (config: Config) => config.http.port, 1],
    ['STRAT_COSTS__FEE', '0.2%', (config: Config) => config.costs.fee, '0.2%'],
    ['STRAT_EXCHANGES__DEMO__COSTS__FUNDING_EVERY', '4h', (config: Config) => config.exchanges.get('demo')?.costs.fundingEvery, '4h'],
    ['STRAT_ACCOUNT__LEVERAGE', '3', (config: Config) => config.strategies[0]?.margin.leverage, 3],
    ['STRAT_ACCOUNT__CAPITAL', '1e3', (config: Config) => config.account.capital, 1000],
    ['STRAT_EXCHANGES__DEMO__SEED', '9', (config: Config) => config.exchanges.get('demo')?.config['seed'], 9],
    ['STRAT_PLUGINS__FOLDERS__0', '/p', (config: Config) => config.plugins.folders, ['/p']],
    ['STRAT_STRATEGIES__1__CAPITAL', '5', (config: Config) => config.strategies[1]?.capital, 5],
    ['STRAT_STRATEGIES__0__PARAMS__FAST', '3%', (config: Config) => config.strategies[0]?.params.get('fast'), '3%'],
    ['STRAT_STRATEGIES__0__PARAMS__LOW_MARK', '0.10', (config: Config) => config.strategies[0]?.params.get('low_mark'), '0.10'],
    ['STRAT_STRATEGIES__0__TIMEFRAME', '"15m"', (config: Config) => config.strategies[0]?.timeframe, '15m'],
  ] as const)('%s=%s sets its key', ([name, value, read, expected]) => expect(read(good('', { [name]: value }))).toEqual(expected));

  test('wins over the file, and matches keys of the file whatever their case', () => {
    const text =
      'http: { port: 1 }\nexchanges: { My-Venue: { use: exchange/sim } }\nstrategies: [{ file: a.strat, params: { maxShare: 1% } }]\n';
    const config = good(text, {
      STRAT_HTTP__PORT: '2',
      STRAT_EXCHANGES__MY_VENUE__SPEED: '3',
      STRAT_STRATEGIES__0__PARAMS__MAXSHARE: '4%',
    });
    expect(config.http.port).toBe(2);
    expect(config.exchanges.get('My-Venue')?.config['speed']).toBe(3);
    expect([...(config.strategies[0]?.params ?? [])]).toEqual([['maxShare', '4%']]);
  });

  test('names that are no config are left alone', () => {
    const env = {
      STRAT_HOME: 'x',
      STRAT_DEBUG: '1',
      STRAT_TEST_INSTALL: '1',
      STRAT_FC_SEED: '3',
      STRAT_KEEP_REPORTS: 'x',
      STRAT_UNSET: undefined,
      PATH: '/bin',
      STRATEGY: 'x',
    };
    expect(good('', env).http.port).toBe(8321);
  });

  test.for([
    ['STRAT_HTTP__PROT', '1', 'STRAT_HTTP__PROT: http has no "PROT"', 'did you mean "PORT"?'],
    ['STRAT_HTPP__PORT', '1', 'STRAT_HTPP__PORT: the config has no "HTPP"', 'did you mean "HTTP"?'],
    ['STRAT_', '1', 'STRAT_: the config has no ""', null],
    ['STRAT_HTTP____PORT', '1', 'http has no ""', null],
    ['STRAT_HTTP_PORT', '8080', 'the config has no "HTTP_PORT"', null],
    ['STRAT_EXCHANGES__OTHER__SEED', '1', 'exchanges has no "OTHER"', 'there are: DEMO'],
    ['STRAT_EXCHANGES__DEMO__SEDE', '1', 'exchanges.demo has no "SEDE"', 'did you mean "SEED"?'],
    ['STRAT_STRATEGIES__7__CAPITAL', '1', 'strategies has no "7"', 'there are: 0, 1'],
    ['STRAT___PROTO____X', '1', 'the config has no ""', null],
    ['STRAT_CONSTRUCTOR', '1', 'the config has no "CONSTRUCTOR"', null],
    ['STRAT_HTTP__PORT', 'x', 'STRAT_HTTP__PORT: must be a whole number from 0 to 65535, found "x"', null],
    ['STRAT_HTTP__PORT', '1e999', 'found "1e999"', null],
    ['STRAT_HTTP__PORT', '', 'found nothing', null],
    ['STRAT_HTTP__PORT', '[1]', 'must be a single text, number', null],
    ['STRAT_HTTP', '5', 'must be a mapping', null],
    ['STRAT_HTTP__PORT__X', '1', 'has no "X"', null],
  ] as const)('%s=%s is refused', ([name, value, message, hint]) => {
    const result = file.load('', { [name]: value });
    const text = result.ok ? 'accepted' : result.error.map((finding) => `${finding.message} (${finding.hint})`).join('\n');
    expect(text).toContain(message);
    expect(text).toContain(hint ?? '');
    expect(result.ok ? [] : result.error.map(({ line }) => line)).toEqual([null]);
  });
});

test('a text in place of a file is read, checked and overridden alike, and starts in the working directory', () => {
  const text = 'plugins: { folders: [a] }\nhttp: { port: 1 }\n';
  const load = (source: string): ReturnType<typeof loadConfig> =>
    loadConfig({ path: null, text: source, env: { STRAT_HTTP__PORT: '2' }, pluginSchemas: PLUGIN_SCHEMAS });
  expect(load(text)).toMatchObject({ ok: true, value: { file: null, folder: process.cwd(), http: { port: 2 } } });
  expect(load('http:\n  prot: 1')).toMatchObject({ ok: false, error: [{ line: 2, column: 3, path: 'http.prot' }] });
  expect(pluginFolders({ path: null, text, env: {} })).toEqual([resolve('a')]);
});

test('the folders of plugins are known before their schemas, and a broken file has none', () => {
  const write = (text: string, env: Environment = {}): readonly string[] => {
    file.load(text);
    return pluginFolders({ path: file.path, env });
  };
  expect(write('plugins: { folders: [a] }\nexchanges: { x: { use: exchange/unknown } }\n')).toEqual([resolve(file.folder, 'a')]);
  expect(write('http: { port: x }\nplugins: { folders: [a] }', { STRAT_PLUGINS__FOLDERS__1: '/b' })).toEqual([
    resolve(file.folder, 'a'),
    '/b',
  ]);
  expect(write('plugins: { folders: 5 }')).toEqual([]);
  expect(write('plugins: [')).toEqual([]);
  expect(pluginFolders({ path: `${file.folder}/none.yaml`, env: {} })).toEqual([]);
});
