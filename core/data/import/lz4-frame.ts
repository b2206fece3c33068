/** Least length of a match. */
const MIN_MATCH = 4;
const MAGIC = 0x18_4d_22_04;

/**
 * Unpacks an LZ4 frame whose unpacked length is known, and never writes beyond it, which no library for Node promises. Checksums are passed over.
 * Format: LZ4 Frame Format Description 1.6 and LZ4 Block Format Description, github.com/lz4/lz4/tree/dev/doc.
 * @throws RangeError for what is no such frame, or of another length
 */
export function unpackLz4Frame(packed: Uint8Array, length: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== MAGIC) throw new RangeError('it is no LZ4 frame');
  const flags = packed[4]!;
  if (flags >> 6 !== 1) throw new RangeError('it is an LZ4 frame of another version');
  const hasBlockSums = (flags & 16) !== 0;
  let at = 6 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4) + 1;
  const out = new Uint8Array(length);
  let filled = 0;
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    // The highest bit marks a block that is not packed.
    const bytes = size & 0x7f_ff_ff_ff;
    if (at + bytes > packed.length) throw new RangeError('it is cut off');
    const block = packed.subarray(at, at + bytes);
    if (size === bytes) filled = unpackBlock(block, out, filled);
    else {
      if (filled + bytes > length) throw new RangeError('it unpacks to more than it says');
      out.set(block, filled);
      filled += bytes;
    }
    at += bytes + (hasBlockSums ? 4 : 0);
  }
  if (filled !== length) throw new RangeError('it unpacks to less than it says');
  return out;
}

/** Unpacks a block into `out` from `start`; matches may reach into blocks before. Returns where it ends. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let to = start;
  let from = 0;
  while (from < block.length) {
    const token = block[from++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && from < block.length) literals += more = block[from++]!;
    }
    if (from + literals > block.length || to + literals > out.length) throw new RangeError('its literals reach beyond its end');
    if (literals > 16) out.set(block.subarray(from, from + literals), to);
    else for (let i = 0; i < literals; i++) out[to + i] = block[from + i]!;
    to += literals;
    from += literals;
    // The last sequence is literals alone.
    if (from >= block.length) return to;
    const offset = block[from]! | (block[from + 1]! << 8);
    from += 2;
    let match = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255 && from < block.length) match += more = block[from++]!;
    }
    if (offset === 0 || offset > to || to + match > out.length) throw new RangeError('a match reaches beyond its ends');
    if (offset >= match && match > 24) out.copyWithin(to, to - offset, to - offset + match);
    else for (let i = 0; i < match; i++) out[to + i] = out[to - offset + i]!;
    to += match;
  }
  return to;
}
