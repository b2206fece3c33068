import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import type { Program } from '#dsl/program.ts';
import { checkFile, type CheckedFile } from '#dsl/tools/language-server/checked-file.ts';
import { codeActions } from '#dsl/tools/language-server/code-actions.ts';
import { completions } from '#dsl/tools/language-server/completion.ts';
import { definitionOf, referencesTo } from '#dsl/tools/language-server/definition.ts';
import { hover } from '#dsl/tools/language-server/hover.ts';
import { foldings, outline } from '#dsl/tools/language-server/outline.ts';
import { rename } from '#dsl/tools/language-server/rename.ts';
import { semanticWords } from '#dsl/tools/language-server/semantic-words.ts';
import { signatureHelp } from '#dsl/tools/language-server/signature-help.ts';
import { withEdits } from '#dsl/tools/language-server/text-edit.ts';
import { corpusInputs, corpusPrograms, HAS_CORPUS, shippedPrograms } from './corpus.ts';
import { mutantMaker } from './mutants.ts';

const compiler = createCompiler();
const check = (source: string): CheckedFile => checkFile(compiler, source, corpusInputs);
const PROGRAMS = [...corpusPrograms(), ...shippedPrograms()];

/** The program without places and without the names that a user reads in results. */
function meaningOf(program: Program | null): string {
  return JSON.stringify(program, (key, value: unknown) =>
    key === 'span' || key.endsWith('Span') || key === 'name' || key === 'label' || key === 'start' || key === 'end' || value instanceof Map
      ? undefined
      : value,
  );
}

describe('rename', () => {
  it('keeps what a program means', () => {
    const names = PROGRAMS.flatMap(({ name, source }) => {
      const checked = check(source);
      return checked.symbols.all.map((symbol) => ({ file: name, checked, symbol }));
    });
    expect(names.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.nat({ max: names.length - 1 }), fc.nat(), (at, pick) => {
        const { file, checked, symbol } = names[at]!;
        const places = [symbol.place, ...symbol.uses];
        const place = places[pick % places.length]!;
        const renaming = rename(checked, place.start, 'renamed_here', check);
        const reason = renaming.ok ? 'exported' : renaming.reason;
        expect([file, symbol.name, reason]).toEqual([file, symbol.name, expect.stringMatching(/exported|grammar/)]);
        if (!renaming.ok) return;
        const renamed = check(withEdits(checked.source, renaming.edits));
        expect([file, symbol.name, renamed.diagnostics.map(({ code }) => code)]).toEqual([
          file,
          symbol.name,
          checked.diagnostics.map(({ code }) => code),
        ]);
        expect(meaningOf(renamed.program).replaceAll('renamed_here', symbol.name)).toBe(meaningOf(checked.program));
      }),
      { endOnFailure: true },
    );
  });
});

it('no question about any text throws', () => {
  const mutant = mutantMaker();
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (seed, at, isCut) => {
      const whole = mutant(seed);
      const offset = Math.floor(at * whole.length);
      const checked = check(isCut ? whole.slice(0, offset) : whole);
      const { proposals, replace } = completions(checked, offset);
      expect(replace.start).toBeLessThanOrEqual(offset);
      expect(proposals.every(({ label }) => label !== '')).toBe(true);
      hover(checked, offset);
      signatureHelp(checked, offset);
      definitionOf(checked, offset);
      referencesTo(checked, offset, true);
      rename(checked, offset, 'renamed_here', check);
      outline(checked);
      foldings(checked);
      const words = semanticWords(checked);
      expect(words.every(({ span }, index) => index === 0 || span.start >= words[index - 1]!.span.end)).toBe(true);
      if (seed % 16 === 0) codeActions(checked, { start: 0, end: whole.length }, check);
    }),
    { endOnFailure: true },
  );
});

describe.runIf(HAS_CORPUS)('code actions', () => {
  it('take their finding away, and exist for each "did you mean" of the corpus of mistakes', () => {
    const meant = corpusPrograms('bad').flatMap(({ name, source }) => {
      const checked = check(source);
      return checked.diagnostics
        .filter(({ hint, severity }) => severity === 'error' && hint?.startsWith('did you mean') === true)
        .map((finding) => ({ name, checked, finding }));
    });
    expect(meant.length).toBeGreaterThan(5);
    const without = meant.filter(({ checked, finding }) =>
      codeActions(checked, finding.span, check).every((action) => action.finding !== finding),
    );
    expect(without.map(({ name, finding }) => `${name} ${finding.code} ${finding.hint}`)).toEqual([]);
  });
});
