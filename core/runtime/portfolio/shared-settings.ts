import { StratError } from '#core/errors/strat-error.ts';
import type { Program } from '#dsl/program.ts';
import { type FileSettings, type SettingsRequest, withGeneral } from '../resolve-settings.ts';

/** A strategy of an account, as its file has it. */
interface Asking {
  readonly label: string;
  readonly program: Pick<Program, 'account' | 'costs'>;
}

/** What can be said, and the option that goes before all files. */
const ACCOUNT = [
  ['capital', '--capital'],
  ['leverage', '--leverage'],
  ['margin', '--margin'],
] as const;
const COSTS = [
  ['maker', '--fee'],
  ['taker', '--fee'],
  ['slippage', '--slippage'],
  ['borrow', '--borrow'],
  ['funding', '--funding'],
] as const;

/**
 * What strategies that share an account say of it and of the costs of trading: what one of them says holds for all.
 * @param asked for by the user: goes before
 * @throws StratError USAGE where two of them differ
 */
export function sharedSettings(strategies: readonly Asking[], asked: SettingsRequest): FileSettings {
  const request = withGeneral(asked);
  const given = new Set([
    ...(request.capital === undefined ? [] : ['--capital']),
    ...(request.leverage === undefined ? [] : ['--leverage']),
    ...(request.margin === undefined ? [] : ['--margin']),
    ...(request.fee === undefined && request.feeRate === undefined ? [] : ['--fee']),
    ...(request.slippage === undefined && request.slippageRate === undefined ? [] : ['--slippage']),
    ...(request.borrowRate === undefined ? [] : ['--borrow']),
    ...(request.fundingRate === undefined ? [] : ['--funding']),
  ]);
  const agreed = <T>(block: string, name: string, option: string, valueOf: (program: Asking['program']) => T | null): T | null => {
    const said = strategies.flatMap(({ label, program }) => {
      const value = valueOf(program);
      return value === null ? [] : [{ label, value }];
    });
    const [first] = said;
    if (first === undefined) return null;
    const other = said.find(({ value }) => value !== first.value);
    if (other === undefined || given.has(option)) return first.value;
    const hint = `Write the same in both files, or give ${option}`;
    const reason = `"${first.label}" and "${other.label}" share an account and its costs, and their ${block} blocks differ in ${name}: ${String(first.value)} and ${String(other.value)}`;
    throw new StratError('USAGE', { reason, hint });
  };
  const account = Object.fromEntries(ACCOUNT.map(([name, option]) => [name, agreed('account', name, option, (one) => one.account[name])]));
  const costs = Object.fromEntries(COSTS.map(([name, option]) => [name, agreed('costs', name, option, (one) => one.costs[name])]));
  return { account, costs } as unknown as FileSettings;
}
