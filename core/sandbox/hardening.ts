/** Own names of the global object after `HARDENING`: all that a strategy's text can name. */
export const GLOBAL_NAMES = [
  'Array',
  'Boolean',
  'Error',
  'Float64Array',
  'Infinity',
  'Int32Array',
  'Math',
  'NaN',
  'Number',
  'Object',
  'RangeError',
  'String',
  'TypeError',
  'Uint8Array',
  'isFinite',
  'isNaN',
  'undefined',
] as const;

const KEEP = JSON.stringify(GLOBAL_NAMES);

/**
 * Script that runs first in every context, before any text of a strategy. It
 *
 * - deletes every global but GLOBAL_NAMES, and with them clocks, randomness, code from text, shared-memory tools, Proxy, Reflect, Intl;
 * - deletes `constructor` from every prototype whose constructor is not on the list, including those that only syntax reaches
 *   (generators, async functions, promises, regular expressions, BigInt, iterators, the buffers behind typed arrays);
 * - deletes what depends on the locale or the clock and what inspects callers;
 * - freezes everything that can be reached, the global object last.
 *
 * isolated-vm offers no switch against code from text, so nothing but the missing constructors stands against it: the tests walk them all.
 */
export const HARDENING = `(function () {
  'use strict';
  const keep = ${KEEP};
  const root = globalThis;
  const { getOwnPropertyDescriptor: describe, getPrototypeOf: parent, freeze } = Object;
  const ownKeys = Reflect.ownKeys;
  const drop = Reflect.deleteProperty;
  const allowed = new Set();
  for (const name of keep) allowed.add(root[name]);
  const seen = new Set();
  const queue = [];
  const add = (value) => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (value !== root && !seen.has(value)) { seen.add(value); queue.push(value); }
    }
  };
  const typed = parent(Float64Array);
  allowed.add(typed);
  add(parent(root));
  const array = [];
  const bySyntax = [
    function () {}, () => 0, function* () {}, async function () {}, async function* () {}, class {},
    (function* () {})(), (async function* () {})(), (async () => 0)(), /x/, 1n, array, {}, '', 0, true, Symbol.iterator,
    array[Symbol.iterator](), ''[Symbol.iterator](), ''.matchAll(/x/g),
    array.values().map((x) => x), new Float64Array(1), new Uint8Array(1), new Int32Array(1),
    new Float64Array(new SharedArrayBuffer(8)).buffer, new ArrayBuffer(8),
    new Error(''), new RangeError(''), new TypeError(''), new SyntaxError(''), new ReferenceError(''), new SuppressedError(),
  ];
  for (const value of bySyntax) { for (let p = Object(value); p !== null; p = parent(p)) { if (p !== root) add(p); } }
  const banned = ['captureStackTrace', 'prepareStackTrace', 'random', 'caller', 'arguments', 'compile',
    'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare', 'toTemporalInstant',
    '__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__'];
  // A deletion would leave Math with a table of its members, in which V8 looks each of them up at each call: code with them takes four times as long.
  const math = {};
  for (const key of ownKeys(Math)) if (!banned.includes(key)) Object.defineProperty(math, key, describe(Math, key));
  Object.defineProperty(root, 'Math', { ...describe(root, 'Math'), value: math });
  for (const key of ownKeys(root)) {
    // What goes is not read first: reading builds Intl, Temporal and others, which costs more than all the rest.
    if (keep.includes(key)) add(root[key]);
    else if (!drop(root, key)) throw new Error('cannot remove ' + String(key));
  }
  for (let i = 0; i < queue.length; i += 1) {
    const object = queue[i];
    add(parent(object));
    const keys = ownKeys(object);
    for (let k = 0; k < keys.length; k += 1) {
      const key = keys[k];
      // Of a function these are a number and a text: not to look at them takes a third less time for all of the script.
      if (typeof object === 'function' && (key === 'length' || key === 'name')) continue;
      const slot = describe(object, key);
      if (slot === undefined) continue;
      add(slot.value); add(slot.get); add(slot.set);
      const unwanted = banned.includes(key) || (key === 'constructor' && !(slot.get === undefined && allowed.has(slot.value)));
      if (unwanted && slot.configurable) drop(object, key);
      if (unwanted && !slot.configurable) throw new Error('cannot remove ' + String(key));
    }
  }
  for (const object of queue) {
    try { freeze(object); } catch (error) {
      // Typed arrays with elements cannot be frozen; the three above are garbage once this function returns.
      if (!(object instanceof typed)) throw error;
    }
  }
  freeze(root);
})();`;
