import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourceFile } from '#dsl/ast/nodes.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { scan } from '#dsl/grammar/scan.ts';
import { format } from '#dsl/tools/format/format.ts';
import { MAX_WIDTH } from '#dsl/tools/format/fill-line.ts';
import { anySource } from '../equivalence/random-source.ts';
import { anyMarketStatements, anyStatements } from '../equivalence/random-statements.ts';
import { ROOT } from '../integration/paper-runs.ts';
import { hasSharedData, sharedPath } from '../reference/shared-data.ts';

const formatted = (source: string): string => {
  const result = format(source);
  return result.ok ? result.text : expect.fail(`${JSON.stringify(result.diagnostics)}\n${source}`);
};

/** The tree without places. */
function meaning(source: string): unknown {
  const { file } = parse(source);
  const { comments, ...rest } = file as SourceFile;
  const placeless = JSON.stringify(rest, (_, value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).toSorted().join() === 'end,start' ? null : value,
  );
  return { tree: placeless, comments: comments.map(({ text }) => text.trimEnd()) };
}

/** Every word of a program with what may stand between words before it: spaces, line breaks, comments. */
const anyLayout = (source: string): fc.Arbitrary<string> => {
  const words = scan(source).tokens.map(({ image }) => image);
  const between = fc.constantFrom(
    ' ',
    ' ',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\n\n\n',
    '\t',
    ' # said\n',
    '\n# alone \n',
    '\n\n## told\n',
    ' ## told behind\n',
    '#\n\n#!\n',
  );
  return fc
    .array(between, { minLength: words.length + 1, maxLength: words.length + 1 })
    .map((gaps) => gaps.map((gap, at) => gap + (words[at] ?? '')).join(''));
};

const check = (source: string): void => {
  const text = formatted(source);
  expect(meaning(text)).toEqual(meaning(source));
  expect(formatted(text)).toBe(text);
  expect(text).not.toMatch(/[ \t\r]$/m);
  expect(text).not.toMatch(/\n\n\n/);
};

test('random programs, laid out by chance with comments anywhere, keep their meaning and their comments, and are formatted once for all', () => {
  let runs = 0;
  fc.assert(
    fc.property(
      fc.oneof(anyStatements, anyMarketStatements, anySource).chain((source) => fc.tuple(fc.constant(source), anyLayout(source))),
      ([source, laidOut]) => {
        runs += 1;
        check(source);
        check(laidOut);
      },
    ),
    { numRuns: Number(process.env['STRAT_FC_RUNS'] ?? 150) },
  );
  expect(runs).toBeGreaterThan(0);
});

test('the strategies that come with strat are in the style', () => {
  const folder = join(ROOT, 'strategies');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.strat'));
  const sources = names.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(sources.length).toBeGreaterThan(4);
  expect(sources.map(formatted)).toEqual(sources);
});

describe.skipIf(!hasSharedData)('the corpus (../shared/corpus)', () => {
  const folder = sharedPath('../corpus');
  const files = hasSharedData ? readdirSync(folder).filter((name) => name.endsWith('.strat')) : [];

  test('keeps its meaning, and is in the style already but for lines that are longer', () => {
    expect(files.length).toBeGreaterThan(20);
    const sources = files.map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
    for (const source of sources) check(source);
    const short = sources.filter((source) => source.split('\n').every((line) => line.length <= MAX_WIDTH));
    expect(short.map(formatted)).toEqual(short);
    expect(short.length).toBeGreaterThan(20);
  });
});
