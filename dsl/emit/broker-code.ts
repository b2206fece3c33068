import { BROKER as B, LOG_KIND, type RunConventions, SETTING as K } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { brokerUse, register } from './broker-functions.ts';

const MEMORY = 'B,K,F,w';
const [qty, cash, equity, peak] = [B.qty, B.cash, B.equity, B.peakEquity].map(register);
const [exitRule, exitFraction, entryRule] = [B.pendingExitRule, B.pendingExitFraction, B.pendingEntryRule].map(register);

/** The steps of a bar as text that calls broker-functions.ts; what the strategy cannot use is left out. All registers are in B. */
export class BrokerCode {
  readonly #conventions: RunConventions;
  readonly #trailBase: string | null;
  readonly #hasTrail: boolean;
  readonly #hasLevels: boolean;
  readonly #writesEquity: boolean;

  /**
   * @param trailBase price that the open position's trail is measured from; null = no trail says so
   * @param writesEquity the equity of each bar goes into E
   */
  constructor(program: Program, conventions: RunConventions, trailBase: string | null, writesEquity: boolean) {
    this.#writesEquity = writesEquity;
    this.#conventions = conventions;
    this.#trailBase = trailBase;
    const { hasTrail, hasLevels } = brokerUse(program);
    this.#hasTrail = hasTrail;
    this.#hasLevels = hasLevels;
  }

  /** Step 1: market orders at the open, then the levels against the bar. */
  openBar(): string {
    return `${fillOrders('c1')}${this.#hasLevels ? `if(${qty}!==0)${MEET_LEVELS}` : ''}`;
  }

  mark(): string {
    return `${equity}=${cash}+${qty}*c4[i];${this.#writesEquity ? `E[i]=${equity};` : ''}if(${equity}>${peak})${peak}=${equity};`;
  }

  moveTrail(): string {
    if (!this.#hasTrail) return '';
    return `if(${qty}!==0){const best=${qty}>0?c2[i]:c3[i];moveTrail(${qty}>0?1:-1,best,${this.#trailBase ?? 'best'},B);}`;
  }

  /** Takes the exit that the rules found (x, xf), or the one at the end of the data. */
  takeExit(): string {
    const isLast = `i===K[${K.endBar}]&&!(${exitRule}>0&&${exitFraction}>=1)`;
    return `if(${qty}!==0){if(x>0){${orderExit()}}if(${isLast}){${exitRule}=-1;${exitFraction}=1;}}`;
  }

  /** With fillAt close: orders of this bar fill at its close. */
  closeBar(): string {
    return this.#conventions.fillAt === 'close' ? `${fillOrders('c4')}${this.mark()}` : '';
  }
}

/** Levels of the position, which is there, against the bar. */
export const MEET_LEVELS = `w=meetLevels(i,c1,c2,c3,${MEMORY});`;

/** Orders of the last close, at the price of a column. */
export function fillOrders(column: string): string {
  return `if(${exitRule}!==0)w=fillExit(i,${column},${MEMORY});if(${entryRule}!==0)w=fillEntry(i,${column},c0,${MEMORY});`;
}

/** The exit that the rules found (x, xf). */
export function orderExit(): string {
  return `${exitRule}=x;${exitFraction}=xf;`;
}

/** Tests and orders an entry whose terms stand in the registers. */
export function orderEntry(rule: number): string {
  return `w=orderEntry(i,${rule},c4,${MEMORY});`;
}

/** What happened to plugins: `pf` and `pd` say to which. */
export function logPluginsCode(): string {
  const row = (name: string, kind: number): string => `if(${name}>0)w=note(${kind},i,0/0,c4[i],c4[i],0,${name},F,w);`;
  return row('pf', LOG_KIND.pluginFlagged) + row('pd', LOG_KIND.pluginDisabled);
}
