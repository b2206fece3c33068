import { SETTING } from '#core/model/strategy-abi.ts';
import type { Program } from '../program.ts';
import { type GraphNode, isStatefulOp, lengthPlaceOf, type NodeId } from '../graph/node.ts';
import { reach } from '../graph/reach.ts';
import { AheadCode } from './ahead-code.ts';
import { ExpressionCode, isKept, isLook, type RegisterText } from './expression-code.ts';
import { ChartCode } from './chart-code.ts';
import { inverted } from './compared-quotients.ts';
import { knownFrom } from './known-from.ts';
import { PluginCode } from './plugin-code.ts';
import { columnPlace, type RowText } from './column-place.ts';
import { SeriesCode } from './series-code.ts';
import { seriesFunctions } from './series-functions.ts';
import { isInEveryPart, MOST_TOGETHER, readBy, type SeriesPart, type SeriesSplit, splitSeries } from './series-split.ts';
import { isScanned, layoutOfPart, layOutState, type StateLayout } from './state-layout.ts';
import { ancestors, type CodeUse, orderRoots, type Usage, usageOf } from './usage.ts';
import { WindowCode } from './window-code.ts';

/** Nodes of programs whose bars are written twice. */
const MOST_WRITTEN_TWICE = 400;
/** Bars that groups of series are computed ahead at once: what they hand on stays near to the processor. */
const SPLIT_PIECE = 1024;
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
  /** The nodes that it computes; left out: all of the program, or what stays with the rules of one that is split. */
  readonly series?: SeriesPart;
  /** What is known of the program already. */
  readonly analysis?: Analysis;
  /** Nodes of one function; left out: MOST_TOGETHER. */
  readonly mostTogether?: number;
  /** Beginning of the names of the bounds of doubt (`doubts`), which codes in one function do not share; left out: numbers. */
  readonly doubt?: string;
  /** First bar that it runs for; left out: 0. */
  readonly from?: number;
}

/** What codes of one program have in common. */
interface Analysis {
  readonly usage: Usage;
  readonly split: SeriesSplit | null;
  readonly layout: StateLayout;
  /** Nodes that are known from a bar on that comes soon, where any that has memory is among them. */
  readonly known: ReadonlyMap<NodeId, number>;
}

function analyse(program: Program, use: CodeUse, mostTogether: number): Analysis {
  const usage = usageOf(program, use);
  // Live, bars come one at a time: there is one form of them, and nothing is computed ahead.
  const isLive = use === 'decide';
  const sure = isLive ? [] : knownFrom(program);
  const known = [...usage.used].filter((id) => (sure[id]?.bar ?? Infinity) <= LATEST_STEADY);
  const isWorthIt = known.some((id) => isStatefulOp(program.graph.nodes[id]!.op));
  return {
    usage,
    split: isLive ? null : splitSeries(program, usage, mostTogether),
    layout: layOutState(program, usage.used, usage.ahead),
    known: new Map(isWorthIt ? known.map((id) => [id, sure[id]!.bar]) : []),
  };
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
  readonly #analysis: Analysis;
  readonly #isGroup: boolean;
  /** Nodes that other functions compute. */
  readonly #elsewhere: ReadonlySet<NodeId>;
  /** Scalars of the state that it keeps in locals. */
  readonly #slots: readonly number[];
  readonly #series: SeriesCode;
  readonly #charts: ChartCode;
  readonly #windows: WindowCode;
  readonly #ahead: AheadCode;
  readonly #doubt: string | null;

  /** @param part what it is besides the code of every bar of a program */
  constructor(program: Program, use: CodeUse, part: CodePart = {}) {
    const { known = new Set(), registerText = accountLocal, outside = new Set(), series, mostTogether = MOST_TOGETHER, doubt, from } = part;
    const { analysis = analyse(program, use, mostTogether) } = part;
    const { usage, split, layout } = analysis;
    this.program = program;
    this.#use = use;
    this.#register = registerText;
    this.#outside = outside;
    this.#doubt = doubt ?? null;
    this.#analysis = analysis;
    const own = series ?? split?.main;
    this.#isGroup = series !== undefined;
    this.#elsewhere = new Set([...(own?.imports ?? []), ...(series === undefined ? [] : usage.ahead)]);
    this.#usage = own === undefined ? usage : usageOfPart(program, usage, own, split!);
    this.layout = own === undefined ? layout : layoutOfPart(layout, own.nodes, series === undefined);
    this.#slots = slotsOf(layout, series, split);
    this.expressions = new ExpressionCode(program, this.#usage.stored, known, registerText, from);
    this.#windows = new WindowCode(program, this.expressions, this.layout);
    this.#ahead = new AheadCode(program, this.expressions, series === undefined ? usage.ahead : new Set());
    this.#charts = new ChartCode(program, this.#usage.used, this.layout, this.#windows);
    this.plugins = new PluginCode(program, this.expressions, this.layout, this.#usage.used);
    this.#series = new SeriesCode(
      program,
      this.expressions,
      this.layout,
      { plugins: this.plugins, windows: this.#windows },
      new Set([...this.#charts.hoisted, ...outside]),
      new Set([...usage.ahead, ...(own?.imports ?? [])]),
      this.#doubt,
    );
  }

  /** The locals of nodes that are read behind the loop. */
  declared(): string {
    return this.#outside.size === 0 ? '' : `let ${[...this.#outside].map((id) => `v${id}=0`).join(',')};`;
  }

  /** The bounds of doubt of its differences (compared-quotients.ts), before the loops. */
  doubts(): string {
    const { nodes } = this.program.graph;
    const differences = [...this.#usage.everyBar].filter((id) => nodes[id]!.isSignOnly === true && this.expressions.isKnown(id));
    return this.#doubt === null ? '' : differences.map((id) => `let ${this.#doubt}${id}=1/0;`).join('');
  }

  /** What statements of an order need where they stand behind the bar's own. */
  behindBar(row: RowText): string {
    return this.#charts.now(row);
  }

  /** Nodes of every bar that orders read. */
  orderInputs(): ReadonlySet<NodeId> {
    const { nodes } = this.program.graph;
    const roots = this.program.entries.flatMap(orderRoots);
    const late = [...ancestors(this.program, roots)].filter((id) => !this.#analysis.usage.everyBar.has(id));
    const read = [...roots, ...late.flatMap((id) => nodes[id]!.args)].filter((id) => this.#usage.everyBar.has(id));
    return new Set(read.filter((id) => this.#isLocal(id)));
  }

  /** Whether the value of a node of every bar stands in a local. */
  #isLocal(id: NodeId): boolean {
    const node = this.program.graph.nodes[id]!;
    if (node.rate !== 'series' || this.#charts.hoisted.has(id)) return false;
    if (node.op === 'barIndex' || node.op === 'account' || node.op === 'const' || isLook(node, this.program)) return false;
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
    const own = new Set([...this.#usage.used].filter((id) => !this.#elsewhere.has(id)));
    for (const id of inverted(this.program, own)) lines.push(`const r${id}=1/p${id};`);
    return lines.join('');
  }

  /** State into locals; `row` as in `everyBar`. @param text the statements that need it; left out: all of it */
  loadState(row: RowText, text?: string): string {
    return (
      this.#slotsIn(text)
        .map((slot) => `let s${slot}=S[${slot}]${this.layout.integers.has(slot) ? '|0' : ''};`)
        .join('') + this.#charts.load(row)
    );
  }

  storeState(text?: string): string {
    return (
      this.#charts.store() +
      this.#slotsIn(text)
        .map((slot) => `S[${slot}]=s${slot};`)
        .join('')
    );
  }

  #slotsIn(text?: string): readonly number[] {
    return text === undefined ? this.#slots : this.#slots.filter((slot) => new RegExp(`\\bs${slot}\\b`).test(text));
  }

  /** Whether other charts take part. */
  get readsCharts(): boolean {
    return this.#charts.isUsed;
  }

  /**
   * The loop over the bars [lo, hi) with the statements of each. The statements are written twice: for the first bars, and for those where windows are full and
   * series known, which need no tests.
   */
  loop(row: RowText, statements: (code: ProgramCode) => string): string {
    const first = statements(this);
    const later = this.isWrittenTwice ? statements(this.steady()) : '';
    return this.blocks(row, (end) =>
      this.isWrittenTwice
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
    const origin = this.#isAhead ? 'const origin=i;' : '';
    const inner = `${origin}${this.#computeAhead()}${bars('end')}`;
    if (rebuilt === undefined) return this.#isAhead ? this.#ahead.pieces(inner, this.#pieceSize) : `let i=lo;\n${bars('hi')}`;
    return this.#ahead.pieces(`${this.#blockOfTime(row, `s${rebuilt.slot}`, this.#windows.rebuild(0, row))}${inner}`, this.#pieceSize);
  }

  /**
   * The same where functions of their own have the bars: sums are built anew by `renew` (`renewFunction`), and the state is in S.
   * @param cut what makes `end` come sooner
   * @param bars statements for the bars from i up to `end`, and not beyond
   */
  pieces(row: RowText, cut: string, bars: string): string {
    const rebuilt = this.layout.rebuilt.get(0);
    const block = rebuilt === undefined ? '' : this.#blockOfTime(row, `S[${rebuilt.slot}]`, 'renew(i,C,P,K,S,N);');
    return this.#ahead.pieces(`${cut}\n${block}${this.#computeAhead()}${bars}`, this.#pieceSize);
  }

  /** The function that builds sums anew before a bar, and nothing where there are none. */
  renewFunction(row: RowText): string {
    if (!this.layout.rebuilt.has(0)) return '';
    return `function renew(i,C,P,K,S,N){
${this.columns([])}
${this.params()}${this.loadState(row)}
${this.#windows.rebuild(0, row)}
${this.storeState()}}
`;
  }

  /** Of a function that gets a piece, where what is computed ahead of it begins. */
  origin(): string {
    return this.#isAhead ? 'const origin=lo;' : '';
  }

  get #isAhead(): boolean {
    return this.#ahead.isUsed || this.#groups.length > 0;
  }

  get #pieceSize(): number {
    return this.#groups.length > 0 ? SPLIT_PIECE : this.#ahead.pieceSize;
  }

  /** What is computed ahead of the bars from i up to `end`. */
  #computeAhead(): string {
    const renewed = this.layout.rebuilt.has(0) ? 'renewed' : '0';
    const groups = this.#groups.map((_, group) => `g${group}(i,end,${renewed},C,P,K,S);`);
    return this.#ahead.compute() + groups.join('');
  }

  /** A block of time that begins with bar i, and one that ends before `end`. @param next where it is kept when the next one begins */
  #blockOfTime(row: RowText, next: string, rebuild: string): string {
    return `let renewed=0;{const t=c0[${row('i')}];
if(i===0||t>=${next}){${next}=${this.#windows.nextBlock(0, 't')};renewed=1;
${rebuild}}
if(c0[${row('end-1')}]>=${next}){let a=i;end=end-1|0;while(end-a>1){const b=(a+end)>>1;if(c0[${row('b')}]>=${next})end=b;else a=b;}}}
`;
  }

  /** The function of a group of series: the bars [lo, hi), which are no more than a piece; `renewed` = a block of time begins with them. */
  #group(index: number, series: SeriesPart): string {
    const row: RowText = (at) => (at === 'i' ? at : `${at}|0`);
    const analysis = this.#analysis;
    const first = new ProgramCode(this.program, this.#use, { series, analysis });
    const later = new ProgramCode(this.program, this.#use, { series, analysis, known: new Set(analysis.known.keys()) });
    const from = [...first.#usage.used].reduce((latest, id) => Math.max(latest, analysis.known.get(id) ?? 0), 0);
    const kept = [...series.exports].map((id) => `t${id}[i-origin|0]=${first.expressions.use(id)};`).join('');
    const bars = (code: ProgramCode): string => `${code.everyBar(row)}\n${kept}`;
    return `function g${index}(lo,hi,renewed,C,P,K,S){
${first.columns([])}
${first.params()}${first.loadState(row)}
const origin=lo;let i=lo;
if(renewed>0){${first.#windows.rebuild(0, row)}}
for(;i<hi&&i<${from};i++){
${bars(first)}
}
for(;i<hi;i=i+1|0){
${bars(later)}
}
${first.storeState()}}
`;
  }

  /** Whether bars on which windows are full are worth code of their own. */
  get isWrittenTwice(): boolean {
    return this.nodeCount <= MOST_WRITTEN_TWICE && this.#analysis.known.size > 0;
  }

  /** Whether the series of every bar read a candle column of the traded chart. */
  readsAtEveryBar(place: number): boolean {
    return [...this.#usage.everyBar].some((id) => {
      const node = this.program.graph.nodes[id]!;
      return node.op === 'column' && columnPlace(this.program, { chart: node.chart, column: node.column }) === place;
    });
  }

  /** First bar of the code that `steady` gives. */
  get steadyFrom(): number {
    return [...this.#analysis.known.values()].reduce((latest, bar) => Math.max(latest, bar), 0);
  }

  /** How many bars shared series are looked back at, at most. */
  get longestLook(): number {
    const { nodes } = this.program.graph;
    const looks = [...this.#usage.used].map((id) => nodes[id]!).filter((node) => isLook(node, this.program));
    return Math.max(0, ...looks.map(({ args }) => (nodes[args[1]!]! as GraphNode & { readonly op: 'const' }).value));
  }

  /** The code for bars from which on most nodes are known; the same as this where it is not worth the length of the text. */
  steady(part: Pick<CodePart, 'registerText' | 'outside' | 'doubt' | 'from'> = {}): ProgramCode {
    const { registerText = this.#register } = part;
    return new ProgramCode(this.program, this.#use, {
      ...part,
      known: new Set(this.#analysis.known.keys()),
      registerText,
      analysis: this.#analysis,
    });
  }

  get #groups(): readonly SeriesPart[] {
    return this.#isGroup ? [] : (this.#analysis.split?.groups ?? []);
  }

  /**
   * Statements for the series of every bar: first those of other charts that closed by then.
   * @param read what the code there reads, so that of the rest only what has a memory is computed; left out: all of it
   */
  everyBar(row: RowText, read?: readonly NodeId[]): string {
    const { nodes } = this.program.graph;
    const { everyBar } = this.#usage;
    const needed = read === undefined || this.#charts.isUsed ? everyBar : reach(this.program.graph, [...read, ...this.#remembered()]);
    const traded = [...everyBar].filter((id) => nodes[id]!.chart === 0 && needed.has(id));
    return this.#charts.advance(row, (ids) => this.#statements(ids, row)) + this.#statements(traded, row);
  }

  /** Nodes whose state goes on from bar to bar. */
  #remembered(): readonly NodeId[] {
    return [...this.layout.byNode].filter(([, { scalars, block }]) => scalars.length > 0 || block >= 0).map(([id]) => id);
  }

  /** The functions that the series call, those of plugins included. */
  functions(): string {
    const names = [...this.#analysis.usage.used].map((id) => {
      const node = this.program.graph.nodes[id]!;
      if (node.op === 'machine') return node.machine;
      if (this.layout.ahead.has(id)) return '';
      return isScanned(this.program, node) ? `${node.op}Bar` : node.op;
    });
    return seriesFunctions(names) + this.plugins.functions();
  }

  /** What `run` has beside it for series that it computes ahead of their bars. */
  aheadFunctions(): string {
    const groups = this.#groups;
    const columns = groups.flatMap(({ exports }) => [...exports].map((id) => `const t${id}=new Float64Array(${SPLIT_PIECE});\n`));
    return this.#ahead.functions() + columns.join('') + groups.map((series, index) => this.#group(index, series)).join('');
  }

  /** Statements for what only an order needs. */
  forOrder(roots: readonly NodeId[], row: RowText): string {
    return this.#statements(
      [...ancestors(this.program, roots)].filter((id) => !this.#analysis.usage.everyBar.has(id)),
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
      if (!isStatefulOp(node.op) || this.#elsewhere.has(id)) continue;
      const place = lengthPlaceOf(node.op);
      if (place === null) continue;
      const length = node.args[place]!;
      if (this.program.graph.nodes[length]!.op !== 'const') lengths.add(length);
    }
    return lengths;
  }
}

/** What a part of a split program needs: its nodes, what it reads of others, and what is written wherever it is read. */
function usageOfPart(program: Program, whole: Usage, part: SeriesPart, { groups }: SeriesSplit): Usage {
  const { nodes } = program.graph;
  const used = new Set(part.imports);
  const open = [...part.nodes];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (used.has(id)) continue;
    used.add(id);
    open.push(...readBy(nodes[id]!, nodes).filter((arg) => isInEveryPart(nodes[arg]!) || whole.ahead.has(arg)));
  }
  const handedOn = groups.flatMap(({ exports }) => [...exports]).filter((id) => nodes[id]!.isCondition && !isKept(nodes[id]!));
  const inOrder = (ids: ReadonlySet<NodeId>): ReadonlySet<NodeId> => new Set([...ids].toSorted((a, b) => a - b));
  const everyBar = [...used].filter((id) => whole.everyBar.has(id) || part.imports.has(id));
  return { ...whole, used: inOrder(used), everyBar: inOrder(new Set(everyBar)), stored: new Set([...whole.stored, ...handedOn]) };
}

/** Scalars of the state: of a group those of its nodes, of the rest all others. */
function slotsOf({ byNode, scalarSlots }: StateLayout, group: SeriesPart | undefined, split: SeriesSplit | null): readonly number[] {
  const of = ({ nodes }: SeriesPart): readonly number[] => [...nodes].flatMap((id) => byNode.get(id)?.scalars ?? []);
  if (group !== undefined) return of(group);
  const grouped = new Set(split?.groups.flatMap(of));
  return Array.from({ length: scalarSlots }, (_, slot) => slot).filter((slot) => !grouped.has(slot));
}
