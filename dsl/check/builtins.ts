import type { ColumnRef } from '#core/model/chart-column.ts';
import type { NodeId } from '../graph/node.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { ACCOUNT_GROUPS, ACCOUNT_VALUES, type ValueMaker } from './account-values.ts';
import { FUNCTIONS, type BuiltinFunction } from './functions.ts';
import { PRIMITIVES } from './primitives.ts';
import type { Definition } from './scope.ts';
import { scalarType, type Type } from './type.ts';

/** What a built-in name stands for (the words of language.md section 8). */
export type Builtin =
  | { readonly kind: 'value'; readonly make: ValueMaker }
  | { readonly kind: 'members'; readonly members: ReadonlyMap<string, ValueMaker> }
  | { readonly kind: 'function'; readonly function: BuiltinFunction }
  | { readonly kind: 'definition'; readonly definition: Definition }
  | { readonly kind: 'confidence' }
  | { readonly kind: 'form' };

/** Functions that take more than values: strategies by name, the members of the universe. */
const FORMS = ['rank', 'vote'];

const priceColumn =
  (name: 'open' | 'high' | 'low' | 'close'): ValueMaker =>
  (builder, { quote }, chart) => ({ type: scalarType('price', quote), node: builder.column(name, chart) });

const meanOf =
  (...columns: ('open' | 'high' | 'low' | 'close')[]): ValueMaker =>
  (builder, { quote }, chart) => ({
    type: scalarType('price', quote),
    node: mean(
      builder,
      columns.map((name) => builder.column(name, chart)),
    ),
  });

function mean(builder: GraphBuilder, nodes: readonly NodeId[]): NodeId {
  const total = nodes.reduce((sum, node) => builder.numeric('add', sum, node));
  return builder.numeric('div', total, builder.constant(nodes.length));
}

const CALENDAR_NAMES = ['hour', 'minute', 'weekday', 'day', 'day_of_month', 'month', 'year'] as const;

/** A column that the host prepares. */
const hostColumn =
  (column: ColumnRef, type: (quote: string | null) => Type): ValueMaker =>
  (builder, { quote }, chart) => ({ type: type(quote), node: builder.columnOf(column, chart) });

const number =
  (value: number): ValueMaker =>
  (builder) => ({ type: scalarType('number'), node: builder.constant(value) });

const SERIES: ReadonlyMap<string, ValueMaker> = new Map<string, ValueMaker>([
  ['open', priceColumn('open')],
  ['high', priceColumn('high')],
  ['low', priceColumn('low')],
  ['close', priceColumn('close')],
  ['volume', (builder, _, chart) => ({ type: scalarType('quantity'), node: builder.column('volume', chart) })],
  ['hl2', meanOf('high', 'low')],
  ['hlc3', meanOf('high', 'low', 'close')],
  ['ohlc4', meanOf('open', 'high', 'low', 'close')],
  ['time', (builder, _, chart) => ({ type: { kind: 'time' }, node: builder.column('time', chart) })],
  ['bar_index', (builder, _, chart) => ({ type: scalarType('bars'), node: builder.barIndex(chart) })],
  ...CALENDAR_NAMES.map((name) => [name, hostColumn({ kind: 'calendar', name }, () => scalarType('number'))] as const),
  ...['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name, index) => [name, number(index + 1)] as const),
  ['quote_volume', hostColumn({ kind: 'data', name: 'quote_volume' }, (quote) => scalarType('money', quote))],
  ['funding_rate', hostColumn({ kind: 'data', name: 'funding_rate' }, () => scalarType('percent'))],
  ['open_interest', hostColumn({ kind: 'data', name: 'open_interest' }, () => scalarType('quantity'))],
  ['spread', hostColumn({ kind: 'data', name: 'spread' }, () => scalarType('percent'))],
  ['market_cap', hostColumn({ kind: 'data', name: 'market_cap' }, (quote) => scalarType('money', quote))],
  ['age', hostColumn({ kind: 'data', name: 'age' }, () => scalarType('duration'))],
  ['pi', number(Math.PI)],
]);

/** All built-in names; `primitives` are those that only the prelude sees: its own, and functions that it does not export. */
export interface Builtins {
  readonly names: ReadonlyMap<string, Builtin>;
  readonly primitives: ReadonlyMap<string, Builtin>;
}

/** All names, with the functions of the prelude: those it exports, and those that only it sees. */
export function createBuiltins(exported: ReadonlyMap<string, Builtin>, inner: ReadonlyMap<string, Builtin>): Builtins {
  const names = new Map<string, Builtin>([['confidence', { kind: 'confidence' }]]);
  for (const name of FORMS) names.set(name, { kind: 'form' });
  for (const [name, make] of [...SERIES, ...ACCOUNT_VALUES]) names.set(name, { kind: 'value', make });
  for (const [name, members] of ACCOUNT_GROUPS) names.set(name, { kind: 'members', members });
  for (const [name, builtin] of FUNCTIONS) names.set(name, { kind: 'function', function: builtin });
  for (const [name, definition] of exported) names.set(name, definition);
  const primitives = new Map(inner);
  for (const [name, primitive] of PRIMITIVES) primitives.set(name, { kind: 'function', function: primitive });
  return { names, primitives };
}
