import { StratError } from '#core/errors/strat-error.ts';
import type { JsonSchema } from '#core/ports/plugin.ts';
import { decodeText } from './decode-text.ts';
import type { Findings } from './finding.ts';
import { readYaml } from './read-yaml.ts';
import { createSchemaCompiler } from './schema-check.ts';
import { tellFaults } from './tell-faults.ts';
import { type MapTree, plainData } from './tree.ts';

/** A YAML file that its schema lets pass. */
export interface CheckedYaml<T> {
  readonly data: T;
  /** The same with places, and values as they are written. */
  readonly tree: MapTree;
  readonly text: string;
}

/**
 * Reads a YAML file of another form than the config with the same care, and checks it by a schema of ours. Null, with findings, when something is wrong.
 */
export function readCheckedYaml<T>(bytes: Uint8Array, schema: JsonSchema, findings: Findings): CheckedYaml<T> | null {
  const check = createSchemaCompiler()<T>(schema);
  if (!check.ok) throw new StratError('INTERNAL', { reason: `the schema of a file: ${check.error}` });
  const text = decodeText(bytes, findings);
  const tree = text === null ? null : readYaml(text, findings);
  if (text === null || tree === null) return null;
  const data = plainData(tree);
  if (check.value(data)) return { data, tree, text };
  tellFaults(check.value.errors ?? [], { tree, steps: [], secrets: [], isOther: true }, findings);
  return null;
}
