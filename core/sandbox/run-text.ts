import type ivm from 'isolated-vm';

/** Texts whose code is kept, the last used, and the longest; code takes about as much memory as its text. */
const MOST_KEPT = 32;
const LONGEST_KEPT = 200_000;

export interface TextOptions {
  readonly filename: string;
  readonly timeoutMs?: number;
}

/** Runs a text in a context and gives what it evaluates to. @throws what the text throws, and what isolated-vm throws */
type RunText = (isolate: ivm.Isolate, context: ivm.Context, text: string, options: TextOptions) => ivm.Reference;

/**
 * Isolates have nothing in common, so each compiles all texts anew, which takes a tenth of the time of a short run. V8's code of a text is kept in the memory of this
 * process from the second time on that the text is compiled: a process that runs it once has nothing of it. The code is made before anything of the text has run, is found by
 * the whole text, and never leaves the process.
 */
export function textRunner(): RunText {
  const codes = new Map<string, ivm.ExternalCopy<ArrayBuffer> | null>();
  const keep = (text: string, code: ivm.ExternalCopy<ArrayBuffer> | null): void => {
    if (text.length > LONGEST_KEPT) return;
    codes.delete(text);
    codes.set(text, code);
    for (const oldest of codes.keys()) {
      if (codes.size <= MOST_KEPT) return;
      codes.delete(oldest);
    }
  };
  return (isolate, context, text, { filename, timeoutMs }) => {
    const known = codes.get(text);
    const wanted = known === undefined ? {} : known === null ? { produceCachedData: true } : { cachedData: known };
    const script: CompiledScript = isolate.compileScriptSync(text, { filename, ...wanted });
    // Code that V8 refuses (it cannot, in one process) would be made anew.
    keep(text, script.cachedData ?? (script.cachedDataRejected === true ? null : (known ?? null)));
    return script.runSync(context, { reference: true, ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) });
  };
}

/** As isolated-vm gives it: its types leave out what came of cached code. */
interface CompiledScript extends ivm.Script {
  readonly cachedData?: ivm.ExternalCopy<ArrayBuffer>;
  readonly cachedDataRejected?: boolean;
}

export const runText: RunText = textRunner();
