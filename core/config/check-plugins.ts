import type { JsonSchema } from '#core/ports/plugin.ts';
import type { PluginUse } from './config.ts';
import type { Findings } from './finding.ts';
import { isFields, nameHint } from './fault-words.ts';
import { PLUGIN_SECTIONS } from './schema.ts';
import type { SchemaCheck, SchemaCompiler } from './schema-check.ts';
import { quoted } from './shown.ts';
import { tellFaults } from './tell-faults.ts';
import { childOf, type MapTree, pathText, plainData, type Step, type Tree } from './tree.ts';

export interface PluginUses {
  readonly exchanges: ReadonlyMap<string, PluginUse>;
  readonly risk: readonly PluginUse[];
  readonly notifiers: readonly PluginUse[];
}

type PluginConfig = Readonly<Record<string, unknown>>;
type Compiled = { readonly check: SchemaCheck<PluginConfig>; readonly secrets: readonly string[] } | null;

/** Keys that a schema marks `writeOnly`, at any depth of nested objects. */
export function secretKeys(schema: unknown, above = ''): readonly string[] {
  if (!isFields(schema) || !isFields(schema['properties'])) return [];
  return Object.entries(schema['properties']).flatMap(([key, below]) => {
    const path = above === '' ? key : `${above}.${key}`;
    return isFields(below) && below['writeOnly'] === true ? [path] : secretKeys(below, path);
  });
}

/** Checks every item with `use` against the schema of its plugin; items at fault are left out, with findings. */
export function checkPlugins(
  tree: MapTree,
  schemas: ReadonlyMap<string, JsonSchema>,
  compiler: SchemaCompiler,
  findings: Findings,
): PluginUses {
  const compiled = new Map<string, Compiled>();
  const compile = (use: string, schema: JsonSchema, at: Tree['at'], path: string): Compiled => {
    const known = compiled.get(use);
    if (known !== undefined) return known;
    // what a plugin does not know it must not be given: a misspelt limit would be no limit
    const closed = { type: 'object', additionalProperties: false, ...schema };
    const check = compiler<PluginConfig>(closed);
    if (!check.ok)
      findings.add(
        'CONFIG_PLUGIN',
        at,
        path,
        `the config schema of ${quoted(use)} is wrong: ${quoted(check.error)}`,
        'this is a fault of the plugin',
      );
    const result = check.ok ? { check: check.value, secrets: secretKeys(schema) } : null;
    compiled.set(use, result);
    return result;
  };
  const item = (steps: readonly Step[], node: Tree, kind: string): PluginUse | null => {
    const use = childOf(node, 'use');
    if (node.kind !== 'map' || use?.kind !== 'scalar' || typeof use.value !== 'string') return null;
    const path = pathText([...steps, 'use']);
    const ids = [...schemas.keys()].filter((id) => id.startsWith(`${kind}/`)).toSorted();
    const schema = ids.includes(use.value) ? schemas.get(use.value) : undefined;
    if (schema === undefined) {
      const [found] = use.value.split('/');
      const isOther = schemas.has(use.value);
      const short = `${kind}/${use.value}`;
      const message = isOther
        ? `${quoted(use.value)} is no plugin for this section, but of kind "${found}"`
        : `there is no plugin ${quoted(use.value)}`;
      findings.add('CONFIG_PLUGIN', use.at, path, message, ids.includes(short) ? `did you mean "${short}"?` : nameHint(use.value, ids));
      return null;
    }
    const plugin = compile(use.value, schema, use.at, path);
    if (plugin === null) return null;
    const own: MapTree = {
      ...node,
      entries: new Map([...node.entries].filter(([key]) => key !== 'use' && !(kind === 'exchange' && key === 'costs'))),
    };
    const data = plainData(own);
    if (plugin.check(data)) return { use: use.value, config: data, secrets: plugin.secrets };
    tellFaults(plugin.check.errors ?? [], { tree, steps, secrets: plugin.secrets }, findings);
    return null;
  };
  const items = (section: keyof typeof PLUGIN_SECTIONS): readonly (readonly [Step, PluginUse])[] => {
    const node = childOf(tree, section);
    const found: (readonly [Step, PluginUse])[] = [];
    const children: readonly (readonly [Step, Tree])[] =
      node?.kind === 'list'
        ? node.items.map((one, index) => [index, one])
        : node?.kind === 'map'
          ? [...node.entries].map(([key, one]) => [key, one.node])
          : [];
    for (const [step, child] of children) {
      const use = item([section, step], child, PLUGIN_SECTIONS[section]);
      if (use !== null) found.push([step, use]);
    }
    return found;
  };
  return {
    exchanges: new Map(items('exchanges').map(([name, use]) => [String(name), use])),
    risk: items('risk').map(([, use]) => use),
    notifiers: items('notifiers').map(([, use]) => use),
  };
}
