import fc from 'fast-check';

/** Texts of random plugins: every form of the subset, values that meet its edges. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      'i',
      'K',
      'params.n',
      'params[1]',
      'input[0]',
      'state[i]',
      'state.length',
      '0',
      '-0',
      '1',
      '2.5',
      '1e300',
      'NaN',
      'Infinity',
      'true',
    ),
    fc
      .tuple(
        tie('value'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '<=', '>', '>=', '===', '!==', '&', '|', '^', '<<', '>>', '>>>', '&&', '||'),
        tie('value'),
      )
      .map(([x, op, y]) => `(${x} ${op} ${y})`),
    fc.tuple(fc.constantFrom('-', '+', '!', '~'), tie('value')).map(([op, x]) => `(${op} ${x})`),
    fc.tuple(tie('value'), tie('value'), tie('value')).map(([test, x, y]) => `(${test} ? ${x} : ${y})`),
    fc
      .tuple(fc.constantFrom('Math.abs', 'Math.sqrt', 'Math.floor', 'Math.round', 'isNaN', 'isFinite', 'twice'), tie('value'))
      .map(([f, x]) => `${f}(${x})`),
    fc
      .tuple(fc.constantFrom('Math.max', 'Math.min', 'Math.pow', 'Math.atan2'), tie('value'), tie('value'))
      .map(([f, x, y]) => `${f}(${x}, ${y})`),
    fc.tuple(fc.constantFrom('state', 'out', 'input'), tie('value')).map(([w, x]) => `${w}[${x}]`),
    tie('value').map((x) => `at(state, ${x})`),
  ),
}));

const { statement } = fc.letrec<{ statement: string }>((tie) => {
  const block = fc.array(tie('statement'), { maxLength: 3 }).map((all) => `{ ${all.join(' ')} }`);
  return {
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('=', '+=', '-=', '*=', '/=', '%=', '**='), value)
        .map(([n, op, x]) => `${n} ${op} ${x};`),
      fc
        .tuple(fc.constantFrom('state', 'out'), value, fc.constantFrom('=', '+=', '*='), value)
        .map(([w, at, op, x]) => `${w}[${at}] ${op} ${x};`),
      fc.constantFrom('a++;', 'b--;', 'state[0]++;', 'note(state, a);'),
      fc.tuple(value, block, block).map(([test, yes, no]) => `if (${test}) ${yes} else ${no}`),
      fc
        .tuple(fc.constantFrom('k', 'm'), fc.constantFrom('5', 'params.n', 'K'), block)
        .map(([name, bound, body]) => `{ let i = 1; for (let ${name} = 0; ${name} < ${bound}; ${name}++) { i += ${name}; ${body} } }`),
      fc
        .tuple(value, fc.constantFrom('break', 'continue'))
        .map(([test, how]) => `for (let q = 0; q < 4; q++) { if (${test}) ${how}; b += q; }`),
      value.map((x) => `if (${x}) return;`),
      value.map((x) => `if (${x}) { out[0] = 1 / 0; return; }`),
    ),
  };
});

/** Text of a plugin with the params `n` and `factor`, two inputs, two outputs and three doubles of state. */
export const anyScript: fc.Arbitrary<string> = fc.tuple(fc.array(statement, { minLength: 1, maxLength: 6 }), value).map(
  ([statements, result]) => `const K = 3;
function twice(x) { return x * 2; }
function at(list, x) { if (x > 1) return list[x]; }
function note(list, x) { list[1] = x; twice(x); }
function used(list, x) { note(list, at(list, x)); }
export function init(params, state) { for (let i = 0; i < state.length; i++) state[i] = params.n + i; used(state, 1); }
export function step(params, state, input, out) { let a = input[1], b, i = 2; ${statements.join('\n')} out[0] = ${result}; if (a > b) out[1] = state[0]; }`,
);
