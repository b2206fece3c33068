import { createHash } from 'node:crypto';
import { dirname, relative, resolve, sep } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import { isJsonObject, type JsonObject, type JsonValue, readStrictJson } from '#core/model/strict-json.ts';
import type { BacktestDocument } from '#core/runtime/backtest-document.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { isNumber } from '#core/runtime/currency/load-rates.ts';
import type { Command, CommandInput } from '../command.ts';

const SCHEMA = 'strat.receipt/1';
/** Far beyond the result of any run that a person looks at. */
const MAX_MB = 256;
/** Of a version of the data store: no two that one person has will share them. */
const DIGEST_DIGITS = 16;

/** What is needed to repeat a run, and what came out of it: whoever has the files can check it. */
export interface Receipt {
  /** Words of the command line behind `strat backtest`; paths are from the folder of the receipt, with `/`. */
  readonly args: readonly string[];
  /** The document of the run without `timing`. */
  readonly result: JsonObject;
  /** SHA-256 over the rest of the receipt, lower-case hex: finds slips. Forgeries are found by running again. */
  readonly digest: string;
}

/**
 * The words of a command line that say what is run.
 * @param outputs options that say what to write or print: they are left out
 * @param change what becomes of the paths of files that the run reads
 * @param given values that take the place of those of the command line, by option
 */
export function runWords(
  { options }: Command,
  input: CommandInput,
  outputs: ReadonlySet<string>,
  change: (path: string) => string,
  given: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly string[] {
  return options.flatMap(({ name, value }) => {
    if (outputs.has(name)) return [];
    if (value === undefined) return input.flag(name) ? [`--${name}`] : [];
    const changed = (text: string): string => (value === 'PATH' ? mapPath(text, change) : value === 'FILE' ? change(text) : text);
    const values = given.get(name) ?? input.values(name).map(changed);
    return values.flatMap((text) => [`--${name}`, text]);
  });
}

/**
 * The receipt of a run as a JSON value.
 * @param file where it will be written
 * @param outputs options that say what to write or print: no part of the run
 */
export function receiptOf(
  file: string,
  command: Command,
  input: CommandInput,
  outputs: ReadonlySet<string>,
  document: BacktestDocument,
): object {
  const folder = dirname(resolve(file));
  const fromFolder = (path: string): string => relative(folder, resolve(path)).split(sep).join('/');
  const files = input.args.map(fromFolder);
  const args = [...files, ...runWords(command, input, outputs, fromFolder, storedWords(document))];
  const { timing: _, ...rest } = document;
  const content = { schema: SCHEMA, args, result: withFiles(rest, files) };
  return { ...content, digest: digestOf(content) };
}

/** Markets of the data store by the digests of what was read: found or named without a version, they would be others tomorrow. */
function storedWords({ data }: BacktestDocument): ReadonlyMap<string, readonly string[]> {
  const versionsOf = (...digests: readonly (string | undefined)[]): string =>
    digests
      .map((digest = '') => digest.slice(0, DIGEST_DIGITS))
      .join(',')
      .replace(/,+$/, '');
  const words = data.flatMap(({ stored, sha256, mark }) =>
    stored === undefined
      ? []
      : [`${stored.series}@${versionsOf(sha256, stored.funding?.sha256, mark?.stored === undefined ? undefined : mark.sha256)}`],
  );
  return new Map(words.length === 0 ? [] : [['market', [...new Set(words)]]]);
}

/** A result with other names for its strategy files: the way to them is no part of a result, their content has a digest of its own. */
export function withFiles<Result extends { readonly strategy?: unknown; readonly strategies?: unknown }>(
  result: Result,
  files: readonly string[],
): Result {
  const { strategies } = result;
  return {
    ...result,
    strategy: { ...(result.strategy as object), file: files[0] ?? '' },
    ...(Array.isArray(strategies) ? { strategies: strategies.map((one: object, place) => ({ ...one, file: files[place] ?? '' })) } : {}),
  };
}

/**
 * Reads a receipt from a stranger.
 * @throws StratError RECEIPT_INVALID
 */
export function readReceipt(file: string): Receipt & { readonly isIntact: boolean } {
  const value = readResultFile(file);
  const invalid = (reason: string): StratError => new StratError('RECEIPT_INVALID', { file, reason });
  if (value['schema'] !== SCHEMA)
    throw invalid(value['schema'] === 'strat.backtest/1' ? 'it is the result of a run' : `its "schema" is not "${SCHEMA}"`);
  const { args, result, digest } = value;
  if (!Array.isArray(args) || !args.every((word) => typeof word === 'string') || args.length === 0)
    throw invalid('its "args" are no list of texts');
  if (!isJsonObject(result)) throw invalid('its "result" is no object');
  if (typeof digest !== 'string') throw invalid('its "digest" is no text');
  const { digest: _, ...content } = value;
  return { args, result, digest, isIntact: digestOf(content) === digest };
}

/**
 * A JSON object from a file of results: a document or a receipt.
 * @throws StratError FILE_UNREADABLE, RECEIPT_INVALID
 */
export function readResultFile(file: string): JsonObject {
  const bytes = readRegularFile(file, { maxKb: MAX_MB * 1024 });
  if (!bytes.ok) throw new StratError('FILE_UNREADABLE', { file, reason: bytes.error });
  const read = readStrictJson(bytes.value.toString('utf8'), MAX_MB * 1024 * 1024);
  if (!read.ok) throw new StratError('RECEIPT_INVALID', { file, reason: `line ${read.error.line}: ${read.error.reason}` });
  if (!isJsonObject(read.value)) throw new StratError('RECEIPT_INVALID', { file, reason: 'it is no JSON object' });
  return read.value;
}

/** `PATH` or `MARKET=PATH` with its path changed. */
function mapPath(text: string, change: (path: string) => string): string {
  const { forced, path } = dataPath(text);
  if (forced === null) return change(text);
  // A rate may be a number in the place of a file.
  return isNumber(path) ? text : `${text.slice(0, -path.length)}${change(path)}`;
}

function digestOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** A place where two JSON values differ. */
export interface Difference {
  /** `metrics.sharpe`, `trades[3].profit`. */
  readonly path: string;
  readonly receipt: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** Every place where two JSON values differ, outermost first, up to `most`. */
export function differencesOf(receipt: JsonValue | undefined, now: JsonValue | undefined, most = 1000, path = ''): Difference[] {
  if (Object.is(receipt, now)) return [];
  const keys = keysOf(receipt, now);
  if (keys === null) return [{ path, receipt, now }];
  const found: Difference[] = [];
  for (const key of keys) {
    if (found.length >= most) break;
    const name = Array.isArray(receipt) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    found.push(...differencesOf(partOf(receipt, key), partOf(now, key), most - found.length, name));
  }
  return found;
}

function keysOf(a: JsonValue | undefined, b: JsonValue | undefined): readonly string[] | null {
  if (Array.isArray(a) && Array.isArray(b)) return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => String(i));
  return isJsonObject(a) && isJsonObject(b) ? [...new Set([...Object.keys(a), ...Object.keys(b)])] : null;
}

function partOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(key)] as JsonValue | undefined;
  return isJsonObject(value) ? value[key] : undefined;
}
