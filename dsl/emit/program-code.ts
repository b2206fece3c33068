import { SETTING } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { isStatefulOp, lengthPlaceOf, type NodeId } from '../graph/node.ts';
import { ExpressionCode } from './expression-code.ts';
import { ChartCode } from './chart-code.ts';
import { knownFrom } from './known-from.ts';
import { PluginCode } from './plugin-code.ts';
import { columnPlace, type RowText, SeriesCode } from './series-code.ts';
import { seriesFunctions } from './series-functions.ts';
import { isScanned, layOutState, type StateLayout } from './state-layout.ts';
import { ancestors, type CodeUse, type Usage, usageOf } from './usage.ts';
import { WindowCode } from './window-code.ts';

/** Nodes of programs whose bars are written twice. */
const MOST_WRITTEN_TWICE = 400;
/** Series that are known only after more bars than this keep their tests. */
const LATEST_STEADY = 5000;

/** The parts that `run` and `decide` share: columns, params, state in and out of locals, the series of one bar. */
export class ProgramCode {
  readonly program: Program;
  readonly expressions: ExpressionCode;
  readonly layout: StateLayout;
  readonly plugins: PluginCode;
  readonly #use: CodeUse;
  readonly #usage: Usage;
  readonly #series: SeriesCode;
  readonly #charts: ChartCode;
  readonly #windows: WindowCode;

  /** @param known nodes that are neither na nor infinite where this code runs */
  constructor(program: Program, use: CodeUse, known: ReadonlySet<NodeId> = new Set()) {
    this.program = program;
    this.#use = use;
    this.#usage = usageOf(program, use);
    this.layout = layOutState(program, this.#usage.used);
    this.expressions = new ExpressionCode(program, this.#usage.stored, known);
    this.#windows = new WindowCode(program, this.expressions, this.layout);
    this.#charts = new ChartCode(program, this.#usage.used, this.layout, this.#windows);
    this.plugins = new PluginCode(program, this.expressions, this.layout, this.#usage.used);
    this.#series = new SeriesCode(
      program,
      this.expressions,
      this.layout,
      { plugins: this.plugins, windows: this.#windows },
      this.#charts.hoisted,
    );
  }

  /** Columns the series read, as locals; `always` names further ones by their place. */
  columns(always: readonly number[]): string {
    const places = new Set(this.layout.rebuilt.has(0) ? [0, ...always] : always);
    for (const id of this.#usage.used) {
      const node = this.program.graph.nodes[id]!;
      if (node.op === 'column') places.add(columnPlace(this.program, { chart: node.chart, column: node.column }));
    }
    if (this.#charts.isUsed) for (const place of this.#charts.columnPlaces()) places.add(place);
    return [...places].map((place) => `const c${place}=C[${place}];`).join('');
  }

  /** Values that do not change within a run, and lengths as integers. */
  params(): string {
    const lines: string[] = [];
    for (const id of this.#usage.used) {
      const node = this.program.graph.nodes[id]!;
      if (node.rate !== 'param') continue;
      if (node.op === 'param') lines.push(`const p${id}=P[${node.index}];`);
      else if (node.op === 'unit') lines.push(`const p${id}=K[${SETTING[node.unit]}];`);
      else if (!node.isCondition) lines.push(`const p${id}=${this.expressions.numeric(id)};`);
      else if (this.#usage.stored.has(id)) lines.push(`const p${id}=${this.expressions.storedText(id)};`);
    }
    for (const id of this.#lengths()) lines.push(`const n${id}=p${id}|0;`);
    return lines.join('');
  }

  /** State into locals; `row` as in `everyBar`. */
  loadState(row: RowText): string {
    return (
      range(this.layout.scalarSlots, (slot) => `let s${slot}=S[${slot}]${this.layout.integers.has(slot) ? '|0' : ''};`) +
      this.#charts.load(row)
    );
  }

  storeState(): string {
    return this.#charts.store() + range(this.layout.scalarSlots, (slot) => `S[${slot}]=s${slot};`);
  }

  /**
   * The loop over the bars [lo, hi) with the statements of each. Where there are sums to build anew it goes from block to block of time, so that no bar within
   * a block pays for them. The statements are written twice: for the first bars, and for those where windows are full and series known, which need no tests.
   */
  loop(row: RowText, statements: (code: ProgramCode) => string): string {
    const steady = this.#steady();
    const first = statements(this);
    const loopTo = (end: string): string =>
      steady === null
        ? `for(;i<${end};i++){\n${first}\n}`
        : `for(;i<${end}&&i<${steady.from};i++){\n${first}\n}\nfor(;i<${end};i++){\n${statements(steady.code)}\n}`;
    const rebuilt = this.layout.rebuilt.get(0);
    if (rebuilt === undefined) return `let i=lo;\n${loopTo('hi')}`;
    const next = `s${rebuilt.slot}`;
    return `for(let i=lo;i<hi;){
let end=hi;{const t=c0[${row('i')}];
if(i===0||t>=${next}){${next}=${this.#windows.nextBlock(0, 't')};
${this.#windows.rebuild(0, row)}}
if(c0[${row('hi-1')}]>=${next}){let a=i;end=hi-1;while(end-a>1){const b=(a+end)>>1;if(c0[${row('b')}]>=${next})end=b;else a=b;}}}
${loopTo('end')}}`;
  }

  /** The code for bars from which on most nodes are known; null where it is not worth the length of the text. Live, bars come one at a time. */
  #steady(): { readonly from: number; readonly code: ProgramCode } | null {
    if (this.#use === 'decide' || this.#usage.used.size > MOST_WRITTEN_TWICE) return null;
    const sure = knownFrom(this.program);
    const known = [...this.#usage.used].filter((id) => (sure[id]?.bar ?? Infinity) <= LATEST_STEADY);
    if (!known.some((id) => isStatefulOp(this.program.graph.nodes[id]!.op))) return null;
    const from = known.reduce((latest, id) => Math.max(latest, sure[id]!.bar), 0);
    return { from, code: new ProgramCode(this.program, this.#use, new Set(known)) };
  }

  /** Statements for the series of every bar: first those of other charts that closed by then. */
  everyBar(row: RowText): string {
    const { nodes } = this.program.graph;
    const traded = [...this.#usage.everyBar].filter((id) => nodes[id]!.chart === 0);
    return this.#charts.advance(row, (ids) => this.#statements(ids, row)) + this.#statements(traded, row);
  }

  /** The functions that the series call, those of plugins included. */
  functions(): string {
    const names = [...this.#usage.used].map((id) => {
      const node = this.program.graph.nodes[id]!;
      if (node.op === 'machine') return node.machine;
      return isScanned(this.program, node) ? `${node.op}Bar` : node.op;
    });
    return seriesFunctions(names) + this.plugins.functions();
  }

  /** Statements for what only an order needs. */
  forOrder(roots: readonly NodeId[], row: RowText): string {
    return this.#statements(
      [...ancestors(this.program, roots)].filter((id) => !this.#usage.everyBar.has(id)),
      row,
    );
  }

  /** Account registers that the series read. */
  accountRegisters(): readonly string[] {
    return [...this.#usage.used]
      .map((id) => this.program.graph.nodes[id]!)
      .flatMap((node) => (node.op === 'account' ? [node.register] : []));
  }

  #statements(ids: readonly NodeId[], row: RowText): string {
    return ids
      .filter((id) => this.program.graph.nodes[id]!.rate === 'series')
      .map((id) => this.#series.statement(id, this.#usage.stored.has(id), row))
      .filter((statement) => statement !== '')
      .join('\n');
  }

  #lengths(): ReadonlySet<NodeId> {
    const lengths = new Set<NodeId>();
    for (const id of this.#usage.used) {
      const node = this.program.graph.nodes[id]!;
      if (!isStatefulOp(node.op)) continue;
      const place = lengthPlaceOf(node.op);
      if (place === null) continue;
      const length = node.args[place]!;
      if (this.program.graph.nodes[length]!.op !== 'const') lengths.add(length);
    }
    return lengths;
  }
}

function range(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join('');
}
