import { BUILT_IN, CALLS } from './function-calls.ts';
import { picture } from './picture.ts';
import { functionText } from '../../dsl/prelude/testing/function-text.ts';
import { FAMILIES, type PreludeFamily, type PreludeFunction } from '../../dsl/prelude/testing/prelude-functions.ts';
import { onSample, SAMPLE, stateOf } from './sample.ts';
import { digitsOf, shownValue } from './shown-value.ts';
import { UNFORGETTING } from '../../dsl/check/kept-starts.ts';
import type { ComputedExpression, Series } from '../../core/runtime/series/compute-series.ts';

/** Bars of the values below an example. */
const SHOWN = 4;
/** Bars of a picture. */
const DRAWN = 160;

const TITLES: Readonly<Record<string, readonly [title: string, says: string]>> = {
  averages: ['Moving averages', 'Averages of the last values, or of all with weights that fade. All have the unit of their source.'],
  momentum: ['Momentum', 'How far and how one-sidedly prices have moved.'],
  cycles: ['Cycles', "Ehlers' filters and the cycles that the Hilbert transform finds."],
  oscillators: [
    'Oscillators',
    'Differences of averages, and where the price is in what it did. What is relative is a percent: 1.5% where others write 1.5.',
  ],
  pivots: ['Pivot points', 'Levels for a day, a week or a month out of the last one that ended.'],
  structure: [
    'Price structure',
    'Turning points and gaps. What needs later bars to be sure is known when those have closed, and never changes afterwards.',
  ],
  stops: ['Stops', 'Levels to leave at, which follow the price by how much it moves.'],
  market: ['Market condition', 'What kind of market it is, with the numbers that say so.'],
  pairs: ['Two markets', 'Two markets against each other. The other one is written as `close of ETH/USDT`.'],
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
    sections.push(section(definition, expression, pictures.has(`pictures/${definition.name}.svg`)));
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

function section(definition: PreludeFunction, expression: ComputedExpression, hasPicture: boolean): string {
  const { name, doc } = definition;
  const { says, seed, unit, na, source } = functionText(doc ?? '');
  const facts = [
    `**Unit** ${unit}`,
    `**First value** ${barsText(expression.lookBack)}; **settled** ${barsText(expression.warmUp)}. **State** ${stateText(stateOf(expression.text))}.`,
    `**na** ${na}`,
    seed === null
      ? ''
      : `**Seed** ${seed}${UNFORGETTING.has(name) ? ' It is never forgotten: with other bars before, values may differ for ever.' : ''}`,
    `**Source** ${source}`,
  ];
  return [
    `## ${name}`,
    '`' + signature(definition) + '`',
    says,
    facts
      .filter((fact) => fact !== '')
      .map((fact) => `- ${fact}`)
      .join('\n'),
    ...(hasPicture ? [`![${callOf(definition)} on a generated market](pictures/${name}.svg)`] : []),
    valuesTable(expression),
    ['<details><summary>Definition</summary>', '', '```text', definition.definition, '```', '', '</details>'].join('\n'),
  ].join('\n\n');
}

const stateText = (slots: number): string => (slots === 0 ? 'none' : `${slots} double${slots === 1 ? '' : 's'}`);

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
