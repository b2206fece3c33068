import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Predictions } from '#core/data/columns/predictions.ts';
import { parsePredictions } from '#core/data/prediction-csv.ts';
import { fileReason } from '#core/files/file-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import { sha256 } from '#core/files/sha256.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { ModelSource } from '#dsl/check/model-source.ts';
import type { ModelUse } from '#dsl/program.ts';
import { isInside, type UsedModule } from './module-source.ts';

/** Some two million predictions. */
const MAX_KB = 64 * 1024;
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const ENDINGS = ['.csv', '.csv.gz'];

/** The models of one compilation: files with what they predicted, beside the strategy. */
export interface ModelFolder {
  readonly source: ModelSource;
  /** Of a model of the program that was compiled. */
  readonly predictionsOf: (model: Pick<ModelUse, 'path' | 'from'>) => Predictions;
  /** Files that have been read, in the order of their paths. */
  readonly used: () => readonly UsedModule[];
}

type Read = Result<Predictions, Extract<ReturnType<ModelSource>, { readonly ok: false }>>;

/**
 * Reads the predictions of models for the strategy file at `path`: of `./models/up` from `models/up.csv` or `models/up.csv.gz`. Where links lead
 * counts: what lies outside of the file's folder is E0701; what is no regular file of predictions, or too large, is E0702.
 */
export function modelFolder(path: string): ModelFolder {
  const folder = dirname(resolve(path));
  const used = new Map<string, string>();
  const known = new Map<string, Read>();
  const read = (wanted: string, from: string | null): Read => {
    const missing = (reason: string): Read => fail({ ok: false, code: 'E0702', reason });
    let reason = '';
    for (const ending of ENDINGS) {
      try {
        const root = realpathSync.native(folder);
        const file = realpathSync.native(join(from === null ? root : dirname(from), wanted + ending));
        if (!isInside(root, file)) return fail({ ok: false, code: 'E0701', reason: 'they lie outside of the folder of the strategy' });
        const bytes = readRegularFile(file, { maxKb: MAX_KB, isResolved: true });
        if (!bytes.ok) return missing(bytes.error);
        const text = ending.endsWith('.gz') ? unpacked(bytes.value) : ok(bytes.value);
        const predictions = text.ok ? parsePredictions(text.value) : text;
        if (!predictions.ok) return missing(predictions.error);
        used.set(relative(root, file).replaceAll(sep, '/'), sha256(bytes.value));
        return ok(predictions.value);
      } catch (error) {
        reason ||= fileReason(error);
        if (reason !== NO_FILE) return missing(reason);
      }
    }
    return missing(reason);
  };
  const keyOf = (wanted: string, from: string | null): string => `${from ?? ''}\n${wanted}`;
  return {
    source: (wanted, from) => {
      const result = known.get(keyOf(wanted, from)) ?? read(wanted, from);
      known.set(keyOf(wanted, from), result);
      if (!result.ok) return result.error;
      return { ok: true, outputs: (['up', 'down', 'value'] as const).filter((name) => result.value[name] !== null) };
    },
    predictionsOf: (model) => {
      const result = known.get(keyOf(model.path, model.from));
      if (result?.ok === true) return result.value;
      throw new StratError('INTERNAL', { reason: `the model ${model.path} was compiled and not read` });
    },
    used: () => [...used].map(([file, sha256]) => ({ path: file, sha256 })).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

const NO_FILE = fileReason(Object.assign(new Error(), { code: 'ENOENT' }));

function unpacked(bytes: Buffer): Result<Buffer, string> {
  try {
    // Loaded here: few strategies have a model, and all commands would wait for it.
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return ok(gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return fail(isTooLarge ? `it unpacks to over ${MAX_UNPACKED_BYTES / 1024 / 1024} MB` : 'it is no gzip file, or damaged');
  }
}
