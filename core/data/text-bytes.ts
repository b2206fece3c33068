/** Bytes of which parts are read as text: a Buffer of Node is such, and where there is none `textBytes` makes them. */
export interface TextBytes extends Uint8Array {
  /** The characters from `start` to before `end`; left out: all of them, as UTF-8. */
  toString(encoding?: 'latin1' | 'utf8', start?: number, end?: number): string;
}

/** The bytes, with their parts as text. The memory is shared. */
export const textBytes = (bytes: Uint8Array<ArrayBuffer>): TextBytes => new PlainTextBytes(bytes.buffer, bytes.byteOffset, bytes.length);

class PlainTextBytes extends Uint8Array {
  override toString(encoding: 'latin1' | 'utf8' = 'utf8', start = 0, end = this.length): string {
    const part = this.subarray(start, end);
    // As Buffer does it, which keeps a byte order mark.
    if (encoding === 'utf8') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
    let text = '';
    for (const byte of part) text += String.fromCharCode(byte);
    return text;
  }
}
