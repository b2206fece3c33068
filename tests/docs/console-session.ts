import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strat } from '../integration/cli-in-process.ts';
import { ROOT } from './fences.ts';
import { SAMPLE_FILES } from './sample-files.ts';

/** What a command printed, with its messages behind where it failed, and how it ended. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

/** A command of a page and the lines that the page shows below it. */
export interface Shown {
  readonly command: string;
  readonly output: string;
}

/**
 * As much of a shell as the pages need: words, quotes, comments, `&&`, `> FILE`, `cat FILE`, and `strat`, which runs in this process. It works
 * in a folder of its own that has the strategies of the project in it, as a clone has, and the files that pages take for the reader's own. This process moves
 * there.
 */
export class ConsoleSession {
  readonly #before = process.cwd();
  readonly #folder = mkdtempSync(join(tmpdir(), 'strat-docs-'));

  constructor() {
    symlinkSync(join(ROOT, 'strategies'), join(this.#folder, 'strategies'));
    for (const [name, text] of Object.entries(SAMPLE_FILES)) this.save(name, text);
    process.chdir(this.#folder);
  }

  close(): void {
    process.chdir(this.#before);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The reader saves what the page shows. */
  save(file: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.#folder, file)), { recursive: true });
    writeFileSync(join(this.#folder, file), text);
  }

  /** @throws Error for a command that no test can run here */
  async run(line: string): Promise<Answer> {
    let text = '';
    for (const words of commandsOf(line)) {
      const at = words.indexOf('>');
      const answer = await this.#command(at < 0 ? words : words.slice(0, at));
      if (at >= 0 && answer.code === 0) this.save(words[at + 1]!, answer.text);
      else text += answer.text;
      if (answer.code !== 0) return { code: answer.code, text };
    }
    return { code: 0, text };
  }

  async #command([first, ...rest]: readonly string[]): Promise<Answer> {
    if (first === 'npx' && rest[0] === 'strat') return this.#command(rest);
    if (first === 'cat' && rest.length === 1) return { code: 0, text: readFileSync(join(this.#folder, rest[0]!), 'utf8') };
    if (first !== 'strat')
      throw new Error(`"${first} ${rest.join(' ')}" cannot be run here; a block that no test can run says "elsewhere"`);
    const { code, out, err } = await strat(...rest);
    return { code, text: code === 0 ? out : out + err };
  }
}

/** The commands of a line, each as its words. */
function commandsOf(line: string): readonly (readonly string[])[] {
  const words = Array.from(line.matchAll(/'([^']*)'|"([^"]*)"|(#.*)|(\S+)/g))
    .filter((match) => match[3] === undefined)
    .map((match) => match[1] ?? match[2] ?? match[4] ?? '');
  const ends = [...words.flatMap((word, at) => (word === '&&' ? [at] : [])), words.length];
  return ends.map((end, place) => words.slice(place === 0 ? 0 : ends[place - 1]! + 1, end)).filter((command) => command.length > 0);
}

/** What a `console` block shows: lines behind `$ ` are typed, the others are the answer. A line that ends with `\` goes on. */
export function shownIn(text: string): readonly Shown[] {
  return text
    .replaceAll('\\\n', ' ')
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.split('\n');
      return { command, output: lines.join('\n').trimEnd() };
    });
}

/**
 * Where an output leaves what a page shows of it; null: nowhere. A line `...` stands for any number of lines; blanks at the ends of lines count nothing.
 */
export function firstOther(shown: string, found: string): string | null {
  const bare = (text: string): readonly string[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  const lines = bare(found);
  let at = 0;
  let isOpen = false;
  for (const line of bare(shown)) {
    if (line === '...') {
      isOpen = true;
      continue;
    }
    const place = isOpen ? lines.indexOf(line, at) : at;
    if (lines[place] !== line) return `shown: ${line}\nfound: ${isOpen ? 'no such line' : (lines[at] ?? 'the end')}`;
    at = place + 1;
    isOpen = false;
  }
  return isOpen || at >= lines.length ? null : `found more: ${lines[at]}`;
}
