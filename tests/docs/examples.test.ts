import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Example {
  readonly place: string;
  readonly source: string;
}

/** Every fenced `strat` block of the documentation. */
function examplesOf(file: string): readonly Example[] {
  const text = readFileSync(`${ROOT}${file}`, 'utf8');
  return [...text.matchAll(/^```strat\n(.*?)^```$/gms)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    source: match[1]!,
  }));
}

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync(['docs/**/*.md', 'strategies/*/README.md'], { cwd: ROOT })];
const examples = pages.flatMap(examplesOf);
const strategies = globSync('strategies/*/*.strat', { cwd: ROOT });

describe('examples of the documentation', () => {
  test('there are some', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(strategies.length).toBeGreaterThan(4);
  });

  test.for(examples)('$place compiles without a finding', ({ source }) => {
    expect(frames(new LineMap(source), createCompiler().compile(source).diagnostics)).toBe('');
  });

  test.for(strategies)('%s compiles without a finding', (file) => {
    const source = readFileSync(`${ROOT}${file}`, 'utf8');
    expect(frames(new LineMap(source), createCompiler().compile(source).diagnostics)).toBe('');
  });
});
