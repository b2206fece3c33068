import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { corpusInputs, HAS_CORPUS } from './corpus.ts';

/**
 * Programs written from the language's rules, divided by lines of `====`. A mark such as «E0304» stands where a finding has to be and is no part of the
 * program: those findings, and no others, are expected. Warnings count in programs that have no mark, or one of a warning.
 */
const FOLDER = 'tests/language/programs';
const compiler = createCompiler();

interface Marked {
  readonly name: string;
  readonly source: string;
  readonly expected: readonly string[];
}

function marked(file: string): readonly Marked[] {
  const programs = readFileSync(`${FOLDER}/${file}`, 'utf8').split(/^====\n/m);
  return programs.map((text, place) => {
    const expected: string[] = [];
    let source = '';
    for (const [, before = '', code] of text.matchAll(/([^«]*)(?:«(\w+)»|$)/g)) {
      source += before;
      if (code !== undefined) expected.push(found(code, source, source.length));
    }
    return { name: `${place + 1}: ${expected.join(', ') || 'no finding'}`, source, expected };
  });
}

/** `E0304 6:32`. */
function found(code: string, source: string, at: number): string {
  const { line, column } = new LineMap(source).position(at);
  return `${code} ${line}:${column}`;
}

describe.each(readdirSync(FOLDER).toSorted())('%s', (file) => {
  const programs = marked(file).filter(({ source }) => HAS_CORPUS || !source.includes(' from "./'));

  test.each(programs.map((program) => [program.name, program] as const))('%s', (_, { source, expected }) => {
    const { program, diagnostics } = compiler.compile(source, corpusInputs);
    const counts = expected.length === 0 || expected.some((text) => text.startsWith('W'));
    const all = diagnostics.filter(({ severity }) => counts || severity === 'error');
    expect(
      all.map(({ code, span }) => found(code, source, span.start)),
      source,
    ).toEqual(expected);
    expect(program !== null).toBe(!expected.some((text) => text.startsWith('E')) && !/^module/m.test(source));
  });
});

test.each(
  readdirSync(FOLDER)
    .flatMap((file) => marked(file).map(({ name, source, expected }) => ({ name: `${file} ${name}`, source, expected })))
    .filter(({ source, expected }) => expected.length === 0 && (HAS_CORPUS || !source.includes(' from "./'))),
)('on one line too: $name', ({ source }) => {
  const flat = source.replaceAll(/(^|\s)#.*$/gm, '').replaceAll(/\s*\n\s*/g, ' ');
  const [whole, line] = [compiler.compile(source, corpusInputs), compiler.compile(flat, corpusInputs)];
  expect(line.diagnostics).toEqual([]);
  expect(line.program?.graph).toEqual(whole.program?.graph);
});

test('a mark at another place, and a finding without a mark, are seen', () => {
  const source = 'strat 1 strategy "x" trade BTC/USDT on 1h enter long when close > tred size 1 BTC stop 5%';
  const [finding] = compiler.compile(source).diagnostics;
  expect(found(finding!.code, source, finding!.span.start)).toBe(`E0201 1:${source.indexOf('tred') + 1}`);
});
