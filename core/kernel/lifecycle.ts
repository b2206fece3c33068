import type { PluginKind, PluginPorts } from '#core/ports/plugin.ts';
import type { Discovery, FoundPlugin } from './discover.ts';
import { type PluginProblem, pluginProblem } from './plugin-problem.ts';
import { type PluginPhaseState, type PluginRunOptions, type PluginTimes, RunningPlugin } from './running-plugin.ts';
import { startOrder } from './start-order.ts';

/** A plugin that the config wants, with its part of the config: checked against its schema, defaults filled in, frozen. */
export interface PluginWish {
  /** Of the instance, unique: a plugin may be wanted more than once. */
  readonly name: string;
  /** `exchange/sim`. */
  readonly id: string;
  readonly config: unknown;
}

export interface PluginStatus {
  readonly name: string;
  readonly id: string;
  readonly kind: PluginKind;
  readonly state: PluginPhaseState;
  readonly times: PluginTimes;
  /** Calls that went wrong since it runs. */
  readonly faults: number;
  readonly problems: readonly PluginProblem[];
}

/** What those who use the plugins do while these change; neither may reject. */
export interface ChangeSteps {
  /** Everything that could be started beside what runs has been; nothing was stopped yet. */
  readonly leave: () => Promise<void>;
  /** What is wanted runs, or has failed. Only rules that nobody is to ask any more are still there. */
  readonly enter: () => Promise<void>;
}

export interface Lifecycle {
  /**
   * Brings what runs in line with the wishes: stops what is no longer wanted, or whose config or files changed, with all
   * that require it, in reverse order; starts what is missing, in order of `requires`. What was changed and does not start is
   * put back as it was, and named. Risk rules that require nothing are started before anything stops and stopped after everything has
   * started: they hold nothing that a second one could want, and nobody waits for one that hangs. Never rejects; one call at a time.
   */
  readonly apply: (discovery: Discovery, wishes: readonly PluginWish[], steps?: ChangeSteps) => Promise<void>;
  /** Guarded ports of the running plugins of a kind by the name of the instance, in the order of the wishes. */
  readonly ports: <K extends PluginKind>(kind: K) => ReadonlyMap<string, PluginPorts[K]>;
  /** All that are wanted, in the order of the wishes. */
  readonly status: () => readonly PluginStatus[];
  /** Of wanted plugins; what discovery found wrong with others is in the discovery. */
  readonly problems: () => readonly PluginProblem[];
  /** Stops all in reverse order of their start. */
  readonly stop: () => Promise<void>;
}

const NO_STEPS: ChangeSteps = { leave: async () => undefined, enter: async () => undefined };

/** Rules are arithmetic on what they are shown: two versions of one do not get into each other's way. */
const runsBeside = ({ manifest }: FoundPlugin): boolean => manifest.kind === 'risk' && manifest.requires.length === 0;

const goesOn = ({ problems }: RunningPlugin): readonly PluginProblem[] =>
  problems.map((problem) => ({ ...problem, text: `${problem.text}. What ran before goes on` }));

export function createLifecycle(options: PluginRunOptions): Lifecycle {
  let wanted: readonly string[] = [];
  /** In order of their start. */
  let plugins: readonly RunningPlugin[] = [];
  let problems: readonly PluginProblem[] = [];
  let turn: Promise<void> = Promise.resolve();

  const stopAll = async (leaving: readonly RunningPlugin[]): Promise<void> => {
    for (const plugin of leaving.toReversed()) await plugin.stop();
  };

  const apply = async (discovery: Discovery, wishes: readonly PluginWish[], { leave, enter } = NO_STEPS): Promise<void> => {
    const { ready, missing } = readyOf(discovery, wishes);
    const leaving = new Set(leavingOf(plugins, discovery, wishes));
    const beside = await startBeside(discovery, ready, leaving);
    problems = goOn(beside, leaving);
    await leave();
    const before = new Map([...leaving].flatMap((plugin) => (plugin.state === 'running' ? [[plugin.name, plugin]] : [])));
    await stopAll(plugins.filter((plugin) => leaving.has(plugin) && !runsBeside(plugin.found)));
    plugins = plugins.filter((plugin) => !leaving.has(plugin));
    wanted = wishes.map(({ name }) => name);
    problems = [...problems, ...missing.filter(({ plugin }) => !plugins.some(({ id }) => id === plugin))];
    for (const { name, id, config, blocked } of ready) {
      const found = discovery.plugins.get(id);
      if (found === undefined || plugins.some((plugin) => plugin.name === name)) continue;
      const started = beside.get(name);
      const plugin = started ?? new RunningPlugin(name, found, config, options);
      plugins = [...plugins, plugin];
      if (started !== undefined) continue;
      const idle = found.manifest.requires.find((other) => !plugins.some((one) => one.id === other && one.state === 'running'));
      if (blocked !== null) plugin.block(blocked);
      else if (idle !== undefined) plugin.block(pluginProblem(id, 'start', 'PLUGIN_BLOCKED', { plugin: id, other: idle }, 'requires'));
      else await plugin.start();
      if (plugin.state === 'failed') await goBack(plugin, before.get(name));
    }
    await enter();
    await stopAll([...leaving].filter(({ found }) => runsBeside(found)));
    problems = [...problems, ...[...leaving].flatMap((plugin) => plugin.problems.filter(({ phase }) => phase === 'stop'))];
  };

  /** Starts what is missing and can run while what it replaces still does; gives it by name. */
  const startBeside = async (
    discovery: Discovery,
    ready: readonly Ready[],
    leaving: ReadonlySet<RunningPlugin>,
  ): Promise<Map<string, RunningPlugin>> => {
    const started = new Map<string, RunningPlugin>();
    for (const { name, id, config, blocked } of ready) {
      const found = discovery.plugins.get(id);
      if (found === undefined || blocked !== null || !runsBeside(found)) continue;
      if (plugins.some((plugin) => plugin.name === name && !leaving.has(plugin))) continue;
      const plugin = new RunningPlugin(name, found, config, options);
      started.set(name, plugin);
      await plugin.start();
    }
    return started;
  };

  /** Takes out of both what did not start and what it was to replace: that goes on. Gives what there is to tell of it. */
  const goOn = (beside: Map<string, RunningPlugin>, leaving: Set<RunningPlugin>): readonly PluginProblem[] =>
    [...leaving].flatMap((plugin) => {
      const failed = beside.get(plugin.name);
      if (failed?.state !== 'failed' || failed.id !== plugin.id || plugin.state !== 'running') return [];
      beside.delete(plugin.name);
      leaving.delete(plugin);
      return goesOn(failed);
    });

  /** Puts what ran under this name in the place of what failed. */
  const goBack = async (failed: RunningPlugin, before: RunningPlugin | undefined): Promise<void> => {
    if (before?.id !== failed.id) return;
    const again = new RunningPlugin(before.name, before.found, before.config, options);
    await again.start();
    if (again.state !== 'running') return;
    problems = [...problems, ...goesOn(failed)];
    plugins = plugins.map((plugin) => (plugin === failed ? again : plugin));
  };

  const inTurn = async (task: () => Promise<void>): Promise<void> => {
    const mine = turn.then(task);
    turn = mine.catch(() => undefined);
    await mine;
  };

  const byWish = (): readonly RunningPlugin[] => wanted.flatMap((name) => plugins.find((plugin) => plugin.name === name) ?? []);

  return {
    apply: async (discovery, wishes, steps) => inTurn(async () => apply(discovery, wishes, steps)),
    ports: (kind) => new Map(byWish().flatMap((plugin) => portOf(kind, plugin))),
    status: () =>
      byWish().map(({ name, id, kind, state, times, faults, problems: own }) => ({ name, id, kind, state, times, faults, problems: own })),
    problems: () => [...problems, ...plugins.flatMap((plugin) => plugin.problems)],
    stop: async () =>
      inTurn(async () => {
        await stopAll(plugins);
      }),
  };
}

function portOf<K extends PluginKind>(kind: K, { name, port }: RunningPlugin): readonly (readonly [string, PluginPorts[K]])[] {
  if (port?.kind !== kind) return [];
  // The guard made the port of the kind that it names; the compiler does not see that kind and port belong together.
  return [[name, port.port as PluginPorts[K]]];
}

/** Instances that cannot stay as they are, and those that require one of them. */
function leavingOf(plugins: readonly RunningPlugin[], discovery: Discovery, wishes: readonly PluginWish[]): ReadonlySet<RunningPlugin> {
  const leaving = new Set<RunningPlugin>();
  const ids = new Set<string>();
  for (const plugin of plugins) {
    const wish = wishes.find(({ name }) => name === plugin.name);
    const found = discovery.plugins.get(plugin.id);
    // A manifest that was broken while the plugin runs changes nothing; discovery has told of it.
    const isBroken = found === undefined && discovery.problems.some((problem) => problem.plugin === plugin.id);
    const isSame =
      wish?.id === plugin.id &&
      plugin.state === 'running' &&
      (isBroken || found?.version === plugin.found.version) &&
      JSON.stringify(wish.config) === JSON.stringify(plugin.config);
    if (isSame && !plugin.found.manifest.requires.some((id) => ids.has(id))) continue;
    leaving.add(plugin);
    ids.add(plugin.id);
  }
  return leaving;
}

interface Ready extends PluginWish {
  /** Why it cannot be started; null when nothing is known against it. */
  readonly blocked: PluginProblem | null;
}

/** The wishes in order of their start, each once; `missing` are those that cannot be started at all. */
function readyOf(
  discovery: Discovery,
  wishes: readonly PluginWish[],
): { readonly ready: readonly Ready[]; readonly missing: readonly PluginProblem[] } {
  const missing: PluginProblem[] = [];
  const requirements = new Map<string, readonly string[]>();
  for (const { id } of wishes) {
    const found = discovery.plugins.get(id);
    if (found !== undefined) requirements.set(id, found.manifest.requires);
    else
      missing.push(pluginProblem(id, 'config', 'PLUGIN_MISSING', { plugin: id, by: 'named in the config', hint: hintOf(discovery, id) }));
  }
  const { order, circles } = startOrder(requirements);
  const blockOf = (id: string): PluginProblem | null => {
    const circle = circles.find((one) => one.includes(id));
    if (circle !== undefined) {
      const from = [...circle.slice(circle.indexOf(id)), ...circle.slice(0, circle.indexOf(id)), id].join(' -> ');
      return pluginProblem(id, 'start', 'PLUGIN_CYCLE', { plugin: id, circle: from }, 'requires');
    }
    const absent = (requirements.get(id) ?? []).find((other) => !requirements.has(other));
    if (absent === undefined) return null;
    if (discovery.plugins.has(absent)) {
      const hint = '. It is there, but the config does not name it';
      return pluginProblem(id, 'start', 'PLUGIN_MISSING', { plugin: absent, by: `required by "${id}"`, hint }, 'requires');
    }
    return pluginProblem(
      id,
      'start',
      'PLUGIN_MISSING',
      { plugin: absent, by: `required by "${id}"`, hint: hintOf(discovery, absent) },
      'requires',
    );
  };
  const ids = [...order, ...[...requirements.keys()].filter((id) => !order.includes(id))];
  const ready = ids.flatMap((id) => wishes.filter((wish) => wish.id === id).map((wish) => ({ ...wish, blocked: blockOf(id) })));
  return { ready, missing };
}

function hintOf(discovery: Discovery, id: string): string {
  if (discovery.problems.some(({ plugin }) => plugin === id))
    return '. There is a folder of that name whose manifest has problems, see "strat doctor"';
  const kind = id.split('/')[0] ?? '';
  const others = [...discovery.plugins.keys()].filter((other) => other.startsWith(`${kind}/`));
  return others.length === 0 ? '' : `. There are ${others.join(', ')}`;
}
