import ivm from 'isolated-vm';
import { afterAll, describe, expect, it } from 'vitest';
import { GLOBAL_NAMES, HARDENING } from './hardening.ts';
import { runText } from './run-text.ts';

/** Walks all that a text can reach from the global object and from values that syntax alone makes. */
const WALK = `(function () {
  const found = new Array();
  const names = [];
  const has = (value) => { for (let i = 0; i < found.length; i += 1) if (found[i] === value) return true; return false; };
  const add = (value, path) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || has(value)) return;
    found[found.length] = value; names[names.length] = path;
  };
  const top = this;
  add(top, 'global');
  const values = { function() {}, arrow: () => 0, *generator() {}, async asyncFunction() {}, async *asyncGenerator() {}, class: class {}, regex: /x/, bigint: Object(1n),
    string: Object(''), boolean: Object(true), number: Object(0), promise: (async () => 0)(), import: import('node:fs').catch((e) => e), error: (() => { try { null.x } catch (e) { return e } })(),
    depth: (function f() { try { return f() } catch (e) { return e } })(), reference: (() => { try { nowhere } catch (e) { return e } })(),
    iterator: [][Object.getOwnPropertySymbols(Object.getPrototypeOf([]))[0]], typed: new Float64Array(2), buffer: new Float64Array(2).buffer,
    generatorObject: (function* () {})(), mapped: [].values().map((x) => x), matches: ''.matchAll('x'), arguments: (function () { return arguments })(), template: ((x) => x)\`x\` };
  for (const key of Object.keys(values)) add(values[key], key);
  for (let i = 0; i < found.length; i += 1) {
    const object = found[i], path = names[i];
    const proto = Object.getPrototypeOf(object);
    add(proto, path + '->proto');
    for (const key of [...Object.getOwnPropertyNames(object), ...Object.getOwnPropertySymbols(object)]) {
      const slot = Object.getOwnPropertyDescriptor(object, key);
      if (slot === undefined) continue;
      const at = path + '.' + String(typeof key === 'symbol' ? key.description : key);
      add(slot.value, at); add(slot.get, at + '(get)'); add(slot.set, at + '(set)');
    }
  }
  const report = [];
  for (let i = 0; i < found.length; i += 1) {
    const own = Object.getOwnPropertyNames(found[i]);
    report[i] = [names[i], typeof found[i] === 'function' ? String(found[i].name) : String(typeof found[i]), Object.isFrozen(found[i]) ? 'frozen' : 'open', own.slice(0, 40).join(' ')].join('|');
  }
  return report.join('\\n');
}).call(this)`;

/** A context that was hardened by the code of a text seen before, from its third on. */
function hardened(count: number): { readonly isolate: ivm.Isolate; readonly context: ivm.Context } {
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  const context = isolate.createContextSync();
  runText(isolate, context, HARDENING, { filename: 'strat:hardening' });
  if (count === 1) return { isolate, context };
  isolate.dispose();
  return hardened(count - 1);
}

describe.each([1, 3])('the hardened context, the script run %i times', (count) => {
  const { isolate, context } = hardened(count);
  const run = (text: string): unknown => context.evalSync(text, { timeout: 5000 });
  const outcome = (text: string): unknown => {
    try {
      return run(text);
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : error;
    }
  };
  afterAll(() => isolate.dispose());

  it('has exactly the fixed list of own global names', () => {
    const names = String(run('Object.getOwnPropertyNames(this).join()')).split(',');
    expect(names.toSorted()).toEqual([...GLOBAL_NAMES]);
    expect(names).toHaveLength(17);
    expect(run('Object.getOwnPropertySymbols(this).length')).toBe(0);
  });

  it('shows no capability of isolated-vm, no constructor off the list and nothing unfrozen beneath the built-in prototypes', () => {
    const rows = String(run(WALK))
      .split('\n')
      .map((row) => row.split('|'));
    expect(rows.length).toBeGreaterThan(300);
    const names = rows.map(([, name]) => name);
    const ivmNames = [
      'Isolate',
      'Context',
      'Script',
      'ExternalCopy',
      'Reference',
      'Callback',
      'Module',
      'NativeModule',
      'InspectorSession',
      'Dereference',
      'Copy',
    ];
    const codeAndClocks = [
      'Function',
      'AsyncFunction',
      'GeneratorFunction',
      'AsyncGeneratorFunction',
      'eval',
      'Date',
      'now',
      'random',
      'SharedArrayBuffer',
      'ArrayBuffer',
    ];
    const tools = [
      'Promise',
      'Proxy',
      'Reflect',
      'Atomics',
      'WebAssembly',
      'Intl',
      'Temporal',
      'RegExp',
      'Symbol',
      'BigInt',
      'WeakRef',
      'console',
      'Iterator',
    ];
    for (const banned of [...ivmNames, ...codeAndClocks, ...tools]) expect(names.filter((name) => name === banned)).toEqual([]);
    for (const [path, , , own] of rows) {
      expect(`${path} ${own}`).not.toMatch(/__ivm|applySync|evalSync|derefInto|captureStackTrace|toLocale|__proto__/);
    }
    // What a text makes itself is its own (a generator's prototype too); every prototype and method of the engine is frozen.
    const open = rows.filter(([path, , state]) => state === 'open' && path !== 'generatorObject->proto' && /->proto/.test(path ?? ''));
    expect(open.map(([path]) => path)).toEqual([]);
    expect(rows.find(([path]) => path === 'global')?.[2]).toBe('frozen');
  });

  // Rows 12 to 18 of the attack list: what is cut off by name, by syntax or by freezing.
  it.each([
    ['this.constructor.constructor("return process")()', /TypeError|ReferenceError|SyntaxError|^\[?object/],
    ['Object.getPrototypeOf(function () {}).constructor === Object', true],
    [
      '(async () => {}).constructor === Object && (function* () {}).constructor === Object && (async function* () {}).constructor === Object',
      true,
    ],
    ['/x/.constructor === Object && (1n).constructor === Object && (async () => 0)().constructor === Object', true],
    ['new Float64Array(1).buffer.constructor === Object', true],
    ['typeof eval + typeof Function + typeof globalThis', 'undefinedundefinedundefined'],
    ['typeof Date + typeof performance + typeof Intl + typeof Temporal + typeof setTimeout', 'undefined'.repeat(5)],
    ['typeof Atomics + typeof SharedArrayBuffer + typeof WebAssembly + typeof Math.random', 'undefined'.repeat(4)],
    ['typeof Proxy + typeof Reflect + typeof WeakRef + typeof FinalizationRegistry + typeof console', 'undefined'.repeat(5)],
    ['typeof require + typeof process + typeof module + typeof global + typeof Buffer', 'undefined'.repeat(5)],
    ['Object.prototype.x = 1; typeof ({}).x', 'undefined'],
    ['Array.prototype.push = () => 7; [].push(1)', 1],
    ['Math.abs = () => 7; Math.abs(-1)', 1],
    ['Object.defineProperty(Float64Array.prototype, "length", { value: 9 })', /TypeError/],
    ['Object.setPrototypeOf(Array.prototype, { x: 1 })', /TypeError/],
    ['"use strict"; undeclared = 1', /ReferenceError|TypeError/],
    ['Error.prepareStackTrace = (e, frames) => frames[0].getThis(); typeof new Error("x").stack', 'string'],
    ['(1234.5).toLocaleString === undefined && "a".localeCompare === undefined', true],
  ])('%s', (text, expected) => {
    const got = outcome(text);
    expect(got).toSatisfy((value) => (expected instanceof RegExp ? expected.test(String(value)) : value === expected));
  });

  it('has no import', async () => {
    const loaded = context.eval('import("node:fs").then(() => "loaded", (e) => String(e.message))', { promise: true });
    await expect(loaded).resolves.toContain('Not supported');
  });

  it('is untouched by what another isolate does', () => {
    const other = new ivm.Isolate({ memoryLimit: 16 });
    other.createContextSync().evalSync('Object.prototype.x = 1; Array.prototype.push = null');
    expect(run('typeof ({}).x + typeof [].push')).toBe('undefinedfunction');
    other.dispose();
  });

  it('would show code from text, clocks and open prototypes without the script', () => {
    const bare = isolate.createContextSync();
    const text = bare.evalSync(WALK.replace('.call(this)', '.call(globalThis)'));
    expect(String(text)).toContain('|GeneratorFunction|');
    expect(String(text)).toContain('|random|');
    expect(String(text)).toMatch(/->proto\|[^|]*\|open/);
  });
});
