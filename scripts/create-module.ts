/**
 * Makes a complete folder from templates/: `npm run create -- exchange|indicator|indicator-module|risk|notifier|strategy <id> [--dir DIR]`.
 * Without --dir it goes to plugins/<kind>/<id>/ or strategies/<id>/ of this repository, with it to DIR/<kind>/<id>/ or
 * DIR/strategies/<id>/. Nothing that is there is overwritten.
 */
import { existsSync, globSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLAUSE_WORDS, STATEMENT_WORDS } from '#dsl/grammar/words.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const MAX_NAME = 64;
/** Packages that the tests and gates of a folder elsewhere need; linked to those of this repository. */
const LINKED = ['vitest', 'typescript', 'oxlint', 'oxlint-tsgolint', '@types', '.bin'];

export class Refusal extends Error {}

const kindsOf = (root: string): readonly string[] => readdirSync(join(root, 'templates')).toSorted();

/** An indicator as a module of the language lies where one in JavaScript does. */
const isIndicator = (kind: string): boolean => kind === 'indicator' || kind === 'indicator-module';

/** Where a kind lives below a folder of plugins. */
function placeOf(kind: string, id: string): string {
  if (kind === 'strategy') return join('strategies', id);
  return join(isIndicator(kind) ? 'indicator' : kind, id);
}

export const pascalCase = (id: string): string => id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** How an indicator is called in the language. */
const wordOf = (id: string): string => id.replaceAll('-', '_');

export interface Created {
  readonly folder: string;
  /** Relative to `folder`. */
  readonly files: readonly string[];
}

/**
 * @param dir null = this repository
 * @param root the repository
 * @throws Refusal with a text for people
 */
export function createModule(kind: string, id: string, dir: string | null, root: string = ROOT): Created {
  const kinds = kindsOf(root);
  if (!kinds.includes(kind)) throw new Refusal(`There is no kind "${kind}"; the kinds are ${kinds.join(', ')}`);
  if (!NAME.test(id) || id.length > MAX_NAME)
    throw new Refusal(`"${id}" cannot be a name: small letters, digits and single hyphens, a letter first, at most ${MAX_NAME} of them`);
  if (isIndicator(kind) && [...STATEMENT_WORDS, ...CLAUSE_WORDS].some((word) => word === wordOf(id)))
    throw new Refusal(`"${id}" cannot be the name of an indicator: it is a word of the language`);
  const own = join(root, kind === 'strategy' ? '' : 'plugins', placeOf(kind, id));
  const folder = dir === null ? own : join(resolve(dir), placeOf(kind, id));
  for (const place of new Set([own, folder]))
    if (existsSync(place)) throw new Refusal(`The ${kind} "${id}" is there already, in ${place}; choose another name`);
  const template = join(root, 'templates', kind, '__name__');
  const files = globSync('**/*', { cwd: template }).filter((file) => lstatSync(join(template, file)).isFile());
  const fill = (text: string): string =>
    text.replaceAll('__name__', id).replaceAll('__Name__', pascalCase(id)).replaceAll('__word__', wordOf(id));
  for (const file of files) {
    const target = join(folder, fill(file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(join(template, file), 'utf8')), { flag: 'wx' });
  }
  if (dir !== null && !isInside(root, resolve(dir))) equip(resolve(dir), root);
  return { folder, files: files.map(fill).toSorted() };
}

/** What a folder elsewhere needs for its own types, lint and tests; files that are there stay as they are. */
function equip(dir: string, root: string): void {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
  const lint = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
    overrides: readonly { readonly files: readonly string[] }[];
  } & Record<string, unknown>;
  const { $schema: _, ...rest } = lint;
  const overrides = lint.overrides.filter(({ files }) => files.some((file) => /\.test\.ts|\.config\.ts|\/indicator\//.test(file)));
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const texts: Readonly<Record<string, string>> = {
    'package.json': json({ private: true, type: 'module', scripts: { test: 'tsc --noEmit && oxlint && vitest run' } }),
    'tsconfig.json': json({ compilerOptions, include: ['**/*.ts'], exclude: ['node_modules'] }),
    '.oxlintrc.json': json({ ...rest, ignorePatterns: ['node_modules'], overrides }),
    '.gitignore': 'node_modules/\n',
  };
  for (const [name, text] of Object.entries(texts)) if (!existsSync(join(dir, name))) writeFileSync(join(dir, name), text, { flag: 'wx' });
  const modules = join(dir, 'node_modules');
  mkdirSync(modules, { recursive: true });
  const links = [['strat', root] as const, ...LINKED.map((name) => [name, join(root, 'node_modules', name)] as const)];
  for (const [name, target] of links)
    if (!isThere(join(modules, name)) && existsSync(target)) symlinkSync(target, join(modules, name), 'dir');
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith('/');
}

/** What to do next, in the order in which it is done. */
export function nextSteps(kind: string, id: string, { folder, files }: Created, dir: string | null): readonly string[] {
  const shown = relative('.', folder) || '.';
  const test = dir === null ? `npx vitest run ${shown}` : `cd ${dir} && npm test`;
  const use: Readonly<Record<string, string>> = {
    exchange: `exchanges: { my-venue: { use: exchange/${id} } }`,
    risk: `risk: [{ use: risk/${id} }]`,
    notifier: `notifiers: [{ use: notifier/${id} }]`,
    strategy: `strategies: [{ file: ${shown}/${id}.strat }]`,
  };
  const config = use[kind];
  const indicator = [
    `  npx strat plugin check ${shown}`,
    `  npx strat plugin lock${dir === null ? '' : ' --config strat.yaml'}`,
    `  in a strategy:  use indicator ${wordOf(id)} from "plugin:@local/${id}"`,
  ];
  return [
    `Made ${shown}/`,
    ...files.map((file) => `  ${file}`),
    'Next:',
    `  ${test}`,
    ...(config === undefined ? [] : [`  in strat.yaml:  ${config}`]),
    ...(dir === null || kind === 'strategy' ? [] : [`  and, so that it is found:  plugins: { folders: [${dir}] }`]),
    ...(isIndicator(kind)
      ? indicator
      : [
          kind === 'strategy' ? `  npx strat test ${shown}\n  npx strat backtest ${shown}/${id}.strat --synthetic 1` : '  npx strat doctor',
        ]),
  ];
}

function main(args: readonly string[]): number {
  const usage = `Usage: npm run create -- ${kindsOf(ROOT).join('|')} <id> [--dir DIR]`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { dir: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help === true) {
      console.log(usage);
      return 0;
    }
    const [kind, id, superfluous] = positionals;
    if (kind === undefined || id === undefined || superfluous !== undefined) {
      console.error(usage);
      return 2;
    }
    const dir = values.dir ?? null;
    console.log(nextSteps(kind, id, createModule(kind, id, dir), dir).join('\n'));
    return 0;
  } catch (error) {
    if (error instanceof Refusal) console.error(error.message);
    // What parseArgs says goes on about quoting behind its first sentence.
    else console.error(`${(error instanceof Error ? error.message : String(error)).split('. ')[0]}\n${usage}`);
    return error instanceof Refusal ? 1 : 2;
  }
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
