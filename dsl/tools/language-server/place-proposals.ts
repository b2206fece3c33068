import { ACCOUNT_SETTINGS, COST_SETTINGS } from '#dsl/check/settings-checker.ts';
import { HEADING_SETTINGS } from '#dsl/check/heading.ts';
import { SESSION_SETTINGS } from '#dsl/check/session-checker.ts';
import { LEVELS, PERIODS } from '#dsl/check/trading/known-words.ts';
import { LIMITS } from '#dsl/check/trading/risk-checker.ts';
import type { NextWord } from '#dsl/grammar/next-words.ts';
import { COLORS } from '#core/model/colors.ts';
import { BUILTIN_DOCS } from '#dsl/reference/builtin-docs.ts';
import { callAt, ownerAt } from './call-at.ts';
import type { CompletionPlace, Proposal } from './completion.ts';
import type { StatementPlace } from './cursor.ts';
import { functionAt } from './function-shape.ts';
import { kindWords, membersOf } from './value-words.ts';

const SETTINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['account', ACCOUNT_SETTINGS],
  ['costs', COST_SETTINGS],
  ['session', SESSION_SETTINGS],
  ['strat', HEADING_SETTINGS],
  ['strategy', HEADING_SETTINGS],
  ['module', HEADING_SETTINGS],
]);

const words = (labels: readonly string[], kind: Proposal['kind'], rank = 0): readonly Proposal[] =>
  labels.map((label) => ({ label, kind, rank }));

/** Names that only a clause knows: settings, limits, levels, baskets, states, arguments. */
export function clauseNames({ label, rules }: NextWord, place: CompletionPlace, { head }: StatementPlace): readonly Proposal[] {
  const { checked, offset, count } = place;
  switch (rules[0]) {
    case 'setting':
      return words(SETTINGS.get(checked.tokens[head ?? 0]?.image ?? '') ?? [], 'setting');
    case 'riskLimit':
      return label === 'per' ? words(PERIODS, 'keyword') : words(LIMITS, 'keyword');
    case 'notifyStatement':
      return label === 'level' ? words(LEVELS, 'keyword') : label === 'once' ? words(PERIODS, 'keyword') : [];
    case 'plotStatement':
    case 'markStatement':
      return label === 'color' ? words(COLORS, 'keyword') : [];
    case 'enterStatement':
    case 'exitStatement':
      return words(
        checked.symbols.all.filter(({ kind }) => kind === 'basket').map(({ name }) => name),
        'value',
      );
    case 'relation':
      return stateProposals(place);
    case 'argument': {
      const call = callAt(checked.tokens, count);
      const shape = call === null ? null : functionAt(checked, call.callee.image, offset);
      return (shape?.parameters ?? [])
        .filter(({ name }) => /^[a-z]\w*$/.test(name))
        .map(({ name }) => ({ label: `${name}:`, insert: `${name}: `, kind: 'argument', rank: 3 }));
    }
    default:
      return [];
  }
}

/** The states of the regime before `is`. */
function stateProposals({ checked, offset, count }: CompletionPlace): readonly Proposal[] {
  const { tokens, symbols } = checked;
  const is = tokens[count - 1]?.image === 'not' ? count - 2 : count - 1;
  const regime = symbols.find(tokens[is - 1]?.image ?? '', offset);
  return words(
    symbols.all.filter(({ owner, kind }) => kind === 'state' && owner === regime).map(({ name }) => name),
    'state',
  );
}

/** What may stand behind a dot. */
export function memberProposals({ checked, offset, count }: CompletionPlace): readonly Proposal[] {
  const owner = ownerAt(checked.tokens, count - 1);
  if (owner === null || !owner.isAlone) return [];
  const name = owner.name.image;
  if (owner.isCall) return words(functionAt(checked, name, offset)?.members ?? [], 'member');
  const symbol = checked.symbols.find(name, offset);
  if (symbol !== null) {
    const binding = checked.bindingOf(symbol.place.start);
    const members = binding?.kind === 'value' ? [...membersOf(binding.value)] : [];
    return members.map(([label, value]) => ({ label, kind: 'member', detail: kindWords(value), rank: 0 }));
  }
  const builtin = checked.builtins.names.get(name);
  if (builtin?.kind !== 'members') return [];
  return [...builtin.members.keys()].map((label): Proposal => {
    const doc = BUILTIN_DOCS[`${name}.${label}`];
    return { label, kind: 'member', rank: 0, ...(doc === undefined ? {} : { doc }) };
  });
}
