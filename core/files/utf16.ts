/** Whether a file begins with the byte order mark of UTF-16, as Windows saves texts that it calls Unicode. */
export const isUtf16 = (bytes: Uint8Array): boolean => (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
