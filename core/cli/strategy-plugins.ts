import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { OpenShelf, PluginHost } from '#core/indicators/indicator-shelf.ts';
import type { Compiler } from '#dsl/compile.ts';
import type { CommandIo } from './command.ts';

const DEFAULT_CONFIG = 'strat.yaml';

/**
 * Compiles with the indicator plugins of the config in this folder (./strat.yaml, else strat's own), pinned by the lock file beside it. Config and plugins
 * are looked at only when a program asks for one: most do not, and start faster.
 */
export async function withPlugins<T>(compiler: Compiler, io: CommandIo, compile: (host: PluginHost) => T): Promise<T> {
  const first = new AskedHost();
  const result = compile(first);
  if (!first.isAsked) return result;
  const { IndicatorShelf } = await import('#core/indicators/indicator-shelf.ts');
  const { pluginFolders } = await import('#core/config/load-config.ts');
  const { OWN_PLUGINS } = await import('#core/kernel/kernel.ts');
  const path = existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null;
  const folders = pluginFolders({ path, env: io.env }).map((folder) => ({ folder, isOwn: false }));
  const lockFolder = path === null ? resolve('.') : dirname(resolve(path));
  return compile(new IndicatorShelf({ folders: [{ folder: OWN_PLUGINS, isOwn: true }, ...folders], lockFolder, compiler }));
}

/** Has no plugins and remembers whether one was wanted. */
class AskedHost implements PluginHost {
  isAsked = false;

  open(): OpenShelf {
    return {
      source: () => {
        this.isAsked = true;
        return { ok: false, code: 'E0703', reason: 'plugins have not been looked for' };
      },
      used: () => [],
    };
  }
}
