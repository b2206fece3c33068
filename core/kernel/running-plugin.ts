import { setImmediate as turn } from 'node:timers/promises';
import { StratError } from '#core/errors/strat-error.ts';
import type { PluginKind } from '#core/ports/plugin.ts';
import type { FoundPlugin } from './discover.ts';
import { createFaultLog, type FaultLog } from './fault-log.ts';
import type { Belongings, LeftBehind } from './left-behind.ts';
import { createPluginContext, type Surroundings } from './plugin-context.ts';
import { type PluginPhase, type PluginProblem, problemOf } from './plugin-problem.ts';
import { type GuardedPort, guardPort } from './port-guard.ts';
import { withBudget } from './time-budget.ts';

/** `off`: not started yet; `blocked`: what it requires is not running; `failed`: load, setup or start went wrong. */
export type PluginPhaseState = 'off' | 'running' | 'failed' | 'blocked' | 'stopped';

/** Ms of each step; null = it was not taken. */
export interface PluginTimes {
  readonly importMs: number;
  readonly loadMs: number | null;
  readonly setupMs: number | null;
  readonly startMs: number | null;
  readonly stopMs: number | null;
}

export interface PluginRunOptions extends Surroundings {
  /** Of each step. */
  readonly budgetMs: number;
  readonly leftBehind: LeftBehind;
}

interface Instance {
  readonly port: unknown;
  readonly start: ((signal: AbortSignal) => unknown) | undefined;
  readonly stop: ((signal: AbortSignal) => unknown) | undefined;
}

/** One plugin from its code to its end. Nothing that its code does makes a method of this class throw. */
export class RunningPlugin {
  /** Of this instance; a plugin may run more than once. */
  readonly name: string;
  readonly id: string;
  readonly kind: PluginKind;
  readonly found: FoundPlugin;
  readonly config: unknown;
  readonly #options: PluginRunOptions;
  readonly #life = new AbortController();
  readonly #faults: FaultLog;
  readonly #belongings: Belongings;
  readonly #times: { -readonly [K in keyof PluginTimes]: PluginTimes[K] };
  readonly #problems: PluginProblem[] = [];
  #instance: Instance | null = null;
  #port: GuardedPort | null = null;
  #state: PluginPhaseState = 'off';

  constructor(name: string, found: FoundPlugin, config: unknown, options: PluginRunOptions) {
    this.name = name;
    this.id = found.manifest.id;
    this.kind = found.manifest.kind;
    this.found = found;
    this.config = config;
    this.#options = options;
    this.#faults = createFaultLog(this.id, options.log(this.id));
    this.#belongings = options.leftBehind.belongings();
    this.#times = { importMs: found.importMs, loadMs: null, setupMs: null, startMs: null, stopMs: null };
  }

  get state(): PluginPhaseState {
    return this.#state;
  }

  /** Null unless it runs. */
  get port(): GuardedPort | null {
    return this.#state === 'running' ? this.#port : null;
  }

  get times(): PluginTimes {
    return { ...this.#times };
  }

  get faults(): number {
    return this.#faults.count();
  }

  get problems(): readonly PluginProblem[] {
    return [...this.#problems, ...this.#faults.problems()];
  }

  block(problem: PluginProblem): void {
    this.#state = 'blocked';
    this.#note(problem);
  }

  async start(): Promise<void> {
    let phase: PluginPhase = 'load';
    try {
      const { manifest } = this.found;
      const module = await this.#step('load', async () => manifest.load());
      phase = 'setup';
      const setup: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'setup') : undefined;
      if (typeof setup !== 'function')
        throw new StratError('PLUGIN_LIED', { plugin: this.id, phase: 'load', reason: 'its code exports no function "setup"' });
      const context = createPluginContext(this.id, this.#options, this.#life.signal);
      const made = await this.#step(
        'setup',
        async (): Promise<unknown> => Reflect.apply(setup, undefined, [this.config, context]),
        (late) => void this.#stopLate(late),
      );
      this.#instance = instanceOf(made, this.id);
      const { id } = this;
      const { clock, budgetMs } = this.#options;
      this.#port = guardPort(this.kind, this.#instance.port, { id, faults: this.#faults, clock, budgetMs, belongings: this.#belongings });
      phase = 'start';
      const { start } = this.#instance;
      if (start !== undefined) await this.#step('start', async (signal) => start(signal));
      this.#state = 'running';
    } catch (error) {
      this.#state = 'failed';
      this.#note(problemOf(this.id, phase, error));
      await this.#end();
    }
  }

  /** Ends it, whatever it says. Belongings that are still open after that are named. */
  async stop(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopped';
    await this.#end();
  }

  async #end(): Promise<void> {
    const stop = this.#instance?.stop;
    try {
      if (stop !== undefined) await this.#step('stop', async (signal) => stop(signal));
    } catch (error) {
      this.#note(problemOf(this.id, 'stop', error));
    }
    this.#life.abort();
    // What was closed just now is gone two turns later.
    await turn();
    await turn();
    const left = this.#belongings.left();
    if (left !== '') this.#note(problemOf(this.id, 'stop', new StratError('PLUGIN_LEAKED', { plugin: this.id, left })));
    this.#belongings.letGo();
  }

  /** What a setup that was given up made after all. */
  async #stopLate(made: unknown): Promise<void> {
    try {
      await this.#belongings.during(async () => instanceOf(made, this.id).stop?.(this.#life.signal));
    } catch {
      // It was reported as too slow already.
    }
  }

  async #step<T>(
    phase: 'load' | 'setup' | 'start' | 'stop',
    step: (signal: AbortSignal) => Promise<T>,
    late?: (result: T) => void,
  ): Promise<T> {
    const { clock, budgetMs } = this.#options;
    const started = clock.steady();
    try {
      return await withBudget(
        clock,
        budgetMs,
        { plugin: this.id, phase },
        async (signal) => this.#belongings.during(async () => step(signal)),
        late,
      );
    } finally {
      this.#times[`${phase}Ms`] = clock.steady() - started;
    }
  }

  #note(problem: PluginProblem): void {
    this.#problems.push(problem);
    this.#options.log(this.id).error({ phase: problem.phase, code: problem.code, reason: problem.text }, 'plugin problem');
  }
}

function instanceOf(made: unknown, id: string): Instance {
  const fail = (reason: string): StratError => new StratError('PLUGIN_LIED', { plugin: id, phase: 'setup', reason });
  if (typeof made !== 'object' || made === null) throw fail('it gave no object {port, start, stop}');
  const method = (name: 'start' | 'stop'): ((signal: AbortSignal) => unknown) | undefined => {
    const value: unknown = Reflect.get(made, name);
    if (value === undefined) return undefined;
    if (typeof value !== 'function') throw fail(`its "${name}" is no function`);
    return (signal): unknown => Reflect.apply(value, made, [signal]);
  };
  return { port: Reflect.get(made, 'port'), start: method('start'), stop: method('stop') };
}
