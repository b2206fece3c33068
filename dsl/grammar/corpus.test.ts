import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { parse } from './parse.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const here = existsSync(CORPUS);

function programs(folder: string): { readonly name: string; readonly source: string }[] {
  if (!here) return [];
  const names = readdirSync(join(CORPUS, folder)).filter((name) => name.endsWith('.strat'));
  return names.map((name) => ({ name: join(folder, name), source: readFileSync(join(CORPUS, folder, name), 'utf8') }));
}

/** `E0101 5:30` of every finding, in order. */
function places(source: string): string[] {
  const map = new LineMap(source);
  return parse(source).diagnostics.map((finding) => {
    const { line, column } = map.position(finding.span.start);
    return `${finding.code} ${line}:${column}`;
  });
}

/** A program on one line: comments go, line ends become spaces. Quotes are honoured, so a `#` in a text stays. */
function oneLine(source: string): string {
  return source.replace(/("(?:[^"\\\n]|\\.)*")|#[^\n]*/g, (_, text: string | undefined) => text ?? '').replace(/\s*\n\s*/g, ' ');
}

/** Codes that text and names alone decide; every other code belongs to a later stage. */
const OURS = /^(?:E01|E0203|E0209|E0211)/;
/** E0108 also limits the size of the functions written out, which is not a question of text. */
const LATER = new Set(['bad/57_expansion_bomb.strat']);

describe.skipIf(!here)('the corpus', () => {
  const good = [...programs('.'), ...programs('lib'), ...programs('later')];

  test.for(good)('$name parses without findings', ({ source }) => {
    expect(places(source)).toEqual([]);
    expect(parse(source).file?.brokenNames.size).toBe(0);
  });

  test.for(good)('$name means the same on one line', ({ source }) => {
    const line = oneLine(source);
    expect(places(line)).toEqual([]);
    expect(shape(parse(line).file?.statements)).toEqual(shape(parse(source).file?.statements));
  });

  test.for(programs('bad'))('$name has its one finding, or none before the checks', ({ name, source }) => {
    const [, code, place] = /^# expect (\w+) at (\d+:\d+)/.exec(source) ?? [];
    const ours = code !== undefined && OURS.test(code) && !LATER.has(name);
    expect(places(source)).toEqual(ours ? [`${code} ${place}`] : []);
  });

  test('is there', () => {
    expect(good.length).toBeGreaterThanOrEqual(28);
    expect(programs('bad').length).toBeGreaterThanOrEqual(40);
  });
});

/** A tree without places. */
function shape(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      /^(?:span|wordSpan|word|at|moving|closing|log|exported|universe)$/.test(key) && isSpan(part) ? null : part,
    ),
  );
}

function isSpan(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'start' in part && 'end' in part && typeof part.start === 'number';
}
