import { afterAll, describe, expect, test } from 'vitest';
import type { Config } from './config.ts';
import { configError } from './config-error.ts';
import { diffConfig } from './diff-config.ts';
import { redactConfig } from './redact-config.ts';
import { ConfigFile } from './testing/load-text.ts';
import { PLUGIN_SCHEMAS } from './testing/plugin-schemas.ts';

const file = new ConfigFile();
afterAll(() => file.close());

const MAIL = {
  type: 'object',
  properties: {
    to: { type: 'string' },
    password: { type: 'string' },
    pin: { type: 'string', writeOnly: true },
    deep: { type: 'object', properties: { key: { type: 'string', writeOnly: true } } },
  },
};
const SCHEMAS = new Map(PLUGIN_SCHEMAS).set('notifier/mail', MAIL);

function load(text: string): Config {
  const result = file.load(text, {}, SCHEMAS);
  if (!result.ok) throw configError('strat.yaml', result.error);
  return result.value;
}

const BASE = `
account: { capital: 1000 }
exchanges: { a: { use: exchange/sim, seed: 1 } }
risk:
  - { use: risk/max-position, maxShare: 20% }
  - { use: risk/max-daily-loss, maxLoss: 1% }
notifiers: [{ use: notifier/console }]
strategies:
  - { file: x.strat, capital: 500, params: { fast: 20, slow: 3% } }
  - { file: y.strat, capital: 500 }
`;

describe('what changed between two configs', () => {
  test.for([
    ['http: { port: 1 }', '', [['http', null, 'http.port', 'changed', '8321', '1']]],
    ['costs: { fee: 1% }', '', [['costs', null, 'costs.fee', 'changed', '0.1%', '1%']]],
    ['costs: { latency: 2s }', '', [['costs', null, 'costs.latency', 'added', null, '2s']]],
    ['', 'fast: 20=>fast: 21', [['strategies', 'x', 'strategies.x.params.fast', 'changed', '20', '21']]],
    ['', 'x.strat,=>x.strat, leverage: 2,', [['strategies', 'x', 'strategies.x.leverage', 'added', null, '2']]],
    ['', 'seed: 1=>seed: 1, costs: { fee: 1% }', [['exchanges', 'a', 'exchanges.a.costs.fee', 'added', null, '1%']]],
    ['', 'fast: 20, =>', [['strategies', 'x', 'strategies.x.params.fast', 'removed', '20', null]]],
    ['', 'fast: 20=>fast: 20, more: 1', [['strategies', 'x', 'strategies.x.params.more', 'added', null, '1']]],
    [
      '',
      'y.strat, capital: 500=>y.strat, capital: 500, timeframe: 4h',
      [['strategies', 'y', 'strategies.y.timeframe', 'added', null, '4h']],
    ],
    [
      '',
      'y.strat, capital: 500=>y.strat, capital: 500, params: { n: 1 }',
      [['strategies', 'y', 'strategies.y.params.n', 'added', null, '1']],
    ],
    ['', 'capital: 1000=>capital: 2000', [['account', null, 'account.capital', 'changed', '1000', '2000']]],
    ['', 'file: x.strat=>file: z/x.strat', [['strategies', 'x', 'strategies.x.file', 'changed', 'x.strat', 'z/x.strat']]],
    ['', 'seed: 1=>seed: 2', [['exchanges', 'a', 'exchanges.a.seed', 'changed', '1', '2']]],
    [
      '',
      'a: { use: exchange/sim, seed: 1 }=>a: { use: exchange/replay, files: [f] }',
      [
        ['exchanges', 'a', 'exchanges.a.seed', 'removed', '1', null],
        ['exchanges', 'a', 'exchanges.a.speed', 'changed', '10', 'max'],
        ['exchanges', 'a', 'exchanges.a.use', 'changed', 'exchange/sim', 'exchange/replay'],
        ['exchanges', 'a', 'exchanges.a.files', 'added', null, '["f"]'],
      ],
    ],
    ['', 'maxShare: 20%=>maxShare: 10%', [['risk', 'risk/max-position', 'risk[risk/max-position].maxShare', 'changed', '20%', '10%']]],
    [
      '',
      '  - { file: y.strat, capital: 500 }=>',
      [['strategies', 'y', 'strategies.y', 'removed', 'exchange: a, capital: 500, file: y.strat', null]],
    ],
    [
      '',
      '[{ use: notifier/console }]=>[{ use: notifier/console }, { use: notifier/console }]',
      [['notifiers', 'notifier/console#2', 'notifiers[notifier/console#2]', 'added', null, 'use: notifier/console']],
    ],
    [
      '',
      '  - { use: risk/max-position, maxShare: 20% }\n  - { use: risk/max-daily-loss, maxLoss: 1% }=>  - { use: risk/max-daily-loss, maxLoss: 1% }\n  - { use: risk/max-position, maxShare: 20% }',
      [['risk', null, 'risk', 'changed', 'risk/max-position, risk/max-daily-loss', 'risk/max-daily-loss, risk/max-position']],
    ],
  ] as const)('%j %j', ([more, edit, expected]) => {
    const [from = '', to = ''] = edit.split('=>');
    expect(BASE).toContain(from);
    const changes = diffConfig(load(BASE), load((edit === '' ? BASE : BASE.replace(from, to)) + more));
    expect(changes.map(({ section, name, path, kind, before, after }) => [section, name, path, kind, before, after])).toEqual(expected);
  });

  test('there is none in notes, order of keys, quotes, and defaults written out', () => {
    const other = `${BASE.replace('seed: 1', 'speed: 10, "seed": 1').replace('{ fast: 20, slow: 3% }', '{ slow: "3%", fast: 20 }')}# a note\nhttp: { port: 8321 }\n`;
    expect(diffConfig(load(BASE), load(other))).toEqual([]);
  });

  test('capital of the account is told at each strategy that takes it', () => {
    const paths = (capital: number): readonly string[] =>
      diffConfig(load(''), load(`account: { capital: ${capital} }`)).map(({ path }) => path);
    expect(paths(5)).toEqual(['account.capital', 'strategies.sma-cross.capital', 'strategies.rsi-reversion.capital']);
    expect(paths(10_000)).toEqual([]);
  });

  test('backwards, added is removed and before is after', () => {
    const [a, b] = [load(BASE), load('http: { port: 1 }\nstrategies: [{ file: y.strat, params: { q: 1 } }, { file: w.strat }]\n')];
    const swap = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    const back = diffConfig(b, a).map((change) => ({ ...change, kind: swap[change.kind], before: change.after, after: change.before }));
    const byPath = (x: { readonly path: string }, y: { readonly path: string }): number => (x.path < y.path ? -1 : 1);
    expect(back.toSorted(byPath)).toEqual(diffConfig(a, b).toSorted(byPath));
  });
});

describe('secrets', () => {
  const text = (secret: string): string =>
    `notifiers:\n  - { use: notifier/mail, to: "https://me:${secret}@example.org", password: ${secret}, pin: ${secret}, deep: { key: ${secret} } }\n  - { use: notifier/webhook, url: "https://example.org/${secret}" }\n`;

  test('are not in what the endpoint and the log show', () => {
    const shown = JSON.stringify(redactConfig(load(text('hunter2hunter2'))));
    expect(shown).not.toContain('hunter2');
    expect(shown.match(/\[redacted\]/g)).toHaveLength(5);
    expect(shown).toContain('"to":"https://[redacted]@example.org"');
  });

  test('that change are told as changed, without what they are', () => {
    const changes = diffConfig(load(text('hunter2hunter2')), load(text('other2other2')));
    expect(changes.map(({ path }) => path)).toEqual([
      'notifiers[notifier/mail].to',
      'notifiers[notifier/mail].password',
      'notifiers[notifier/mail].pin',
      'notifiers[notifier/mail].deep.key',
      'notifiers[notifier/webhook].url',
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/hunter2|other2/);
    const added = diffConfig(load(''), load(text('hunter2hunter2')));
    expect(added.length).toBeGreaterThan(2);
    expect(JSON.stringify(added)).not.toContain('hunter2');
  });
});
