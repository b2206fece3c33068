import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PRELUDE_MODULES } from '#dsl/prelude/modules.ts';
import { syntaxOf } from '../../scripts/docs/ebnf.ts';
import { SAMPLE } from '../../scripts/docs/sample.ts';
import { referenceFiles } from '../../scripts/gen-reference.ts';

const FOLDER = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
const files = await referenceFiles();

describe('docs/reference', () => {
  test('has the files that scripts/gen-reference.ts writes, and no others (run it to bring them up to date)', () => {
    expect(globSync('**/*.{md,svg}', { cwd: FOLDER }).toSorted()).toEqual([...files.keys()].toSorted());
    const stale = Array.from(files)
      .filter(([file, text]) => !existsSync(`${FOLDER}${file}`) || readFileSync(`${FOLDER}${file}`, 'utf8') !== text)
      .map(([file]) => file);
    expect(stale).toEqual([]);
  });

  test('has a section for every function of the prelude, and a picture for each that is no arithmetic, condition or pattern of candles', () => {
    for (const { source } of PRELUDE_MODULES) {
      const family = /module "(\w+)"/.exec(source)![1]!;
      const page = files.get(`${family}.md`) ?? '';
      const names = Array.from(source.matchAll(/^export def (\w+)/gm), (match) => match[1]!);
      expect([family, names.filter((name) => !page.includes(`\n## ${name}\n`))]).toEqual([family, []]);
      if (['arithmetic', 'conditions', 'candles'].includes(family)) continue;
      expect([family, names.filter((name) => !files.has(`pictures/${name}.svg`) || !page.includes(`(pictures/${name}.svg)`))]).toEqual([
        family,
        [],
      ]);
    }
  });

  test('shows the grammar as it is written', () => {
    expect(syntaxOf('exitStatement', new Set(['order']))).toEqual([
      { name: 'exit', text: 'exit [long | short] [NAME] [PERCENT] when expr {order | reason TEXT}' },
    ]);
    expect(syntaxOf('takeStatement').map(({ name, text }) => `${name} = ${text}`)).toEqual([
      'take = take take-leg {"," take-leg}',
      'take-leg = [PERCENT | rest | all] at value',
    ]);
    expect(() => syntaxOf('noStatement')).toThrow('the grammar has no rule noStatement');
  });

  test('shows values that are right: the mean of the last closes, the highest high, the last close', () => {
    const last = <T>(values: Iterable<T>, count: number): readonly T[] => [...values].slice(-count);
    const mean = last(SAMPLE.close, 20).reduce((sum, close) => sum + close, 0) / 20;
    const rowOf = (page: string, call: string): string =>
      files
        .get(page)!
        .split('\n')
        .find((line) => line.startsWith(`| \`${call}\` |`))!;
    expect(rowOf('averages.md', 'sma(close, 20)')).toContain(`| ${mean.toFixed(2)} |`);
    expect(rowOf('windows.md', 'highest(high, 20)')).toContain(`| ${String(Math.max(...last(SAMPLE.high, 20)))} |`);
    expect(files.get('values.md')).toContain(`here ${SAMPLE.close.at(-1)}.`);
  });
});
