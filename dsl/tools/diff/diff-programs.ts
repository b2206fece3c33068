import type { Program } from '#dsl/program.ts';
import { Meanings } from './meanings.ts';
import { type LetText, letTexts, type ProgramPart, programParts } from './program-parts.ts';

/** A side of a change: a rule as it is written. */
export interface WrittenPart {
  readonly text: string | null;
  readonly line: number | null;
}

/** A rule of two programs that does not mean the same in both. */
export interface RuleChange {
  readonly kind: string;
  /** What it belongs to: a side, a setup, the name of a param; `long -> short` where that is what changed. */
  readonly of: string;
  /** null = it is not there. */
  readonly a: WrittenPart | null;
  readonly b: WrittenPart | null;
  /** Lets that the rule reads, and that the other program has under no name: where words are equal, they are what changed. */
  readonly lets: { readonly a: readonly string[]; readonly b: readonly string[] };
}

export interface DiffedProgram {
  readonly source: string;
  readonly program: Program;
}

/**
 * What differs between two programs, by what it means: other names of lets and functions, comments, layout, brackets and defaults that are written out are no change. A rule
 * is removed, added or changed; those that changed are of one kind and side, paired in the order of the text. In the order of the first program, what is new behind.
 */
export function diffPrograms(a: DiffedProgram, b: DiffedProgram): readonly RuleChange[] {
  const meanings = new Meanings();
  const [first, second] = [a, b].map(({ source, program }) => programParts({ source, program: meanings.of(program) })) as [
    readonly ProgramPart[],
    readonly ProgramPart[],
  ];
  const [goneA, newB] = [without(first, second), without(second, first)];
  const [letsA, letsB] = [letTexts(a.source), letTexts(b.source)];
  const changes: RuleChange[] = [];
  const left = [...newB];
  for (const part of goneA) {
    const same = left.findIndex((other) => other.kind === part.kind && other.of === part.of);
    const place =
      same >= 0 ? same : part.kind === 'param' ? -1 : left.findIndex((other) => other.kind === part.kind && other.text === part.text);
    const other = place < 0 ? null : left.splice(place, 1)[0]!;
    changes.push(change(part, other, letsA, letsB));
  }
  return [...changes, ...left.map((part) => change(null, part, letsA, letsB))];
}

/** The parts that the other list has not, each taken once. */
function without(parts: readonly ProgramPart[], others: readonly ProgramPart[]): readonly ProgramPart[] {
  const count = new Map<string, number>();
  for (const { key } of others) count.set(key, (count.get(key) ?? 0) + 1);
  return parts.filter(({ key }) => {
    const left = count.get(key) ?? 0;
    count.set(key, left - 1);
    return left <= 0;
  });
}

function change(a: ProgramPart | null, b: ProgramPart | null, letsA: Lets, letsB: Lets): RuleChange {
  const { kind } = (a ?? b)!;
  const of = a === null || b === null || a.of === b.of ? (a ?? b)!.of : `${a.of} -> ${b.of}`;
  const written = (part: ProgramPart | null): WrittenPart | null =>
    part === null || part.text === null ? null : { text: part.text, line: part.line };
  const lets =
    a === null || b === null ? { a: [], b: [] } : { a: ownLets(a.text ?? '', letsA, letsB), b: ownLets(b.text ?? '', letsB, letsA) };
  return { kind, of, a: written(a), b: written(b), lets };
}

/** By name, what a let is and the whole text of it. */
type Lets = ReadonlyMap<string, LetText>;

/** Lets that a text names, or that those name, and that are not there in the other program, whatever they are called. */
function ownLets(text: string, lets: Lets, others: Lets): readonly string[] {
  const [own, other] = [writtenOut(lets), new Set(writtenOut(others).values())];
  const found: string[] = [];
  const seen = new Set<string>();
  const look = (words: string): void => {
    for (const [name] of words.matchAll(NAME)) {
      const item = lets.get(name);
      if (item === undefined || seen.has(name)) continue;
      seen.add(name);
      if (!other.has(own.get(name)!)) found.push(item.text);
      look(item.value);
    }
  };
  look(text);
  return found;
}

const NAME = /(?<![.\w])[a-z]\w*/g;
/** Far beyond what a reader follows; lets of lets of lets could grow without end. */
const MOST_WRITTEN = 10_000;

/** Each let with those that it names written out; one that reads its own past names itself alike whatever it is called. */
function writtenOut(lets: Lets): ReadonlyMap<string, string> {
  const done = new Map<string, string>();
  const write = (name: string): string => {
    const item = lets.get(name);
    if (item === undefined) return name;
    const known = done.get(name);
    if (known !== undefined) return known;
    done.set(name, '(itself)');
    const text = `(${item.value.replaceAll(NAME, write).slice(0, MOST_WRITTEN)})`;
    done.set(name, text);
    return text;
  };
  for (const name of lets.keys()) write(name);
  return done;
}
