import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '#core/model/result.ts';
import type { JsonSchema } from '#core/ports/plugin.ts';
import type { Config } from '../config.ts';
import type { Environment } from '../environment.ts';
import type { ConfigFinding } from '../finding.ts';
import { loadConfig } from '../load-config.ts';
import { PLUGIN_SCHEMAS } from './plugin-schemas.ts';

/** A config file in a folder of its own, written anew for each text; `close` removes it. */
export class ConfigFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'strat-config-'));
  readonly path = join(this.folder, 'strat.yaml');

  load(
    text: string | Uint8Array,
    env: Environment = {},
    pluginSchemas: ReadonlyMap<string, JsonSchema> = PLUGIN_SCHEMAS,
  ): Result<Config, readonly ConfigFinding[]> {
    writeFileSync(this.path, text);
    return loadConfig({ path: this.path, env, pluginSchemas });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
