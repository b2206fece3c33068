import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The functions of the language as read-only files, for editors that show where one is defined. In a folder of this process, which goes with it. */
export class PreludeFiles {
  #folder: string | null = null;
  readonly #written = new Map<string, string>();

  /** Address of the file of a module with this text. */
  uriOf(module: string, source: string): string {
    const known = this.#written.get(module);
    if (known !== undefined) return known;
    const path = join((this.#folder ??= this.#newFolder()), `${module}.strat`);
    writeFileSync(path, source, { mode: 0o444, flag: 'wx' });
    const uri = pathToFileURL(path).href;
    this.#written.set(module, uri);
    return uri;
  }

  /** Whether an address is one of these files: they see names that no other file sees, so they are not checked. */
  has(uri: string): boolean {
    return [...this.#written.values()].includes(uri);
  }

  #newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'strat-prelude-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }
}
