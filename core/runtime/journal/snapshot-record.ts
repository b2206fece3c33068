import { registerCount } from '#core/engine/trading/registers.ts';
import { journalNumber, readJournalNumber } from './journal-number.ts';
import { readStart, startData, type StartRecord } from './journal-record.ts';
import { type Data, fieldsOf, wholeNumber } from './record-fields.ts';
import type { RowsKept } from './row-file.ts';

/** An account after a decided step: with the rows of its histories that count, all that the records before it said. */
export interface SnapshotRecord {
  /** Steps seen. */
  readonly steps: number;
  /** In the order of the start in force. */
  readonly markets: readonly SnapshotMarket[];
  /** Registers of the engine of each basket. */
  readonly baskets: readonly Float64Array[];
  /** What the account began with. */
  readonly capital: number;
  /** The start in force. */
  readonly start: StartRecord;
  /** Rules, params and costs under which bars were traded, each set once. */
  readonly rules: readonly string[];
  readonly isPaused: boolean;
}

export interface SnapshotMarket {
  /** Decided bars, in `bars.f64`. */
  readonly bars: RowsKept;
  /** Log rows, in `fills.f64`. */
  readonly fills: RowsKept;
  /** Of the engine under the plan of the start. */
  readonly registers: Float64Array;
  /** A person wants the position closed, and no decision has done so yet. */
  readonly isFlattening: boolean;
}

export function snapshotData({ steps, markets, baskets, capital, start, rules, isPaused }: SnapshotRecord): Data {
  return {
    steps,
    markets: markets.map(({ bars, fills, registers, isFlattening }) => ({
      bars,
      fills,
      registers: Array.from(registers, journalNumber),
      ...(isFlattening ? { flatten: true } : {}),
    })),
    ...(baskets.length === 0 ? {} : { baskets: baskets.map((registers) => Array.from(registers, journalNumber)) }),
    capital: journalNumber(capital),
    start: startData(start),
    rules,
    paused: isPaused,
  };
}

export function readSnapshot(data: Data): SnapshotRecord | undefined {
  const start = readStart(fieldsOf(data['start']));
  const capital = readJournalNumber(data['capital']);
  const steps = wholeNumber(data['steps']);
  const { rules, paused } = data;
  if (start === undefined || capital === undefined || steps === undefined || steps === 0) return undefined;
  if (!isTexts(rules) || typeof paused !== 'boolean') return undefined;
  const list: unknown = data['markets'];
  if (!Array.isArray(list) || list.length !== start.markets.length) return undefined;
  const markets = list.map((one: unknown) => readMarket(fieldsOf(one), start));
  if (markets.includes(undefined)) return undefined;
  const known = markets as readonly SnapshotMarket[];
  const planned = start.plan.baskets ?? [];
  const written: unknown = data['baskets'] ?? [];
  if (!Array.isArray(written) || written.length !== planned.length) return undefined;
  const baskets = written.map((one: unknown) => readRegisters(one, start)).filter((one) => one !== undefined);
  if (baskets.length !== planned.length) return undefined;
  // A step is a bar of one market at least, and each market has one a step at most.
  const bars = known.map((one) => one.bars.rows);
  if (Math.max(...bars) > steps || bars.reduce((sum, count) => sum + count, 0) < steps) return undefined;
  return { steps, markets: known, baskets, capital, start, rules, isPaused: paused };
}

function readMarket(data: Data, start: StartRecord): SnapshotMarket | undefined {
  const [bars, fills] = [readKept(data['bars']), readKept(data['fills'])];
  const registers = readRegisters(data['registers'], start);
  if (bars === undefined || fills === undefined || registers === undefined) return undefined;
  return { bars, fills, registers, isFlattening: data['flatten'] === true };
}

function readKept(value: unknown): RowsKept | undefined {
  const fields = fieldsOf(value);
  const [rows, crc] = [wholeNumber(fields['rows']), wholeNumber(fields['crc'])];
  return rows === undefined || crc === undefined ? undefined : { rows, crc };
}

function readRegisters(value: unknown, start: StartRecord): Float64Array | undefined {
  if (!Array.isArray(value) || value.length !== registerCount(start.plan)) return undefined;
  const registers = value.map(readJournalNumber);
  return registers.some((one) => one === undefined) ? undefined : Float64Array.from(registers as readonly number[]);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
