import { registerCount } from '#core/engine/trading/registers.ts';
import { journalNumber, readJournalNumber } from './journal-number.ts';
import { readStart, startData, type StartRecord } from './journal-record.ts';
import { type Data, fieldsOf, wholeNumber } from './record-fields.ts';
import type { RowsKept } from './row-file.ts';

/** An account after a decided bar: with the rows of its history that count, all that the records before it said. */
export interface SnapshotRecord {
  /** Decided bars, in `bars.f64`. */
  readonly bars: RowsKept;
  /** Log rows, in `fills.f64`. */
  readonly fills: RowsKept;
  /** Of the engine under the plan of `start`. */
  readonly registers: Float64Array;
  /** What the account began with. */
  readonly capital: number;
  /** The start in force. */
  readonly start: StartRecord;
  /** Rules, params and costs under which bars were traded, each set once. */
  readonly rules: readonly string[];
  readonly isPaused: boolean;
  /** A person wants the position closed, and no decision has done so yet. */
  readonly isFlattening: boolean;
}

export function snapshotData({ bars, fills, registers, capital, start, rules, isPaused, isFlattening }: SnapshotRecord): Data {
  return {
    bars,
    fills,
    registers: Array.from(registers, journalNumber),
    capital: journalNumber(capital),
    start: startData(start),
    rules,
    paused: isPaused,
    ...(isFlattening ? { flatten: true } : {}),
  };
}

export function readSnapshot(data: Data): SnapshotRecord | undefined {
  const [bars, fills] = [readKept(data['bars']), readKept(data['fills'])];
  const start = readStart(fieldsOf(data['start']));
  const registers = readRegisters(data['registers'], start);
  const capital = readJournalNumber(data['capital']);
  const { rules, paused } = data;
  if (bars === undefined || fills === undefined || registers === undefined || capital === undefined || start === undefined)
    return undefined;
  if (bars.rows === 0 || !isTexts(rules) || typeof paused !== 'boolean') return undefined;
  return { bars, fills, registers, capital, start, rules, isPaused: paused, isFlattening: data['flatten'] === true };
}

function readKept(value: unknown): RowsKept | undefined {
  const fields = fieldsOf(value);
  const [rows, crc] = [wholeNumber(fields['rows']), wholeNumber(fields['crc'])];
  return rows === undefined || crc === undefined ? undefined : { rows, crc };
}

function readRegisters(value: unknown, start: StartRecord | undefined): Float64Array | undefined {
  if (start === undefined || !Array.isArray(value) || value.length !== registerCount(start.plan)) return undefined;
  const registers = value.map(readJournalNumber);
  return registers.some((one) => one === undefined) ? undefined : Float64Array.from(registers as readonly number[]);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
