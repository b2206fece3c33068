import { describe, expect, test } from 'vitest';
import { formulaValue } from './formula.ts';
import { indicatorName } from './indicator-manifest.ts';
import { readManifest } from './read-manifest.ts';

const FISHER = {
  strat: 1,
  name: '@acme/fisher',
  kind: 'indicator',
  version: '1.2.0',
  entry: 'fisher.js',
  inputs: { high: 'price', low: 'price' },
  params: { length: { kind: 'length', default: 10, min: 2, max: 500 } },
  outputs: { value: { kind: 'number' }, trigger: { kind: 'number', min: -10, max: 10 } },
  state: '4 + 2 * length',
  lookback: 'length',
  license: 'MIT',
};
const { inputs: _inputs, params: _params, outputs: _outputs, state: _state, lookback: _lookback, ...IDENTITY } = FISHER;
const MODULE = { ...IDENTITY, entry: 'fisher.strat' };

const faultsOf = (manifest: unknown): readonly string[] => {
  const read = readManifest(typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return read.ok ? [] : read.error.map(({ key, reason }) => `${key}: ${reason}`);
};

describe('a manifest', () => {
  test('of a script is read: language.md 9.6', () => {
    const read = readManifest(JSON.stringify(FISHER));
    if (!read.ok || read.value.form !== 'script') throw new Error(faultsOf(FISHER).join());
    const { state, lookback, ...rest } = read.value;
    expect(rest).toEqual({
      form: 'script',
      name: '@acme/fisher',
      version: '1.2.0',
      entry: 'fisher.js',
      summary: null,
      license: 'MIT',
      inputs: [
        { name: 'high', kind: 'price' },
        { name: 'low', kind: 'price' },
      ],
      params: [{ name: 'length', kind: 'length', default: 10, min: 2, max: 500 }],
      outputs: [
        { name: 'value', kind: 'number', min: -Infinity, max: Infinity },
        { name: 'trigger', kind: 'number', min: -10, max: 10 },
      ],
    });
    expect(formulaValue(state, new Map([['length', 10]]))).toBe(24);
    expect(formulaValue(lookback, new Map([['length', 500]]))).toBe(500);
  });

  test('of a module has an identity only', () => {
    expect(readManifest(JSON.stringify(MODULE))).toEqual({
      ok: true,
      value: { form: 'module', name: '@acme/fisher', version: '1.2.0', entry: 'fisher.strat', summary: null, license: 'MIT' },
    });
  });

  test('names its indicator as the language can', () => {
    expect(indicatorName({ name: '@acme/my-fisher', version: '1.0.0', entry: 'a.js', summary: null, license: null })).toBe('my_fisher');
  });
});

/** threats.md 39 and its relatives. */
describe('a manifest is refused by its key', () => {
  const { length } = FISHER.params;
  const param = (change: object): object => ({ ...FISHER, params: { length: { ...length, ...change } } });
  test.for([
    { name: 'name __proto__', manifest: { ...FISHER, name: '__proto__' }, says: 'name: it must be a name like "@acme/fisher"' },
    { name: 'a name with a path', manifest: { ...FISHER, name: '@acme/../x' }, says: 'name: it must be a name' },
    { name: 'a name that no program could say', manifest: { ...FISHER, name: '@acme/2pole' }, says: 'name: it must be a name' },
    { name: 'a name without a scope', manifest: { ...FISHER, name: 'fisher' }, says: 'name: it must be a name' },
    {
      name: 'a name that is a word of the language',
      manifest: { ...FISHER, name: '@acme/stop' },
      says: 'name: "stop" cannot be a name in the language',
    },
    {
      name: 'a param that is a word of the language',
      manifest: { ...FISHER, params: { at: FISHER.params.length }, state: 1, lookback: 1 },
      says: 'params: "at" is a word of the language; choose another name',
    },
    {
      name: 'an entry elsewhere',
      manifest: { ...FISHER, entry: '../../x.js' },
      says: 'entry: it must be the name of a .js or .strat file',
    },
    { name: 'an absolute entry', manifest: { ...FISHER, entry: '/etc/passwd' }, says: 'entry: it must be the name' },
    { name: 'an entry of another system', manifest: { ...FISHER, entry: '..\\x.js' }, says: 'entry: it must be the name' },
    { name: 'an entry with escapes', manifest: { ...FISHER, entry: '%2e%2e/x.js' }, says: 'entry: it must be the name' },
    { name: 'an entry of another kind', manifest: { ...FISHER, entry: 'x.mjs' }, says: 'entry: it must be the name' },
    { name: 'a number as entry', manifest: { ...FISHER, entry: 5 }, says: 'entry: it must be the name' },
    {
      name: 'a key twice',
      manifest: JSON.stringify(FISHER).replace('"license"', '"version":"9.9.9","license"'),
      says: 'the key "version" is given twice',
    },
    {
      name: 'ten megabytes',
      manifest: JSON.stringify({ ...FISHER, summary: 'x'.repeat(1e7) }),
      says: 'manifest.json: line 1, column 1: it is longer than 65536 characters',
    },
    {
      name: 'a hostile key',
      manifest: '{"strat": 1, "__proto__": {"name": "@acme/fisher"}}',
      says: 'manifest.json: line 1, column 14: the key "__proto__" is not allowed',
    },
    { name: 'no JSON', manifest: 'module.exports = {}', says: 'manifest.json: line 1, column 1: it is no JSON' },
    { name: 'a list', manifest: [], says: 'manifest.json: it must be an object, found a list' },
    { name: 'another edition', manifest: { ...FISHER, strat: 2 }, says: 'strat: this strat reads manifests of edition 1, found 2' },
    { name: 'another kind', manifest: { ...FISHER, kind: 'exchange' }, says: 'kind: it must be "indicator", found "exchange"' },
    {
      name: 'an unknown field',
      manifest: { ...FISHER, postinstall: 'rm' },
      says: 'postinstall: there is no such key; the keys are strat, name, kind',
    },
    { name: 'a misspelt field', manifest: { ...FISHER, lisense: 'MIT' }, says: 'lisense: there is no such key; did you mean "license"?' },
    { name: 'an unknown field of a param', manifest: param({ step: 1 }), says: 'params.length.step: there is no such key' },
    {
      name: 'state without bounds',
      manifest: { ...FISHER, state: '1e12' },
      says: 'state: "1e12" must lie from 0 to 100000 for all params, and goes from 1000000000000 to 1000000000000',
    },
    {
      name: 'state that may get too large',
      manifest: { ...FISHER, state: 'length * length' },
      says: 'state: "length * length" must lie from 0 to 100000 for all params, and goes from 4 to 250000',
    },
    { name: 'state below nothing', manifest: { ...FISHER, state: 'length - 3' }, says: 'goes from -1 to 497' },
    {
      name: 'state of a fraction',
      manifest: { ...FISHER, state: 'length / 2' },
      says: 'state: "length / 2" is not a whole number for all params; ceil(...) makes it one',
    },
    {
      name: 'state over nothing',
      manifest: { ...FISHER, state: '1 / (length - length)' },
      says: 'state: "1 / (length - length)" must lie from 0',
    },
    { name: 'state over the market', manifest: { ...FISHER, state: 'close' }, says: 'there is no param "close"; there are: length' },
    {
      name: 'state over a misspelt param',
      manifest: { ...FISHER, state: 'lenght' },
      says: 'there is no param "lenght"; did you mean length?',
    },
    {
      name: 'state that calls',
      manifest: { ...FISHER, state: 'sma(close, 10)' },
      says: 'formulas have abs, floor, ceil, round, min, max, and no "sma"',
    },
    {
      name: 'state that decides',
      manifest: { ...FISHER, state: 'if length > 5 then 1 else 2' },
      says: 'formulas are made of numbers, params',
    },
    { name: 'state with a second statement', manifest: { ...FISHER, state: '1 def f() = 2' }, says: 'is no formula' },
    { name: 'state with JavaScript', manifest: { ...FISHER, state: 'process.exit(1)' }, says: 'state: "process.exit(1)"' },
    { name: 'state of nothing', manifest: { ...FISHER, state: '' }, says: 'state: "":' },
    { name: 'state that nests', manifest: { ...FISHER, state: `${'('.repeat(200)}1${')'.repeat(200)}` }, says: 'state: "((' },
    { name: 'a long state', manifest: { ...FISHER, state: '1 + '.repeat(500) }, says: 'state: a formula has at most 500 characters' },
    { name: 'too many parts', manifest: { ...FISHER, state: `1${'+1'.repeat(110)}` }, says: 'a formula has at most 100 parts' },
    { name: 'no state', manifest: { ...FISHER, state: undefined }, says: 'state: it is missing' },
    {
      name: 'a lookback without end',
      manifest: { ...FISHER, lookback: '1000 * length' },
      says: 'lookback: "1000 * length" must lie from 0 to 100000',
    },
    {
      name: 'an output range upside down',
      manifest: { ...FISHER, outputs: { value: { kind: 'number', min: 2, max: 1 } } },
      says: 'outputs.value.min: it must not be above max, found 2 and 1',
    },
    { name: 'no outputs', manifest: { ...FISHER, outputs: {} }, says: 'outputs: it must have from 1 to 16 entries, found 0' },
    { name: 'no inputs', manifest: { ...FISHER, inputs: undefined }, says: 'inputs: it is missing' },
    { name: 'inputs as a list', manifest: { ...FISHER, inputs: ['high'] }, says: 'inputs: it must be an object of names, found a list' },
    {
      name: 'too many outputs',
      manifest: { ...FISHER, outputs: Object.fromEntries(Array.from({ length: 17 }, (_, k) => [`o${k}`, { kind: 'number' }])) },
      says: 'outputs: it must have from 1 to 16 entries, found 17',
    },
    {
      name: 'an output called constructor',
      manifest: { ...FISHER, outputs: { constructor: { kind: 'number' } } },
      says: 'outputs: "constructor" cannot be a name',
    },
    { name: 'an input with a bracket', manifest: { ...FISHER, inputs: { 'a[0]': 'price' } }, says: 'inputs: "a[0]" cannot be a name' },
    {
      name: 'an unknown kind',
      manifest: { ...FISHER, inputs: { high: 'prise' } },
      says: 'inputs.high: it must be one of number, percent, price, quantity, money, duration, bars, condition, found "prise"; did you mean "price"?',
    },
    { name: 'an output without a kind', manifest: { ...FISHER, outputs: { value: {} } }, says: 'outputs.value.kind: it must be one of' },
    {
      name: 'a param range upside down',
      manifest: param({ min: 50, max: 20, default: 30 }),
      says: 'params.length.min: it must not be above max',
    },
    {
      name: 'a default outside of the range',
      manifest: param({ default: 1 }),
      says: 'params.length.default: it must lie from 2 to 500, found 1',
    },
    {
      name: 'a length of a fraction',
      manifest: param({ default: 2.5 }),
      says: 'params.length.default: it must be a whole number from 1 to 10000, found 2.5',
    },
    {
      name: 'a length beyond the language',
      manifest: param({ max: 20_000 }),
      says: 'params.length.max: it must be a whole number from 1 to 10000, found 20000',
    },
    { name: 'a param without a default', manifest: param({ default: undefined }), says: 'params.length.default: it is missing' },
    {
      name: 'a text as a number',
      manifest: param({ min: '2' }),
      says: 'params.length.min: it must be a whole number from 1 to 10000, found "2"',
    },
    {
      name: 'a param that is an input too',
      manifest: { ...FISHER, inputs: { length: 'price' } },
      says: 'params.length: an input is called "length" too',
    },
    {
      name: 'a version of another form',
      manifest: { ...FISHER, version: 'latest' },
      says: 'version: it must be a version like "1.2.0", found "latest"',
    },
    { name: 'a summary with an escape sequence', manifest: { ...FISHER, summary: 'x\u001b[31m' }, says: 'summary: it must be one line' },
    { name: 'a key with an escape sequence', manifest: { ...FISHER, '\u001b[31m': 1 }, says: '?[31m: there is no such key' },
    {
      name: 'inputs of a module',
      manifest: { ...MODULE, inputs: {} },
      says: 'inputs: a module says this itself, by its functions; remove it',
    },
  ])('$name', ({ manifest, says }) => expect(faultsOf(manifest).join('\n')).toContain(says));

  test('all faults are told, twenty at most', () => {
    expect(faultsOf({ ...FISHER, name: 1, version: 2, state: 'x' })).toHaveLength(3);
    expect(faultsOf({ ...FISHER, ...Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`k${k}`, 1])) })).toHaveLength(20);
  });
});
