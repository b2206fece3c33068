import type { Findings } from './finding.ts';
import { expectation, isFields, nameHint, valueHint } from './fault-words.ts';
import { SECTIONS } from './schema.ts';
import type { SchemaFault } from './schema-check.ts';
import { quoted, shown } from './shown.ts';
import { childOf, nearestNode, pathText, type Step, type Tree } from './tree.ts';

/** Where checked data stands in the config, and what of it must not be shown. */
export interface Subject {
  readonly tree: Tree;
  readonly steps: readonly Step[];
  readonly secrets: readonly string[];
  /** Another file than a config: its keys do not belong into sections of one. */
  readonly isOther?: true;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Steps of a JSON pointer; of a list they are numbers. */
function stepsOf(pointer: string, from: Tree): readonly Step[] {
  const steps: Step[] = [];
  let node: Tree | undefined = from;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step: Step = node?.kind === 'list' ? Number(key) : key;
    steps.push(step);
    node = childOf(node, step);
  }
  return steps;
}

const keysOf = (schema: unknown): readonly string[] =>
  isFields(schema) && isFields(schema['properties']) ? Object.keys(schema['properties']) : [];

/** A key that is known, but in a section: `port` at the top. */
function homeOf(key: string): string | null {
  const home = Object.entries(SECTIONS).find(([, schema]) => keysOf(schema).includes(key));
  return home === undefined ? null : `it belongs under "${home[0]}:"`;
}

/** Faults that only repeat what another one says better. */
const SILENT = new Set(['if', 'then', 'else', 'allOf', 'propertyNames']);

/** Turns the faults of a check into findings in the words of the file. */
export function tellFaults(faults: readonly SchemaFault[], { tree, steps: base, secrets, isOther }: Subject, findings: Findings): void {
  const root = nearestNode(tree, base);
  // a type or an enum first: one finding a place is kept
  for (const fault of faults.toSorted((a, b) => rank(a) - rank(b))) {
    const below = stepsOf(fault.instancePath, root);
    const steps = [...base, ...below];
    const node = nearestNode(tree, steps);
    const params: Readonly<Record<string, unknown>> = fault.params;
    if (fault.keyword === 'additionalProperties' || fault.keyword === 'unevaluatedProperties') {
      const key = textOf(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const at = node.kind === 'map' ? (node.entries.get(key)?.keyAt ?? node.at) : node.at;
      const known = [...(base.length > 0 && below.length === 0 ? ['use'] : []), ...keysOf(fault.parentSchema)];
      const home = steps.length === 0 && isOther !== true ? homeOf(key) : null;
      findings.add('CONFIG_KEY', at, pathText([...steps, key]), `unknown key ${quoted(key)}`, home ?? nameHint(key, known));
    } else if (fault.propertyName !== undefined) {
      const at = node.kind === 'map' ? (node.entries.get(fault.propertyName)?.keyAt ?? node.at) : node.at;
      const what = 'a name is a letter, then letters, digits and _';
      findings.add('CONFIG_KEY', at, pathText([...steps, fault.propertyName]), `${quoted(fault.propertyName)} cannot be a name`, what);
    } else if (fault.keyword === 'required') {
      const key = textOf(params['missingProperty']);
      const wanted =
        isFields(fault.parentSchema) && isFields(fault.parentSchema['properties']) ? fault.parentSchema['properties'][key] : undefined;
      findings.add(
        'CONFIG_MISSING',
        node.at,
        pathText([...steps, key]),
        `${quoted(key)} is missing`,
        `add "${key}:" with ${expectation(wanted)}`,
      );
    } else if (!SILENT.has(fault.keyword)) {
      const parent: unknown = fault.parentSchema;
      const found = childOf({ kind: 'list', at: node.at, items: [node] }, 0);
      const isSecret = secrets.includes(below.join('.'));
      findings.add(
        'CONFIG_VALUE',
        node.at,
        pathText(steps),
        sentence(fault, parent, shown(found, steps, isSecret)),
        valueHint(parent, node),
      );
    }
  }
}

/** A choice before what is wrong in each of its branches, a kind before what is wrong with its value. */
const rank = ({ keyword }: SchemaFault): number => (keyword === 'anyOf' || keyword === 'oneOf' ? 0 : keyword === 'type' ? 1 : 2);

function sentence(fault: SchemaFault, schema: unknown, found: string): string {
  const params: Readonly<Record<string, unknown>> = fault.params;
  const limit = JSON.stringify(params['limit'] ?? '');
  switch (fault.keyword) {
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
    case 'minProperties':
      return `must have at least ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${limit} entries`;
    case 'uniqueItems':
      return 'must not have an entry twice';
    case 'multipleOf':
      return `must be a multiple of ${JSON.stringify(params['multipleOf'])}, found ${found}`;
    default:
      return `must be ${expectation(schema)}, found ${found}`;
  }
}
