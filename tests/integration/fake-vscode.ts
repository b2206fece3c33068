import { pathToFileURL } from 'node:url';

/**
 * A stand-in for the module that VS Code gives its extensions: one folder is open, no document. Whatever else the client asks for is an object that has everything
 * and does nothing.
 */
export function fakeVscode(folder: string): { readonly module: object; readonly registered: string[]; readonly warnings: string[] } {
  const registered: string[] = [];
  const warnings: string[] = [];
  const uri = { scheme: 'file', fsPath: folder, path: folder, toString: () => pathToFileURL(folder).href };
  const workspace = filled(registered, {
    isTrusted: true,
    workspaceFolders: [{ uri, name: 'work', index: 0 }],
    textDocuments: [],
    notebookDocuments: [],
    getConfiguration: () => ({
      get: (_: string, initial: unknown) => initial,
      has: () => false,
      inspect: () => undefined,
      update: () => Promise.resolve(),
    }),
    getWorkspaceFolder: () => undefined,
    fs: { stat: (at: { fsPath: string }) => (at.fsPath.endsWith('.bin/strat') ? Promise.resolve({}) : Promise.reject(new Error('none'))) },
  });
  const window = filled(registered, {
    visibleTextEditors: [],
    activeTextEditor: undefined,
    tabGroups: filled(registered, { all: [] }),
    showWarningMessage: (text: string) => Promise.resolve(void warnings.push(text)),
    showErrorMessage: (text: string) => Promise.resolve(void warnings.push(text)),
  });
  const module = filled(registered, {
    version: '1.140.0',
    workspace,
    window,
    languages: filled(registered, { match: () => 0 }),
    Uri: { file: (path: string) => ({ ...uri, fsPath: path, path }), parse: (text: string) => ({ ...uri, toString: () => text }) },
    env: filled(registered, { appName: 'editor', language: 'en', uiKind: 1 }),
    extensions: { getExtension: () => undefined, all: [] },
  });
  return { module, registered, warnings };
}

/** Known members, and for every other one something that can be called, constructed, extended and asked again. */
function filled(registered: string[], known: object): object {
  return new Proxy(known, {
    get: (target, key) => {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key) as unknown;
      return anything(key, registered);
    },
    has: () => true,
  });
}

const disposable = { dispose: () => {} };

function anything(name: string, registered: string[]): object {
  class Any {
    static readonly [Symbol.iterator] = undefined;
    constructor() {
      return filledInstance(new.target.prototype, registered);
    }
  }
  return new Proxy(Any, {
    apply: () => {
      registered.push(name);
      return name.startsWith('create') ? filled(registered, disposable) : disposable;
    },
    get: (target, key) => {
      if (key in target || typeof key === 'symbol') return Reflect.get(target, key) as unknown;
      return anything(key, registered);
    },
  });
}

/** An object of a class of the editor: members that a subclass does not have are functions that do nothing. */
function filledInstance(prototype: object, registered: string[]): object {
  return new Proxy(Object.create(prototype) as object, {
    get: (target, key, receiver) => {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key, receiver) as unknown;
      return anything(key, registered);
    },
  });
}
