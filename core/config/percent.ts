/** The same, or below zero: `-0.01%`. */
export function parseSignedPercent(text: string): number | null {
  const share = parsePercent(text.replace(/^-/, ''));
  return share === null || !text.startsWith('-') ? share : -share;
}

/** `0.1%` or `10bp` as a share (0.001); null when the text is neither. 1 bp = 0.01 %. */
export function parsePercent(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,12})?) ?(%|bp)$/.exec(text);
  return match === null ? null : Number(match[1]) / (match[2] === 'bp' ? 10_000 : 100);
}
