/** The shape rules for source files, as functions from a file to its faults, so that each can be tried with an offender. */

import { type Expression, parseSync, type Pattern, type TsType } from '@swc/core';

export interface SourceFile {
  /** From the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const WARN_LINES = 300;
export const MAX_LINES = 500;

const BANNED = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types', 'manager', 'service'];
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*((\.(prop|browser|live))?\.test|\.bench)?\.(tsx?|js|mjs)$/;
/** Dot files and the like that a tool wants under its own name. */
const TOOL_FILE = /(^\.|\.config\.ts$)/;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** A file over the limit, unless `reasons` names it; a reason for a file that no longer needs one is a fault too. */
export function sizeFaults(files: readonly SourceFile[], reasons: Readonly<Record<string, string>>): string[] {
  const long = files.filter((file) => lineCount(file.text) > MAX_LINES).map((file) => file.path);
  return [
    ...long.filter((path) => reasons[path] === undefined).map((path) => `${path} has over ${MAX_LINES} lines`),
    ...Object.keys(reasons)
      .filter((path) => !long.includes(path))
      .map((path) => `${path} is listed but not over ${MAX_LINES} lines`),
  ];
}

export function nameFaults({ path }: SourceFile): string[] {
  // Files of a template bear the name that they will get.
  const name = baseName(path).replace(/^__name__\./, 'name.');
  if (TOOL_FILE.test(name)) return [];
  const words = name.replace(/\..*$/, '').split('-');
  const banned = words.filter((word) => BANNED.includes(word));
  const folders = path
    .split('/')
    .slice(0, -1)
    .filter((folder) => BANNED.includes(folder) || (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(folder) && folder !== '__name__'));
  return [
    ...(KEBAB.test(name) ? [] : [`${path}: "${name}" is not kebab-case`]),
    ...banned.map((word) => `${path}: "${word}" says nothing; if no other name fits, the file has two jobs`),
    ...folders.map((folder) => `${path}: folder "${folder}" is not allowed`),
  ];
}

/** A barrel: a file that only passes on what others export. */
export function barrelFaults({ path, text }: SourceFile): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const starred = /^export \* from/m.test(code);
  const reExports = code.match(/^export (type )?\{[^}]*\} from .*$/gm) ?? [];
  const rest = code.replace(/^export (type )?(\{[^}]*\}|\*( as \w+)?) from .*$/gm, '').trim();
  return starred || (reExports.length > 0 && rest === '') ? [`${path} is a barrel: import the file that owns the name`] : [];
}

/** What a module-level `const` must not start as: something that only makes sense when it is filled later. */
function isEmptyContainer(value: Expression | undefined): boolean {
  if (value?.type === 'ArrayExpression') return value.elements.length === 0;
  if (value?.type !== 'NewExpression' || value.callee.type !== 'Identifier') return false;
  return ['Map', 'Set', 'WeakMap', 'WeakSet'].includes(value.callee.value) && (value.arguments ?? []).length === 0;
}

/** `readonly T[]`, `ReadonlyMap<...>`, ...: nobody will fill it. */
function isReadonly(type: TsType | undefined): boolean {
  if (type?.type === 'TsTypeOperator') return type.op === 'readonly';
  return type?.type === 'TsTypeReference' && type.typeName.type === 'Identifier' && type.typeName.value.startsWith('Readonly');
}

function declaredType(id: Pattern): TsType | undefined {
  const annotation = 'typeAnnotation' in id ? id.typeAnnotation : undefined;
  return annotation?.type === 'TsTypeAnnotation' ? annotation.typeAnnotation : undefined;
}

/** Mutable state at the top of a module: it would be shared by two engines in one process. */
export function stateFaults({ path, text }: SourceFile): string[] {
  const declarations = parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2024' }).body.map((item) =>
    item.type === 'ExportDeclaration' ? item.declaration : item,
  );
  return declarations.flatMap((item) => {
    if (item.type !== 'VariableDeclaration' || item.declare) return [];
    const guilty = item.declarations.filter(
      ({ id, init }) => item.kind !== 'const' || (isEmptyContainer(init ?? undefined) && !isReadonly(declaredType(id))),
    );
    return guilty.map(({ id }) => `${path}: module-level state: ${item.kind} ${id.type === 'Identifier' ? id.value : '...'}`);
  });
}
