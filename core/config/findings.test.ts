import { afterAll, describe, expect, test } from 'vitest';
import { configError } from './config-error.ts';
import { ConfigFile } from './testing/load-text.ts';
import { PLUGIN_SCHEMAS } from './testing/plugin-schemas.ts';

const file = new ConfigFile();
afterAll(() => file.close());

/** `@@` marks where the finding must point: its place is counted here, not taken from the loader. */
function marked(source: string): { readonly text: string; readonly line: number; readonly column: number } {
  const before = source.slice(0, source.indexOf('@@')).split('\n');
  return { text: source.replace('@@', ''), line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

const WITH_SHAPE = new Map(PLUGIN_SCHEMAS).set('notifier/shape', {
  type: 'object',
  properties: { code: { type: 'string', pattern: '^[0-9]+$' }, share: { type: 'string', pattern: '%$', default: '25%' } },
});

const S = 'strategies:\n  - ';

describe('a finding names the place, what was found and what to do', () => {
  test.for([
    ['http:\n  @@prot: 80', 'CONFIG_KEY', 'http.prot', 'unknown key "prot"', 'did you mean "port"?'],
    ['@@htpp: {}', 'CONFIG_KEY', 'htpp', 'unknown key "htpp"', 'did you mean "http"?'],
    ['@@port: 80', 'CONFIG_KEY', 'port', 'unknown key "port"', 'it belongs under "http:"'],
    ['@@everything: 80', 'CONFIG_KEY', 'everything', 'unknown key', 'there are: account, costs,'],
    ['http: { port: @@"80" }', 'CONFIG_VALUE', 'http.port', 'must be a whole number from 0 to 65535, found "80"', 'without quotes'],
    ['http: { port: @@80.5 }', 'CONFIG_VALUE', 'http.port', 'found 80.5', null],
    ['http: { port: @@65536 }', 'CONFIG_VALUE', 'http.port', 'from 0 to 65535, found 65536', null],
    ['http: { enabled: @@yes }', 'CONFIG_VALUE', 'http.enabled', 'must be true or false, found "yes"', 'write true'],
    ['http: { host: @@0.0.0.0 }', 'CONFIG_VALUE', 'http.host', 'must be one of 127.0.0.1, ::1, localhost, found "0.0.0.0"', null],
    ['http: @@', 'CONFIG_VALUE', 'http', 'must be a mapping of keys to values, found nothing', 'remove the line'],
    ['log: { level: @@debgu }', 'CONFIG_VALUE', 'log.level', 'found "debgu"', 'did you mean "debug"?'],
    ['costs: { fee: @@5 }', 'CONFIG_VALUE', 'costs.fee', 'must be a percent under 100% such as 0.1% or 10bp, found 5', 'with its sign: 5%'],
    ['costs: { fee: @@0.001 }', 'CONFIG_VALUE', 'costs.fee', 'found 0.001', '0.001%, or 0.1%?'],
    ['costs: { fee: @@"-1%" }', 'CONFIG_VALUE', 'costs.fee', 'found "-1%"', null],
    ['costs: { participation: @@0% }', 'CONFIG_VALUE', 'costs.participation', 'above 0%', null],
    ['costs: { maintenance: @@"0.5%,100:0.4%" }', 'CONFIG_VALUE', 'costs.maintenance', 'a percent, and up to 15 higher ones', null],
    ['costs: { funding: @@1 }', 'CONFIG_VALUE', 'costs.funding', 'a percent under 100% such as 0.01% or -0.01%', 'with its sign: 1%'],
    ['costs: { fundingEvery: @@8 }', 'CONFIG_VALUE', 'costs.fundingEvery', 'whole minutes, hours or days such as 8h', null],
    ['account: { leverage: @@0.5 }', 'CONFIG_VALUE', 'account.leverage', 'must be a number from 1 to 1000', null],
    [
      'exchanges: { demo: { use: exchange/sim, costs: { fee: @@5 } } }',
      'CONFIG_VALUE',
      'exchanges.demo.costs.fee',
      'must be a percent',
      null,
    ],
    [
      'exchanges: { demo: { use: exchange/sim, costs: { @@fees: 5% } } }',
      'CONFIG_KEY',
      'exchanges.demo.costs.fees',
      'unknown key',
      'did you mean "fee"?',
    ],
    ['risk: [{ use: risk/max-position, maxShare: 5%, @@costs: {} }]', 'CONFIG_KEY', 'risk[0].costs', 'unknown key', null],
    ['costs: { latency: @@2 }', 'CONFIG_VALUE', 'costs.latency', 'a time such as 250ms, 2s', null],
    ['costs: { fee: @@100% }', 'CONFIG_VALUE', 'costs.fee', 'under 100%', null],
    ['account: { capital: @@0 }', 'CONFIG_VALUE', 'account.capital', 'must be a number above 0', null],
    ['account: { capital: @@10,000 }', 'CONFIG_KEY', 'account.000', 'unknown key', null],
    ['account: { capital: @@1e999 }', 'CONFIG_VALUE', 'account.capital', '"1e999" is not a finite number', null],
    ['account: { capital: @@.nan }', 'CONFIG_VALUE', 'account.capital', 'not a finite number', null],
    [
      'exchanges:\n  a: { use: exchange/sim, seed: @@12345678901234567890 }',
      'CONFIG_VALUE',
      'exchanges.a.seed',
      'more digits than can be kept',
      null,
    ],
    ['notifiers: @@', 'CONFIG_VALUE', 'notifiers', 'must be a list, found nothing', 'write [] for none'],
    ['risk: @@{ use: risk/max-position }', 'CONFIG_VALUE', 'risk', 'must be a list, found a mapping', null],
    ['risk:\n  - @@{ maxShare: 5% }', 'CONFIG_MISSING', 'risk[0].use', '"use" is missing', 'such as risk/max-position'],
    [
      'risk:\n  - use: risk/max-position\n    @@maxshare: 5%',
      'CONFIG_KEY',
      'risk[0].maxshare',
      'unknown key "maxshare"',
      'did you mean "maxShare"?',
    ],
    ['risk:\n  - @@{ use: risk/max-position }', 'CONFIG_MISSING', 'risk[0].maxShare', '"maxShare" is missing', 'a percent such as 0.1%'],
    [
      'risk:\n  - { use: risk/max-position, maxShare: @@5 }',
      'CONFIG_VALUE',
      'risk[0].maxShare',
      'must be a percent such as 0.1%, found 5',
      '5%',
    ],
    [
      'risk:\n  - { use: @@risk/max-positon, maxShare: 5% }',
      'CONFIG_PLUGIN',
      'risk[0].use',
      'there is no plugin "risk/max-positon"',
      'did you mean "risk/max-position"?',
    ],
    [
      'risk:\n  - { use: @@max-position, maxShare: 5% }',
      'CONFIG_PLUGIN',
      'risk[0].use',
      'there is no plugin',
      'did you mean "risk/max-position"?',
    ],
    ['risk:\n  - { use: @@notifier/console }', 'CONFIG_PLUGIN', 'risk[0].use', 'of kind "notifier"', null],
    [
      'exchanges:\n  a: { use: exchange/replay, files: [f], speed: @@fast }',
      'CONFIG_VALUE',
      'exchanges.a.speed',
      'must be a number above 0 or max, found "fast"',
      null,
    ],
    ['exchanges:\n  a: { use: exchange/replay, files: @@[] }', 'CONFIG_VALUE', 'exchanges.a.files', 'must have at least 1 entry', null],
    ['exchanges:\n  a: { use: exchange/replay, files: [@@""] }', 'CONFIG_VALUE', 'exchanges.a.files[0]', 'must not be empty', null],
    [
      'notifiers:\n  - { use: notifier/shape, code: @@x }',
      'CONFIG_VALUE',
      'notifiers[0].code',
      'must be a text of another form, found "x"',
      null,
    ],
    [
      'notifiers:\n  - { use: notifier/shape, share: @@3 }',
      'CONFIG_VALUE',
      'notifiers[0].share',
      'must be a text such as 25%, found 3',
      'with its sign: 3%',
    ],
    ['exchanges:\n  a: { use: @@5 }', 'CONFIG_VALUE', 'exchanges.a.use', 'must be a text such as exchange/sim, found 5', null],
    ['exchanges:\n  @@1a: { use: exchange/sim }', 'CONFIG_KEY', 'exchanges.1a', '"1a" cannot be a name', null],
    ['exchanges:\n  @@"a b": { use: exchange/sim }', 'CONFIG_KEY', 'exchanges."a b"', 'cannot be a name', null],
    [`${S}@@fiel: a.strat`, 'CONFIG_KEY', 'strategies[0].fiel', 'unknown key "fiel"', 'did you mean "file"?'],
    [`${S}@@{ exchange: demo }`, 'CONFIG_MISSING', 'strategies[0].file', '"file" is missing', 'add "file:"'],
    [
      `${S}{ file: a.strat, exchange: @@dmo }`,
      'CONFIG_REFERENCE',
      'strategies[0].exchange',
      'no exchange has the name "dmo"',
      'did you mean "demo"?',
    ],
    [`${S}{ file: a.strat, timeframe: @@1x }`, 'CONFIG_VALUE', 'strategies[0].timeframe', 'must be a length such as 15m, 1h', null],
    [
      `${S}{ file: a.strat, params: { fast: @@[1] } }`,
      'CONFIG_VALUE',
      'strategies[0].params.fast',
      'must be a text, a number or true or false, found a list',
      null,
    ],
    [`${S}{ file: a.strat, params: { fast: @@1e999 } }`, 'CONFIG_VALUE', 'strategies[0].params.fast', 'not a finite number', null],
    [`${S}{ file: a.strat, params: { @@"x-y": 1 } }`, 'CONFIG_KEY', 'strategies[0].params.x-y', 'cannot be a name', null],
    [
      `${S}{ file: a/x.strat }\n  - { file: @@b/x.strat }`,
      'CONFIG_REFERENCE',
      'strategies[1].id',
      'strategies[0] has the name "x" already',
      'an "id:" of its own',
    ],
    [`${S}{ file: a/x.strat }\n  - { file: b.strat, id: @@X }`, 'CONFIG_REFERENCE', 'strategies[1].id', 'has the name "X" already', null],
    [
      'exchanges: { a: { use: exchange/sim }, b: { use: exchange/sim } }\nstrategies:\n  - @@file: x.strat',
      'CONFIG_MISSING',
      'strategies[0].exchange',
      'there are several',
      'one of a, b',
    ],
    ['http: { port: 1 }\n@@http: { port: 2 }', 'CONFIG_KEY', 'http', 'the key "http" is here twice', 'the first is in line 1'],
    ['http:\n@@\tport: 1', 'CONFIG_SYNTAX', '', 'a tab indents this line', 'spaces'],
    ['a: 1\n@@---\nb: 2', 'CONFIG_UNSUPPORTED', '', 'several documents', null],
    ['@@%YAML 1.1\n---\nhttp: {}', 'CONFIG_UNSUPPORTED', '', 'directives', null],
    ['http: { port: !!int @@"80" }', 'CONFIG_UNSUPPORTED', 'http.port', 'the tag', 'plain value'],
    ['http: !js/function @@{ port: 1 }', 'CONFIG_UNSUPPORTED', 'http', 'the tag', null],
    ['log: &l { level: info }\nhttp:\n  @@<<: *l', 'CONFIG_UNSUPPORTED', 'http."<<"', 'merge keys', 'write the keys out'],
    ['http: @@*nothing', 'CONFIG_SYNTAX', 'http', '*nothing stands for nothing above it', null],
    ['http: &a\n  port: @@*a', 'CONFIG_SYNTAX', 'http.port.port', '*a holds itself', null],
    ['@@- a\n- b', 'CONFIG_SYNTAX', '', 'must hold sections', null],
    ['@@just text', 'CONFIG_SYNTAX', '', 'must hold sections', null],
    ['@@__proto__: { x: 1 }', 'CONFIG_KEY', '__proto__', 'the name "__proto__" is reserved', null],
    [`${S}{ file: a.strat, params: { @@constructor: 1 } }`, 'CONFIG_KEY', 'strategies[0].params.constructor', 'is reserved', null],
    ['exchanges:\n  @@prototype: { use: exchange/sim }', 'CONFIG_KEY', 'exchanges.prototype', 'is reserved', null],
    ['http:\n  @@toString: 1', 'CONFIG_KEY', 'http.toString', 'unknown key "toString"', null],
    ['http: { port: 1 }\nlog: { level: "@@\u202Einfo" }', 'CONFIG_SYNTAX', '', 'cannot be seen, U+202E', null],
    ['http: { port: 1 } # @@\u0000', 'CONFIG_SYNTAX', '', 'cannot be seen, U+0000', null],
  ] as const)('%j', ([source, code, path, message, hint]) => {
    const { text, line, column } = marked(source);
    const result = file.load(text, {}, WITH_SHAPE);
    const found = result.ok ? [] : result.error;
    const one = found.find((finding) => finding.path === path);
    expect(found.map((finding) => finding.path)).toContain(path);
    expect(one?.message).toContain(message);
    expect(one).toMatchObject(path.includes('000') ? { code, line } : { code, line, column });
    expect(one?.hint ?? '').toContain(hint ?? '');
  });

  test('one slip is told once', () => {
    for (const [text, count] of [
      ['costs: { fee: 5 }', 1],
      ['risk: [{ use: 5 }]', 1],
      ['exchanges: { a: { use: exchange/sim, seed: x, sped: 1 } }', 2],
      ['exchanges: 5\n', 1],
    ] as const) {
      const result = file.load(text);
      expect(result.ok ? 0 : result.error.length, text).toBe(count);
    }
  });

  test('several are told at once, in the order of the file, at most 20', () => {
    const result = file.load(`log: { level: x }\nhttp:\n${Array.from({ length: 50 }, (_, index) => `  key${index}: 1\n`).join('')}`);
    const lines = result.ok ? [] : result.error.map(({ line }) => line);
    expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => (index === 0 ? 1 : index + 2)));
  });

  test('what is shown holds no secret and no control character', () => {
    const schemas = new Map(PLUGIN_SCHEMAS).set('notifier/mail', {
      type: 'object',
      properties: {
        password: { type: 'integer' },
        pin: { type: 'integer', writeOnly: true },
        deep: { type: 'object', properties: { pin: { type: 'integer', writeOnly: true } } },
      },
    });
    const text =
      'notifiers:\n  - { use: notifier/mail, password: hunter2hunter2, pin: hunter2hunter2, deep: { pin: hunter2hunter2 } }\n  - { use: notifier/webhook, url: hunter2hunter2 }\nlog: { level: "\\e[31m\\u202e" }\n"\\e[2J": 1\n';
    const result = file.load(text, {}, schemas);
    const findings = result.ok ? [] : result.error;
    expect(findings.length).toBe(6);
    const said = configError('strat.yaml', findings).message;
    expect(said).not.toContain('hunter2');
    expect(said.match(/\[redacted\]/g)).toHaveLength(4);
    expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(said).toContain('\\u001b');
  });

  test('a plugin whose own schema is wrong is named, and nothing is checked with it', () => {
    for (const schema of [
      { type: 'object', properties: { a: { type: 'strange' } } },
      { $async: true, type: 'object' },
      { type: 'object', wrong: 1 },
      { $ref: 'https://example.org/x.json' },
    ]) {
      const result = file.load('notifiers: [{ use: notifier/bad }]', {}, new Map(PLUGIN_SCHEMAS).set('notifier/bad', schema));
      expect(result.ok ? [] : result.error.map(({ code, path }) => [code, path])).toEqual([['CONFIG_PLUGIN', 'notifiers[0].use']]);
    }
  });

  test('schemas of two plugins may have the same $id, and a plugin that closes nothing is closed', () => {
    const schema = { $id: 'https://example.org/config', type: 'object', properties: { a: { type: 'integer' } } };
    const schemas = new Map(PLUGIN_SCHEMAS).set('notifier/one', schema).set('notifier/two', { ...schema });
    expect(file.load('notifiers: [{ use: notifier/one, a: 1 }, { use: notifier/two }]', {}, schemas).ok).toBe(true);
    const result = file.load('notifiers: [{ use: notifier/one, b: 1 }]', {}, schemas);
    expect(result.ok ? [] : result.error.map(({ path }) => path)).toEqual(['notifiers[0].b']);
  });
});
