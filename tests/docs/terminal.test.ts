import { describe, expect, test } from 'vitest';
import { ConsoleSession, firstOther, type Shown, shownIn } from './console-session.ts';
import { type Fence, fencesOf, PAGES } from './fences.ts';

const isTyped = ({ language, words }: Fence): boolean => language === 'console' || (language === 'sh' && !words.includes('elsewhere'));
/** Strategies and tests that a page gives a file name. */
const isSaved = ({ language, words }: Fence): boolean =>
  (language === 'strat' || language === 'yaml') && /\.(strat|test\.yaml)$/.test(words[0] ?? '');
const pages = PAGES.map((page) => ({ page, fences: fencesOf(page) })).filter(({ fences }) => fences.some(isTyped));

/** What a block has the reader type; a block of `sh` says nothing of the answers, but that the commands do not fail. */
function typedIn({ language, text }: Fence): readonly Shown[] {
  if (language === 'console') return shownIn(text);
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines.filter((line) => line.trim() !== '').map((command) => ({ command, output: '...' }));
}

/** What does not go as the page shows it, by place. A reader saves the strategies that have a file name, and types the commands in order. */
async function otherwise(fences: readonly Fence[]): Promise<readonly string[]> {
  const session = new ConsoleSession();
  const found: string[] = [];
  try {
    for (const fence of fences) {
      const { place, words, text } = fence;
      if (isSaved(fence)) session.save(words[0]!, text);
      for (const { command, output } of isTyped(fence) ? typedIn(fence) : []) {
        const { code, text: printed } = await session.run(command);
        const wanted = Number(/# exit code (\d)$/.exec(command)?.[1] ?? 0);
        const other = firstOther(output, printed);
        if (code !== wanted) found.push(`${place}: ${command}\nexit code ${code}: ${printed}`);
        else if (other !== null) found.push(`${place}: ${command}\n${other}`);
      }
    }
  } finally {
    session.close();
  }
  return found;
}

describe('what pages show of the terminal', () => {
  test('is looked for', () => {
    expect(pages.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md', 'docs/reports.md']));
  });

  test.for(pages)('is what $page says', async ({ fences }) => {
    expect(await otherwise(fences)).toEqual([]);
  });

  test('is caught when it is something else', async () => {
    const fence = (language: string, text: string): Fence => ({ page: 'x', place: 'x:1', language, words: [], text });
    const offenders = ['$ strat --version\n0.0.9\n', '$ strat --version # exit code 1\n...\n'].map((text) => fence('console', text));
    const [shown, code, failed, ...others] = await otherwise([...offenders, fence('sh', 'strat check none.strat\n')]);
    expect(shown).toMatch(/^x:1: strat --version\nshown: 0\.0\.9\nfound: \d/);
    expect(code).toMatch(/exit code 0/);
    expect(failed).toMatch(/exit code 1: [^]*none\.strat/);
    expect(others).toEqual([]);
  });
});

describe('firstOther', () => {
  test.for([
    ['a\nb', 'a\nb\n', null],
    ['a\n...', 'a\nb\nc', null],
    ['...\nc', 'a\nb\nc', null],
    ['a\n...\nc\n...', 'a\nb\nc\nd', null],
    ['a', 'a\nb', 'found more: b'],
    ['a\n...\nd', 'a\nb\nc', 'shown: d\nfound: no such line'],
    ['a\nb\nc', 'a\nb', 'shown: c\nfound: the end'],
    ['b\n...\na\n...', 'a\nb', 'shown: b\nfound: a'],
  ] as const)('%j of %j', ([shown, found, other]) => {
    expect(firstOther(shown, found)).toBe(other);
  });
});
