import type { Builtin } from '#dsl/check/builtins.ts';
import type { Value } from '#dsl/check/value.ts';
import * as T from '#dsl/grammar/tokens.ts';
import { BUILTIN_DOCS } from '#dsl/reference/builtin-docs.ts';
import { METRICS } from '#dsl/check/trading/objective-checker.ts';
import { callAt } from './call-at.ts';
import type { CheckedFile } from './checked-file.ts';
import type { CompletionPlace, Proposal } from './completion.ts';
import type { StatementPlace } from './cursor.ts';
import type { FileSymbol } from './file-symbols.ts';
import { builtinFunction, functionAt, functionOf, signatureText } from './function-shape.ts';
import { kindWords } from './value-words.ts';

/** What a name has to be to fit at a place. */
type Wanted = 'any' | 'number' | 'fixed' | 'duration' | 'account';

const BEFORE_NUMBERS: ReadonlySet<string> = new Set([
  'above',
  'below',
  'crosses',
  'between',
  '+',
  '-',
  '*',
  '/',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  'risk',
  'times',
  'per',
]);

/** Names in scope and built-in names that fit where the grammar takes a name. */
export function nameProposals(
  place: CompletionPlace,
  rule: 'primary' | 'path' | 'timeframe',
  { head }: StatementPlace,
): readonly Proposal[] {
  const { checked, offset, count } = place;
  if (head !== null && checked.tokens[head]?.image === 'objective')
    return [...METRICS.keys()].map((label) => ({ label, kind: 'value', detail: 'figure of the finished run', rank: 0 }));
  const wanted = rule === 'timeframe' ? 'duration' : rule === 'path' ? 'account' : wantedAt(place);
  // What is being defined cannot be read in its own line, but for its past.
  const own = head === null ? null : checked.tokens[head + 1]?.startOffset;
  const symbols = checked.symbols
    .visibleAt(offset)
    .filter(({ place: { start } }) => start < offset && start !== own)
    .flatMap((symbol) => symbolProposal(checked, symbol, wanted));
  if (wanted === 'duration') return symbols;
  const builtins = [...checked.builtins.names].flatMap(([name, builtin]) => builtinProposal(checked, name, builtin, wanted));
  return count === 0 ? [] : [...symbols, ...builtins];
}

/** What the words before the place ask for. */
function wantedAt({ checked, offset, count }: CompletionPlace): Wanted {
  const { tokens } = checked;
  const before = tokens[count - 1];
  const call = callAt(tokens, count);
  if (call !== null && (before?.tokenType === T.LParen || before?.tokenType === T.Comma || before?.tokenType === T.Colon)) {
    const shape = functionAt(checked, call.callee.image, offset);
    const parameter = shape?.parameters.find(({ name }, index) => (call.named === null ? index === call.argument : name === call.named));
    // Where the source is left out, what stands first is a length.
    const isFirst = call.argument === 0 && call.named === null && shape?.parameters[0]?.name === 'source';
    if (parameter?.type === 'length' && !isFirst) return 'fixed';
  }
  if (before?.tokenType === T.LBracket && tokens[count - 2]?.image !== 'in') return 'fixed';
  return before !== undefined && BEFORE_NUMBERS.has(before.image) ? 'number' : 'any';
}

function symbolProposal(checked: CheckedFile, symbol: FileSymbol, wanted: Wanted): readonly Proposal[] {
  const { name, kind, doc } = symbol;
  const more = doc === null ? {} : { doc };
  const shape = functionOf(checked, symbol);
  if (shape !== null) return wanted === 'duration' || wanted === 'account' || wanted === 'fixed' ? [] : [functionProposal(shape, 0)];
  if (kind === 'basket' || kind === 'setup' || kind === 'state') return [];
  const binding = checked.bindingOf(symbol.place.start);
  const value = binding?.kind === 'value' ? binding.value : null;
  if (wanted === 'account' || (value !== null && !fits(checked, value, wanted))) return [];
  if (value === null && wanted === 'duration' && kind !== 'param') return [];
  const detail = value === null ? kind : kindWords(value);
  return [{ label: name, kind: kind === 'param' || kind === 'parameter' ? 'param' : 'value', detail, rank: 0, ...more }];
}

function fits(checked: CheckedFile, value: Value, wanted: Wanted): boolean {
  const { kind } = value.type;
  switch (wanted) {
    case 'duration':
      return kind === 'duration' || kind === 'poison';
    case 'fixed':
      return kind === 'poison' || ((kind === 'number' || kind === 'bars') && checked.memoryOf(value)?.rate !== 'series');
    case 'number':
      return kind !== 'condition' && kind !== 'basket' && kind !== 'setup';
    default:
      return kind !== 'basket' && kind !== 'setup';
  }
}

/** Account values that a percent can be of. */
const SHARES: ReadonlySet<string> = new Set(['equity', 'cash', 'position']);

function builtinProposal(checked: CheckedFile, name: string, builtin: Builtin, wanted: Wanted): readonly Proposal[] {
  const doc = BUILTIN_DOCS[name];
  const more = doc === undefined ? {} : { doc };
  if (wanted === 'account') return SHARES.has(name) ? [{ label: name, kind: 'value', rank: 0, ...more }] : [];
  if (wanted === 'fixed') return [];
  switch (builtin.kind) {
    case 'value':
    case 'confidence':
      return [{ label: name, kind: 'value', rank: 1, ...more }];
    case 'members':
      return [{ label: name, kind: 'value', detail: `.${[...builtin.members.keys()].join(' .')}`, rank: 2 }];
    default: {
      const shape = builtinFunction(checked, name);
      return shape === null ? [] : [functionProposal(shape, 2)];
    }
  }
}

function functionProposal(shape: NonNullable<ReturnType<typeof functionAt>>, rank: number): Proposal {
  const { name, parameters, doc } = shape;
  const insert = parameters.length === 0 ? name : `${name}($0)`;
  return { label: name, kind: 'function', insert, detail: signatureText(shape), rank, ...(doc === null ? {} : { doc }) };
}
