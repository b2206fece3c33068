import { nearest } from '#core/model/nearest-word.ts';
import { parsePercent } from './percent.ts';
import { FORMATS } from './schema-check.ts';
import { quoted } from './shown.ts';
import type { Tree } from './tree.ts';

type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A limit as it is said: 1e15 and not sixteen digits. */
const limitOf = (value: unknown): string | null =>
  typeof value !== 'number' ? null : Math.abs(value) >= 1e9 ? value.toExponential().replace('+', '') : String(value);
const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  null: 'nothing',
};

function rangeWords(schema: Fields): string {
  const least = limitOf(schema['minimum']);
  const above = limitOf(schema['exclusiveMinimum']);
  const most = limitOf(schema['maximum']);
  const below = limitOf(schema['exclusiveMaximum']);
  const low = least === null ? (above === null ? '' : ` above ${above}`) : most === null ? ` of at least ${least}` : ` from ${least}`;
  const join = low !== '' && least === null && (most !== null || below !== null) ? ' and' : '';
  const high =
    most === null ? (below === null ? '' : `${join} below ${below}`) : least === null ? `${join} of at most ${most}` : ` to ${most}`;
  return `${low}${high}`;
}

/** What a schema wants, in words: `a whole number from 0 to 65535`, `one of a, b`, `a percent such as 0.1%`. */
export function expectation(schema: unknown): string {
  if (!isFields(schema)) return 'something else';
  const { type, format, enum: choices, examples } = schema;
  if (Array.isArray(choices)) return `one of ${choices.map(plainText).join(', ')}`;
  if ('const' in schema) return plainText(schema['const']);
  const known = Object.entries(FORMATS).find(([name]) => name === format);
  if (known !== undefined && format !== 'path') return known[1].words;
  const ways: unknown = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(ways)) return ways.map(expectation).join(' or ');
  const example: unknown = Array.isArray(examples) ? examples[0] : type === 'string' && 'pattern' in schema ? schema['default'] : undefined;
  const such = example === undefined ? '' : ` such as ${plainText(example)}`;
  if (type === 'integer' || type === 'number') return `a ${type === 'integer' ? 'whole number' : 'number'}${rangeWords(schema)}${such}`;
  if (Array.isArray(type))
    return type
      .map((one: unknown) => expectation({ type: one }))
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
  const form = 'pattern' in schema && such === '' ? ' of another form' : such;
  return `${TYPE_WORDS[plainText(type)] ?? 'something else'}${form}`;
}

/** Whether a text is wanted that is a share: by its format, or by the sign of its default. */
const isShare = ({ format, default: usual }: Fields): boolean =>
  format === 'percent' || format === 'cost' || format === 'signedCost' || (typeof usual === 'string' && parsePercent(usual) !== null);

/** What to do about a value that is not what the schema wants; null when there is nothing more to say. */
export function valueHint(schema: unknown, node: Tree | undefined): string | null {
  if (!isFields(schema) || node?.kind !== 'scalar') return null;
  const { type, enum: choices } = schema;
  const { value } = node;
  if (value === null) {
    if (type === 'array') return 'write [] for none, or remove the line for the default';
    return 'give a value, or remove the line for the default';
  }
  if (isShare(schema) && typeof value === 'number' && value >= 0)
    return value < 1 && value > 0 ? `with its sign: ${value}%, or ${Number((value * 100).toPrecision(12))}%?` : `with its sign: ${value}%`;
  const isNumber = type === 'integer' || type === 'number';
  if (isNumber && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return 'write the number without quotes';
  if (isNumber && typeof value === 'string' && /^[\d_, ]+$/.test(value)) return 'write only digits and a point';
  if (type === 'boolean' && typeof value === 'string' && /^(yes|no|on|off|true|false)$/i.test(value))
    return `write ${/^(yes|on|true)$/i.test(value) ? 'true' : 'false'}`;
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return 'put it in quotes';
  if (Array.isArray(choices) && typeof value === 'string') {
    const word = nearest(value.toLowerCase(), choices.map(plainText));
    return word === null ? null : `did you mean ${quoted(word.word)}?`;
  }
  return null;
}

/** For an unknown name: the one that was probably meant, else those that there are. */
export function nameHint(name: string, known: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');
  const same = known.find((word) => plain(word) === plain(name));
  const meant = same ?? nearest(name, known)?.word;
  if (meant !== undefined) return `did you mean ${quoted(meant)}?`;
  return known.length === 0 ? null : `there are: ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', ...' : ''}`;
}
