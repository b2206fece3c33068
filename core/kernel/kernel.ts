import { join } from 'node:path';
import type { Logger } from '#core/observe/logger.ts';
import { IndicatorShelf } from '#core/indicators/indicator-shelf.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import { createCompiler } from '#dsl/compile.ts';
import { type Discovery, discoverPlugins } from './discover.ts';
import { manifestProblems } from './indicator-report.ts';
import { watchLeftBehind, type LeftBehind } from './left-behind.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { openPluginImports } from './plugin-imports.ts';
import type { Surroundings } from './plugin-context.ts';
import { type Container, createContainer, provide, token, use } from './token.ts';

/** The folder of strat's own plugins. */
export const OWN_PLUGINS = join(import.meta.dirname, '../../plugins');
/** For each step of each plugin. */
export const PLUGIN_BUDGET_MS = 10_000;

export interface KernelOptions {
  readonly log: Logger;
  /** Folder of the config: relative paths of plugins start there. */
  readonly folder: string;
  /** Of the data store, for live bars; left out: there are none. */
  readonly dataFolder?: string;
  readonly clock?: ClockPort;
  readonly budgetMs?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Folder of strat's own plugins; tests hand in theirs. */
  readonly ownPlugins?: string;
}

/** All plugins that there are. */
export interface Discovered extends Discovery {
  /** Those that strategies use. */
  readonly indicators: IndicatorShelf;
}

/** What the composition root of the bot builds on. */
export interface Kernel {
  /** For what the bot adds; one instance of each token. */
  readonly container: Container;
  readonly lifecycle: Lifecycle;
  /** Reads the manifests of strat's own plugins and of those in `folders`; may be called again at every reload. */
  readonly discover: (folders: readonly string[]) => Promise<Discovered>;
  /** Stops all plugins. */
  readonly close: () => Promise<void>;
}

export const CLOCK = token<ClockPort>('clock');
export const LOG = token<Logger>('log');
export const SURROUNDINGS = token<Surroundings>('surroundings');
const LEFT_BEHIND = token<LeftBehind>('left-behind');
export const LIFECYCLE = token<Lifecycle>('lifecycle');

export function createKernel(options: KernelOptions): Kernel {
  const { budgetMs = PLUGIN_BUDGET_MS, environment = process.env, ownPlugins = OWN_PLUGINS } = options;
  const container = createContainer();
  provide(container, CLOCK, () => options.clock ?? systemClock);
  provide(container, LOG, () => options.log);
  provide(container, LEFT_BEHIND, watchLeftBehind);
  provide(container, SURROUNDINGS, (from) => ({
    clock: use(from, CLOCK),
    log: (plugin) => use(from, LOG).child({ plugin }),
    folder: options.folder,
    dataFolder: options.dataFolder ?? null,
    environment: (name) => environment[name],
  }));
  provide(container, LIFECYCLE, (from) => createLifecycle({ ...use(from, SURROUNDINGS), budgetMs, leftBehind: use(from, LEFT_BEHIND) }));
  const compiler = createCompiler();
  let closeImports: () => void = () => undefined;
  return {
    container,
    lifecycle: use(container, LIFECYCLE),
    discover: async (folders) => {
      closeImports();
      const imports = openPluginImports(folders);
      closeImports = imports.close;
      const places = [{ folder: ownPlugins, isOwn: true }, ...folders.map((folder) => ({ folder, isOwn: false }))];
      const discovery = await discoverPlugins({ folders: places, clock: use(container, CLOCK), budgetMs, load: imports.load });
      const indicators = new IndicatorShelf({ folders: places, lockFolder: options.folder, compiler });
      return { ...discovery, indicators, problems: [...discovery.problems, ...manifestProblems(indicators)] };
    },
    close: async () => {
      await use(container, LIFECYCLE).stop();
      use(container, LEFT_BEHIND).close();
      closeImports();
    },
  };
}
