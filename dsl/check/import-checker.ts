import type { Word } from '../ast/expression.ts';
import type { Text, UseStatement } from '../ast/nodes.ts';
import { nearest } from '#core/model/nearest-word.ts';
import type { DefinitionChecker } from './definition-checker.ts';
import type { ExpressionChecker } from './expression-checker.ts';
import { indicatorName } from '../plugin/indicator-manifest.ts';
import { isIndicatorName } from '../plugin/read-manifest.ts';
import type { LoadedPlugin, ModuleLoader } from './module-loader.ts';
import type { ModuleExports } from './module-source.ts';
import type { Binding, Scope } from './scope.ts';

/** How names of plugins are told from paths. */
const PLUGIN = 'plugin:';

/** `use f, g as h from "./lib.strat"`: the functions of a module under names of this file. */
export class ImportChecker {
  readonly #checker: ExpressionChecker;
  readonly #definitions: DefinitionChecker;
  readonly #loader: ModuleLoader;

  constructor(checker: ExpressionChecker, definitions: DefinitionChecker, loader: ModuleLoader) {
    this.#checker = checker;
    this.#definitions = definitions;
    this.#loader = loader;
  }

  functions({ imports, from, bindings }: UseStatement, scope: Scope): void {
    const exports = this.#exports(from);
    for (const { name, alias } of imports) {
      const declared = this.#definitions.declare(alias ?? name, 'import', scope, { kind: 'self' });
      const definition = exports?.exported.get(name.text);
      if (exports !== null && definition === undefined) this.#unknown(name, exports);
      this.#definitions.bind(declared, definition === undefined ? { kind: 'poison' } : { kind: 'definition', definition });
    }
    const [binding] = bindings;
    if (binding !== undefined)
      this.#checker.error('E0205', binding.name.span, 'functions of a module take no values here', 'give them where you call the function');
  }

  /** `use indicator fisher from "plugin:@acme/fisher"`: the indicator of a plugin in JavaScript, or functions of one that is a module. */
  indicators({ imports, from, bindings }: UseStatement, scope: Scope): void {
    const plugin = this.#plugin(from);
    for (const { name, alias } of imports) {
      const declared = this.#definitions.declare(alias ?? name, 'import', scope, { kind: 'self' });
      this.#definitions.bind(declared, plugin === null ? { kind: 'poison' } : this.#member(name, plugin));
    }
    const [binding] = bindings;
    if (binding !== undefined)
      this.#checker.error('E0205', binding.name.span, 'an indicator takes no values here', 'give them where you call it');
  }

  #plugin({ value, span }: Text): LoadedPlugin | null {
    const { findings } = this.#checker.context;
    const name = value.startsWith(PLUGIN) ? value.slice(PLUGIN.length) : '';
    if (!isIndicatorName(name)) {
      findings.add('E0701', span, 'an indicator comes from a plugin', 'write its name: "plugin:@acme/fisher"');
      return null;
    }
    const result = this.#loader.plugin(name);
    if (result.ok) return result.plugin;
    findings.add(result.fault.code, span, result.fault.message, result.fault.hint);
    return null;
  }

  #member(name: Word, plugin: LoadedPlugin): Binding {
    if (plugin.form === 'module') {
      const definition = plugin.exports.exported.get(name.text);
      if (definition !== undefined) return { kind: 'definition', definition };
      this.#unknown(name, plugin.exports);
      return { kind: 'poison' };
    }
    const own = indicatorName(plugin.script.manifest);
    if (name.text === own) return { kind: 'plugin', plugin: plugin.script };
    this.#checker.error(
      'E0206',
      name.span,
      `${PLUGIN}${plugin.script.manifest.name} has no indicator "${name.text}"`,
      this.#meant(name, [own]) ?? `it is called ${own}`,
    );
    return { kind: 'poison' };
  }

  #exports({ value: path, span }: Text): ModuleExports | null {
    const { findings, module } = this.#checker.context;
    if (!isAllowedPath(path)) {
      findings.add('E0701', span, 'an import starts with ./ and stays in the folder of the strategy', 'move the file into the folder');
      return null;
    }
    const result = this.#loader.load(path, module);
    if (result.ok) return result.exports;
    const { code, message, hint } = result.fault;
    findings.add(code, span, message, hint);
    return null;
  }

  #unknown(name: Word, { path, exported, hidden }: ModuleExports): void {
    const isHidden = hidden.has(name.text);
    const names = [...exported.keys()];
    const known = names.length === 0 ? 'write export in front of a def of the module' : `it exports: ${names.slice(0, 10).join(', ')}`;
    this.#checker.error(
      'E0206',
      name.span,
      isHidden ? `${path} keeps "${name.text}" to itself` : `${path} has no function "${name.text}"`,
      isHidden ? `write in the module: export def ${name.text}` : (this.#meant(name, names) ?? known),
    );
  }

  /** What a misspelt name was meant to be, as a hint: the file goes on to use it by that name, which is no error of its own. */
  #meant(name: Word, names: readonly string[]): string | undefined {
    const meant = nearest(name.text, names);
    if (meant === null) return undefined;
    this.#checker.context.failedNames.add(meant.word);
    return `did you mean ${meant.word}?`;
  }
}

/** `./name`, `./folder/name.strat`: checked before any file is looked at. */
export function isAllowedPath(path: string): boolean {
  if (!path.startsWith('./')) return false;
  const parts = path.slice(2).split('/');
  return parts.every((part) => /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(part));
}
