import type { SourceFile } from '../ast/nodes.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { LineMap } from '../diagnostics/line-map.ts';
import { byteLength } from '../grammar/byte-length.ts';
import { parse } from '../grammar/parse.ts';
import { placeInModule } from './findings.ts';
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

export type ModuleResult = { readonly ok: true; readonly exports: ModuleExports } | { readonly ok: false; readonly fault: ModuleFault };

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

const refused = (code: DiagnosticCode, message: string, hint?: string): ModuleResult => ({
  ok: false,
  fault: hint === undefined ? { code, message } : { code, message, hint },
});

/** The modules of one compilation: each file is read and checked once, whoever imports it. */
export class ModuleLoader {
  readonly #source: ModuleSource | null;
  readonly #check: CheckModule;
  readonly #byId = new Map<string, ModuleResult>();
  readonly #byPath = new Map<string, ModuleResult>();
  /** Modules whose imports are being read, outermost first. */
  readonly #open: ModulePlace[] = [];
  readonly #placed = new Set<string>();
  #files = 0;
  #bytes = 0;

  /** `source` null: the host has no files, so nothing can be imported. */
  constructor(source: ModuleSource | null, check: CheckModule) {
    this.#source = source;
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

  #read(path: string, from: ModulePlace | null): ModuleResult {
    const shown = from === null ? path : `${from.path.slice(0, from.path.lastIndexOf('/'))}${path.slice(1)}`;
    if (this.#source === null) return refused('E0702', `${shown} cannot be read: there is no folder to import from`);
    if (this.#files >= MAX_MODULES) return tooMany();
    const text = this.#source(path, from?.id ?? null);
    if (!text.ok) {
      this.#files += 1;
      const hint = text.code === 'E0701' ? 'move the file into the folder' : 'check the path: it starts in the folder of this file';
      return refused(text.code, `${shown} cannot be imported: ${text.reason}`, hint);
    }
    const start = this.#open.findIndex(({ id }) => id === text.id);
    if (start >= 0) {
      const circle = [...this.#open.slice(start), this.#open[start]!].map((place) => place.path);
      return refused('E0208', `these files import each other: ${circle.join(' -> ')}`, 'move what both need into a third file');
    }
    const known = this.#byId.get(text.id);
    if (known !== undefined) return known;
    this.#files += 1;
    this.#bytes += byteLength(text.text);
    if (this.#bytes > MAX_BYTES) return tooMany();
    const result = this.#module(text.text, { id: text.id, path: shown, lines: new LineMap(text.text) });
    this.#byId.set(text.id, result);
    return result;
  }

  #module(source: string, place: ModulePlace): ModuleResult {
    const { file, diagnostics } = parse(source);
    if (file === null) {
      const [first] = diagnostics;
      const why = first === undefined ? '' : `: ${placeInModule(place, first.span)}: ${first.message}`;
      return refused('E0702', `${place.path} is not a module${why}`, 'a module starts with: strat 1 module "its name"');
    }
    if (file.heading.what !== 'module')
      return refused('E0207', `${place.path} is a strategy; functions come from a module`, 'move the functions into a file of their own');
    this.#open.push(place);
    const syntaxErrors = diagnostics.filter(({ severity }) => severity === 'error');
    const checked = this.#check({ source, file, syntaxErrors, place }, this);
    this.#open.pop();
    const wrong = [...syntaxErrors, ...checked.diagnostics.filter(({ severity }) => severity === 'error')];
    const [first] = wrong.toSorted((a, b) => a.span.start - b.span.start);
    if (first !== undefined) return refused(first.code, this.#located(first, place), first.hint);
    const names = file.statements.flatMap((statement) => (statement.kind === 'Def' ? [statement.name.text] : []));
    const hidden = new Set(names.filter((name) => !checked.exported.has(name)));
    return { ok: true, exports: { path: place.path, exported: checked.exported, hidden } };
  }

  /** A finding with its place. One that comes out of a module further in has its own: that is where the mistake is. */
  #located({ span, message }: Diagnostic, place: ModulePlace): string {
    if (this.#placed.has(message)) return message;
    const located = `${placeInModule(place, span)}: ${message}`;
    this.#placed.add(located);
    return located;
  }
}

function tooMany(): ModuleResult {
  return refused('E0108', 'a program imports at most 100 modules with 2 MB in all', 'use fewer or smaller modules');
}
