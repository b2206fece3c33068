const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Of the text, from which its line ends are known. */
const HEAD_BYTES = 65_536;

/** Whether lines end with a carriage return alone, as old Macs and some brokers write them: there is one in the head of the text, and no line feed. */
export function hasOldLineEnds(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD_BYTES);
  return head.includes(CARRIAGE_RETURN) && !head.includes(LINE_FEED);
}

/** A copy with a line feed for each carriage return. */
export function withLineFeeds(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(CARRIAGE_RETURN); at >= 0; at = copy.indexOf(CARRIAGE_RETURN, at + 1)) copy[at] = LINE_FEED;
  return copy;
}
