import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emit } from '#dsl/emit/emit.ts';
import { foreignParts, storesIntoInputs } from './emitted-syntax.ts';
import { anyPlannedProgram, anyProgram } from './random-program.ts';

test('emitted text holds only the syntax and names the emitter knows, and never writes its inputs', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyProgram, anyPlannedProgram),
      fc.constantFrom('order' as const, 'fill' as const),
      fc.constantFrom('nextOpen' as const, 'close' as const),
      (program, sizeAt, fillAt) => {
        const { text } = emit(program, { sizeAt, fillAt });
        expect(foreignParts(text)).toEqual([]);
        expect(storesIntoInputs(text)).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 100) },
  );
});

test.for([
  { name: 'a call of anything else', text: '(()=>{eval(1)})()', found: ['eval'] },
  { name: 'a member of an input', text: '(()=>{C.constructor})()', found: ['.Identifier', 'constructor'] },
  { name: 'a text', text: '(()=>{return "x"})()', found: ['"x"'] },
  { name: 'a new object', text: '(()=>{new run()})()', found: ['NewExpression'] },
  { name: 'an array of another length', text: '(()=>{new Float64Array(C)})()', found: ['NewExpression'] },
  { name: 'a member of the engine', text: '(()=>{X.registers})()', found: ['.Identifier', 'registers'] },
  { name: 'a call of the engine in a plugin', text: '(()=>{function g0_1(x0){X.decide(x0)}})()', found: ['.Identifier'] },
  { name: 'a member of the state', text: '(()=>{S.buffer})()', found: ['.Identifier', 'buffer'] },
  { name: 'a throw outside of plugins', text: '(()=>{throw 0})()', found: ['ThrowStatement'] },
  { name: "a call into a plugin's inside", text: '(()=>{g0_1()})()', found: ['g0_1'] },
  { name: 'a member of a window', text: '(()=>{function g0_1(x0){x0.buffer}})()', found: ['.Identifier', 'buffer'] },
  { name: 'a call out of a plugin', text: '(()=>{function g0_1(x0){eval(x0)}})()', found: ['eval'] },
  { name: 'a regular expression', text: '(()=>{/x/})()', found: ['/x/'] },
])('$name is found', ({ text, found }) => expect(foreignParts(text)).toEqual(found));

test('a store into a column is found', () => expect(storesIntoInputs('(()=>{c1[0]=1;})()')).toEqual(['c1']));
