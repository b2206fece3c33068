import { expect, test } from 'vitest';
import { textBytes } from './text-bytes.ts';

/** What Node says of the same bytes. */
test.for([
  { name: 'nothing', bytes: [] },
  { name: 'ASCII', bytes: [...Buffer.from('time,open\n1,2\n')] },
  { name: 'letters of several bytes', bytes: [...Buffer.from('Zürich 日本 🙂')] },
  { name: 'a byte order mark', bytes: [0xef, 0xbb, 0xbf, 0x61] },
  { name: 'every byte, which is no UTF-8', bytes: Array.from({ length: 256 }, (_, byte) => byte) },
])('$name reads as a Buffer does', ({ bytes }) => {
  const own = textBytes(Uint8Array.from(bytes));
  const nodes = Buffer.from(bytes);
  for (const encoding of ['latin1', 'utf8'] as const) {
    expect(own.toString(encoding)).toBe(nodes.toString(encoding));
    expect(own.toString(encoding, 1, bytes.length - 1)).toBe(nodes.toString(encoding, 1, bytes.length - 1));
  }
  expect(own.toString()).toBe(nodes.toString());
});
