import { readBytes, readFirstBytes, unpack } from '../data-bytes.ts';
import { displayPath, shown } from '../finding.ts';
import { MAX_MOMENT_BYTES } from '../moment-lines.ts';
import { constants, gunzipSync } from 'node:zlib';
import { qualityFinding, sortedFindings } from './make-finding.ts';
import { OrderBook } from './order-book.ts';
import type { Place, QualityFinding } from './quality-finding.ts';
import type { QualityCode } from './quality-rules.ts';
import { countText } from './quality-text.ts';

/** What the replay of a recorded stream of order book changes gave. */
export interface BookRecordingReport {
  readonly name: string;
  readonly messages: number;
  readonly snapshots: number;
  /** Changes that went into the book. */
  readonly applied: number;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** At the end; null of an empty side. */
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  readonly findings: readonly QualityFinding[];
}

const LINE_FEED = 10;
const SNIFFED = 65_536;
const MOST_PLACES = 100_000;
/** A receive time in ns since 1970, and a message as JSON. */
const LINE = /^(\d{16,20}) (\{.*\})\r?$/;

/** Whether a file is a recording of messages, by its first line. @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE */
export function isBookRecording(path: string): boolean {
  const raw = readFirstBytes(path, displayPath(path), MAX_MOMENT_BYTES, SNIFFED);
  try {
    const text =
      raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 26 }) : raw;
    return /^\d{16,20} \{/.test(text.toString('latin1', 0, 32));
  } catch {
    return false;
  }
}

/** Levels as Binance sends them: pairs of texts. */
type Levels = readonly (readonly [string, string])[];

interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Binance's `depthUpdate`; futures say the last id of the one before, too. */
interface DepthChange {
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
  readonly b: Levels;
  readonly a: Levels;
}

/**
 * Replays a recording of Binance's order book stream (`TIME_NS JSON` a line: `depthUpdate` messages, and snapshots with `lastUpdateId`) by the rules of its
 * documentation, "How to manage a local order book correctly", and tells where the sequence breaks or the book crosses.
 * @throws StratError FILE_UNREADABLE, DATA_TOO_LARGE, DATA_FORMAT
 */
export function replayBookRecording(path: string): BookRecordingReport {
  const name = displayPath(path);
  const bytes = unpack(readBytes(path, name, MAX_MOMENT_BYTES), name, MAX_MOMENT_BYTES);
  const replay = new BookReplay();
  let line = 0;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, from);
    const text = bytes.toString('utf8', from, end < 0 ? bytes.length : end);
    from = end < 0 ? bytes.length : end + 1;
    line++;
    if (text.trim() !== '') replay.take(line, text);
  }
  return { name, ...replay.report() };
}

class BookReplay {
  readonly #book = new OrderBook();
  readonly #places = new Map<QualityCode, { count: number; readonly places: Place[] }>();
  #messages = 0;
  #snapshots = 0;
  #applied = 0;
  #lastTime = -Infinity;
  /** Changes that came before the snapshot, which follow it. */
  #early: { readonly line: number; readonly time: number; readonly change: DepthChange }[] = [];
  /** Id of the snapshot until the first change after it; then null. */
  #snapshotId: number | null = null;
  /** Last id that the book has; null before the first snapshot. */
  #lastId: number | null = null;

  take(line: number, text: string): void {
    this.#messages++;
    const match = LINE.exec(text);
    let message: Record<string, unknown>;
    try {
      message = JSON.parse(match?.[2] ?? '') as Record<string, unknown>;
    } catch {
      this.#log('bad-message', line, null, `the line ${shown(text)} is no time and JSON`);
      return;
    }
    const time = Math.floor(Number(match![1]) / 1e6);
    if (time < this.#lastTime) this.#log('time-back', line, time, 'it was received before the message above it');
    this.#lastTime = time;
    const data = (message['data'] ?? message) as Record<string, unknown>;
    if (isSnapshot(data)) this.#begin(data);
    else if (data['e'] !== 'depthUpdate') return;
    else if (!isChange(data)) this.#log('bad-message', line, time, 'a change of the book without ids or levels');
    else if (this.#lastId === null) this.#early.push({ line, time, change: data });
    else this.#change(line, time, data);
  }

  report(): Omit<BookRecordingReport, 'name'> {
    const { bids, asks } = this.#book;
    const findings = [...this.#places].map(([code, { count, places }]): QualityFinding => {
      const message = `${countText(count, 'message')}: ${TITLES[code] ?? code}`;
      // No repair of candles mends a stream.
      return { ...qualityFinding(code, count, message, places), repair: null };
    });
    if (this.#snapshots === 0) findings.push(qualityFinding('no-snapshot', 1, 'there is no snapshot to begin the book with', []));
    return {
      messages: this.#messages,
      snapshots: this.#snapshots,
      applied: this.#applied,
      bidLevels: bids.levels,
      askLevels: asks.levels,
      bestBid: bids.best,
      bestAsk: asks.best,
      findings: sortedFindings(findings),
    };
  }

  #begin(snapshot: Snapshot): void {
    this.#snapshots++;
    this.#book.clear();
    for (const [price, quantity] of snapshot.bids) this.#book.bids.set(Number(price), Number(quantity));
    for (const [price, quantity] of snapshot.asks) this.#book.asks.set(Number(price), Number(quantity));
    this.#lastId = this.#snapshotId = snapshot.lastUpdateId;
    for (const { line, time, change } of this.#early.splice(0)) this.#change(line, time, change);
  }

  #change(line: number, time: number, change: DepthChange): void {
    const last = this.#lastId!;
    // What the snapshot has already; futures count the id of the snapshot itself to the next change.
    if (this.#snapshotId !== null && (change.pu === undefined ? change.u <= last : change.u < last)) return;
    const isNext =
      this.#snapshotId === null ? (change.pu === undefined ? change.U === last + 1 : change.pu === last) : change.U <= last + 1;
    if (!isNext) {
      const from = change.pu === undefined ? change.U : change.pu + 1;
      this.#log('sequence-break', line, time, `it follows id ${from - 1}, the book is at ${last}`, Math.abs(from - 1 - last));
    }
    this.#snapshotId = null;
    this.#lastId = change.u;
    this.#applied++;
    for (const [price, quantity] of change.b) this.#book.bids.set(Number(price), Number(quantity));
    for (const [price, quantity] of change.a) this.#book.asks.set(Number(price), Number(quantity));
    if (this.#book.isCrossed) this.#log('crossed-book', line, time, `best bid ${this.#book.bids.best}, best ask ${this.#book.asks.best}`);
  }

  #log(code: QualityCode, line: number, time: number | null, text: string, weight = 0): void {
    const found = this.#places.get(code) ?? { count: 0, places: [] };
    found.count++;
    if (found.places.length < MOST_PLACES) found.places.push({ time, line, text, weight });
    this.#places.set(code, found);
  }
}

const TITLES: Readonly<Partial<Record<QualityCode, string>>> = {
  'bad-message': 'not a message that can be read',
  'time-back': 'received before the one above',
  'sequence-break': 'changes are missing before it',
  'crossed-book': 'the best bid is not below the best ask',
};

const isLevels = (value: unknown): value is Levels =>
  Array.isArray(value) &&
  value.every((level) => Array.isArray(level) && Number.isFinite(Number(level[0])) && Number.isFinite(Number(level[1])));
const isSnapshot = (data: object): data is Snapshot =>
  'lastUpdateId' in data &&
  Number.isInteger(data.lastUpdateId) &&
  'bids' in data &&
  isLevels(data.bids) &&
  'asks' in data &&
  isLevels(data.asks);
const isChange = (data: object): data is DepthChange =>
  'U' in data &&
  Number.isInteger(data.U) &&
  'u' in data &&
  Number.isInteger(data.u) &&
  'b' in data &&
  isLevels(data.b) &&
  'a' in data &&
  isLevels(data.a);
