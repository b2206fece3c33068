import type { SourceFile } from '../ast/nodes.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { LineMap } from '../diagnostics/line-map.ts';
import { byteLength } from '../grammar/byte-length.ts';
import { parse } from '../grammar/parse.ts';
import { placeInModule } from './findings.ts';
import type { PluginSource, ScriptPlugin } from './plugin-source.ts';
import type { ModuleExports, ModulePlace, ModuleSource } from './module-source.ts';
import type { Definition } from './scope.ts';

const MAX_MODULES = 100;
const MAX_BYTES = 2 * 1024 * 1024;

/** Why a file cannot be imported, as it is told at the `use` line. */
export interface ModuleFault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

type Refused = { readonly ok: false; readonly fault: ModuleFault };

export type ModuleResult = { readonly ok: true; readonly exports: ModuleExports } | Refused;

interface Parsed {
  readonly file: SourceFile | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadFile extends Parsed {
  readonly ok: true;
  readonly source: string;
  readonly place: ModulePlace;
}

/** What came out of checking a file. */
interface CheckedFile<T> {
  readonly diagnostics: readonly Diagnostic[];
  readonly value: T;
}

/** A plugin as a program can use it. */
export type LoadedPlugin =
  | { readonly form: 'script'; readonly script: ScriptPlugin }
  | { readonly form: 'module'; readonly exports: ModuleExports };

export type PluginResult = { readonly ok: true; readonly plugin: LoadedPlugin } | Refused;

/** A parsed module to check for itself. */
export interface ModuleFile {
  readonly source: string;
  readonly file: SourceFile;
  readonly syntaxErrors: readonly Diagnostic[];
  readonly place: ModulePlace;
}

export interface CheckedModule {
  readonly diagnostics: readonly Diagnostic[];
  readonly exported: ReadonlyMap<string, Definition>;
}

export type CheckModule = (module: ModuleFile, loader: ModuleLoader) => CheckedModule;

const refused = (code: DiagnosticCode, message: string, hint?: string): Refused => ({
  ok: false,
  fault: hint === undefined ? { code, message } : { code, message, hint },
});

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => diagnostics.filter(({ severity }) => severity === 'error');

/** The modules and plugins of one compilation: each file is read and checked once, whoever imports it. */
export class ModuleLoader {
  readonly #source: ModuleSource | null;
  readonly #plugins: PluginSource | null;
  readonly #check: CheckModule;
  readonly #byId = new Map<string, ModuleResult>();
  readonly #parsed = new Map<string, Parsed>();
  readonly #byPath = new Map<string, ModuleResult>();
  readonly #byName = new Map<string, PluginResult>();
  /** Modules whose imports are being read, outermost first. */
  readonly #open: ModulePlace[] = [];
  readonly #placed = new Set<string>();
  #files = 0;
  #bytes = 0;

  /** `source` and `plugins` null: the host has no files, or no plugins, so nothing can be imported. */
  constructor(source: ModuleSource | null, plugins: PluginSource | null, check: CheckModule) {
    this.#source = source;
    this.#plugins = plugins;
    this.#check = check;
  }

  /** The module at an allowed path, for the module `from` (null: the file that is compiled). */
  load(path: string, from: ModulePlace | null): ModuleResult {
    const key = JSON.stringify([from?.id ?? null, path]);
    const known = this.#byPath.get(key);
    if (known !== undefined) return known;
    const result = this.#read(path, from);
    this.#byPath.set(key, result);
    return result;
  }

  /**
   * The strategy at an allowed path, or `strategy:name`, for `check`, which runs while its imports count as open; the fault when it cannot be used.
   */
  strategy<T>(
    path: string,
    from: ModulePlace | null,
    check: (file: ModuleFile) => CheckedFile<T>,
  ): { readonly ok: true; readonly value: T } | Refused {
    const read = this.#file(path, from);
    if (!read.ok) return read;
    const { source, file, diagnostics, place } = read;
    if (file === null) return this.#unreadable(place, diagnostics, 'a strategy', 'strat 1 strategy "its name"');
    if (file.heading.what !== 'strategy')
      return refused('E0207', `${place.path} is a module; it does not trade`, 'write: use its functions by name');
    const { fault, value } = this.#inside(place, { source, file, syntaxErrors: errorsOf(diagnostics), place }, check);
    return fault === null ? { ok: true, value } : { ok: false, fault };
  }

  /** The indicator plugin of a name that can be one. */
  plugin(name: string): PluginResult {
    const known = this.#byName.get(name) ?? this.#readPlugin(name);
    this.#byName.set(name, known);
    return known;
  }

  #readPlugin(name: string): PluginResult {
    const shown = `plugin:${name}`;
    if (this.#plugins === null) return refused('E0703', `${shown} cannot be used: there is no lock file`, 'run: strat plugin lock');
    const answer = this.#plugins(name);
    if (!answer.ok) return refused(answer.code, `${shown} cannot be used: ${answer.reason}`, answer.hint);
    const { plugin } = answer;
    if (plugin.form === 'script') return { ok: true, plugin: { form: 'script', script: plugin } };
    // A plugin is one file: it imports nothing.
    const alone = new ModuleLoader(null, null, this.#check);
    const { file, diagnostics } = parse(plugin.text);
    const result = alone.#module(plugin.text, file, diagnostics, { id: shown, path: shown, lines: new LineMap(plugin.text) });
    return result.ok ? { ok: true, plugin: { form: 'module', exports: result.exports } } : result;
  }

  #read(path: string, from: ModulePlace | null): ModuleResult {
    const read = this.#file(path, from);
    if (!read.ok) return read;
    const { source, file, diagnostics, place } = read;
    const known = this.#byId.get(place.id);
    if (known !== undefined) return known;
    const result = this.#module(source, file, diagnostics, place);
    this.#byId.set(place.id, result);
    return result;
  }

  /** Reads and parses a file, unless it is one of those that are waiting for it. */
  #file(path: string, from: ModulePlace | null): ReadFile | Refused {
    const shown = from === null || !path.startsWith('.') ? path : `${from.path.slice(0, from.path.lastIndexOf('/'))}${path.slice(1)}`;
    if (this.#source === null) return refused('E0702', `${shown} cannot be read: there is no folder to import from`);
    if (this.#files >= MAX_MODULES) return tooMany();
    this.#files += 1;
    const text = this.#source(path, from?.id ?? null);
    if (!text.ok) {
      const hint = text.code === 'E0701' ? 'move the file into the folder' : 'check the path: it starts in the folder of this file';
      return refused(text.code, `${shown} cannot be imported: ${text.reason}`, hint);
    }
    const start = this.#open.findIndex(({ id }) => id === text.id);
    if (start >= 0) {
      const circle = [...this.#open.slice(start), this.#open[start]!].map((place) => place.path);
      return refused('E0208', `these files import each other: ${circle.join(' -> ')}`, 'move what both need into a third file');
    }
    this.#bytes += byteLength(text.text);
    if (this.#bytes > MAX_BYTES) return tooMany();
    const place = { id: text.id, path: shown, lines: new LineMap(text.text) };
    const known = this.#parsed.get(text.id) ?? parse(text.text);
    this.#parsed.set(text.id, known);
    return { ok: true, source: text.text, place, ...known };
  }

  #module(source: string, file: SourceFile | null, diagnostics: readonly Diagnostic[], place: ModulePlace): ModuleResult {
    if (file === null) return this.#unreadable(place, diagnostics, 'a module', 'strat 1 module "its name"');
    if (file.heading.what !== 'module')
      return refused('E0207', `${place.path} is a strategy; functions come from a module`, 'move the functions into a file of their own');
    const module = { source, file, syntaxErrors: errorsOf(diagnostics), place };
    const { fault, value: exported } = this.#inside(place, module, () => {
      const checked = this.#check(module, this);
      return { diagnostics: checked.diagnostics, value: checked.exported };
    });
    if (fault !== null) return { ok: false, fault };
    const names = file.statements.flatMap((statement) => (statement.kind === 'Def' ? [statement.name.text] : []));
    const hidden = new Set(names.filter((name) => !exported.has(name)));
    return { ok: true, exports: { path: place.path, exported, hidden } };
  }

  /** Checks a file while it counts as open; its first error is its fault. */
  #inside<T>(
    place: ModulePlace,
    file: ModuleFile,
    check: (file: ModuleFile) => CheckedFile<T>,
  ): { readonly fault: ModuleFault | null; readonly value: T } {
    this.#open.push(place);
    const { diagnostics, value } = check(file);
    this.#open.pop();
    const [first] = [...file.syntaxErrors, ...errorsOf(diagnostics)].toSorted((a, b) => a.span.start - b.span.start);
    if (first === undefined) return { fault: null, value };
    const { code, hint } = first;
    return { fault: { code, message: this.#located(first, place), ...(hint === undefined ? {} : { hint }) }, value };
  }

  #unreadable(place: ModulePlace, [first]: readonly Diagnostic[], what: string, form: string): Refused {
    const why = first === undefined ? '' : `: ${placeInModule(place, first.span)}: ${first.message}`;
    return refused('E0702', `${place.path} is not ${what}${why}`, `${what} starts with: ${form}`);
  }

  /** A finding with its place. One that comes out of a module further in has its own: that is where the mistake is. */
  #located({ span, message }: Diagnostic, place: ModulePlace): string {
    if (this.#placed.has(message)) return message;
    const located = `${placeInModule(place, span)}: ${message}`;
    this.#placed.add(located);
    return located;
  }
}

function tooMany(): Refused {
  return refused('E0108', 'a program imports at most 100 modules with 2 MB in all', 'use fewer or smaller modules');
}
