import { nearest } from '#core/model/nearest-word.ts';
import { fail, ok, type Result } from '#core/model/result.ts';
import { isJsonObject, type JsonObject, type JsonValue, readStrictJson } from '#core/model/strict-json.ts';
import { StaticValues } from '../check/static-values.ts';
import { CLAUSE_WORDS, FORBIDDEN_NAMES, STATEMENT_WORDS } from '../grammar/words.ts';
import { formulaBuilder, type Formula, formulaNode, readFormula } from './formula.ts';
import {
  type IndicatorInput,
  type IndicatorManifest,
  type IndicatorOutput,
  type IndicatorParam,
  indicatorName,
  PARAM_KINDS,
  type PluginIdentity,
  SERIES_KINDS,
} from './indicator-manifest.ts';

/** What is wrong with a manifest: the key at fault, `params.length.min`, and why. */
export interface ManifestFault {
  readonly key: string;
  readonly reason: string;
}

const MAX_TEXT = 64 * 1024;
const MAX_ITEMS = 16;
/** Largest whole number that a length of the language has. */
const MAX_LENGTH = 10_000;
/** Largest number that the language can write. */
const MAX_NUMBER = 1e15;
/** Doubles of state, and bars of warm-up: what a window of 10,000 bars or an average of 10,000 needs, and some. */
const MAX_STATE = 100_000;
const MAX_LOOKBACK = 100_000;

const IDENTITY_KEYS = ['strat', 'name', 'kind', 'version', 'entry', 'summary', 'license'];
const SCRIPT_KEYS = ['inputs', 'params', 'outputs', 'state', 'lookback'];

const PLUGIN_NAME = /^@[a-z0-9][a-z0-9-]{0,38}\/[a-z][a-z0-9-]{0,62}$/;
const NAME = /^[a-z][A-Za-z0-9_]{0,63}$/;
const VERSION = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})(?:-[0-9A-Za-z.-]{1,40})?$/;
const ENTRY = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}\.(js|strat)$/;

/** Whether a text can be the name of a plugin: `@acme/fisher`. */
export const isIndicatorName = (text: string): boolean => PLUGIN_NAME.test(text);

/**
 * Reads the manifest of an indicator plugin, without trusting it: only what is listed here is kept, nothing else may be there. Of the plugin's code nothing
 * has been read by then.
 */
export function readManifest(text: string): Result<IndicatorManifest, readonly ManifestFault[]> {
  const json = readStrictJson(text, MAX_TEXT);
  if (!json.ok) {
    const { line, column, reason } = json.error;
    return fail([{ key: 'manifest.json', reason: `line ${line}, column ${column}: ${reason}` }]);
  }
  if (!isJsonObject(json.value)) return fail([{ key: 'manifest.json', reason: `it must be an object, found ${shown(json.value)}` }]);
  return new ManifestReader(json.value).read();
}

class ManifestReader {
  readonly #json: JsonObject;
  readonly #faults: ManifestFault[] = [];

  constructor(json: JsonObject) {
    this.#json = json;
  }

  read(): Result<IndicatorManifest, readonly ManifestFault[]> {
    const json = this.#json;
    if (json['strat'] !== 1)
      return fail([{ key: 'strat', reason: `this strat reads manifests of edition 1, found ${shown(json['strat'])}` }]);
    const entry = this.#text('entry', ENTRY, 'the name of a .js or .strat file in the same folder');
    const isScript = entry.endsWith('.js');
    this.#knownKeys('', json, [...IDENTITY_KEYS, ...(isScript ? SCRIPT_KEYS : [])], isScript || entry === '' ? '' : MODULE_SAYS_ITSELF);
    if (json['kind'] !== 'indicator') this.#refuse('kind', `it must be "indicator", found ${shown(json['kind'])}`);
    const identity: PluginIdentity = {
      name: this.#text('name', PLUGIN_NAME, 'a name like "@acme/fisher", in small letters, digits and hyphens'),
      version: this.#text('version', VERSION, 'a version like "1.2.0"'),
      entry,
      summary: this.#line('summary', 200),
      license: this.#line('license', 100),
    };
    const word = indicatorName(identity);
    if (RESERVED.has(word) || FORBIDDEN_NAMES.has(word))
      this.#refuse('name', `"${word}" cannot be a name in the language; choose another one`);
    const manifest: IndicatorManifest = isScript ? { form: 'script', ...identity, ...this.#script() } : { form: 'module', ...identity };
    return this.#faults.length > 0 ? fail(this.#faults) : ok(Object.freeze(manifest));
  }

  #script(): {
    readonly inputs: readonly IndicatorInput[];
    readonly params: readonly IndicatorParam[];
    readonly outputs: readonly IndicatorOutput[];
    readonly state: Formula;
    readonly lookback: Formula;
  } {
    const inputs = this.#items('inputs', 1, (key, kind) => ({ kind: this.#choice(key, kind, SERIES_KINDS) }));
    const params = this.#items('params', 0, (key, value) => this.#param(key, value));
    const outputs = this.#items('outputs', 1, (key, value) => this.#output(key, value));
    const names = new Set(inputs.map(({ name }) => name));
    for (const { name } of params) if (names.has(name)) this.#refuse(`params.${name}`, `an input is called "${name}" too`);
    return {
      inputs,
      params,
      outputs,
      state: this.#formula('state', params, MAX_STATE),
      lookback: this.#formula('lookback', params, MAX_LOOKBACK),
    };
  }

  #param(key: string, value: JsonValue): Omit<IndicatorParam, 'name'> {
    const fields = this.#fields(key, value, ['kind', 'default', 'min', 'max']);
    const kind = this.#choice(`${key}.kind`, fields['kind'], PARAM_KINDS);
    const isWhole = kind === 'length' || kind === 'bars';
    const [low, high] = kind === 'length' ? [1, MAX_LENGTH] : [kind === 'bars' ? 0 : -MAX_NUMBER, MAX_NUMBER];
    const number = (name: string, otherwise: number | null): number =>
      this.#number(`${key}.${name}`, fields[name], otherwise, low, high, isWhole);
    const param = { kind, default: number('default', null), min: number('min', low), max: number('max', high) };
    this.#ordered(key, param);
    if (param.default < param.min || param.default > param.max)
      this.#refuse(`${key}.default`, `it must lie from ${param.min} to ${param.max}, found ${param.default}`);
    return param;
  }

  #output(key: string, value: JsonValue): Omit<IndicatorOutput, 'name'> {
    const fields = this.#fields(key, value, ['kind', 'min', 'max']);
    const number = (name: string, otherwise: number): number => {
      const given = fields[name];
      return given === undefined ? otherwise : this.#number(`${key}.${name}`, given, null, -MAX_NUMBER, MAX_NUMBER, false);
    };
    const output = {
      kind: this.#choice(`${key}.kind`, fields['kind'], SERIES_KINDS),
      min: number('min', -Infinity),
      max: number('max', Infinity),
    };
    this.#ordered(key, output);
    return output;
  }

  #ordered(key: string, { min, max }: { readonly min: number; readonly max: number }): void {
    if (min > max) this.#refuse(`${key}.min`, `it must not be above max, found ${min} and ${max}`);
  }

  /** The entries of an object of named things, in the order of the text. */
  #items<T extends object>(
    key: string,
    least: number,
    read: (key: string, value: JsonValue) => T,
  ): readonly (T & { readonly name: string })[] {
    const given = this.#json[key] ?? (least === 0 ? {} : undefined);
    if (!isJsonObject(given)) {
      this.#refuse(key, given === undefined ? 'it is missing' : `it must be an object of names, found ${shown(given)}`);
      return [];
    }
    const entries = Object.entries(given);
    if (entries.length < least || entries.length > MAX_ITEMS) {
      this.#refuse(key, `it must have from ${least} to ${MAX_ITEMS} entries, found ${entries.length}`);
      return [];
    }
    return entries.map(([name, value]) => {
      if (!NAME.test(name) || FORBIDDEN_NAMES.has(name)) this.#refuse(key, `${shown(name)} cannot be a name`);
      // Behind a dot every word is a name.
      else if (key !== 'outputs' && RESERVED.has(name)) this.#refuse(key, `"${name}" is a word of the language; choose another name`);
      return Object.freeze({ name, ...read(`${key}.${printable(name)}`, value) });
    });
  }

  /** A formula whose value is a whole number from 0 to `most` for all params that the manifest allows. */
  #formula(key: string, params: readonly IndicatorParam[], most: number): Formula {
    const given = this.#json[key];
    // `"lookback": 20` is as good as "20".
    const text = typeof given === 'number' && given >= 0 ? String(given) : given;
    if (typeof text !== 'string') {
      this.#refuse(
        key,
        given === undefined ? 'it is missing' : `it must be a formula over the params like "4 + 2 * length", found ${shown(given)}`,
      );
      return NO_FORMULA;
    }
    const read = readFormula(
      text,
      params.map(({ name }) => name),
    );
    if (!read.ok) {
      this.#refuse(key, read.error.replace(/\p{C}/gu, '?'));
      return NO_FORMULA;
    }
    const reason = rangeFault(read.value, params, most);
    if (reason !== null) this.#refuse(key, `"${text}" ${reason}`);
    return read.value;
  }

  #fields(key: string, value: JsonValue, known: readonly string[]): JsonObject {
    if (!isJsonObject(value)) {
      this.#refuse(key, `it must be an object with ${known.join(', ')}, found ${shown(value)}`);
      return {};
    }
    this.#knownKeys(`${key}.`, value, known, '');
    return value;
  }

  #knownKeys(before: string, object: JsonObject, known: readonly string[], why: string): void {
    for (const key of Object.keys(object)) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      const hint = meant === null ? `the keys are ${known.join(', ')}` : `did you mean "${meant.word}"?`;
      this.#refuse(`${before}${printable(key)}`, SCRIPT_KEYS.includes(key) && why !== '' ? why : `there is no such key; ${hint}`);
    }
  }

  #text(key: string, form: RegExp, wanted: string): string {
    const given = this.#json[key];
    if (typeof given === 'string' && form.test(given)) return given;
    this.#refuse(key, given === undefined ? `it is missing: ${wanted}` : `it must be ${wanted}, found ${shown(given)}`);
    return '';
  }

  #line(key: string, most: number): string | null {
    const given = this.#json[key];
    if (given === undefined) return null;
    if (typeof given === 'string' && given.length <= most && !/\p{C}/u.test(given)) return given;
    this.#refuse(key, `it must be one line of at most ${most} characters`);
    return null;
  }

  #choice<T extends string>(key: string, given: JsonValue | undefined, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === given);
    if (found === undefined) {
      const meant = typeof given === 'string' ? nearest(given, choices) : null;
      this.#refuse(
        key,
        `it must be one of ${choices.join(', ')}, found ${shown(given)}${meant === null ? '' : `; did you mean "${meant.word}"?`}`,
      );
    }
    return found ?? choices[0]!;
  }

  #number(key: string, given: JsonValue | undefined, otherwise: number | null, low: number, high: number, isWhole: boolean): number {
    const value = given ?? otherwise;
    if (typeof value === 'number' && value >= low && value <= high && (!isWhole || Number.isInteger(value))) return value;
    const range = `from ${low} to ${high}`;
    this.#refuse(
      key,
      given === undefined ? 'it is missing' : `it must be a ${isWhole ? 'whole ' : ''}number ${range}, found ${shown(given)}`,
    );
    return otherwise ?? low;
  }

  #refuse(key: string, reason: string): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ key, reason });
  }
}

const MAX_FAULTS = 20;
const RESERVED: ReadonlySet<string> = new Set([...STATEMENT_WORDS, ...CLAUSE_WORDS]);
const MODULE_SAYS_ITSELF = 'a module says this itself, by its functions; remove it';
const NO_FORMULA: Formula = { text: '0', expression: { kind: 'Number', span: { start: 0, end: 0 }, value: 0, source: '0' } };

/** What keeps the value of a formula from being a whole number from 0 to `most`, over the whole range of the params. */
function rangeFault(formula: Formula, params: readonly IndicatorParam[], most: number): string | null {
  const builder = formulaBuilder();
  const statics = new StaticValues(builder);
  const nodes = new Map(
    params.map(({ name, kind, default: usual, min, max }, index) => {
      statics.addParam({ low: min, high: max, whole: kind === 'length' || kind === 'bars' }, usual, usual);
      return [name, builder.param(index)];
    }),
  );
  const { low, high, whole } = statics.intervalOf(formulaNode(formula, builder, nodes));
  if (!(low >= 0 && high <= most)) return `must lie from 0 to ${most} for all params, and goes from ${low} to ${high}`;
  return whole ? null : 'is not a whole number for all params; ceil(...) makes it one';
}

const MAX_SHOWN = 60;

/** A value of the file as a message shows it. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return printable(JSON.stringify(value));
}

function printable(text: string): string {
  const clean = text.replace(/\p{C}/gu, '?');
  return clean.length > MAX_SHOWN ? `${clean.slice(0, MAX_SHOWN)}...` : clean;
}
