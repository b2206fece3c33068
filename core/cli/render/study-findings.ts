import { type DiagnosticJson, toJson } from '#dsl/diagnostics/diagnostic-json.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { StudyCompilation } from '#dsl/study.ts';
import { findingsText } from './findings-text.ts';
import type { Paint } from './paint.ts';

interface Told {
  readonly file: string;
  readonly lines: LineMap;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where something is wrong: in expressions, and in the file when that alone says why. */
function told(
  { expressions, file }: Pick<StudyCompilation, 'expressions' | 'file'>,
  texts: readonly string[],
  named: { readonly path: string; readonly text: string } | null,
): readonly Told[] {
  const wrong = expressions.flatMap((diagnostics, place) => {
    const name = texts.length === 1 ? 'expression' : `expression ${place + 1}`;
    return diagnostics.length === 0 ? [] : [{ file: name, lines: new LineMap(texts[place]!), diagnostics }];
  });
  if (wrong.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === 'error'))) return wrong;
  const ofFile = named === null ? [] : [{ file: named.path, lines: new LineMap(named.text), diagnostics: file }];
  return [...wrong, ...ofFile];
}

/** Why expressions cannot be computed, as people read it. @param width Infinity where lines are not to be broken */
export function studyFindings(...[compilation, texts, named, width, paint]: [...Parameters<typeof told>, number, Paint]): string {
  return told(compilation, texts, named)
    .map((found) => findingsText(found, width, paint))
    .join('');
}

export function studyFindingsJson(...given: Parameters<typeof told>): readonly DiagnosticJson[] {
  return told(...given).flatMap(({ file, lines, diagnostics }) => diagnostics.map((finding) => toJson(file, lines, finding)));
}
