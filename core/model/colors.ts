/** What a chart can show apart, in light and in dark; `ink` is the colour of its text. */
export type Hue = 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'cyan' | 'blue' | 'purple' | 'pink' | 'brown' | 'gray' | 'ink';

const HUES: readonly Hue[] = ['red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'purple', 'pink', 'brown', 'gray'];

/** Colour names of the language. Names for one look share a hue. */
const NAMES: ReadonlyMap<string, Hue> = new Map<string, Hue>([
  ...HUES.map((name) => [name, name] as const),
  ['black', 'ink'],
  ['white', 'ink'],
  ['grey', 'gray'],
  ['silver', 'gray'],
  ['lime', 'green'],
  ['olive', 'yellow'],
  ['gold', 'yellow'],
  ['aqua', 'cyan'],
  ['navy', 'blue'],
  ['violet', 'purple'],
  ['magenta', 'pink'],
  ['fuchsia', 'pink'],
  ['maroon', 'red'],
]);

/** The names, for editors. */
export const COLORS: readonly string[] = [...NAMES.keys()];

/** The hue of a colour name; undefined where there is none, or it is not known. */
export function hueOf(color: string | null): Hue | undefined {
  return NAMES.get(color?.toLowerCase() ?? '');
}
