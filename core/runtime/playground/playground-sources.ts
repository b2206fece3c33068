import { sha256 } from '#sha256';
import { StratError } from '#core/errors/strat-error.ts';
import type { ModuleText } from '#dsl/check/module-source.ts';
import type { UsedModule } from '../module-source.ts';
import type { StrategySources } from '../prepare-text.ts';

const INSTALLED = /^strategy:([a-z0-9][a-z0-9-]*)$/;

/**
 * Where nothing is on a disk: a strategy may import those that come with strat, and nothing else.
 * @param shipped their texts by name
 */
export function playgroundSources(shipped: ReadonlyMap<string, string>): StrategySources {
  const used = new Map<string, UsedModule>();
  const source = (wanted: string): ModuleText => {
    const name = INSTALLED.exec(wanted)?.[1];
    if (name === undefined)
      return {
        ok: false,
        code: 'E0702',
        reason: 'the playground has no files beside the strategy: put its functions into the strategy itself',
      };
    const text = shipped.get(name);
    if (text === undefined) return { ok: false, code: 'E0702', reason: 'there is no such file' };
    const path = `strategy:${name}/${name}.strat`;
    used.set(path, { path, sha256: sha256(text) });
    return { ok: true, id: path, text };
  };
  return {
    modules: { source, used: () => [...used.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)) },
    models: {
      source: () => ({ ok: false, code: 'E0702', reason: 'the playground has no files of predictions' }),
      predictionsOf: ({ path }) => {
        throw new StratError('INTERNAL', { reason: `predictions of ${path} in the playground` });
      },
      used: () => [],
    },
  };
}
