import { BUILT_IN, CALLS } from './function-calls.ts';
import { picture } from './picture.ts';
import { FAMILIES, type PreludeFamily, type PreludeFunction } from './prelude-functions.ts';
import { onSample, SAMPLE } from './sample.ts';
import { digitsOf, shownValue } from './shown-value.ts';
import { UNFORGETTING } from '../../dsl/check/kept-starts.ts';
import type { ComputedExpression, Series } from '../../core/runtime/series/compute-series.ts';

/** Bars of the values below an example. */
const SHOWN = 4;
/** Bars of a picture. */
const DRAWN = 160;
/** Where an na is put into a source, to see how long it lasts. */
const GAP = 300;

const TITLES: Readonly<Record<string, readonly [title: string, says: string]>> = {
  averages: ['Moving averages', 'Averages of the last values, or of all with weights that fade. All have the unit of their source.'],
  momentum: ['Momentum', 'How far and how one-sidedly prices have moved.'],
  oscillators: [
    'Oscillators',
    'Differences of averages, and where the price is in what it did. What is relative is a percent: 1.5% where others write 1.5.',
  ],
  pivots: ['Pivot points', 'Levels for a day, a week or a month out of the last one that ended.'],
  candles: [
    'Candlestick patterns',
    "Conditions that hold on the last candle of a pattern, by TA-Lib's settings. Those of two directions have the members `.up` and `.down`.",
  ],
  regression: ['Regression', 'Lines of least squares, how well they fit, and how series move together.'],
  trend: ['Trend', 'Lines and levels that follow a move.'],
  volatility: ['Volatility', 'How much prices move, and channels that are made of it.'],
  volume: ['Volume', 'What was traded, and at which prices.'],
  statistics: ['Statistics', 'Two series against each other, and one against time. All moments are divided by the length (ddof 0).'],
  windows: ['Windows', 'What can be said of the last values: sums, extremes, places in their order.'],
  conditions: ['Conditions over time', 'How often, how long ago, and what was then.'],
  arithmetic: ['Arithmetic', 'Functions of the values of one bar.'],
};
const WITHOUT_PICTURES = new Set(['conditions', 'arithmetic', 'candles']);

/** A page and the pictures that it shows, by path from docs/reference/. */
export interface ReferencePage {
  readonly file: string;
  readonly title: string;
  readonly text: string;
  readonly functions: readonly string[];
  readonly pictures: ReadonlyMap<string, string>;
}

/** The example of a function: its own, or one with the defaults written out. @throws Error where neither is there */
function callOf({ name, parameters }: PreludeFunction): string {
  const own = CALLS[name];
  if (own !== undefined) return own;
  if (parameters.length === 0) return name;
  const defaults = parameters.map(({ otherwise }) => otherwise);
  if (defaults.includes(null)) throw new Error(`${name} has no example in scripts/docs/function-calls.ts`);
  return `${name}(${defaults.join(', ')})`;
}

/** Pages of all families. @throws Error for a function without a text or an example */
export async function functionPages(): Promise<readonly ReferencePage[]> {
  const pages: ReferencePage[] = [];
  for (const family of FAMILIES) pages.push(await familyPage(family));
  return pages;
}

async function familyPage({ name: family, functions }: PreludeFamily): Promise<ReferencePage> {
  const named = TITLES[family];
  if (named === undefined) throw new Error(`scripts/docs/functions-page.ts has no title for the family ${family}`);
  const [title, says] = named;
  const computed = await onSample(functions.map(callOf));
  const pictures = new Map<string, string>();
  const sections: string[] = [];
  for (const [place, definition] of functions.entries()) {
    const expression = computed[place]!;
    if (!WITHOUT_PICTURES.has(family)) pictures.set(`pictures/${definition.name}.svg`, pictureOf(definition.name, expression));
    sections.push(await section(definition, expression, pictures.has(`pictures/${definition.name}.svg`)));
  }
  const builtIn = family === 'arithmetic' ? await builtInSections() : [];
  const names = [...functions.map(({ name }) => name), ...(family === 'arithmetic' ? Object.keys(BUILT_IN) : [])];
  return {
    file: `${family}.md`,
    title,
    functions: names,
    pictures,
    text: [
      `# ${title}`,
      NOTE,
      `${says} [All of the reference](README.md).`,
      names.map((name) => `[${name}](#${name})`).join(' · '),
      ...sections,
      ...builtIn,
    ].join('\n\n'),
  };
}

export const NOTE = '<!-- Written by scripts/gen-reference.ts; do not edit. -->';

async function section(definition: PreludeFunction, expression: ComputedExpression, hasPicture: boolean): Promise<string> {
  const { name, doc } = definition;
  const facts = [
    `**Gives** ${await givesOf(definition, expression)}.`,
    `**First value** ${barsText(expression.lookBack)}; **settled** ${barsText(expression.warmUp)}.`,
    ...(UNFORGETTING.has(name) ? ['Where the data begin is never forgotten: with other bars before, its values may differ for ever.'] : []),
    await naRule(definition),
  ];
  return [
    `## ${name}`,
    '`' + signature(definition) + '`',
    doc,
    facts.filter((fact) => fact !== '').join(' '),
    ...(hasPicture ? [`![${callOf(definition)} on a generated market](pictures/${name}.svg)`] : []),
    valuesTable(expression),
    ['<details><summary>Definition</summary>', '', '```text', definition.definition, '```', '', '</details>'].join('\n'),
  ].join('\n\n');
}

async function builtInSections(): Promise<readonly string[]> {
  const computed = await onSample(Object.values(BUILT_IN).map(([, call]) => call));
  return Object.entries(BUILT_IN).map(([name, [doc]], place) => [`## ${name}`, doc, valuesTable(computed[place]!)].join('\n\n'));
}

const signature = ({ name, parameters }: PreludeFunction): string =>
  `${name}(${parameters
    .map(
      (parameter) =>
        parameter.name +
        (parameter.type === null ? '' : `: ${parameter.type}`) +
        (parameter.otherwise === null ? '' : ` = ${parameter.otherwise}`),
    )
    .join(', ')})`;

const barsText = (bars: number): string => (bars === 0 ? 'on the first bar' : `after ${bars} bar${bars === 1 ? '' : 's'}`);

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  percent: 'a percent',
  ratio: 'a ratio',
  price: 'a price',
  quantity: 'a quantity',
  money: 'money',
  bars: 'a number of bars',
  condition: 'a condition',
  compound: 'a product of units',
};

const kindOf = ({ kind, low, high }: Series): string => {
  const isPlain = kind === 'number' || kind === 'percent' || kind === 'ratio';
  const range =
    isPlain && Number.isFinite(low) && Number.isFinite(high) ? ` from ${low} to ${high}` : low === 0 && isPlain ? ', never below 0' : '';
  return `${KINDS[kind] ?? kind}${range}`;
};

/** The example with another source; null where it takes none. */
function withSource(definition: PreludeFunction, source: string): string | null {
  const call = callOf(definition);
  const place = definition.parameters.findIndex(({ name }) => name === 'source');
  if (place < 0) return null;
  if (place > 0) return call.replace(/\w+\)$/, `${source})`);
  return call.replace(/\(\w+/, `(${source}`);
}

/** The kind of each result; what has that of the source says so, which another source shows. */
async function givesOf(definition: PreludeFunction, { results }: ComputedExpression): Promise<string> {
  const other = withSource(definition, results[0]!.kind === 'quantity' ? 'close' : 'volume');
  // What takes prices only, as it adds them to others, gives what it gives.
  const [{ results: others } = { results }] = other === null ? [] : await onSample([other]).catch(() => []);
  const kinds = results.map((result, place) => (others[place]!.kind === result.kind ? kindOf(result) : 'what its source is'));
  if (results[0]!.member === null) return kinds[0]!;
  const groups = Map.groupBy(results.keys(), (place) => kinds[place]!);
  return Array.from(groups, ([kind, places]) => `${places.map((place) => `\`.${results[place]!.member}\``).join(', ')}: ${kind}`).join(
    '; ',
  );
}

/** How long an na in the source lasts, as it is seen. */
async function naRule(definition: PreludeFunction): Promise<string> {
  if (definition.parameters[0]?.name !== 'source') return '';
  const withGap = withSource(definition, `(if bar_index == ${GAP} then na else close)`)!;
  const { results } = (await onSample([withGap]))[0]!;
  const lost = Math.max(...results.map(({ values }) => values.slice(GAP).findIndex((value) => !Number.isNaN(value))));
  if (lost === 0) return '**na** in the source: passed over.';
  return `**na** in the source: na on that bar${lost === 1 ? '' : lost === 2 ? ' and the next' : ` and the next ${lost - 1}`}.`;
}

/** The last values, as they are on the last bars of the sample. */
function valuesTable({ text, results }: ComputedExpression): string {
  const bars = Array.from({ length: SHOWN }, (_, place) => SAMPLE.time.length - SHOWN + place);
  const head = bars.map((bar) => new Date(SAMPLE.time[bar]!).toISOString().slice(5, 16).replace('T', ' '));
  const rows = results.map(({ member, kind, values }) => {
    const shown = bars.map((bar) => values[bar]!);
    const digits = digitsOf(shown);
    const cells = shown.map((value) => shownValue(value, kind, digits));
    return `| \`${member === null ? text : `.${member}`}\` | ${cells.join(' | ')} |`;
  });
  return [
    `| ${results[0]!.member === null ? '' : `\`${text}\``} | ${head.join(' | ')} |`,
    `|---|${head.map(() => '---:|').join('')}`,
    ...rows,
  ].join('\n');
}

function pictureOf(name: string, { text, results }: ComputedExpression): string {
  // What is a price by its unit but far from the prices (a difference, a range) has a pane of its own.
  const low = Math.min(...SAMPLE.low);
  const isOnPrice = ({ kind, values }: Series): boolean =>
    kind === 'price' && values.every((value) => Number.isNaN(value) || value > low / 2);
  const near = results.filter(isOnPrice);
  const lines = near.length > 0 ? near : results.filter(({ kind }) => kind !== 'condition' || results.length === 1);
  return picture({
    title: `${text} on a generated market`,
    time: SAMPLE.time,
    close: SAMPLE.close,
    lines: lines.map(({ member, values }) => ({ label: member ?? name, values, isHistogram: member === 'hist' })),
    isOnPrice: near.length > 0,
    from: SAMPLE.time.length - DRAWN,
  });
}
