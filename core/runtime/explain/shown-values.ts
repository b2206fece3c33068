import { runConstants } from '#dsl/graph/run-constants.ts';
import type { NodeId } from '#dsl/graph/node.ts';
import { reach } from '#dsl/graph/reach.ts';
import { warmUpBars } from '#dsl/graph/warm-up.ts';
import { type ConditionOperand, type ConditionPart, truthOf } from '#dsl/tools/explain/condition-part.ts';
import { ACCOUNT } from '#core/model/strategy-abi.ts';
import type { MarketData } from '../market-data.ts';
import type { PreparedStrategy } from '../prepare-strategy.ts';
import type { ShownCondition, ShownValue } from './explain-document.ts';
import { type FileRules, oneLine } from './file-rules.ts';

/** What rules show of one bar of one market. */
export interface BarValues {
  readonly prepared: PreparedStrategy;
  readonly data: MarketData;
  readonly rules: FileRules;
  readonly index: number;
  readonly row: Float64Array;
  /** Of the bar before; null = there was none. */
  readonly rowBefore: Float64Array | null;
  readonly settings: Float64Array;
  readonly account: Float64Array;
}

/** The values that conditions are made of, as a person reads them. */
export class ShownValues {
  readonly #bar: BarValues;
  readonly #constants: Float64Array;

  constructor(bar: BarValues) {
    this.#bar = bar;
    const { program, params } = bar.prepared;
    this.#constants = runConstants(program.graph, params, bar.settings);
  }

  /** 1, 0 or NaN of a leaf. */
  readonly leaf = (key: string): number => this.#at(key, this.#bar.row);

  #at(key: string, row: Float64Array | null): number {
    const place = this.#bar.rules.watched.get(key)?.place;
    return place === undefined || row === null ? Number.NaN : row[place]!;
  }

  condition(part: ConditionPart): ShownCondition {
    const { rules } = this.#bar;
    const truth = truthOf(part, this.leaf);
    return {
      kind: part.kind,
      text: oneLine(rules.text, part.span),
      value: Number.isNaN(truth) ? null : truth === 1,
      unit: 'condition',
      line: rules.lineOf(part.span),
      span: part.span,
      operands: part.operands.map((one) => this.operand(one)),
      parts: part.parts.map((one) => this.condition(one)),
      ...(Number.isNaN(truth) && part.kind === 'leaf' ? { na: this.#whyNa(part.key) } : {}),
    };
  }

  operand({ key, span, definition, hasPast }: ConditionOperand): ShownValue {
    const { rules, row, rowBefore } = this.#bar;
    const value = this.#shown(key, row);
    return {
      text: oneLine(rules.text, span),
      ...(definition === null ? {} : { definition: oneLine(rules.text, definition) }),
      value,
      ...(hasPast ? { before: this.#shown(key, rowBefore) } : {}),
      unit: this.#watched(key)?.unit ?? 'number',
      ...(value === null && this.#watched(key) !== undefined ? { na: this.#whyNa(key) } : {}),
    };
  }

  #watched(key: string): NonNullable<PreparedStrategy['program']['watched']>[number] | undefined {
    const { prepared, rules } = this.#bar;
    return prepared.program.watched?.[rules.watched.get(key)?.at ?? -1];
  }

  #shown(key: string, row: Float64Array | null): ShownValue['value'] {
    const value = this.#at(key, row);
    const watched = this.#watched(key);
    if (Number.isNaN(value)) return null;
    if (watched?.unit === 'condition') return value === 1;
    if (watched?.unit === 'side') return value > 0 ? 'long' : value < 0 ? 'short' : 'flat';
    return watched?.states === undefined ? value : (watched.states[value] ?? null);
  }

  /** Why something is na at this bar. */
  #whyNa(key: string): string {
    const { prepared, data, index, account } = this.#bar;
    const { graph } = prepared.program;
    const id = this.#watched(key)?.value;
    if (id === undefined) return 'its value is not known';
    const first = warmUpBars(graph, this.#constants, [id], 'first');
    if (index < first) return `warming up: needs ${first} bars before it, has ${index}`;
    const all = [...reach(graph, [id])].map((one: NodeId) => graph.nodes[one]!);
    if (account[ACCOUNT.qty] === 0 && all.some(({ usesAccount }) => usesAccount)) return 'nothing is held';
    for (const node of all) {
      if (node.op !== 'column' || node.chart !== 0) continue;
      const { column } = node;
      if (column.kind === 'data' && column.name !== 'age' && Number.isNaN(data.further.get(column.name)?.[index] ?? Number.NaN))
        return `the data have no ${column.name} here`;
      if (column.kind === 'model') return 'the model says nothing of this bar, or of one before that matters';
    }
    const other = all.find(({ chart }) => chart > 0);
    if (other !== undefined) {
      const { market, timeframe } = graph.charts[other.chart]!;
      return `the chart of ${market ?? 'the market'} on ${timeframe} has no value here`;
    }
    return 'a value that it is made of is na here';
  }
}
