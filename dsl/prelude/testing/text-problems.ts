import { BARE_CONDITION, BARE_SOURCE, callOf, studyOf, withInputs } from './function-calls.ts';
import { type FunctionText, functionText, isNaRule, ONLY_FIRST, SOURCE_RULES } from './function-text.ts';
import type { PreludeFunction } from './prelude-functions.ts';
import { unitSentence, unitsOf, withLengths } from './unit-text.ts';

/** Parts of the graph that make a value of earlier ones of their own. */
const REMEMBERING: ReadonlySet<string> = new Set(['recursive', 'loop', 'parabolic', 'machine']);

/** Whether the first argument is a series of which an na can be passed over or not. */
export const hasSource = ({ parameters: [first] }: PreludeFunction): boolean =>
  first !== undefined && first.type === null && !/^\d/.test(first.otherwise ?? '');

/**
 * What the text of a function lacks, each by the name of the function: none where it says what it must, and what it says of unit, range and memory is what the
 * compiler sees.
 * @param file text of a module, for functions that are not of the prelude
 */
export function textProblems(definition: PreludeFunction, file?: string): readonly string[] {
  const { name, doc } = definition;
  const found =
    doc === null ? ['it has no text (lines with ## above it)'] : (calledProblems(definition, file) ?? problemsOf(definition, doc, file));
  return found.map((problem) => `${name}: ${problem}`);
}

/** null where it can be called. */
function calledProblems(definition: PreludeFunction, file: string | undefined): readonly string[] | null {
  try {
    studyOf([withInputs(callOf(definition), BARE_SOURCE, BARE_CONDITION)], file);
    return null;
  } catch (error) {
    return [`its parameters do not tell how to call it (OWN_CALLS in dsl/prelude/testing/function-calls.ts): ${String(error)}`];
  }
}

function problemsOf(definition: PreludeFunction, doc: string, file: string | undefined): readonly string[] {
  let text: FunctionText;
  try {
    text = functionText(doc);
  } catch (error) {
    return [(error as Error).message];
  }
  const problems: string[] = [];
  const sentences = { Unit: text.unit, na: text.na, Source: text.source, ...(text.seed === null ? {} : { Seed: text.seed }) };
  if (text.says === '') problems.push('its text does not begin with what it computes');
  for (const [word, sentence] of Object.entries(sentences)) {
    if (sentence === null) problems.push(`its text has no sentence "${word}: ..."`);
    else if (!sentence.endsWith('.')) problems.push(`its sentence "${word}:" does not end with a point`);
  }
  const remembers = isRemembering(definition, file);
  if (remembers && text.seed === null) problems.push('it reads its own past, and has no sentence "Seed: ..."');
  if (!remembers && text.seed !== null) problems.push('it does not read its own past, and has a sentence "Seed: ..."');
  if (text.unit !== null) {
    const expected = unitSentence(unitsOf(definition, file));
    if (!`${withLengths(text.unit, definition)} `.startsWith(`${expected} `))
      problems.push(`its sentence "Unit:" does not say ${expected}`);
  }
  if (text.na !== null && !isNaRule(text.na, hasSource(definition))) {
    const forms = hasSource(definition) ? SOURCE_RULES : [ONLY_FIRST, 'where ...', 'while ...', 'until ...', 'after ...', 'an unknown ...'];
    problems.push(`its sentence "na:" begins with none of: ${forms.join(', ')}`);
  }
  return problems;
}

function isRemembering(definition: PreludeFunction, file: string | undefined): boolean {
  const { program } = studyOf([withInputs(callOf(definition), BARE_SOURCE, BARE_CONDITION)], file);
  return program.graph.nodes.some(({ op }) => REMEMBERING.has(op));
}
