import { StratError } from '#core/errors/strat-error.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { ExchangePort } from '#core/ports/exchange.ts';
import type { NotifierPort } from '#core/ports/notifier.ts';
import type { PluginKind } from '#core/ports/plugin.ts';
import type { RiskRulePort } from '#core/ports/risk-rule.ts';
import { guardExchange } from './exchange-guard.ts';
import type { FaultLog } from './fault-log.ts';
import { guardHistories, hasHistories } from './history-guard.ts';
import type { Belongings } from './left-behind.ts';
import { guardNotifier } from './notifier-guard.ts';
import { guardRiskRule } from './risk-guard.ts';

/** The port of a running plugin, guarded: its kind is known, its answers are checked. */
export type GuardedPort =
  | { readonly kind: 'exchange'; readonly port: ExchangePort }
  | { readonly kind: 'risk'; readonly port: RiskRulePort }
  | { readonly kind: 'notifier'; readonly port: NotifierPort };

export interface PortGuardOptions {
  readonly id: string;
  readonly faults: FaultLog;
  readonly clock: ClockPort;
  readonly budgetMs: number;
  readonly belongings: Belongings;
}

const METHODS = { exchange: ['openFeed'], risk: ['afterBar', 'review'], notifier: ['notify'] } as const;

/**
 * @param port what `setup` gave as its port
 * @throws StratError PLUGIN_LIED when it is none of this kind
 */
export function guardPort(kind: PluginKind, port: unknown, options: PortGuardOptions): GuardedPort {
  const { belongings, clock } = options;
  if (kind === 'exchange' && isExchange(port)) {
    const guarded = guardExchange(port, options);
    const openFeed: ExchangePort['openFeed'] = async (...args) => belongings.during(async () => guarded.openFeed(...args));
    return { kind, port: { can: guarded.can, openFeed, ...historiesOf(port, options) } };
  }
  if (kind === 'risk' && isRiskRule(port)) return { kind, port: guardRiskRule(options.id, port, options.faults, clock.steady) };
  if (kind === 'notifier' && isNotifier(port)) {
    const guarded = guardNotifier(port, options);
    return { kind, port: { notify: async (...args) => belongings.during(async () => guarded.notify(...args)) } };
  }
  const wanted = [...(kind === 'exchange' ? ['can {bars, orders}'] : []), ...METHODS[kind]].join(', ');
  throw new StratError('PLUGIN_LIED', { plugin: options.id, phase: 'setup', reason: `its port is no ${kind} port, which has ${wanted}` });
}

/** @throws StratError PLUGIN_LIED */
function historiesOf({ histories }: ExchangePort, { id }: PortGuardOptions): Pick<ExchangePort, 'histories'> {
  if (histories === undefined) return {};
  if (hasHistories(histories)) return { histories: guardHistories(id, histories) };
  throw new StratError('PLUGIN_LIED', { plugin: id, phase: 'setup', reason: 'its histories have not the methods venues and open' });
}

function hasMethods(kind: PluginKind, port: unknown): port is object {
  return typeof port === 'object' && port !== null && METHODS[kind].every((name) => typeof Reflect.get(port, name) === 'function');
}

const isRiskRule = (port: unknown): port is RiskRulePort => hasMethods('risk', port);
const isNotifier = (port: unknown): port is NotifierPort => hasMethods('notifier', port);

function isExchange(port: unknown): port is ExchangePort {
  if (!hasMethods('exchange', port)) return false;
  const can: unknown = Reflect.get(port, 'can');
  return (
    typeof can === 'object' &&
    can !== null &&
    typeof Reflect.get(can, 'bars') === 'boolean' &&
    typeof Reflect.get(can, 'orders') === 'boolean'
  );
}
