import { describe, expect, test } from 'vitest';
import { checkManifest } from './manifest-check.ts';

const ID = 'exchange/alpha';
const right = {
  id: ID,
  kind: 'exchange',
  api: 1,
  summary: 'A venue',
  capabilities: ['bars'],
  requires: ['notifier/console'],
  config: { type: 'object', additionalProperties: false, properties: {} },
  load: async () => ({}),
};
const problemsOf = (manifest: unknown): readonly string[] => {
  const check = checkManifest(manifest, ID);
  return check.ok ? [] : check.problems.map(({ code, key, text }) => `${code} ${key}: ${text}`);
};

describe('a manifest', () => {
  test('that is right is copied and frozen', () => {
    const config = { type: 'object', additionalProperties: false, properties: {} };
    const check = checkManifest({ ...right, config }, ID);
    if (!check.ok) throw new Error(JSON.stringify(check.problems));
    Reflect.set(config, 'additionalProperties', true);
    expect(check.manifest.config['additionalProperties']).toBe(false);
    expect(Object.isFrozen(check.manifest)).toBe(true);
    expect(Object.isFrozen(check.manifest.config['properties'])).toBe(true);
  });

  test.for([
    { name: 'nothing', manifest: undefined, key: 'manifest', says: 'must export "manifest"' },
    { name: 'a list', manifest: [right], key: 'manifest', says: 'found a list' },
    { name: 'another api', manifest: { ...right, api: 2 }, key: 'api', says: 'wants version 2 of the plugin API, this strat has 1' },
    { name: 'an api in words', manifest: { ...right, api: '1' }, key: 'api', says: 'wants version "1"' },
    { name: 'another id', manifest: { ...right, id: 'exchange/beta' }, key: 'id', says: 'found "exchange/beta"' },
    { name: 'an id of the prototype', manifest: { ...right, id: '__proto__' }, key: 'id', says: 'found "__proto__"' },
    { name: 'another kind', manifest: { ...right, kind: 'risk' }, key: 'kind', says: 'lies in the folder "exchange/alpha"' },
    { name: 'no such kind', manifest: { ...right, kind: 'magic' }, key: 'kind', says: 'must be one of exchange, risk, notifier' },
    { name: 'no summary', manifest: { ...right, summary: ' ' }, key: 'summary', says: 'one line of text' },
    {
      name: 'a summary that acts on a terminal',
      manifest: { ...right, summary: 'a\u001b[2J' },
      key: 'summary',
      says: 'control characters',
    },
    { name: 'a long summary', manifest: { ...right, summary: 'x'.repeat(201) }, key: 'summary', says: 'at most 200' },
    { name: 'capabilities of numbers', manifest: { ...right, capabilities: [1] }, key: 'capabilities', says: 'entry 1 must be words' },
    { name: 'requires by name', manifest: { ...right, requires: ['console'] }, key: 'requires', says: 'plugin ids like' },
    { name: 'many requires', manifest: { ...right, requires: Array(33).fill('risk/a') }, key: 'requires', says: 'at most 32' },
    { name: 'an open config', manifest: { ...right, config: { type: 'object' } }, key: 'config', says: 'must be false' },
    { name: 'a config that is no object', manifest: { ...right, config: { type: 'string' } }, key: 'config', says: 'must be "object"' },
    {
      name: 'a config with a prototype',
      manifest: { ...right, config: { ...right.config, properties: JSON.parse('{"__proto__": {}}') } },
      key: 'config',
      says: '__proto__',
    },
    {
      name: 'a config of 10 MB',
      manifest: { ...right, config: { ...right.config, description: 'x'.repeat(10_000_000) } },
      key: 'config',
      says: 'larger than 64 KB',
    },
    { name: 'no code', manifest: { ...right, load: './code.ts' }, key: 'load', says: 'must be a function' },
    { name: 'an unknown key', manifest: { ...right, lod: 1 }, key: 'lod', says: 'no such key' },
  ])('with $name is refused, naming the key', ({ manifest, key, says }) => {
    const problems = problemsOf(manifest);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^PLUGIN_(INVALID|API) ${key}: Plugin "exchange/alpha": `));
    expect(problems[0]).toContain(says);
  });

  test('that fights back is refused all the same', () => {
    const trap = { ...right };
    Object.defineProperty(trap, 'summary', {
      enumerable: true,
      get: () => {
        throw new Error('gotcha');
      },
    });
    expect(problemsOf(trap)).toEqual(['PLUGIN_INVALID summary: Plugin "exchange/alpha": summary: it cannot be read']);
    const circle: Record<string, unknown> = { type: 'object', additionalProperties: false };
    circle['self'] = circle;
    expect(problemsOf({ ...right, config: circle })).toEqual(['PLUGIN_INVALID config: Plugin "exchange/alpha": config: it cannot be read']);
    let reads = 0;
    const shifty = { ...right };
    Object.defineProperty(shifty, 'id', { enumerable: true, get: () => (reads++ === 0 ? ID : '../../etc') });
    const check = checkManifest(shifty, ID);
    expect(check.ok && check.manifest.id).toBe(ID);
  });

  test('with several mistakes names them all', () => {
    expect(problemsOf({ ...right, summary: 1, requires: 'x', load: null })).toHaveLength(3);
  });
});
