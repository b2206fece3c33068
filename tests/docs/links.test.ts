import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGES, ROOT, textOf } from './fences.ts';

/** What readers and search engines see of a page: no fences. */
const prose = (text: string): string => text.replaceAll(/^( *)```[^]*?^\1```$/gm, '');

/** The anchors of a page as GitHub makes them of headings; equal ones get a number. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set(Array.from(text.matchAll(/<a (?:id|name)="([^"]+)"/g), ([, name]) => name!));
  for (const [, heading] of prose(text).matchAll(/^#{1,6} +(.*?) *$/gm)) {
    const words = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

/** Links and pictures that lead into the project; those to the outside are not asked for. */
function linksOf(text: string): readonly string[] {
  const bare = prose(text).replaceAll(/`[^`\n]*`/g, '');
  const links = [...bare.matchAll(/\]\(([^)\s]+)\)/g), ...bare.matchAll(/<(?:img|a)\b[^>]*\b(?:src|href)="([^"]+)"/g)];
  return links.map((match) => match[1]!).filter((link) => !/^(https?|mailto):/.test(link));
}

/** What a link of a page does not find; null: it leads somewhere. */
function lost(page: string, link: string, read: (file: string) => string = textOf): string | null {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, file))) return `${page}: no file for ${link}`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return anchorsOf(read(file)).has(anchor) ? null : `${page}: no heading for ${link}`;
}

describe('links between the pages', () => {
  test.for(PAGES)('of %s hold', (page) => {
    expect(
      linksOf(textOf(page))
        .map((link) => lost(page, link))
        .filter((found) => found !== null),
    ).toEqual([]);
  });

  test('are missed when file or heading is gone', () => {
    const read = (): string => '# One\n## Two `x.y`, three\n## One\n```\n# no heading\n```\n';
    expect(['#one', '#two-xy-three', '#one-1', '#no-heading', 'none.md'].map((link) => lost('README.md', link, read))).toEqual([
      null,
      null,
      null,
      'README.md: no heading for #no-heading',
      'README.md: no file for none.md',
    ]);
  });

  test('lead from the README to every page of docs/, over other pages where they must, and to the tutorial at once', () => {
    const next = (page: string): readonly string[] =>
      linksOf(textOf(page))
        .map((link) => normalize(join(dirname(page), link.split('#')[0]!)))
        .filter((file) => file.endsWith('.md'));
    const reached = new Set(['README.md']);
    for (const page of reached) for (const file of next(page)) reached.add(file);
    expect(PAGES.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/adr/') && !reached.has(page))).toEqual([]);
    expect(next('README.md')).toContain('docs/tutorial.md');
  });
});
