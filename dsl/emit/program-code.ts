import { SETTING } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { isStatefulOp, lengthPlaceOf, type NodeId } from '../graph/node.ts';
import { AheadCode } from './ahead-code.ts';
import { ExpressionCode, isKept, type RegisterText } from './expression-code.ts';
import { ChartCode } from './chart-code.ts';
import { inverted } from './compared-quotients.ts';
import { knownFrom } from './known-from.ts';
import { PluginCode } from './plugin-code.ts';
import { columnPlace, type RowText, SeriesCode } from './series-code.ts';
import { seriesFunctions } from './series-functions.ts';
import { isScanned, layOutState, type StateLayout } from './state-layout.ts';
import { ancestors, type CodeUse, orderRoots, type Usage, usageOf } from './usage.ts';
import { WindowCode } from './window-code.ts';

/** Nodes of programs whose bars are written twice. */
const MOST_WRITTEN_TWICE = 400;
/** Series that are known only after more bars than this keep their tests. */
const LATEST_STEADY = 5000;

/** Code for a part of the bars. */
export interface CodePart {
  /** Nodes that are neither na nor infinite there. */
  readonly known?: ReadonlySet<NodeId>;
  /** Where it finds the account; left out: in locals. */
  readonly registerText?: RegisterText;
  /** Nodes whose locals are declared before the bars (`declared`), as they are read behind them. */
  readonly outside?: ReadonlySet<NodeId>;
}

const accountLocal: RegisterText = (field) => `a${field}`;

/** The parts that `run` and `decide` share: columns, params, state in and out of locals, the series of one bar. */
export class ProgramCode {
  readonly program: Program;
  readonly expressions: ExpressionCode;
  readonly layout: StateLayout;
  readonly plugins: PluginCode;
  readonly #use: CodeUse;
  readonly #register: RegisterText;
  readonly #outside: ReadonlySet<NodeId>;
  readonly #usage: Usage;
  readonly #series: SeriesCode;
  readonly #charts: ChartCode;
  readonly #windows: WindowCode;
  readonly #ahead: AheadCode;

  /** @param part what it is besides the code of every bar of a program */
  constructor(program: Program, use: CodeUse, { known = new Set(), registerText = accountLocal, outside = new Set() }: CodePart = {}) {
    this.program = program;
    this.#use = use;
    this.#register = registerText;
    this.#outside = outside;
    this.#usage = usageOf(program, use);
    this.layout = layOutState(program, this.#usage.used, this.#usage.ahead);
    this.expressions = new ExpressionCode(program, this.#usage.stored, known, registerText);
    this.#windows = new WindowCode(program, this.expressions, this.layout);
    this.#ahead = new AheadCode(program, this.expressions, this.#usage.ahead);
    this.#charts = new ChartCode(program, this.#usage.used, this.layout, this.#windows);
    this.plugins = new PluginCode(program, this.expressions, this.layout, this.#usage.used);
    this.#series = new SeriesCode(
      program,
      this.expressions,
      this.layout,
      { plugins: this.plugins, windows: this.#windows },
      new Set([...this.#charts.hoisted, ...outside]),
    );
  }

  /** The locals of nodes that are read behind the loop. */
  declared(): string {
    return this.#outside.size === 0 ? '' : `let ${[...this.#outside].map((id) => `v${id}=0`).join(',')};`;
  }

  /** What statements of an order need where they stand behind the bar's own. */
  behindBar(row: RowText): string {
    return this.#charts.now(row);
  }

  /** Nodes of every bar that orders read. */
  orderInputs(): ReadonlySet<NodeId> {
    const { nodes } = this.program.graph;
    const roots = this.program.entries.flatMap(orderRoots);
    const late = [...ancestors(this.program, roots)].filter((id) => !this.#usage.everyBar.has(id));
    const read = [...roots, ...late.flatMap((id) => nodes[id]!.args)].filter((id) => this.#usage.everyBar.has(id));
    return new Set(read.filter((id) => this.#isLocal(id)));
  }

  /** Whether the value of a node of every bar stands in a local. */
  #isLocal(id: NodeId): boolean {
    const node = this.program.graph.nodes[id]!;
    if (node.rate !== 'series' || this.#charts.hoisted.has(id)) return false;
    if (node.op === 'barIndex' || node.op === 'account' || node.op === 'const') return false;
    return !node.isCondition || this.#usage.stored.has(id) || isKept(node);
  }

  /** Nodes that it computes. */
  get nodeCount(): number {
    return this.#usage.used.size;
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
    for (const id of inverted(this.program, this.#usage.used)) lines.push(`const r${id}=1/p${id};`);
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
   * The loop over the bars [lo, hi) with the statements of each. The statements are written twice: for the first bars, and for those where windows are full and
   * series known, which need no tests.
   */
  loop(row: RowText, statements: (code: ProgramCode) => string): string {
    const first = statements(this);
    const isTwice = this.#use !== 'decide' && this.nodeCount <= MOST_WRITTEN_TWICE && this.#known.size > 0;
    const later = isTwice ? statements(this.steady()) : '';
    return this.blocks(row, (end) =>
      isTwice
        ? `for(;i<${end}&&i<${this.steadyFrom};i++){\n${first}\n}\nfor(;i<${end};i++){\n${later}\n}`
        : `for(;i<${end};i++){\n${first}\n}`,
    );
  }

  /**
   * The bars [lo, hi), i being the index, in pieces: what is computed ahead is so for one piece at a time, and where there are sums to build anew a piece ends with the
   * block of time, so that no bar within a block pays for them.
   * @param bars text for the bars from i up to `end`
   */
  blocks(row: RowText, bars: (end: string) => string): string {
    const rebuilt = this.layout.rebuilt.get(0);
    const inner = `${this.#ahead.compute()}${bars('end')}`;
    if (rebuilt === undefined) return this.#ahead.isUsed ? this.#ahead.pieces(inner) : `let i=lo;\n${bars('hi')}`;
    const next = `s${rebuilt.slot}`;
    return this.#ahead.pieces(`{const t=c0[${row('i')}];
if(i===0||t>=${next}){${next}=${this.#windows.nextBlock(0, 't')};
${this.#windows.rebuild(0, row)}}
if(c0[${row('end-1')}]>=${next}){let a=i;end=end-1|0;while(end-a>1){const b=(a+end)>>1;if(c0[${row('b')}]>=${next})end=b;else a=b;}}}
${inner}`);
  }

  /** First bar of the code that `steady` gives. */
  get steadyFrom(): number {
    return [...this.#known.values()].reduce((latest, bar) => Math.max(latest, bar), 0);
  }

  /** The code for bars from which on most nodes are known; the same as this where it is not worth the length of the text. Live, bars come one at a time. */
  steady(registerText: RegisterText = this.#register, outside: ReadonlySet<NodeId> = new Set()): ProgramCode {
    return new ProgramCode(this.program, this.#use, { known: new Set(this.#known.keys()), registerText, outside });
  }

  /** Nodes that are known from a bar on that comes soon, where any that has memory is among them. */
  get #known(): ReadonlyMap<NodeId, number> {
    const sure = knownFrom(this.program);
    const known = [...this.#usage.used].filter((id) => (sure[id]?.bar ?? Infinity) <= LATEST_STEADY);
    if (!known.some((id) => isStatefulOp(this.program.graph.nodes[id]!.op))) return new Map();
    return new Map(known.map((id) => [id, sure[id]!.bar]));
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
      if (this.layout.ahead.has(id)) return '';
      return isScanned(this.program, node) ? `${node.op}Bar` : node.op;
    });
    return seriesFunctions(names) + this.plugins.functions();
  }

  /** What `run` has beside it for series that it computes ahead of their bars. */
  aheadFunctions(): string {
    return this.#ahead.functions();
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
