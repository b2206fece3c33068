import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { wholeStrategy } from '../../scripts/docs/strategy-part.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a page: three backticks, a language, and words that say how it is run. */
export interface Fence {
  readonly page: string;
  /** `page:line`. */
  readonly place: string;
  /** `strat`, `console`, ...; empty where the page names none. */
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** Every page that a reader meets, from the root of the project. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync(['docs/**/*.md', 'strategies/*/README.md', 'plugins/*/*/README.md'], { cwd: ROOT }).toSorted(),
];

export const textOf = (page: string): string => readFileSync(`${ROOT}${page}`, 'utf8');

/** The fences of a page in their order. */
export function fencesOf(page: string, text = textOf(page)): readonly Fence[] {
  return Array.from(text.matchAll(/^( *)```(.*)\n([^]*?)^\1```$/gm), (match) => {
    const [language = '', ...words] = match[2]!.trim().split(/ +/);
    const line = text.slice(0, match.index).split('\n').length;
    return { page, place: `${page}:${line}`, language, words, text: match[3]!.replaceAll(new RegExp(`^${match[1]}`, 'gm'), '') };
  });
}

/** The strategy that a `strat` block shows; of a block with the word `part` behind it with what it leaves out. */
export const strategyOf = ({ words, text }: Pick<Fence, 'words' | 'text'>): string => (words.includes('part') ? wholeStrategy(text) : text);
