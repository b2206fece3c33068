import { setFlagsFromString } from 'node:v8';
import ivm from 'isolated-vm';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { loadEngine } from './engine-modules.ts';
import { HARDENING } from './hardening.ts';
import { runText } from './run-text.ts';
import type { IsolateLimits } from './sandbox-error.ts';
import { sandboxError } from './sandbox-error.ts';
import { StratError } from '#core/errors/strat-error.ts';

/** An isolate with one hardened context in which a strategy's text and a driver of ours are loaded. */
export interface HardenedContext {
  readonly isolate: ivm.Isolate;
  readonly context: ivm.Context;
  /** The strategy's `{run, decide}`; handed to a driver, never called from here. */
  readonly strategy: ivm.Reference;
  /** The class that runs a plan; undefined where it was not asked for. */
  readonly engine: ivm.Reference | undefined;
  /** The outcome of a call into the isolate; a rejection when V8 loses control over the isolate meanwhile, or has before. */
  readonly orLost: <T>(call: Promise<T>) => Promise<T>;
  readonly dispose: () => void;
}

/**
 * Names in the context nothing but data: the text gets no reference, callback or module of isolated-vm.
 * @param hasEngine the trading engine is loaded before the strategy
 */
export function openContext({ text }: Pick<CompiledStrategy, 'text'>, limits: IsolateLimits, hasEngine: boolean): HardenedContext {
  keepWasmCode();
  const loss = new Loss();
  const isolate = new ivm.Isolate({
    memoryLimit: Math.max(8, limits.memoryMb),
    onCatastrophicError: () => loss.declare(new StratError('SANDBOX_STUCK', { timeoutMs: limits.timeoutMs })),
  });
  const dispose = (): void => {
    if (!isolate.isDisposed) isolate.dispose();
  };
  try {
    const context = isolate.createContextSync();
    runText(isolate, context, HARDENING, { filename: 'strat:hardening' });
    const engine = hasEngine ? loadEngine(isolate, context) : undefined;
    const reference = runText(isolate, context, `'use strict';\n${text}`, { filename: 'strat:strategy', timeoutMs: limits.timeoutMs });
    return { isolate, context, strategy: reference, engine, orLost: async (call) => loss.orLost(call), dispose };
  } catch (error) {
    dispose();
    throw sandboxError(error, limits);
  }
}

/**
 * Code of WebAssembly is not collected in a process that has isolates. V8 does so on a thread of its own (Node's removal of types is WebAssembly), tells every isolate
 * under a lock of the whole process, and where it is the last to hold one that has been disposed of it ends that one there, which takes the same lock: then nothing goes on,
 * for ever. Seen with Node 26.10 and isolated-vm 7.0.1.
 */
const keepWasmCode = (): void => setFlagsFromString('--no-wasm-code-gc');

/** How long past its limit a call may take to stop before its thread counts as lost. */
const STOP_MS = 1000;

/** The outcome of a call that was given `timeoutMs`, as `orLost`. @throws StratError SANDBOX_STUCK where it does not come back by then */
export async function inTime<T>({ orLost }: HardenedContext, call: Promise<T>, timeoutMs: number): Promise<T> {
  const stuck = Promise.withResolvers<never>();
  const watchdog = setTimeout(() => stuck.reject(new StratError('SANDBOX_STUCK', { timeoutMs })), timeoutMs + STOP_MS);
  try {
    return await Promise.race([orLost(call), stuck.promise]);
  } finally {
    clearTimeout(watchdog);
  }
}

/** What a call threw, as an error for users, after which the isolate is of no more use. */
export function endedBy(error: unknown, { dispose }: HardenedContext, limits: IsolateLimits): StratError {
  const known = sandboxError(error, limits);
  // A thread that does not come back holds the isolate's lock: disposing of it would wait for ever.
  if (known.code !== 'SANDBOX_STUCK') dispose();
  return known;
}

/** Ends the calls that are open when an isolate is lost. A promise raced against every call would keep something of each for ever. */
class Loss {
  #error: StratError | null = null;
  readonly #open = new Set<(error: StratError) => void>();

  declare(error: StratError): void {
    this.#error ??= error;
    for (const reject of this.#open) reject(this.#error);
  }

  async orLost<T>(call: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#open.add(reject);
    if (this.#error !== null) reject(this.#error);
    call.then(resolve, reject);
    try {
      return await promise;
    } finally {
      this.#open.delete(reject);
    }
  }
}

/** A typed array's memory as an argument for an isolate: shared memory is shared, other memory is copied. */
export function intoIsolate(values: Float64Array): ivm.Copy<Float64Array> {
  return new ivm.ExternalCopy(values).copyInto();
}

/** The values in shared memory, starting at the front of their buffer: themselves where they already are, else a copy. */
export function inSharedMemory(values: Float64Array): Float64Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
