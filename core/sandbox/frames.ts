/**
 * Frames between a bot and its runners, over a pipe of their own: type, sequence number and payload length as little-endian
 * u32, then the payload. Not Node's ipc: its parent side deserialises whatever comes, and three wrong bytes from a child end
 * the parent with an uncaught exception. Here every length is checked before anything is kept, and a payload is doubles or text.
 */
export const FRAME = { start: 1, history: 2, decide: 3, ping: 4, done: 5, decision: 6, failed: 7, column: 8, run: 9, result: 10 } as const;

export interface Frame {
  readonly type: number;
  /** Of the request; an answer carries that of its request. */
  readonly seq: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 12;

export function encodeFrame(type: number, seq: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
  frame.writeUInt32LE(type, 0);
  frame.writeUInt32LE(seq, 4);
  frame.writeUInt32LE(payload.byteLength, 8);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** The same memory as a Buffer. */
function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The doubles of a payload, or undefined when its length is no whole number of them. */
export function doublesOf(payload: Buffer): Float64Array | undefined {
  if (payload.byteLength % Float64Array.BYTES_PER_ELEMENT !== 0) return undefined;
  const values = new Float64Array(payload.byteLength / Float64Array.BYTES_PER_ELEMENT);
  new Uint8Array(values.buffer).set(payload);
  return values;
}

export interface FrameReader {
  /** The frames that are complete now; `undefined` once a payload is announced that is longer than allowed. */
  readonly push: (chunk: Uint8Array) => Frame[] | undefined;
}

/** Cuts a byte stream into frames; keeps at most one incomplete frame of `maxPayloadBytes`. */
export function createFrameReader(maxPayloadBytes: number): FrameReader {
  let parts: Uint8Array[] = [];
  let held = 0;
  let wanted = HEADER_BYTES;
  return {
    push: (chunk) => {
      parts.push(chunk);
      held += chunk.byteLength;
      const frames: Frame[] = [];
      while (held >= wanted) {
        const bytes = parts.length === 1 ? viewOf(parts[0]!) : Buffer.concat(parts);
        const length = bytes.readUInt32LE(8);
        if (length > maxPayloadBytes) return undefined;
        const end = HEADER_BYTES + length;
        wanted = held < end ? end : HEADER_BYTES;
        parts = [bytes];
        if (held < end) break;
        frames.push({ type: bytes.readUInt32LE(0), seq: bytes.readUInt32LE(4), payload: bytes.subarray(HEADER_BYTES, end) });
        parts = held === end ? [] : [bytes.subarray(end)];
        held -= end;
      }
      return frames;
    },
  };
}
