import type { PineStatement } from './pine-nodes.ts';
import type { Said } from './said.ts';

/** Names of groups that several names are taken from. */
export const GROUP_NAMES: Readonly<Record<string, string>> = { macd: 'macd_lines', bbands: 'bands', supertrend: 'trend', dmi: 'movement' };

export const isNothing = (said: Said): boolean => said.kind === 'nothing';

/** Whether a value is as short as a name for it. */
export function isSimple(value: Said): boolean {
  switch (value.op) {
    case 'number':
    case 'truth':
    case 'na':
    case 'text':
    case 'word':
    case 'ref':
    case 'before':
    case 'position':
    case 'option':
    case 'tuple':
    case 'nothing':
    case 'unsaid':
      return true;
    case 'member':
      return isSimple(value.args[0]!);
    case 'call':
      return value.kind === 'session';
    case 'binary':
      // A switch of the inputs.
      return value.sign === '==' && value.rate === 'param' && value.args.every(({ op }) => op === 'ref' || op === 'number');
    default:
      return false;
  }
}

/** Whether a loop is left from inside. */
export function hasJump(statements: readonly PineStatement[]): boolean {
  return statements.some((statement) => {
    if (statement.kind === 'Jump') return true;
    if (statement.kind === 'If') return hasJump(statement.then) || hasJump(statement.otherwise);
    return statement.kind === 'Switch' && statement.cases.some(({ body }) => hasJump(body));
  });
}

/** Why a statement is read over. */
export function foreignReason(word: string): string {
  if (word === 'import')
    return 'libraries of TradingView are not read; copy the functions that are used into the script, or write them as a module of strat';
  return word === 'method' || word === 'export'
    ? 'methods and libraries are not translated; write it as a function'
    : 'strat has no types of your own';
}
