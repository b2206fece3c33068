import { resolve } from 'node:path';
import type { Config, StrategyConfig } from '#core/config/config.ts';
import { costsOn } from '#core/config/cost-models.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import { isUtf16 } from '#core/files/utf16.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { refuseBasketModels } from '#core/runtime/portfolio/account-slots.ts';
import { universeMembers } from '#core/runtime/portfolio/universe-members.ts';
import { prepareStrategy, type PreparedStrategy } from '#core/runtime/prepare-strategy.ts';
import type { Compiler } from '#dsl/compile.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import type { Universe } from '#dsl/program.ts';
import type { Discovered } from './kernel.ts';

/** The language refuses files over 256 KB (E0108); what is far beyond is not even read. */
const MAX_KB = 4096;

/** A strategy of the config, compiled: what is to run, before anything of it runs. */
export interface PlannedStrategy {
  readonly config: StrategyConfig;
  readonly prepared: PreparedStrategy;
  /** In the order of its `trade` line or the list of its universe; at least one. */
  readonly markets: readonly string[];
  /** `1h`. */
  readonly timeframe: string;
  /** Equal while nothing that it depends on has changed: its text, modules and plugins, params, costs, markets, exchange and risk rules. */
  readonly signature: string;
}

export interface StrategyFault {
  readonly id: string;
  readonly text: string;
}

export interface StrategyPlan {
  readonly strategies: readonly PlannedStrategy[];
  /** What is wrong, in words for people; with any, nothing of the plan should be used. */
  readonly faults: readonly StrategyFault[];
}

/** Compiles every strategy of a config. Never throws for what files hold. */
export function planStrategies(compiler: Compiler, config: Config, discovery: Discovered): StrategyPlan {
  const strategies: PlannedStrategy[] = [];
  const faults: StrategyFault[] = [];
  for (const one of config.strategies) {
    const planned = plan(compiler, config, discovery, one);
    if (typeof planned === 'string') faults.push({ id: one.id, text: planned });
    else strategies.push(planned);
  }
  return { strategies, faults };
}

function plan(compiler: Compiler, config: Config, discovery: Discovered, one: StrategyConfig): PlannedStrategy | string {
  const file = readRegularFile(one.path, { maxKb: MAX_KB });
  if (!file.ok) return `${placeOf(one)}: cannot be read: ${file.error}`;
  if (isUtf16(file.value)) return `${one.file}: it is saved as UTF-16, and strat reads UTF-8`;
  const text = file.value.toString('utf8').replace(/^\uFEFF/, '');
  try {
    const { fee, slippage, models } = costsOn(config, one.exchange);
    const result = prepareStrategy(compiler, text, one.file, {
      set: one.params,
      path: one.path,
      indicators: discovery.indicators,
      ...(one.isCapitalGiven ? { capital: one.capital } : {}),
      ...one.margin,
      general: models,
      fee,
      slippage,
    });
    if (!result.ok) return `${one.file} has mistakes:\n${frames(new LineMap(text), result.error)}`;
    const { program, source, settings, compiled } = result.value;
    if (settings.slippage?.depth !== undefined)
      return `${one.file}: slippage by depth needs recorded order books, which only backtests have`;
    const refused = program.universe === null ? null : refusedUniverse(program.universe, program.ranks.length);
    if (refused !== null) return `${one.file}: ${refused}`;
    const markets = program.universe === null ? program.markets : universeMembers(program.universe, () => []).map(({ name }) => name);
    refuseBasketModels(compiled.plan, settings);
    const timeframe = one.timeframe ?? program.timeframe;
    if (parseTimeframe(timeframe) === null) return `${one.file}: "${timeframe}" is no timeframe`;
    const exchange = config.exchanges.get(one.exchange);
    const versions = [exchange, ...config.risk].map((use) =>
      use === undefined ? null : [use.use, use.config, discovery.plugins.get(use.use)?.version],
    );
    const signature = JSON.stringify([
      source.sha256,
      source.modules,
      source.models,
      source.plugins,
      [...one.params],
      one.path,
      markets,
      timeframe,
      one.exchange,
      { ...settings, capital: 0 },
      versions,
    ]);
    return { config: one, prepared: result.value, markets, timeframe, signature };
  } catch (error) {
    return explainError(error);
  }
}

/** Where a file was looked for: a config names it from its own folder, which may be another one than that of the user. */
const placeOf = ({ file, path }: StrategyConfig): string => (resolve(file) === path ? file : path);

/** Why a bot cannot trade a universe; null = it can. */
function refusedUniverse(universe: Universe, ranks: number): string | null {
  if (universe.list === null)
    return 'trades all markets that there are in a currency, and an exchange of the bot does not list its markets: name them (universe { list BTC/USDT, ETH/USDT ... })';
  if (universeMembers(universe, () => []).length === 0) return 'trades a universe that leaves out every market of its list';
  return ranks === 0
    ? null
    : 'asks for rank(x), which takes a first run over all members and is known in backtests only; members may be chosen by it (universe { rank by ... })';
}
