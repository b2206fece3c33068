import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JsonSchema, PLUGIN_KINDS } from '#core/ports/plugin.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  readonly id: string;
  readonly config: JsonSchema;
}

const isManifest = (value: unknown): value is Manifest => typeof value === 'object' && value !== null && 'id' in value && 'config' in value;

/** The schemas of the plugins that come with strat, as their manifests give them. */
export async function installedSchemas(): Promise<ReadonlyMap<string, JsonSchema>> {
  const schemas = new Map<string, JsonSchema>();
  for (const path of globSync(
    PLUGIN_KINDS.map((kind) => `plugins/${kind}/*/manifest.ts`),
    { cwd: ROOT },
  )) {
    const module = (await import(join(ROOT, path))) as Readonly<Record<string, unknown>>;
    for (const manifest of Object.values(module).filter(isManifest)) schemas.set(manifest.id, manifest.config);
  }
  return schemas;
}
