import { describe, expect, test } from 'vitest';
import { readStepCode } from './read-step-code.ts';
import { OutOfFuel, StepMachine } from './step-machine.ts';
import { loadPrinted } from './testing/printed-step.ts';

const PARAMS = ['length', 'factor'];
const whole = (step: string, rest = ''): string =>
  `${rest}\nexport function init(params, state) {}\nexport function step(params, state, input, out) { ${step} }`;

/** What one step makes of `input` in `state` and `out`, interpreted and printed, which must agree. */
function ran(source: string, input: readonly number[] = [10, 4], state: readonly number[] = [1, 2, 3]): readonly number[] {
  const read = readStepCode(source, PARAMS);
  if (!read.ok) throw new Error(`${read.error.line}:${read.error.column} ${read.error.message}`);
  const results = [new StepMachine(read.value), loadPrinted(read.value)].map((machine) => {
    const windows = { params: Float64Array.of(3, 1.5), state: Float64Array.from(state), out: Float64Array.of(0, 0) };
    machine.init(windows.params, windows.state);
    machine.step(windows.params, windows.state, Float64Array.from(input), windows.out);
    return [...windows.out, ...windows.state];
  });
  expect(results[1]).toEqual(results[0]);
  return results[0]!;
}

describe('the subset computes', () => {
  test.for([
    { name: 'arithmetic', step: 'out[0] = (input[0] - input[1]) * 2 / 3 % 5 - -1; out[1] = 2 ** 3;', gives: [5, 8, 1, 2, 3] },
    { name: 'params by name and by place', step: 'out[0] = params.length; out[1] = params[1];', gives: [3, 1.5, 1, 2, 3] },
    { name: 'names', step: 'const a = input[0]; let b = a; b += 2; b--; out[0] = b;', gives: [11, 0, 1, 2, 3] },
    {
      name: 'branches',
      step: 'if (input[0] > input[1]) { out[0] = 1; } else if (true) out[0] = 2; else { out[0] = 3; }',
      gives: [1, 0, 1, 2, 3],
    },
    { name: 'a loop', step: 'let s = 0; for (let i = 0; i < params.length; i++) s += state[i]; out[0] = s;', gives: [6, 0, 1, 2, 3] },
    {
      name: 'a loop back',
      step: 'for (let i = state.length - 1; i >= 1; i -= 1) state[i] = state[i - 1]; state[0] = input[0];',
      gives: [0, 0, 10, 1, 2],
    },
    {
      name: 'break and continue',
      step: 'for (let i = 0; i < 9; i++) { if (i === 1) continue; if (i > 3) break; out[0] += i; }',
      gives: [5, 0, 1, 2, 3],
    },
    {
      name: 'names that hide others',
      step: 'let i = 7; for (let i = 0; i < 2; i++) { let i = 5; out[0] += i; } out[1] = i;',
      gives: [10, 7, 1, 2, 3],
    },
    { name: 'logic', step: 'out[0] = input[0] > 5 && !(input[1] > 5) ? 7 : 8; out[1] = isNaN(NaN) || 0;', gives: [7, 1, 1, 2, 3] },
    { name: 'Math', step: 'out[0] = Math.max(input[0], 3, Math.PI); out[1] = Math.abs(-2);', gives: [10, 2, 1, 2, 3] },
    { name: 'state in place', step: 'state[1] *= 5; state[2]++; state[0] -= 1;', gives: [0, 0, 0, 10, 4] },
    { name: 'bits', step: 'out[0] = (input[0] | 1) & ~2; out[1] = -1 >>> 28;', gives: [9, 15, 1, 2, 3] },
    { name: 'a name without a value is na', step: 'let a; out[0] = a;', gives: [Number.NaN, 0, 1, 2, 3] },
    {
      name: 'what lies outside of a window is na',
      step: 'out[0] = state[3]; out[1] = state[-1];',
      gives: [Number.NaN, Number.NaN, 1, 2, 3],
    },
    { name: 'a fraction is no place', step: 'out[0] = state[0.5];', gives: [Number.NaN, 0, 1, 2, 3] },
  ])('$name', ({ step, gives }) => expect(ran(whole(step))).toEqual(gives));

  test('functions, with windows and numbers', () => {
    const source = whole(
      'out[0] = mean(state, params.length); out[1] = twice(HALF);',
      'const HALF = 1 / 2, WIDE = HALF * 4; function mean(list, n) { let s = 0; for (let i = 0; i < n; i++) { s += list[i]; } return s / n; } function twice(x) { if (x > 0) return x * WIDE; }',
    );
    expect(ran(source)).toEqual([2, 1, 1, 2, 3]);
  });

  test('a function without a return gives na, and may call another', () => {
    expect(
      ran(
        whole(
          'out[0] = f(1); out[1] = g(2, state);',
          'function f(x) { x + g(x, STATE); }'.replace('x + g(x, STATE);', '') +
            'function g(x, s) { return h(s) + x; } function h(s) { return s[0]; }',
        ),
      ),
    ).toEqual([Number.NaN, 3, 1, 2, 3]);
  });

  test('an index is computed once', () => {
    expect(ran(whole('state[next(state)] += 10;', 'function next(s) { s[0] += 1; return s[0]; }'))).toEqual([0, 0, 2, 2, 13]);
  });

  test('init runs first', () => {
    expect(
      ran(
        "'use strict'; export function init(p, s) { for (let i = 0; i < s.length; i++) s[i] = p.factor; } export function step(p, s, i, o) { o[0] = s[0]; }",
      ),
    ).toEqual([1.5, 0, 1.5, 1.5, 1.5]);
  });
});

describe('nothing outside of the windows can be kept', () => {
  test.for([
    {
      name: 'past the end',
      step: 'out[2] = 5; out[99] = 5; state[3] = 5; state[-1] = 5; state[0.5] = 5; state[NaN] = 5; state[Infinity] = 5;',
    },
    // A truth value as an index would be the name of a member, which typed arrays keep.
    { name: 'under a name', step: 'out[input[0] > 0 && false] = 0; state[!1 && state[9]] = 1;' },
  ])('$name', ({ step }) => {
    const read = readStepCode(whole(step), PARAMS);
    if (!read.ok) throw new Error(read.error.message);
    for (const machine of [new StepMachine(read.value), loadPrinted(read.value)]) {
      const [state, out] = [new Float64Array(2), new Float64Array(2)];
      machine.step(new Float64Array(2), state, new Float64Array(2), out);
      expect(Reflect.ownKeys(state)).toEqual(['0', '1']);
      expect(Reflect.ownKeys(out)).toEqual(['0', '1']);
    }
  });
});

/** threats.md A, as far as the subset refuses them, and what else JavaScript has. */
const ATTACKS: readonly { readonly name: string; readonly step?: string; readonly file?: string; readonly says: string }[] = [
  { name: '1 a BigInt bomb', step: 'out[0] = (2n**(2n**24n))**64n;', says: 'a BigInt' },
  { name: '2 arrays of arrays', step: 'const a = []; for(;;) a.push(new Array(1000).fill(1.1));', says: 'a list' },
  { name: '3 a huge fill', step: 'new Array(1e9).fill(0);', says: 'functions of the file and of Math only' },
  { name: '3 without new', step: 'Array(1e9);', says: 'no function "Array"' },
  { name: '4 a text that kills the process', step: '"x".repeat(2**28).split("");', says: 'functions of the file and of Math only' },
  { name: '5 a slow conversion', step: 'const a = (2n**(2n**24n)).toString();', says: 'functions of the file and of Math only' },
  { name: '6 an endless spread', step: 'Math.max(...state);', says: 'plugins have no ...' },
  { name: '7 an endless for', step: 'for(;;){}', says: 'a loop starts with one variable' },
  { name: '7 an endless for with a variable', step: 'for(let i = 0;;i++){}', says: 'the end of this loop is not fixed' },
  { name: '7 an endless while', step: 'while(true){}', says: 'a while loop' },
  { name: '7 an endless do', step: 'do {} while(true)', says: 'a do loop' },
  { name: '7 a bound from the data', step: 'for (let i = 0; i < state[0]; i++) {}', says: 'the end of this loop is not fixed' },
  { name: '7 a bound that moves', step: 'let n = 5; for (let i = 0; i < n; i++) n++;', says: 'the end of this loop is not fixed' },
  { name: '7 a bound made of the variable', step: 'for (let i = 0; i < i + 1; i++) {}', says: 'the end of this loop is not fixed' },
  { name: '7 a variable that is set back', step: 'for (let i = 0; i < 5; i++) i = 0;', says: 'only in the head of the loop' },
  {
    name: '7 a bound that another call takes from the data',
    file: whole('f(params.length); f(state[0]);', 'function f(n) { for (let i = 0; i < n; i++) {} }'),
    says: 'the end of this loop is not fixed',
  },
  { name: '8 a regular expression', step: '/^(a+)+$/.test("a");', says: 'functions of the file and of Math only' },
  { name: '8 a regular expression as a value', step: 'const a = /x/;', says: 'a regular expression' },
  { name: '9 async', step: '(async()=>{for(;;)await 0})()', says: 'functions of the file and of Math only' },
  { name: '9 an async step', file: 'export function init(p, s) {} export async function step(p, s, i, o) {}', says: 'no async functions' },
  { name: '9 a generator', file: 'export function init(p, s) {} export function* step(p, s, i, o) {}', says: 'no generator functions' },
  { name: '9 a getter', step: 'const a = { get x() { return 1; } };', says: 'an object' },
  { name: '9 Atomics.wait', step: 'Atomics.wait(state, 0, 0);', says: 'no function "Atomics.wait"' },
  { name: '10 recursion', file: whole('out[0] = f(1);', 'function f(n) { return f(n + 1) + 1; }'), says: 'calls itself' },
  { name: '10 recursion in a circle', file: whole('f(1);', 'function f(n) { g(n); } function g(n) { f(n); }'), says: 'calls itself' },
  { name: '10 step calls step', step: 'step(params, state, input, out);', says: 'calls itself' },
  { name: '11 allocation', step: 'new Uint8Array(1e6);', says: 'plugins have no new' },
  { name: '11 an array buffer', step: 'const a = new ArrayBuffer(4e9);', says: 'plugins have no new' },
  {
    name: '12 the constructor of this',
    step: 'this.constructor.constructor("return process")();',
    says: 'functions of the file and of Math only',
  },
  { name: '12 the constructor of a window', step: 'state.constructor;', says: 'no member "constructor"' },
  { name: '12 the constructor by a computed name', step: 'out[0] = state["constructor"];', says: 'a text' },
  { name: '12 the buffer of a window', step: 'out[0] = state.buffer;', says: 'no member "buffer"' },
  { name: '12 the prototype of Math', step: 'Math.__proto__;', says: 'constants like Math.PI' },
  { name: '12 a computed member of Math', step: 'Math["random"]();', says: 'functions of the file and of Math only' },
  { name: '12 a prototype by the name of a function', step: 'Math.hasOwnProperty(1);', says: 'no function "Math.hasOwnProperty"' },
  { name: '13 new Function', step: 'new Function("return 1")();', says: 'functions of the file and of Math only' },
  { name: '13 Function', step: 'Function("return 1");', says: 'no function "Function"' },
  { name: '13 eval', step: 'eval("1");', says: 'no function "eval"' },
  { name: '13 eval as a value', step: 'const a = eval;', says: 'no "eval"' },
  { name: '14 a prototype', step: 'Object.prototype.x = 1;', says: 'values go into a name or into state' },
  { name: '14 a method', step: 'Array.prototype.push = 1;', says: 'values go into a name or into state' },
  { name: '15 import()', step: 'import("node:fs");', says: 'plugins have no import' },
  { name: '15 import', file: `import fs from 'node:fs';\n${whole('')}`, says: 'a plugin is one file' },
  { name: '15 import.meta', step: 'const a = import.meta.url;', says: 'only params, state, input and out have members' },
  { name: '15 require', step: 'require("node:fs");', says: 'no function "require"' },
  { name: '15 process', step: 'process.getBuiltinModule("node:fs");', says: 'no function "process.getBuiltinModule"' },
  { name: '15 an export of another file', file: `export * from './x.js';\n${whole('')}`, says: 'init and step' },
  { name: '16 the clock', step: 'out[0] = Date.now();', says: 'no function "Date.now"' },
  { name: '16 randomness', step: 'out[0] = Math.random();', says: 'no function "Math.random"' },
  { name: '16 performance', step: 'out[0] = performance.now();', says: 'no function "performance.now"' },
  { name: '16 WebAssembly', step: 'WebAssembly.compile(state);', says: 'no function "WebAssembly.compile"' },
  { name: '17 writing the data', step: 'input[0] = 1e9;', says: 'input can only be read' },
  {
    name: '17 writing the data through a function',
    file: whole('f(input);', 'function f(x) { x[0] = 1; }'),
    says: 'input can only be read',
  },
  { name: '17 a column of the data', step: 'input[0][5] = 1e9;', says: 'values go into a name or into state' },
  { name: '18 globalThis', step: 'globalThis;', says: 'no "globalThis"' },
  { name: '18 arguments', step: 'const a = arguments;', says: 'no "arguments"' },
  { name: '19 length of out', step: 'out.length = 0;', says: 'values go into a name or into state' },
  { name: '19 set', step: 'out.set(state);', says: 'no function "out.set"' },
  { name: '20 a variable of the file', file: whole('n++; out[0] = n;', 'let n = 0;'), says: 'kept from bar to bar is in state' },
  { name: '20 a constant that is changed', file: whole('n = 1;', 'const n = 0;'), says: 'no let n' },
  { name: '20 a closure', step: 'const f = () => 1;', says: 'a function as a value' },
  { name: '20 a function expression', step: 'const f = function () {};', says: 'a function as a value' },
  { name: '20 a member of a function', step: 'step.n = 1;', says: 'values go into a name or into state' },
  { name: '20 changing params', step: 'params[0] = 5;', says: 'params can only be read' },
  { name: '20 a function as a value', step: 'const f = step;', says: 'the function step is no value' },
  { name: 'a class', step: 'class A {}', says: 'a class' },
  { name: 'new.target', step: 'const a = new.target;', says: 'plugins have no import.meta or new.target' },
  { name: 'this', step: 'const a = this;', says: 'plugins have no this' },
  { name: 'a text', step: 'const a = "x";', says: 'a text' },
  { name: 'a template', step: 'const a = `x`;', says: 'a text' },
  { name: 'a tagged template', step: 'isNaN`x`;', says: 'a text' },
  { name: 'null', step: 'const a = null;', says: 'found null' },
  { name: 'undefined', step: 'const a = undefined;', says: 'write NaN' },
  { name: 'a window as a number', step: 'out[0] = state;', says: 'state is a list of numbers' },
  { name: 'a window as a name', step: 'const a = state;', says: 'state is a list of numbers' },
  { name: 'parts', step: 'const [a] = state;', says: 'a plain name' },
  { name: 'a default', file: whole('out[0] = f();', 'function f(x = 1) { return x; }'), says: 'takes 1 argument, found 0' },
  { name: 'a rest', file: whole('out[0] = f(1);', 'function f(...x) { return x; }'), says: 'a plain name' },
  {
    name: 'a list here, a number there',
    file: whole('out[0] = f(1); out[1] = f(state);', 'function f(x) { return 1; }'),
    says: 'another call gives a list',
  },
  { name: 'var', step: 'var a = 1;', says: 'write let or const' },
  { name: 'using', step: 'typeof state;', says: 'plugins have no typeof' },
  { name: 'delete', step: 'delete state[0];', says: 'plugins have no delete' },
  { name: 'in', step: 'out[0] = 0 in state;', says: 'plugins have no in' },
  { name: '==', step: 'out[0] = input[0] == 1;', says: 'write ===' },
  { name: 'a comma', step: 'out[0] = (1, 2);', says: 'a comma' },
  { name: 'an assignment as a value', step: 'let a; out[0] = a = 1;', says: 'a statement of its own' },
  { name: '++ as a value', step: 'let a = 0; out[0] = a++;', says: 'a statement of its own' },
  { name: 'a chain', step: 'out[0] = state?.[0];', says: 'plugins have no ?.' },
  { name: '??', step: 'out[0] = state[0] ?? 1;', says: 'plugins have no ??' },
  { name: '&&=', step: 'let a = 1; a &&= 2;', says: 'plugins have no &&=' },
  { name: 'a label', step: 'x: for (let i = 0; i < 5; i++) {}', says: 'a label' },
  { name: 'switch', step: 'switch (state[0]) {}', says: 'switch' },
  { name: 'throw', step: 'throw 1;', says: 'throw' },
  { name: 'try', step: 'try {} catch {}', says: 'try' },
  { name: 'for of', step: 'for (const a of state) {}', says: 'for ... of' },
  { name: 'for in', step: 'for (const a in state) {}', says: 'for ... in' },
  { name: 'debugger', step: 'debugger;', says: 'debugger' },
  { name: 'nothing', step: 'state[0];', says: 'no effect' },
  { name: 'a function in a function', step: 'function f() {}', says: 'inside of a function' },
  { name: 'a name that hides another', step: 'const Math = 1;', says: 'has a meaning already' },
  { name: 'a name before its line', step: 'out[0] = a; let a = 1;', says: 'a is declared further down' },
  {
    name: 'a name before its line that would be another',
    step: 'let a = 1; { out[0] = a; let a = 2; }',
    says: 'a is declared further down',
  },
  { name: 'a name in its own line', step: 'let a = 1; { let a = a + 1; }', says: 'a is declared further down' },
  { name: 'a variable in its own start', step: 'let a = 1; for (let a = a; a < 5; a++) {}', says: 'a is declared further down' },
  { name: 'a name set before its line', step: 'let a = 1; { a = 2; const a = 3; }', says: 'a is declared further down' },
  { name: 'an unknown param', step: 'out[0] = params.lenght;', says: 'no param "lenght"' },
  { name: 'no init', file: 'export function step(p, s, i, o) {}', says: 'it does not export function init(params, state)' },
  { name: 'no export', file: 'function init(p, s) {} export function step(p, s, i, o) {}', says: 'must be exported' },
  { name: 'another export', file: `${whole('')} export function more() {}`, says: 'init and step only' },
  { name: 'a default export', file: `${whole('')} export default 1;`, says: 'init and step' },
  { name: 'an exported constant', file: `${whole('')} export const a = 1;`, says: 'function init and function step' },
  { name: 'a list of exports', file: 'function init() {} function step() {} export { init, step };', says: 'must be exported' },
  { name: 'code at the top', file: `${whole('')} Math.max(1);`, says: 'constants and functions only' },
  { name: 'a function nobody calls', file: whole('', 'function f() { eval("1"); }'), says: 'nothing calls the function f' },
  {
    name: 'too many parameters',
    file: 'export function init(p, s) {} export function step(p, s, i, o, more) {}',
    says: 'has these parameters',
  },
  { name: 'no JavaScript', file: 'export function step( {', says: 'no JavaScript' },
  { name: 'a character nobody sees', step: 'out[0] = 1; // \u202e', says: 'U+202E' },
  { name: 'a zero-width character in a name', step: 'const a\u200c = 1;', says: 'U+200C' },
];

describe('the subset refuses', () => {
  test.for(ATTACKS)('$name', ({ step, file, says }) => {
    const read = readStepCode(file ?? whole(step ?? ''), PARAMS);
    expect(read.ok ? 'accepted' : read.error.message).toContain(says);
  });

  test('and names the place', () => {
    expect(readStepCode('export function init(p, s) {}\nexport function step(p, s) {\n  s[0] = eval(1);\n}', [])).toEqual({
      ok: false,
      error: { line: 3, column: 10, message: 'there is no function "eval" in plugins' },
    });
  });

  test.for([
    { name: 'brackets', text: `out[0] = ${'('.repeat(50_000)}1${')'.repeat(50_000)};` },
    { name: 'signs', text: `out[0] = ${'- '.repeat(50_000)}1;` },
    { name: 'sums', text: `out[0] = 1${' + 1'.repeat(50_000)};` },
    { name: 'choices', text: `out[0] = ${'1 ? 1 : '.repeat(20_000)}1;` },
    { name: 'branches', text: `${'if (1) '.repeat(20_000)}out[0] = 1;` },
    { name: 'blocks', text: `${'{'.repeat(50_000)}${'}'.repeat(50_000)}` },
    { name: 'sums in a bound', text: `for (let i = 0; i < 1${' + 1'.repeat(50_000)}; i++) {}` },
    { name: 'of what the parser still takes', text: `out[0] = ${'- '.repeat(150)}1;` },
    { name: 'statements that the parser still takes', text: `${'{'.repeat(150)}${'}'.repeat(150)}` },
  ])('thousands of $name inside of each other, without a throw', ({ text }) => {
    const read = readStepCode(whole(text), PARAMS);
    expect(read.ok ? 'accepted' : read.error.message).toContain('nests too deep');
  });

  test('256 KB and a thousand names', () => {
    expect(readStepCode(`// ${'x'.repeat(300_000)}`, [])).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('256 KB') },
    });
    const many = Array.from({ length: 1001 }, (_, k) => `const a${k} = 1;`).join('');
    expect(readStepCode(whole(many), [])).toMatchObject({ ok: false, error: { message: expect.stringContaining('at most 1000 names') } });
  });
});

describe('fuel', () => {
  const doubling = Array.from({ length: 40 }, (_, k) =>
    k === 39 ? `function f39() { return 1; }` : `function f${k}() { return f${k + 1}() + f${k + 1}(); }`,
  ).join('\n');
  test.for([
    { name: 'loops in loops', file: whole('for (let i = 0; i < 10000; i++) for (let j = 0; j < 10000; j++) out[0] += 1;') },
    { name: 'a loop that steps the wrong way', file: whole('for (let i = 0; i < 10; i--) out[0] += 1;') },
    { name: 'a loop whose step is nothing', file: whole('for (let i = 0; i < 10; i += 0) out[0] += 1;') },
    { name: 'functions that double each other', file: whole('out[0] = f0();', doubling) },
  ])('ends $name', ({ file }) => {
    const read = readStepCode(file, PARAMS);
    if (!read.ok) throw new Error(read.error.message);
    for (const machine of [new StepMachine(read.value), loadPrinted(read.value)])
      expect(() => machine.step(new Float64Array(2), new Float64Array(2), new Float64Array(2), new Float64Array(2))).toThrow(OutOfFuel);
  });

  test('is spent equally by both forms', () => {
    const read = readStepCode(whole('for (let i = 0; i < params.length; i++) out[0] += f(i);', 'function f(x) { return x; }'), PARAMS);
    if (!read.ok) throw new Error(read.error.message);
    const windows = [Float64Array.of(7, 0), new Float64Array(1), new Float64Array(1), new Float64Array(1)] as const;
    const machine = new StepMachine(read.value);
    const printed = loadPrinted(read.value);
    machine.step(...windows);
    printed.step(...windows);
    expect(machine.spent).toBe(1 + 7 + 7);
    expect(1_000_000 - printed.fuel()).toBe(machine.spent);
  });
});
