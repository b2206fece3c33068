import { basename, resolve } from 'node:path';
import type { PluginUses } from './check-plugins.ts';
import type { Sections, StrategyItem } from './check-sections.ts';
import type { Config, MarginConfig, StrategyConfig } from './config.ts';
import type { Findings } from './finding.ts';
import { nameHint } from './fault-words.ts';
import { deepFreeze, FrozenMap } from './frozen.ts';
import { quoted } from './shown.ts';
import { childOf, type MapTree, nearestNode, pathText, type Step } from './tree.ts';

export interface ConfigParts {
  readonly file: string | null;
  readonly folder: string;
  readonly sha256: string | null;
  readonly sections: Sections;
  readonly plugins: PluginUses;
  readonly tree: MapTree;
}

/** A strategy's name when none is given: that of its file, in letters that any file system takes. */
export function strategyIdOf(file: string): string {
  const name = basename(file.replaceAll('\\', '/'))
    .replace(/\.strat$/, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 64);
  return /[A-Za-z0-9]/.test(name) ? name : 'strategy';
}

/** Puts the checked parts together: resolves paths, names and defaults that depend on other sections. Findings: names that meet nothing, or twice. */
export function buildConfig({ file, folder, sha256, sections, plugins, tree }: ConfigParts, findings: Findings): Config {
  const { account, costs, http, log } = sections;
  return deepFreeze({
    file,
    folder,
    sha256,
    account,
    costs,
    given: {
      capital: isGiven(tree, 'account', 'capital'),
      fee: isGiven(tree, 'costs', 'fee'),
      slippage: isGiven(tree, 'costs', 'slippage'),
    },
    http,
    log,
    plugins: { folders: sections.plugins.folders.map((one) => resolve(folder, one)) },
    calendars: new FrozenMap(Object.entries(sections.calendars ?? {})),
    exchanges: new FrozenMap([...plugins.exchanges].map(([name, use]) => [name, { ...use, costs: sections.exchanges[name]?.costs ?? {} }])),
    risk: plugins.risk,
    notifiers: plugins.notifiers,
    strategies: strategiesOf(sections, folder, tree, findings),
  });
}

function strategiesOf(sections: Sections, folder: string, tree: MapTree, findings: Findings): readonly StrategyConfig[] {
  const exchanges = Object.keys(sections.exchanges);
  const ids = new Map<string, number>();
  return sections.strategies.map((item, index): StrategyConfig => {
    const steps = ['strategies', index] as const;
    const id = item.id ?? strategyIdOf(item.file);
    // two names that differ in case only would share a folder on some file systems
    const other = ids.get(id.toLowerCase());
    if (other !== undefined) {
      const at = nearestNode(tree, [...steps, item.id === undefined ? 'file' : 'id']).at;
      findings.add(
        'CONFIG_REFERENCE',
        at,
        pathText([...steps, 'id']),
        `strategies[${other}] has the name ${quoted(id)} already`,
        'give one of them an "id:" of its own',
      );
    }
    ids.set(id.toLowerCase(), index);
    return {
      id,
      file: item.file,
      path: resolve(folder, item.file),
      exchange: exchangeOf(item, exchanges, steps, tree, findings),
      capital: item.capital ?? sections.account.capital,
      isCapitalGiven: item.capital !== undefined || isGiven(tree, 'account', 'capital'),
      margin: marginOf(item, sections.account),
      timeframe: item.timeframe ?? null,
      params: paramsOf(tree, steps),
    };
  });
}

function marginOf(own: MarginConfig, account: MarginConfig): MarginConfig {
  const leverage = own.leverage ?? account.leverage;
  const margin = own.margin ?? account.margin;
  return { ...(leverage === undefined ? {} : { leverage }), ...(margin === undefined ? {} : { margin }) };
}

/** Whether the file or the environment says a key: what defaults fill in is not in the tree. */
function isGiven(tree: MapTree, section: string, key: string): boolean {
  const node = tree.entries.get(section)?.node;
  return node?.kind === 'map' && node.entries.has(key);
}

function exchangeOf(item: StrategyItem, exchanges: readonly string[], steps: readonly Step[], tree: MapTree, findings: Findings): string {
  const [only] = exchanges;
  const path = pathText([...steps, 'exchange']);
  if (item.exchange === undefined && exchanges.length === 1 && only !== undefined) return only;
  if (item.exchange === undefined) {
    const message = exchanges.length === 0 ? 'there are no "exchanges:"' : '"exchange" is missing, and there are several';
    findings.add(
      'CONFIG_MISSING',
      nearestNode(tree, steps).at,
      path,
      message,
      exchanges.length === 0 ? null : `add "exchange:" with one of ${exchanges.join(', ')}`,
    );
  } else if (!exchanges.includes(item.exchange)) {
    const at = nearestNode(tree, [...steps, 'exchange']).at;
    findings.add('CONFIG_REFERENCE', at, path, `no exchange has the name ${quoted(item.exchange)}`, nameHint(item.exchange, exchanges));
  }
  return item.exchange ?? '';
}

/** Values as written: the compiler knows their kind. */
function paramsOf(tree: MapTree, steps: readonly Step[]): ReadonlyMap<string, string> {
  const params = childOf(nearestNode(tree, steps), 'params');
  const entries = params?.kind === 'map' ? [...params.entries] : [];
  return new FrozenMap(entries.flatMap(([name, { node }]): [string, string][] => (node.kind === 'scalar' ? [[name, node.text]] : [])));
}
