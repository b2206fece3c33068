import { isRecord } from '#core/model/record.ts';
import { costTextsOf } from './cost-models.ts';
import type { Config, ExchangeUse, PluginUse, StrategyConfig } from './config.ts';
import { redactValue } from './redact-config.ts';
import { SECTION_NAMES, type SectionName } from './schema.ts';

/** One difference between two configs. The texts are for people and hold no secrets: those show as `[redacted]` on both sides. */
export interface ConfigChange {
  readonly section: SectionName;
  /** Id of the strategy, name of the exchange, plugin of a rule or notifier (`risk/max-position`, the second `risk/max-position#2`); null in other sections. */
  readonly name: string | null;
  /** `http.port`, `strategies.sma-cross.params.fast`, `risk[risk/max-position].maxShare`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** The value as a text; null when there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A value to compare, and how it is shown. Leaves are compared by their JSON. */
interface Leaf {
  readonly key: string;
  readonly text: string;
}
type Leaves = ReadonlyMap<string, Leaf>;

interface Part {
  readonly section: SectionName;
  readonly name: string | null;
  readonly path: string;
  readonly leaves: Leaves;
}

const plain = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
/** Every leaf below a value by its dotted path; an empty object and a list are leaves. */
function leavesOf(raw: unknown, secrets: readonly string[] = []): Leaves {
  const leaves = new Map<string, Leaf>();
  const walk = (value: unknown, shown: unknown, path: string): void => {
    const inner = plain(value);
    if (isRecord(inner) && isRecord(shown) && Object.keys(inner).length > 0) {
      for (const [key, one] of Object.entries(inner)) walk(one, shown[key], path === '' ? key : `${path}.${key}`);
    } else leaves.set(path, { key: JSON.stringify(inner), text: typeof shown === 'string' ? shown : JSON.stringify(shown) });
  };
  walk(raw, redactValue(raw, '', secrets), '');
  return leaves;
}

function pluginLeaves({ use, config, secrets }: PluginUse): Leaves {
  const leaves = new Map(Object.keys(config).length === 0 ? [] : leavesOf(config, secrets));
  return leaves.set('use', { key: use, text: use });
}

function exchangeLeaves(use: ExchangeUse): Leaves {
  return new Map([...pluginLeaves(use), ...(Object.keys(use.costs).length === 0 ? [] : leavesOf({ costs: use.costs }))]);
}

function strategyLeaves({ path, file, exchange, capital, margin, timeframe, params }: StrategyConfig): Leaves {
  const leaves = new Map(
    leavesOf({ exchange, capital, ...margin, ...(timeframe === null ? {} : { timeframe }), ...(params.size === 0 ? {} : { params }) }),
  );
  return leaves.set('file', { key: path, text: file });
}

function listParts(section: 'risk' | 'notifiers', uses: readonly PluginUse[]): readonly Part[] {
  const counts = new Map<string, number>();
  return uses.map((one) => {
    const count = (counts.get(one.use) ?? 0) + 1;
    counts.set(one.use, count);
    const name = count === 1 ? one.use : `${one.use}#${count}`;
    return { section, name, path: `${section}[${name}]`, leaves: pluginLeaves(one) };
  });
}

const fixed = (section: SectionName, value: unknown): Part => ({ section, name: null, path: section, leaves: leavesOf(value) });

function partsOf(config: Config): readonly Part[] {
  const { account, costs, http, log, plugins } = config;
  return [
    fixed('account', account),
    fixed('costs', { fee: costs.fee, slippage: costs.slippage, ...costTextsOf(costs) }),
    fixed('http', http),
    fixed('log', log),
    fixed('plugins', plugins),
    ...[...config.calendars].map(([name, calendar]): Part => ({
      section: 'calendars',
      name,
      path: `calendars.${name}`,
      leaves: leavesOf(calendar),
    })),
    ...[...config.exchanges].map(([name, use]): Part => ({
      section: 'exchanges',
      name,
      path: `exchanges.${name}`,
      leaves: exchangeLeaves(use),
    })),
    ...listParts('risk', config.risk),
    ...listParts('notifiers', config.notifiers),
    ...config.strategies.map((one): Part => ({
      section: 'strategies',
      name: one.id,
      path: `strategies.${one.id}`,
      leaves: strategyLeaves(one),
    })),
  ];
}

const summary = ({ leaves }: Part): string => [...leaves].map(([path, { text }]) => `${path}: ${text}`).join(', ');

function leafChanges(before: Part, after: Part): readonly ConfigChange[] {
  const { section, name } = after;
  return [...new Set([...before.leaves.keys(), ...after.leaves.keys()])].flatMap((key): readonly ConfigChange[] => {
    const was = before.leaves.get(key);
    const is = after.leaves.get(key);
    if (was?.key === is?.key) return [];
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ section, name, path: `${after.path}.${key}`, kind, before: was?.text ?? null, after: is?.text ?? null }];
  });
}

/** Rules are asked in their order, so another order is a change. */
function orderChange(before: Config, after: Config): readonly ConfigChange[] {
  const [was, is] = [before, after].map((config) => listParts('risk', config.risk).map(({ name }) => name ?? ''));
  if (was === undefined || is === undefined) return [];
  const kept = (names: readonly string[], others: readonly string[]): string => names.filter((name) => others.includes(name)).join(', ');
  const [first, second] = [kept(was, is), kept(is, was)];
  return first === second ? [] : [{ section: 'risk', name: null, path: 'risk', kind: 'changed', before: first, after: second }];
}

/**
 * What changed from one config to another, in the order of the sections. An exchange, rule, notifier or strategy that came or went
 * is one change; in one that stayed (strategies by id, exchanges by name, rules and notifiers by plugin) each value is one. Empty
 * when both mean the same, however they are written.
 */
export function diffConfig(before: Config, after: Config): readonly ConfigChange[] {
  const was = new Map(partsOf(before).map((part) => [part.path, part]));
  const is = new Map(partsOf(after).map((part) => [part.path, part]));
  const changes = [...new Set([...was.keys(), ...is.keys()])].flatMap((path): readonly ConfigChange[] => {
    const old = was.get(path);
    const now = is.get(path);
    if (old !== undefined && now !== undefined) return leafChanges(old, now);
    const only = old ?? now;
    if (only === undefined) return [];
    const { section, name } = only;
    const texts = { before: old === undefined ? null : summary(old), after: now === undefined ? null : summary(now) };
    return [{ section, name, path, kind: old === undefined ? 'added' : 'removed', ...texts }];
  });
  const rank = ({ section }: ConfigChange): number => SECTION_NAMES.indexOf(section);
  return [...changes, ...orderChange(before, after)].toSorted((a, b) => rank(a) - rank(b));
}
