import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MarketColumn } from '#core/model/chart-column.ts';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { MESSAGES } from '#core/errors/messages.ts';
import { type ErrorCode, type ErrorData, StratError } from '#core/errors/strat-error.ts';
import { type CandleFileReport, type CandleTextOptions, inspectColumns } from './candle-text.ts';
import { displayPath, FindingLog } from './finding.ts';
import type { WholeAnswer, WholeCandles } from './import/whole-candles.ts';
import type { WholeOrder } from './import/whole-worker.ts';

/** Longer than the largest file takes on a slow disk. */
const DEADLINE_MS = 600_000;

/** Formats of the import other than CSV, by their first bytes: zip, Parquet, Arrow, Zstandard. */
const FOREIGN = ['504b0304', '504b0506', '50415231', '4152524f5731', 'ffffffff', '28b52ffd'];

/** Whether a file is read by the import: by its first bytes, or, of a text, because it is JSON. */
export function isForeign(raw: Uint8Array): boolean {
  const hex = Buffer.from(raw.subarray(0, 8)).toString('hex');
  return FOREIGN.some((magic) => hex.startsWith(magic));
}

/** Whether a text, unpacked, is JSON. */
export function isJson(text: Uint8Array): boolean {
  let at = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  while (text[at] === 32 || text[at] === 9 || text[at] === 10 || text[at] === 13) at++;
  return text[at] === 0x7b || text[at] === 0x5b;
}

/**
 * Reads and checks candles in one of the formats of `strat data import`, with its readers.
 * @throws StratError DATA_FORMAT, DATA_EMPTY, DATA_INVALID, DATA_TOO_LARGE, IMPORT_UNSAID, INTERNAL
 */
export function inspectForeignCandles(path: string, sha256: string, options: CandleTextOptions): CandleFileReport {
  const whole = readWhole(path, options.timeframe?.name ?? null);
  const { time, open, high, low, close } = whole.columns as Record<'time' | 'open' | 'high' | 'low' | 'close', Float64Array>;
  const log = new FindingLog();
  const volume = knownVolume(whole, log);
  for (const note of whole.notes) log.warn('read-as', null, 1, note, 'strat data import takes options for what is not so');
  const further = new Map<MarketColumn, Float64Array>();
  for (const column of options.wanted ?? []) if (whole.columns[column] !== undefined) further.set(column, whole.columns[column]);
  const named = {
    venue: whole.venue,
    market: whole.market === null ? null : parseMarket(whole.market),
    timeframe: parseTimeframe(whole.timeframe ?? ''),
  };
  return inspectColumns(
    path,
    { columns: { time, open, high, low, close, volume }, further, rows: whole.rows },
    named,
    sha256,
    log,
    options,
  );
}

/** Volumes with 0 where none is known, as CSV files have it. */
function knownVolume({ columns, rows }: WholeCandles, log: FindingLog): Float64Array {
  const volume = columns['volume'] ?? new Float64Array(new SharedArrayBuffer(8 * rows)).fill(NaN);
  const first = volume.findIndex(Number.isNaN);
  let unknown = 0;
  for (let row = Math.max(0, first); row < rows; row++) {
    if (!Number.isNaN(volume[row])) continue;
    volume[row] = 0;
    unknown++;
  }
  if (unknown === rows) log.warn('no-volume', null, 1, 'there is no volume', 'Every volume counts as 0');
  else if (unknown > 0) log.warn('empty-volume', first + 1, unknown, `${unknown} of ${rows} bars without a volume`, 'It counts as 0');
  return volume;
}

/** The readers of the import wait for disks and threads; who reads candles here cannot, so they work in a thread of their own, and this one sleeps. */
function readWhole(path: string, timeframe: string | null): WholeCandles {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const order: WholeOrder = { path, timeframe, port: port2, flag };
  const worker = new Worker(new URL('./import/whole-worker.ts', import.meta.url), { workerData: order, transferList: [port2] });
  Atomics.wait(flag, 0, 0, DEADLINE_MS);
  const answer = receiveMessageOnPort(port1)?.message as WholeAnswer | undefined;
  port1.close();
  void worker.terminate();
  if (answer !== undefined && 'candles' in answer) return answer.candles;
  if (answer !== undefined && 'code' in answer && answer.code in MESSAGES)
    throw new StratError(answer.code as ErrorCode, answer.data as ErrorData<ErrorCode>);
  const reason = answer === undefined ? 'its reader does not answer' : 'fault' in answer ? answer.fault : answer.code;
  throw new StratError('INTERNAL', { reason: `reading "${displayPath(path)}": ${reason}` });
}
