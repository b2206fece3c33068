import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type ivm from 'isolated-vm';
import { StratError } from '#core/errors/strat-error.ts';
import { ENGINE_TEXTS } from './engine-texts.ts';
import { runText } from './run-text.ts';

/** Beside this file's folder: `core/`, as TypeScript in the repository and as JavaScript in the package. */
const CORE = new URL('../', import.meta.url);
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
/** Folders of pure code: nothing else is ever loaded into an isolate. */
const PURE = ['engine/', 'model/'];

/** Reads source texts and strips their types, each file once a process: they are part of the program and do not change. */
function sourceReader(): (url: URL) => string {
  const texts = new Map<string, string>();
  return (url) => {
    const known = texts.get(url.href);
    if (known !== undefined) return known;
    if (!PURE.some((folder) => url.href.startsWith(new URL(folder, CORE).href)))
      throw new StratError('INTERNAL', { reason: `${url.pathname} is not code of the engine` });
    const text = ENGINE_TEXTS.get(url.href.slice(CORE.href.length)) ?? readText(url);
    texts.set(url.href, text);
    return text;
  };
}

function readText(url: URL): string {
  const source = readFileSync(url, 'utf8');
  return EXTENSION === '.ts' ? withoutTypes(source) : source;
}

/** Node strips the types of all our files; only asking it to do so by hand warns that this may change. */
function withoutTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

const textOf = sourceReader();

const addressOf = (specifier: string, from: URL): URL =>
  specifier.startsWith('#core/') ? new URL(specifier.slice('#core/'.length), CORE) : new URL(specifier, from);

/** Text of the function that freezes what a module exports and all that hangs on it; what the hardening has frozen ends the walk. */
const FREEZE_EXPORTS = `(function (exported) {
  'use strict';
  const { freeze, isFrozen, getOwnPropertyDescriptor, getOwnPropertyNames } = Object;
  const seal = (value) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || isFrozen(value)) return;
    freeze(value);
    for (const name of getOwnPropertyNames(value)) {
      const slot = getOwnPropertyDescriptor(value, name);
      seal(slot.value);
      seal(slot.get);
      seal(slot.set);
    }
  };
  for (const name of getOwnPropertyNames(exported)) seal(exported[name]);
})`;

const ENGINE = new URL(`engine/trading/trading-engine${EXTENSION}`, CORE);

/**
 * Loads the trading engine into a hardened context: the very files that run on the host, as ES modules, frozen before any text of a strategy comes.
 * Gives the class.
 * @param file another one in its place; tests use it
 * @throws StratError INTERNAL when a file is no code of the engine; what isolated-vm throws
 */
export function loadEngine(isolate: ivm.Isolate, context: ivm.Context, file: URL = ENGINE): ivm.Reference {
  const modules = new Map<string, ivm.Module>();
  const load = (url: URL): ivm.Module => {
    const known = modules.get(url.href);
    if (known !== undefined) return known;
    const module = isolate.compileModuleSync(textOf(url), { filename: `strat:${url.href.slice(CORE.href.length)}` });
    modules.set(url.href, module);
    for (const specifier of module.dependencySpecifiers) load(addressOf(specifier, url));
    return module;
  };
  const address = new Map<ivm.Module, URL>();
  const entry = load(file);
  for (const [href, module] of modules) address.set(module, new URL(href));
  const freeze = runText(isolate, context, FREEZE_EXPORTS, { filename: 'strat:freeze-exports' });
  // Each by itself: isolated-vm has the exports of a module only once that one was asked for.
  for (const module of modules.values()) {
    module.instantiateSync(context, (specifier, referrer) => load(addressOf(specifier, address.get(referrer)!)));
    module.evaluateSync();
    freeze.applySync(undefined, [module.namespace.derefInto()]);
  }
  return entry.namespace.getSync('TradingEngine', { reference: true });
}
