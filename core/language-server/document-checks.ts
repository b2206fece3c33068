import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Compiler } from '#dsl/compile.ts';
import { type CheckedFile, checkFile } from '#dsl/tools/language-server/checked-file.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

interface Known {
  readonly version: number;
  readonly checked: CheckedFile;
  readonly read: ReadonlySet<string>;
}

/** The checks of open documents: each version once, whoever asks. */
export class DocumentChecks {
  readonly #compiler: Compiler;
  readonly #files: WorkspaceFiles;
  readonly #known = new Map<string, Known>();

  constructor(compiler: Compiler, files: WorkspaceFiles) {
    this.#compiler = compiler;
    this.#files = files;
  }

  of(document: TextDocument): CheckedFile {
    const { uri, version } = document;
    const known = this.#known.get(uri);
    if (known?.version === version) return known.checked;
    const { options, read } = this.#files.filesOf(uri);
    const checked = checkFile(this.#compiler, document.getText(), options);
    this.#known.set(uri, { version, checked, read });
    return checked;
  }

  /** Another text in the place of a document. */
  another(uri: string, source: string): CheckedFile {
    return checkFile(this.#compiler, source, this.#files.filesOf(uri).options);
  }

  /** Documents that have read the file at this real path; they have to be checked anew. */
  forgetReadersOf(path: string): readonly string[] {
    const readers = [...this.#known].filter(([, { read }]) => read.has(path)).map(([uri]) => uri);
    for (const uri of readers) this.#known.delete(uri);
    return readers;
  }

  forget(uri: string): void {
    this.#known.delete(uri);
  }

  forgetAll(): void {
    this.#known.clear();
    this.#files.forget();
  }
}
