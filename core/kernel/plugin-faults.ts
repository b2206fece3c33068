import type { PluginEvent } from '#core/engine/log-rows.ts';
import type { PaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import type { PaperEvent } from '#core/runtime/paper/paper-event.ts';
import { PLUGIN_FAULT, pluginNames } from '#core/runtime/plugin-faults.ts';

/** What indicator plugins have done wrong in the strategies that run (E1005), for health. */
export class PluginFaults {
  /** By strategy, then by plugin: the last one, which is the worst. */
  readonly #found = new Map<string, Map<string, string>>();

  /** A strategy was opened, new or from its journal; what was known of it before counts no more. */
  open({ id, prepared, markets }: PaperStrategy): void {
    this.#found.set(id, new Map());
    for (const event of markets.flatMap(({ history }) => history.tape.pluginEvents()))
      this.#note(id, event.kind, pluginNames(prepared.program, event));
  }

  take(event: PaperEvent): void {
    if (event.type === 'plugin') this.#note(event.id, event.kind, event.plugins);
  }

  /** Only what still is a strategy of the bot. */
  list(strategies: ReadonlySet<string>): readonly { readonly part: string; readonly text: string }[] {
    return [...this.#found]
      .filter(([id]) => strategies.has(id))
      .flatMap(([id, plugins]) => [...plugins].map(([name, text]) => ({ part: `plugin ${name}`, text: `E1005 in ${id}: it ${text}` })));
  }

  #note(id: string, kind: PluginEvent['kind'], names: readonly string[]): void {
    for (const name of names) this.#found.get(id)?.set(name, PLUGIN_FAULT[kind]);
  }
}
