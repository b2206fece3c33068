import { dirname, join, resolve } from 'node:path';
import { loadConfig, pluginFolders } from '#core/config/load-config.ts';
import type { Config } from '#core/config/config.ts';
import { type ConfigChange, diffConfig } from '#core/config/diff-config.ts';
import { findingLine } from '#core/config/finding.ts';
import { redactConfig } from '#core/config/redact-config.ts';
import { type ConfigWatch, watchConfig } from '#core/config/watch-config.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { TOKEN_FILE } from '#core/http/token-file.ts';
import { type HttpEndpoint, startHttp } from '#core/http/start-http.ts';
import type { Logger } from '#core/observe/logger.ts';
import type { ControlResult } from '#core/ports/bot-control.ts';
import type { BarFeedPort } from '#core/ports/bar-feed.ts';
import type { ClockPort } from '#core/ports/clock.ts';
import type { RiskRulePort } from '#core/ports/risk-rule.ts';
import { Bot } from '#core/runtime/bot/bot.ts';
import type { PaperOutcome } from '#core/runtime/bot/bot-slot.ts';
import type { NamedRule } from '#core/runtime/bot/order-gate.ts';
import type { PaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import { legMarkets } from '#core/runtime/portfolio/account-slots.ts';
import { RUNNER_LIMITS } from '#core/runtime/paper/paper-loop.ts';
import type { StateFolder } from '#core/runtime/paper/state-folder.ts';
import { createCompiler } from '#dsl/compile.ts';
import { listenersOf, noticeOf, sendNotice } from './bot-notices.ts';
import { changeText } from './config-text.ts';

import type { BarFeed } from '#core/runtime/feeds/bar-feed.ts';
import { fileColumns } from '#core/data/columns/column-stream.ts';
import { otherMarkets } from '#core/runtime/further-columns.ts';
import { adaptFeed } from './feed-adapter.ts';
import { feedBegins } from '#core/runtime/paper/feed-begins.ts';
import { createKernel, type Discovered, type Kernel } from './kernel.ts';
import { PluginFaults } from './plugin-faults.ts';
import { pluginWishes } from './plugin-wishes.ts';
import { type PlannedStrategy, planStrategies } from './strategy-plan.ts';

export interface BotHostOptions {
  /** The config file; null = the built-in one. */
  readonly path: string | null;
  /** In place of a file: what a command made of its options. */
  readonly text?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: StateFolder;
  readonly clock: ClockPort;
  readonly log: Logger;
  readonly stopAfter: number;
  /** Folder of the built page. */
  readonly pageFolder: string;
  readonly onEvent: (event: PaperEvent) => void;
  /** A strategy was opened: at the start, and when a new config brings one. */
  readonly onOpen: (strategy: PaperStrategy) => void;
}

/** What a config comes to, checked to the last strategy; nothing of it runs yet. */
interface Loaded {
  readonly config: Config;
  readonly discovery: Discovered;
  readonly strategies: readonly PlannedStrategy[];
}

type LoadResult =
  | { readonly ok: true; readonly loaded: Loaded }
  | { readonly ok: false; readonly code: 'CONFIG_INVALID' | 'RUN_STRATEGIES'; readonly faults: readonly string[] };

/** What runs cannot change these. */
const NEEDS_RESTART: ReadonlySet<ConfigChange['section']> = new Set(['http', 'log']);

/**
 * The composition root of the bot: config, plugins, strategies, endpoint. Everything else gets what it needs handed in. A new config is
 * first checked as a whole; with any fault nothing changes.
 */
export class BotHost {
  readonly bot: Bot;
  readonly #options: BotHostOptions;
  readonly #kernel: Kernel;
  readonly #compiler = createCompiler();
  readonly #ending = new AbortController();
  readonly #signatures = new Map<string, string>();
  readonly #faults = new Map<string, string>();
  readonly #pluginFaults = new PluginFaults();
  #loaded: Loaded;
  #watches: readonly ConfigWatch[] = [];
  #http: HttpEndpoint | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: BotHostOptions, kernel: Kernel, loaded: Loaded) {
    this.#options = options;
    this.#kernel = kernel;
    this.#loaded = loaded;
    const { folder, clock, log, stopAfter } = options;
    this.bot = new Bot({
      folder,
      clock,
      log,
      stopAfter,
      limits: RUNNER_LIMITS,
      rules: () => rulesOf(kernel),
      onEvent: (event) => {
        this.#pluginFaults.take(event);
        options.onEvent(event);
      },
      config: () => redactConfig(this.#loaded.config),
      problems: () => this.#problems(),
      reload: () => this.reload(),
    });
    this.bot.subscribe((event) => {
      const notice = noticeOf(event, clock.now());
      if (notice !== null) sendNotice(notice, listenersOf(event, kernel.lifecycle.ports('notifier')), this.#ending.signal);
    });
  }

  /**
   * Loads everything and opens the strategies; `run` lets them trade.
   * @throws StratError CONFIG_INVALID, RUN_STRATEGIES, the first fault of a strategy when none could be opened, HTTP_*
   */
  static async open(options: BotHostOptions): Promise<BotHost> {
    const kernel = createKernel({
      log: options.log,
      folder: options.path === null ? '.' : dirname(resolve(options.path)),
      dataFolder: join(options.folder.path, 'data'),
      clock: options.clock,
      environment: options.env,
    });
    try {
      const result = await load(kernel, options, createCompiler());
      if (!result.ok) throw refusal(result.code, options.path, result.faults);
      const host = new BotHost(options, kernel, result.loaded);
      try {
        await host.#begin();
      } catch (error) {
        await host.close();
        throw error;
      }
      return host;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  /** Where the endpoint listens; null without one. */
  get url(): string | null {
    return this.#http?.url ?? null;
  }

  get config(): Config {
    return this.#loaded.config;
  }

  /** Trades until every strategy has ended. */
  async run(): Promise<readonly PaperOutcome[]> {
    for (const { id } of this.bot.strategies()) this.bot.start(id);
    return this.bot.ended();
  }

  /** Ends all strategies after the step they are in. */
  stop(reason: string): void {
    this.bot.stopAll(reason);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#watches.map((watch) => watch.stop()));
    await this.#http?.close();
    this.bot.abandon();
    await this.#kernel.close();
  }

  /** Reads the config and the strategies again and brings what runs in line with them. */
  async reload(): Promise<ControlResult> {
    const mine = this.#turn.then(() => this.#reload());
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #begin(): Promise<void> {
    const { config, discovery, strategies } = this.#loaded;
    await this.#kernel.lifecycle.apply(discovery, pluginWishes(config));
    // Before any journal is made: a port that is taken leaves nothing behind.
    if (config.http.enabled) await this.#listen(config);
    for (const planned of strategies) await this.#openStrategy(planned, true);
    const [first] = this.#faults.values();
    if (this.bot.strategies().length === 0 && first !== undefined) throw refusal('RUN_STRATEGIES', config.file, [...this.#faults.values()]);
    this.#watch();
  }

  async #listen({ http }: Config): Promise<void> {
    const { folder, pageFolder, log } = this.#options;
    this.#http = await startHttp({
      control: this.bot,
      host: http.host,
      port: http.port,
      tokenFile: join(folder.path, TOKEN_FILE),
      pageFolder,
      log,
    });
  }

  /**
   * False when it could not be opened, which is told. At the start only an exchange that does not run is forgiven: state that cannot be
   * read is for a person to look at before anything trades.
   */
  async #openStrategy(planned: PlannedStrategy, isStart = false): Promise<boolean> {
    const { config, prepared, markets, timeframe, signature } = planned;
    const { id } = config;
    const exchange = this.#kernel.lifecycle.ports('exchange').get(config.exchange);
    try {
      if (exchange === undefined)
        throw new StratError('DATA_MISSING', {
          market: markets.join(', '),
          reason: `the exchange "${config.exchange}" does not run`,
          hint: 'See "strat doctor"',
        });
      const { signal } = this.#ending;
      const columns = fileColumns(prepared.program.columns);
      const reads = otherMarkets(prepared.program);
      const begins = feedBegins(this.#options.folder.journalFile(id));
      // A market of several must be found by its name: none of them may stand in for another.
      const open = async (market: string, isBeside: boolean, otherwise: number | null = null): Promise<BarFeedPort> => {
        const from = begins.get(market) ?? otherwise;
        const feed = await exchange.openFeed(market, timeframe, signal, { columns, isBeside, from, warmUpBars: prepared.warmUpBars });
        if (feed.description.kind === 'live') begins.set(market, feed.description.from);
        return feed;
      };
      const opened: ReturnType<typeof adaptFeed>[] = [];
      const legs = legMarkets(prepared.compiled.plan);
      for (const market of markets) {
        const isBeside = markets.length > 1 || legs.length > 0;
        const traded = await open(market, isBeside);
        const others = new Map<string, BarFeed>();
        // What is read beside begins where what is traded does.
        const begin = begins.get(market) ?? null;
        for (const name of reads) others.set(name, adaptFeed(await open(name, isBeside || name !== market, begin)).feed);
        opened.push(adaptFeed(traded, others));
      }
      for (const leg of legs) opened.push(adaptFeed(await open(leg, true)));
      const strategy = this.bot.open({ id, prepared, markets: opened });
      this.#signatures.set(id, signature);
      this.#faults.delete(id);
      this.#pluginFaults.open(strategy);
      this.#options.onOpen(strategy);
      return true;
    } catch (error) {
      if (isStart && exchange !== undefined) throw error;
      this.#faults.set(id, `${id}: ${explainError(error)}`);
      this.#options.log.error({ strategy: id, err: error }, 'strategy was not started');
      return false;
    }
  }

  async #reload(): Promise<ControlResult> {
    const result = await load(this.#kernel, this.#options, this.#compiler);
    if (!result.ok) return this.#answer(false, `nothing was changed:\n${result.faults.join('\n')}`);
    const before = this.#loaded;
    const changes = diffConfig(before.config, result.loaded.config);
    const later = changes.filter(({ section }) => NEEDS_RESTART.has(section));
    this.#loaded = result.loaded;
    const moved = await this.#applyStrategies(result.loaded);
    this.#watch();
    const told = [
      ...changes.filter((change) => !later.includes(change)).map(changeText),
      ...moved,
      ...later.map((change) => `${changeText(change)}: needs a restart`),
      ...this.#faults.values(),
    ];
    return this.#answer(this.#faults.size === 0, told.length === 0 ? 'nothing has changed' : told.join('; '));
  }

  /**
   * Ends what is gone or other, moves the plugins, and starts what is new; what did not change goes on untouched. Strategies that are to
   * trade under other rules go on under the old ones until the new ones have started.
   */
  async #applyStrategies({ config, discovery, strategies }: Loaded): Promise<readonly string[]> {
    const wanted = new Map(strategies.map((planned) => [planned.config.id, planned]));
    const leaving = [...this.#signatures].filter(([id, signature]) => wanted.get(id)?.signature !== signature).map(([id]) => id);
    const moved: string[] = [];
    const leave = async (): Promise<void> => {
      for (const id of leaving) {
        await this.bot.remove(id, wanted.has(id) ? 'its config or file changed' : 'no longer in the config');
        this.#signatures.delete(id);
        if (!wanted.has(id)) moved.push(`${id} ended`);
      }
      for (const id of this.#faults.keys()) if (!wanted.has(id)) this.#faults.delete(id);
    };
    const enter = async (): Promise<void> => {
      for (const [id, planned] of wanted) {
        if (this.#signatures.has(id) || !(await this.#openStrategy(planned))) continue;
        this.bot.start(id);
        moved.push(`${id} ${leaving.includes(id) ? 'goes on with the new rules' : 'started'}`);
      }
    };
    await this.bot.changing(async () => this.#kernel.lifecycle.apply(discovery, pluginWishes(config), { leave, enter }));
    return moved;
  }

  #answer(ok: boolean, text: string): ControlResult {
    this.#options.log[ok ? 'info' : 'warn']({ result: text }, ok ? 'config taken' : 'config refused');
    this.bot.announceConfig(ok, text);
    return ok ? { ok, text } : { ok, code: 'REFUSED', text };
  }

  /** The config, the lock file, every strategy file with its modules and plugins: an edit of one is a reload of all. */
  #watch(): void {
    const { clock } = this.#options;
    const old = this.#watches;
    const { config, discovery } = this.#loaded;
    const onChange = async (): Promise<void> => void (await this.reload());
    const files: { readonly path: string; readonly seen: string | null }[] = this.#loaded.strategies.flatMap(
      ({ config: { path }, prepared: { source } }) => [
        { path, seen: source.sha256 },
        ...source.modules.map((module) => ({ path: join(dirname(path), module.path), seen: module.sha256 })),
        ...source.plugins.flatMap((plugin) => plugin.files).map((file) => ({ path: file.path, seen: file.sha256 })),
      ],
    );
    files.push({ path: discovery.indicators.lockPath, seen: null });
    if (config.file !== null && config.sha256 !== null) files.push({ path: config.file, seen: config.sha256 });
    this.#watches = this.#ending.signal.aborted ? [] : files.map(({ path, seen }) => watchConfig(path, { clock, seen, onChange }));
    // Not awaited: a watch that calls us waits for our end itself.
    for (const watch of old) void watch.stop();
  }

  #problems(): readonly { readonly part: string; readonly text: string }[] {
    const { discovery } = this.#loaded;
    const plugins = [...discovery.problems, ...this.#kernel.lifecycle.problems()].map(({ plugin, text }) => ({ part: plugin, text }));
    const running = new Set(this.bot.strategies().map(({ id }) => id));
    const feeds = this.bot.feedTroubles().map((text) => ({ part: 'feed', text }));
    return [...plugins, ...feeds, ...this.#pluginFaults.list(running), ...[...this.#faults].map(([part, text]) => ({ part, text }))];
  }
}

/** Why the bot does not begin: what the config says, or a strategy that may come without one. */
function refusal(code: 'CONFIG_INVALID' | 'RUN_STRATEGIES', path: string | null, faults: readonly string[]): StratError {
  const list = faults.join('\n');
  return code === 'CONFIG_INVALID' ? new StratError(code, { file: path ?? 'the config', list }) : new StratError(code, { list });
}

async function load(kernel: Kernel, { path, text, env }: BotHostOptions, compiler: ReturnType<typeof createCompiler>): Promise<LoadResult> {
  const discovery = await kernel.discover(text === undefined ? pluginFolders({ path, env }) : []);
  const config = loadConfig({ path, ...(text === undefined ? {} : { text }), env, pluginSchemas: discovery.schemas });
  if (!config.ok)
    return { ok: false, code: 'CONFIG_INVALID', faults: config.error.map((finding) => findingLine(path ?? 'config', finding)) };
  const { strategies, faults } = planStrategies(compiler, config.value, discovery);
  return faults.length > 0
    ? { ok: false, code: 'RUN_STRATEGIES', faults: faults.map((fault) => fault.text) }
    : { ok: true, loaded: { config: config.value, discovery, strategies } };
}

/**
 * The risk rules of the config in its order. In place of one that does not run stands a refusal: no entry goes out without the limits
 * that it was to be under.
 */
function rulesOf({ lifecycle }: Kernel): readonly NamedRule[] {
  const ports = lifecycle.ports('risk');
  return lifecycle
    .status()
    .filter(({ kind }) => kind === 'risk')
    .map(({ name }) => ({ id: name, rule: ports.get(name) ?? REFUSAL }));
}

const REFUSAL: RiskRulePort = { afterBar: () => null, review: () => ({ qty: 0, reason: 'does not run: no entries until it does' }) };
