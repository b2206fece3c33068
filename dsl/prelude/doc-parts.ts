/** The text of a function in its parts: what it computes, then each sentence with a word in front (docs/where.md), as far as there are any. */
export function docParts(doc: string): readonly string[] {
  // A text that begins with such a sentence says nothing of what it computes.
  return `\n${doc}`.split(/\n(?=(?:Seed|Unit|na|Source): )/).map((part) => part.replaceAll('\n', ' ').trim());
}
