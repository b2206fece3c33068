import type { StudyResult } from '#dsl/study.ts';
import { BARE_CONDITION, BARE_SOURCE, callOf, studyOf, withInputs } from './function-calls.ts';
import type { PreludeFunction } from './prelude-functions.ts';

/** Kinds that have no unit: what they never leave belongs to what they are. */
const PLAIN = new Set(['number', 'percent', 'ratio']);

/** What a value is: `number, 0 to 100`. */
function kindText({ kind, low, high }: StudyResult): string {
  if (!PLAIN.has(kind) || (low === -Infinity && high === Infinity)) return kind;
  if (high === Infinity) return `${kind}, ${low} or more`;
  return low === -Infinity ? `${kind}, ${high} or less` : `${kind}, ${low} to ${high}`;
}

const seriesOf = (definition: PreludeFunction): string | null =>
  definition.parameters.find(({ type, otherwise }) => type === null && !/^\d/.test(otherwise ?? ''))?.name ?? null;

/**
 * What the values of a function are, by member, as the compiler sees it; a value that has the kind of its source whatever that is says so.
 * @param file as for `studyOf`
 */
export function unitsOf(definition: PreludeFunction, file?: string): ReadonlyMap<string | null, string> {
  const call = callOf(definition);
  const results = studyOf([withInputs(call, BARE_SOURCE, BARE_CONDITION)], file).expressions[0]!.results;
  const others = resultsOf(withInputs(call.replace(/\b(X|open|high|low)\b/g, 'volume'), BARE_SOURCE, BARE_CONDITION), file) ?? results;
  const source = seriesOf(definition);
  return new Map(
    results.map((result, place) => {
      const isAsSource = source !== null && others[place]!.kind !== result.kind;
      return [result.member, isAsSource ? `as ${source}` : kindText(result)];
    }),
  );
}

/** null where it takes prices only, as it adds them to others. */
function resultsOf(call: string, file: string | undefined): readonly StudyResult[] | null {
  try {
    return studyOf([call], file).expressions[0]!.results;
  } catch {
    return null;
  }
}

/** The sentence that says these units. */
export function unitSentence(units: ReadonlyMap<string | null, string>): string {
  const groups = Map.groupBy(units.keys(), (member) => units.get(member)!);
  if (groups.size === 1) return `${[...groups.keys()][0]!}.`;
  return `${Array.from(groups, ([unit, members]) => `${members.map((member) => `.${member}`).join(', ')}: ${unit}`).join('; ')}.`;
}

/** A sentence with its lengths as numbers, as the call that is tried has them. */
export function withLengths(sentence: string, { parameters, ...definition }: PreludeFunction): string {
  const call = callOf({ ...definition, parameters });
  const values = call.slice(call.indexOf('(') + 1, -1).split(', ');
  return parameters.reduce((text, { name, type }, place) => {
    if (type !== 'length') return text;
    return text.replace(new RegExp(String.raw`(?<=to |, )${name}( - 1)?(?=[.;]| or more)`, 'g'), (_, less) =>
      String(Number(values[place]) - (less === undefined ? 0 : 1)),
    );
  }, sentence);
}
