import ivm from 'isolated-vm';
import { describe, expect, it } from 'vitest';
import { type TextOptions, textRunner } from './run-text.ts';

const OPTIONS: TextOptions = { filename: 'strat:test' };

/** Runs a text in an isolate of its own and gives its value, and how V8 was asked for it. */
function inIsolate(run: ReturnType<typeof textRunner>, text: string): { readonly value: unknown; readonly asked: string } {
  const isolate = new ivm.Isolate({ memoryLimit: 16 });
  let asked = '';
  const compileScriptSync: ivm.Isolate['compileScriptSync'] = (source, options = {}) => {
    asked = options.cachedData !== undefined ? 'kept code' : options.produceCachedData === true ? 'code to keep' : 'code';
    return isolate.compileScriptSync(source, options);
  };
  try {
    const watched = { compileScriptSync } as ivm.Isolate;
    const value: unknown = run(watched, isolate.createContextSync(), text, OPTIONS).copySync();
    return { value, asked };
  } finally {
    isolate.dispose();
  }
}

describe('runText', () => {
  it('keeps code from the second time on, and gives the same value each time', () => {
    const run = textRunner();
    const seen = Array.from({ length: 5 }, () =>
      inIsolate(run, '(() => { let sum = 0; for (let k = 0; k < 9; k += 1) sum += k; return sum; })()'),
    );
    expect(seen.map(({ value }) => value)).toEqual([36, 36, 36, 36, 36]);
    expect(seen.map(({ asked }) => asked)).toEqual(['code', 'code to keep', 'kept code', 'kept code', 'kept code']);
  });

  // V8 itself tells texts by their length alone: code of another text would run.
  it('tells texts of one length apart', () => {
    const run = textRunner();
    for (let round = 0; round < 4; round += 1)
      for (const value of [1, 2, 3]) expect(inIsolate(run, `(() => ${value})()`).value).toBe(value);
  });

  it('would run the code of another text if it was given that', () => {
    const isolate = new ivm.Isolate({ memoryLimit: 16 });
    const made = isolate.compileScriptSync('(() => 1)()', { produceCachedData: true }) as ivm.Script & ivm.CachedDataResult;
    const other = new ivm.Isolate({ memoryLimit: 16 });
    const script = other.compileScriptSync('(() => 2)()', { cachedData: made.cachedData! });
    expect(script.runSync(other.createContextSync())).toBe(1);
    for (const one of [isolate, other]) one.dispose();
  });

  it('forgets what was not used for long, and keeps no long texts', () => {
    const run = textRunner();
    const again = (text: string): string => [1, 2, 3].map(() => inIsolate(run, text).asked)[2]!;
    expect(again('1 + 1')).toBe('kept code');
    for (let other = 0; other < 40; other += 1) inIsolate(run, `${other} + 2`);
    expect(inIsolate(run, '1 + 1').asked).toBe('code');
    expect(again(`'${'x'.repeat(200_000)}'.length`)).toBe('code');
  });

  it('throws what the text throws, kept or not', () => {
    const run = textRunner();
    for (let time = 0; time < 4; time += 1) {
      expect(() => inIsolate(run, 'null.x')).toThrow(TypeError);
      expect(() => inIsolate(run, 'let let')).toThrow(SyntaxError);
    }
  });
});
