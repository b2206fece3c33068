import { fail, ok, type Result } from '#core/model/result.ts';
import type { Predictions } from './columns/predictions.ts';
import { CsvLine } from './csv-line.ts';
import { shown } from './finding.ts';
import { detectTimeFormat, isNumericTime, parseIsoTime, type TimeFormat, TIME_FORMAT_NAMES, timeOfNumber } from './timestamp-text.ts';

const LINE_FEED = 10;
const HASH = 35;
const DAY_MS = 86_400_000;
const OUTPUTS = ['up', 'down', 'value'] as const;
type Output = (typeof OUTPUTS)[number];
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 13 || byte === LINE_FEED;

/**
 * Reads predictions from the bytes of a CSV text: the header `timestamp` and any of `up`, `down`, `value`, then one line a prediction, oldest
 * first. A line `# trained 2019-01-01..2023-06-30` above the header says what the model was trained on, first and last day. Times are written as in candle files. `up` and `down` are chances from 0 to 1. The first thing wrong refuses the whole, in words.
 */
export function parsePredictions(bytes: Buffer): Result<Predictions, string> {
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = bytes.length;
  while (end > begin && isBlank(bytes[end - 1])) end--;
  const told = trainingOf(bytes, begin);
  if (!told.ok) return told;
  const { trained, next } = told.value;
  const headerEnd = bytes.indexOf(LINE_FEED, next);
  if (headerEnd < 0 || headerEnd >= end) return fail('its file holds no predictions');
  const header = headerOf(bytes.toString('utf8', next, headerEnd).trim());
  if (!header.ok) return header;
  const { names, outputs } = header.value;
  const line = new CsvLine(bytes, end, ','.charCodeAt(0), names.length);
  const time: number[] = [];
  const values = outputs.map((): number[] => []);
  let format: TimeFormat | null = null;
  const at = names.indexOf('timestamp');
  for (let position = headerEnd + 1, number = next === begin ? 2 : 3; position < end; number++) {
    position = line.read(position);
    const refuse = (reason: string): Result<never, string> => fail(`line ${number} of its file: ${reason}`);
    if (line.count !== names.length) return refuse(`${line.count} fields where the header has ${names.length}`);
    const text = line.text(at);
    format ??= detectTimeFormat(text);
    if (format === null) return refuse(`the time ${shown(text)} is none`);
    const moment = isNumericTime(format) ? timeOfNumber(line.number(at), format) : parseIsoTime(text, format);
    if (Number.isNaN(moment)) return refuse(`the time ${shown(text)} is not in ${TIME_FORMAT_NAMES[format]} as the first one`);
    if (moment <= (time.at(-1) ?? -Infinity)) return refuse(`the time ${shown(text)} is not after the one before`);
    time.push(moment);
    for (const [place, name] of outputs.entries()) {
      const field = names.indexOf(name);
      const value = line.number(field);
      if (!Number.isFinite(value)) return refuse(`${name} is ${shown(line.text(field))}, which is no finite number`);
      if (name !== 'value' && !(value >= 0 && value <= 1)) return refuse(`${name} is ${shown(line.text(field))}, not a chance from 0 to 1`);
      values[place]!.push(value);
    }
  }
  const column = (name: Output): Float64Array | null => {
    const place = outputs.indexOf(name);
    return place < 0 ? null : Float64Array.from(values[place]!);
  };
  const columns = { time: Float64Array.from(time), up: column('up'), down: column('down'), value: column('value') };
  return ok(trained === null ? columns : { ...columns, trained });
}

interface Training {
  readonly trained: NonNullable<Predictions['trained']> | null;
  /** Where the header begins. */
  readonly next: number;
}

/** The line that says what a model was trained on, if there is one. */
function trainingOf(bytes: Buffer, begin: number): Result<Training, string> {
  if (bytes[begin] !== HASH) return ok({ trained: null, next: begin });
  const lineEnd = bytes.indexOf(LINE_FEED, begin);
  const line = bytes.toString('utf8', begin, lineEnd < 0 ? bytes.length : lineEnd).trim();
  const [, first = '', last = ''] = /^#\s*trained\s+(\d{4}-\d\d-\d\d)\s*\.\.\s*(\d{4}-\d\d-\d\d)$/.exec(line) ?? [];
  const [from, to] = [parseIsoTime(first, 'iso-date'), parseIsoTime(last, 'iso-date') + DAY_MS];
  if (!(from < to)) return fail(`its first line is ${shown(line)}; what it was trained on is written: # trained 2019-01-01..2023-06-30`);
  return ok({ trained: { from, to }, next: lineEnd < 0 ? bytes.length : lineEnd + 1 });
}

function headerOf(line: string): Result<{ readonly names: readonly string[]; readonly outputs: readonly Output[] }, string> {
  const names = line.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  const known: readonly string[] = ['timestamp', ...OUTPUTS];
  const outputs = OUTPUTS.filter((name) => names.includes(name));
  if (
    !names.includes('timestamp') ||
    outputs.length === 0 ||
    new Set(names).size < names.length ||
    names.some((name) => !known.includes(name))
  )
    return fail(`its header is ${shown(line)}; it is timestamp and any of ${OUTPUTS.join(', ')}`);
  return ok({ names, outputs });
}
