import type { TradeRow } from './trades.ts';

const FORMAT = 'strat.result/1\n';

/** Every NaN, and null (na), is written as this quiet NaN: engines may choose other bits for theirs. */
const NAN_HIGH = 0x7ff80000;

/**
 * The bytes that `resultHash` is the SHA-256 of: the same for equal trades and equity on any machine.
 *
 * Layout, little-endian throughout, no padding:
 * - the text `strat.result/1` and a line feed, ASCII;
 * - u32 number of trades, then each trade as: positionId f64, market text, side text, setup text or null, entryTime,
 *   entryPrice, exitTime, exitPrice, qty, fees, profit, profitPct, bars, mae, mfe as f64, exitReason text;
 * - u32 number of equity values, then each as f64;
 * - where any trade carried funding or borrow: the carry of each trade as f64;
 * - where several strategies share the account: the name of the strategy of each trade as text;
 * - where the account is in another currency than markets: the rate of each trade as f64.
 *
 * f64 is the IEEE 754 double itself, no decimal text; -0 is written as 0, NaN and null as the bits 7ff8000000000000.
 * A text is u32 its length in bytes, then UTF-8 (a lone surrogate as U+FFFD); a null text is the length ffffffff.
 * @param equity of the bars that count, oldest first
 */
export function canonicalBytes(trades: readonly TradeRow[], equity: Float64Array): Uint8Array {
  const writer = new ByteWriter(1024 + trades.length * 192 + equity.length * 8);
  writer.append(utf8(FORMAT));
  writer.count(trades.length);
  for (const trade of trades) {
    writer.number(trade.positionId);
    writer.text(trade.market);
    writer.text(trade.side);
    writer.text(trade.setup);
    writer.number(trade.entryTime);
    writer.number(trade.entryPrice);
    writer.number(trade.exitTime);
    writer.number(trade.exitPrice);
    writer.number(trade.qty);
    writer.number(trade.fees);
    writer.number(trade.profit);
    writer.number(trade.profitPct);
    writer.number(trade.bars);
    writer.number(trade.mae);
    writer.number(trade.mfe);
    writer.text(trade.exitReason);
  }
  writer.count(equity.length);
  for (const value of equity) writer.number(value);
  if (trades.some(({ carry }) => carry !== 0)) for (const { carry } of trades) writer.number(carry);
  if (trades.some(({ strategy }) => strategy !== undefined)) for (const { strategy } of trades) writer.text(strategy ?? null);
  if (trades.some(({ rate }) => rate !== undefined)) for (const { rate } of trades) writer.number(rate ?? null);
  return writer.bytes();
}

class ByteWriter {
  #view: DataView;
  #length = 0;

  constructor(size: number) {
    this.#view = new DataView(new ArrayBuffer(size));
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }

  number(value: number | null): void {
    this.#reserve(8);
    if (value === null || Number.isNaN(value)) {
      this.#view.setUint32(this.#length, 0, true);
      this.#view.setUint32(this.#length + 4, NAN_HIGH, true);
    } else {
      this.#view.setFloat64(this.#length, value === 0 ? 0 : value, true);
    }
    this.#length += 8;
  }

  count(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  text(value: string | null): void {
    if (value === null) {
      this.count(0xffffffff);
      return;
    }
    const bytes = utf8(value);
    this.count(bytes.length);
    this.append(bytes);
  }

  append(bytes: readonly number[]): void {
    this.#reserve(bytes.length);
    for (const byte of bytes) {
      this.#view.setUint8(this.#length, byte);
      this.#length += 1;
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#view.byteLength) return;
    const larger = new Uint8Array(Math.max(this.#view.byteLength * 2, this.#length + more));
    larger.set(this.bytes());
    this.#view = new DataView(larger.buffer);
  }
}

/** UTF-8 without the host's TextEncoder, which a pure zone does not have. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text.toWellFormed()) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return bytes;
}
