import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from './fences.ts';
import { CLAIMS } from './recipe-claims.ts';
import { runRecipe } from './recipe-run.ts';

/** A recipe that trades less than this proves little of its claim. */
const FEWEST_TRADES = 8;

interface Recipe {
  readonly title: string;
  readonly page: string;
  readonly source: string;
}

const recipes = globSync('docs/cookbook/*.md', { cwd: ROOT }).flatMap((page) =>
  Array.from(
    readFileSync(`${ROOT}${page}`, 'utf8').matchAll(/^## (\d+\. .*)\n\n(?:(?!##)[^])*?^```strat\n([^]*?)^```$/gm),
    (match): Recipe => ({ title: match[1]!, page, source: match[2]! }),
  ),
);

describe('the cookbook', () => {
  test('has thirty recipes in a row, each with a claim, all in the table of its first page', () => {
    const titles = recipes.map(({ title }) => title).toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    expect(titles.map((title) => Number.parseInt(title, 10))).toEqual(Array.from({ length: 30 }, (_, place) => place + 1));
    expect(titles).toEqual(Object.keys(CLAIMS));
    const index = readFileSync(`${ROOT}docs/cookbook/README.md`, 'utf8');
    expect(titles.filter((title) => !index.includes(`[${title.replace('. ', ' ')}]`))).toEqual([]);
  });

  test('says when to use each, and where its trap is', () => {
    for (const page of new Set(recipes.map((recipe) => recipe.page))) {
      const text = readFileSync(`${ROOT}${page}`, 'utf8');
      const count = recipes.filter((recipe) => recipe.page === page).length;
      expect([page, text.match(/^\*\*When:\*\* .*\*\*Trap:\*\* /gm)?.length]).toEqual([page, count]);
    }
  });

  test.for(recipes)('$title', async ({ title, source }) => {
    const { says, broken, without, bars = 3000, seed = 1 } = CLAIMS[title]!;
    const run = await runRecipe(source, seed, bars);
    expect(run.trades.length).toBeGreaterThanOrEqual(FEWEST_TRADES);
    expect([says, broken(run)]).toEqual([says, []]);
    const changed = source.replace(...without);
    expect(changed).not.toBe(source);
    expect(broken(await runRecipe(changed, seed, bars)).length).toBeGreaterThan(0);
  });
});
