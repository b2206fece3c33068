const SHOWN = 8;

/** A list for a sentence, which ends where it would be too long: `A, B and 38 more`. */
export function someOf(names: readonly string[], shown = SHOWN): string {
  const more = names.length - shown;
  return `${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
