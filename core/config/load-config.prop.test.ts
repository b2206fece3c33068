import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { findingLine, MAX_FINDINGS } from './finding.ts';
import { redactConfig } from './redact-config.ts';
import { ConfigFile } from './testing/load-text.ts';

const file = new ConfigFile();
afterAll(() => file.close());

const WORDS = [
  'account', 'capital', 'costs', 'fee', 'http', 'port', 'log', 'level', 'plugins', 'folders', 'exchanges', 'demo', 'use', 'exchange/sim', 'seed', 'risk', 'notifiers',
  'strategies', 'file', 'params', 'id', '__proto__', 'constructor', 'toString', 'true', 'null', '1e999', '0.1%', '.inf', '0x10', '-0', '~', 'a', '\\', "'", '"',
]; // prettier-ignore
const SIGNS = [
  ': ',
  '\n',
  '\n  ',
  '\n    ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '&a ',
  '*a',
  '!',
  '!!int ',
  '|',
  '>',
  '#',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '<<: ',
  '? ',
  '\t',
  '\r\n',
  ' ',
  '\u202e',
  '\0',
  '\ud83d\ude00',
];
const yamlish = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(...SIGNS), fc.string({ maxLength: 4 })), { maxLength: 60 })
  .map((parts) => parts.join(''));
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...WORDS),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** What does not hold and should, for any file: an answer, findings for people, places inside of the text. */
function faultsOf(text: string | Uint8Array): readonly string[] {
  const result = file.load(text);
  if (result.ok) return Object.isFrozen(result.value) ? [] : ['not frozen'];
  const lines = Buffer.from(text).toString().split('\n');
  const inside = (line: number, column: number | null): boolean =>
    column !== null && column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
  return [
    ...(result.error.length > 0 && result.error.length <= MAX_FINDINGS ? [] : [`${result.error.length} findings`]),
    ...result.error
      .map((finding) => findingLine('strat.yaml', finding))
      .filter((line) => /[\p{Cc}\p{Bidi_Control}]|undefined|\[object|NaN/u.test(line)),
    ...result.error
      .filter(({ line, column }) => line !== null && !inside(line, column))
      .map(({ line, column }) => `${line}:${column} is outside`),
  ];
}

describe('any file gets an answer', () => {
  test.for([
    ['random bytes', fc.uint8Array({ maxLength: 200 })],
    ['pieces of YAML', yamlish],
    ['random trees', tree.map((value) => JSON.stringify(value))],
  ] as const)('of %s', ([, texts]) => {
    fc.assert(
      fc.property<[string | Uint8Array]>(texts, (text) => {
        expect(faultsOf(text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('under random variables', () => {
    const parts = [
      'HTTP',
      'PORT',
      'STRATEGIES',
      '0',
      'PARAMS',
      'X',
      '__',
      '_',
      'EXCHANGES',
      'DEMO',
      'SEED',
      'RISK',
      'CONSTRUCTOR',
      'PROTO',
    ];
    const variable = fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((words) => `STRAT_${words.join('')}`);
    fc.assert(
      fc.property(variable, yamlish, (name, value) => {
        const result = file.load('', { [name]: value });
        expect(result.ok ? [] : result.error.filter(({ line, message }) => line !== null || !message.startsWith(`${name}: `))).toEqual([]);
      }),
    );
  });
});

const share = fc.integer({ min: 0, max: 9999 }).map((hundredths) => `${hundredths / 100}%`);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/).filter((text) => !['constructor', 'prototype'].includes(text));
const param = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((text) => !['constructor', 'prototype'].includes(text));
const config = fc
  .record({
    account: fc.record({ capital: fc.integer({ min: 1, max: 1e9 }) }),
    costs: fc.record({ fee: share, slippage: share }),
    http: fc.record({ enabled: fc.boolean(), host: fc.constantFrom('127.0.0.1', '::1', 'localhost'), port: fc.nat(65_535) }),
    log: fc.record({ level: fc.constantFrom('info', 'debug', 'silent') }),
    plugins: fc.constant({ folders: [] }),
    exchanges: fc.dictionary(
      name,
      fc.record({ use: fc.constant('exchange/sim'), seed: fc.nat(), speed: fc.integer({ min: 1, max: 1000 }) }),
      { minKeys: 1, maxKeys: 4 },
    ),
    risk: fc.array(fc.record({ use: fc.constant('risk/max-position'), maxShare: share }), { maxLength: 3 }),
    notifiers: fc.array(fc.constant({ use: 'notifier/console' }), { maxLength: 2 }),
    items: fc.uniqueArray(
      fc.record({
        id: name,
        file: fc.constant('a.strat'),
        exchange: fc.nat(),
        capital: fc.integer({ min: 1, max: 1e9 }),
        params: fc.dictionary(param, fc.constantFrom('3%', '20', '30m', '0.10')),
      }),
      { maxLength: 4, selector: ({ id }) => id.toLowerCase() },
    ),
  })
  .map(({ items, ...rest }) => {
    const names = Object.keys(rest.exchanges);
    return { ...rest, strategies: items.map((item) => ({ ...item, exchange: names[item.exchange % names.length] ?? '' })) };
  });

test('a config shown by the endpoint is a file that gives the same config', () => {
  fc.assert(
    fc.property(config, (written) => {
      const first = file.load(JSON.stringify(written));
      if (!first.ok) throw new Error(first.error.map((finding) => findingLine('strat.yaml', finding)).join('\n'));
      const shown = redactConfig(first.value);
      expect(shown).toEqual(written);
      const second = file.load(JSON.stringify(shown, null, 1));
      expect(second.ok ? { ...second.value, sha256: null } : second.error).toEqual({ ...first.value, sha256: null });
    }),
  );
});
