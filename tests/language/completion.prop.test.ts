import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import type { IToken } from '#dsl/grammar/cst.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { scan } from '#dsl/grammar/scan.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { checkFile } from '#dsl/tools/language-server/checked-file.ts';
import { completions, type Proposal } from '#dsl/tools/language-server/completion.ts';
import { corpusInputs, corpusPrograms, shippedPrograms } from './corpus.ts';

/** Completion at places of real programs: what stands there is proposed, and what is proposed can stand there. */
const PROGRAMS = [...corpusPrograms(), ...shippedPrograms()];
const compiler = createCompiler();
const FILES = PROGRAMS.map(({ name, source }) => ({
  name,
  source,
  tokens: scan(source).tokens,
  checked: checkFile(compiler, source, corpusInputs),
}));

/** Where the grammar stops understanding a text: its end when nothing is wrong but that it ends. */
function readTo(text: string): number {
  const errors = parse(text).diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'E0104');
  return Math.min(text.length, ...errors.map(({ span }) => span.start));
}

const place = fc.record({
  file: fc.nat({ max: FILES.length - 1 }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  pick: fc.nat(),
});

const written = ({ label, insert = label }: Proposal): string => insert.replace('$0', '');

describe('completion', () => {
  it('reads further with each proposal', () => {
    fc.assert(
      fc.property(place, ({ file, at, pick }) => {
        const { source, tokens, checked, name } = FILES[file]!;
        const token = tokens[Math.floor(at * tokens.length)]!;
        const { proposals, replace } = completions(checked, token.startOffset);
        if (proposals.length === 0) return;
        const proposal = proposals[pick % proposals.length]!;
        const text = `${source.slice(0, replace.start)}${written(proposal)} `;
        expect([name, replace.start, proposal.label, readTo(text) > replace.start]).toEqual([name, replace.start, proposal.label, true]);
      }),
      { endOnFailure: true },
    );
  });

  it('proposes the word that stands there', () => {
    fc.assert(
      fc.property(place, ({ file, at }) => {
        const { tokens, checked, name } = FILES[file]!;
        const index = Math.floor(at * tokens.length);
        const token = tokens[index]!;
        if (!isProposable(tokens, index)) return;
        const labels = completions(checked, token.startOffset).proposals.map(({ label }) => label);
        expect([name, token.startOffset, token.image, labels]).toEqual([
          name,
          token.startOffset,
          token.image,
          expect.arrayContaining([token.image]),
        ]);
      }),
      { endOnFailure: true },
    );
  });
});

/** Words of the language that are not names here, and names that are known: defined above, or built in. */
function isProposable(tokens: readonly IToken[], index: number): boolean {
  const { tokenType, image } = tokens[index]!;
  const before = tokens[index - 1];
  if (before === undefined || before.tokenType === T.Dot) return false;
  return T.isReserved(image) && tokenType !== T.Identifier && !['strat', 'strategy', 'module'].includes(image);
}
