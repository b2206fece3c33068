import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, createFrameReader, doublesOf, encodeFrame } from './frames.ts';

const frame = fc.record({ type: fc.nat(2 ** 32 - 1), seq: fc.nat(2 ** 32 - 1), payload: fc.uint8Array({ maxLength: 300 }) });

/** Cuts bytes at the given places, in order. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe('frames', () => {
  it('arrive as they were sent, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(3000), { maxLength: 20 }), (frames, places) => {
        const reader = createFrameReader(300);
        const stream = Buffer.concat(frames.map(({ type, seq, payload }) => encodeFrame(type, seq, payload)));
        const got = cut(stream, places).flatMap<unknown>((chunk) => reader.push(chunk) ?? ['refused']);
        expect(got).toEqual(frames.map(({ type, seq, payload }) => ({ type, seq, payload: Buffer.from(payload) })));
      }),
    );
  });

  it('are refused from the header on when longer than allowed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 301, max: 2 ** 32 - 1 }), (length) => {
        const header = encodeFrame(1, 1, new Uint8Array(0));
        header.writeUInt32LE(length, 8);
        expect(createFrameReader(300).push(header)).toBeUndefined();
      }),
    );
  });

  it('never hold more than one frame of noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 30 }), (chunks) => {
        const reader = createFrameReader(64);
        for (const chunk of chunks) {
          const frames = reader.push(chunk);
          if (frames === undefined) return;
          for (const { payload } of frames) expect(payload.length).toBeLessThanOrEqual(64);
        }
      }),
    );
  });

  it('carry doubles bit for bit', () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 40 }), (values) => {
        const payload = Buffer.from(bytesOf(values));
        expect(doublesOf(payload)).toEqual(values);
        expect(Buffer.from(bytesOf(doublesOf(payload) ?? new Float64Array(0))).equals(payload)).toBe(true);
        expect(doublesOf(Buffer.concat([payload, Buffer.alloc(3)]))).toBeUndefined();
      }),
    );
  });
});
