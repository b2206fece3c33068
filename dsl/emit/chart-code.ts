import type { NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { closedName, columnPlace, indexName, type RowText } from './column-place.ts';
import type { StateLayout } from './state-layout.ts';
import type { WindowCode } from './window-code.ts';

/**
 * Charts beside the traded one. Each has a cursor: `j1` counts its bars, `x1` is when the next one closes, `y1` when the last one did. Before a bar of the
 * traded chart, which closes at `now`, all bars that closed by then are taken in, in the order of their close times; bars that close together run
 * node by node in graph order, as charts may read each other.
 */
export class ChartCode {
  readonly #program: Program;
  readonly #layout: StateLayout;
  readonly #windows: WindowCode;
  readonly #charts: readonly number[];
  /** Nodes of other charts in graph order. */
  readonly #nodes: readonly NodeId[];
  /** Nodes whose locals are declared before the loop, because nodes of one chart stand in several blocks. */
  readonly hoisted: ReadonlySet<NodeId>;

  constructor(program: Program, used: ReadonlySet<NodeId>, layout: StateLayout, windows: WindowCode) {
    const { nodes } = program.graph;
    this.#program = program;
    this.#layout = layout;
    this.#windows = windows;
    this.#charts = [...layout.charts.keys()];
    this.#nodes = [...used].filter((id) => nodes[id]!.chart > 0);
    const readEachOther = this.#nodes.some((id) => nodes[id]!.op === 'sample');
    this.hoisted = new Set(readEachOther ? this.#nodes : []);
  }

  get isUsed(): boolean {
    return this.#charts.length > 0;
  }

  /** Close times of the charts in use. */
  columnPlaces(): readonly number[] {
    return [0, ...this.#charts].map((chart) => this.#closes(chart));
  }

  load(row: RowText): string {
    const cursors = this.#charts.map((chart) => {
      const [count, closed] = this.#layout.charts.get(chart)!;
      const j = indexName(chart);
      return `let ${j}=s${count},${closedName(chart)}=s${closed},x${chart}=${this.#next(chart, row)};`;
    });
    const locals = this.hoisted.size === 0 ? '' : `let ${[...this.hoisted].map((id) => `v${id}=0/0`).join(',')};`;
    return cursors.join('') + locals;
  }

  store(): string {
    return this.#charts
      .map((chart) => {
        const [count, closed] = this.#layout.charts.get(chart)!;
        return `s${count}=${indexName(chart)};s${closed}=${closedName(chart)};`;
      })
      .join('');
  }

  /** @param statements the code of nodes of one chart */
  advance(row: RowText, statements: (ids: readonly NodeId[]) => string): string {
    if (!this.isUsed) return '';
    const soonest = this.#charts.length === 1 ? `x${this.#charts[0]}` : `Math.min(${this.#charts.map((chart) => `x${chart}`).join(',')})`;
    const flags = this.#charts.map((chart) => `const e${chart}=x${chart}===t;if(e${chart})${closedName(chart)}=t;`).join('');
    const blocks = this.#groups().map(({ chart, ids }) => `if(e${chart}){${statements(ids)}${ids.map((id) => this.#keep(id)).join('')}}`);
    const rebuilds = this.#charts.map((chart) => this.#rebuild(chart, row)).join('');
    const moves = this.#charts.map((chart) => `if(e${chart}){${indexName(chart)}++;x${chart}=${this.#next(chart, row)};}`).join('');
    return `${this.now(row)}for(;;){const t=${soonest};if(!(t<=now))break;\n${flags}\n${rebuilds}${blocks.join('\n')}\n${moves}}\n`;
  }

  /** When the bar at hand of the traded chart closes. */
  now(row: RowText): string {
    return this.isUsed ? `const now=c${this.#closes(0)}[${row('i')}];\n` : '';
  }

  /** The open is taken to be one step before the close, which months only come near to. */
  #rebuild(chart: number, row: RowText): string {
    const rebuilt = this.#layout.rebuilt.get(chart);
    if (rebuilt === undefined) return '';
    const { stepMs } = this.#program.graph.charts[chart]!;
    const next = `s${rebuilt.slot}`;
    return `if(e${chart}&&(${indexName(chart)}===0||t-${stepMs}>=${next})){${next}=${this.#windows.nextBlock(chart, `(t-${stepMs})`)};\n${this.#windows.rebuild(chart, row)}}\n`;
  }

  /** Nodes in graph order, those of one chart together; all of a chart at once when no chart reads another. */
  #groups(): readonly { readonly chart: number; readonly ids: readonly NodeId[] }[] {
    const { nodes } = this.#program.graph;
    if (this.hoisted.size === 0)
      return this.#charts.map((chart) => ({ chart, ids: this.#nodes.filter((id) => nodes[id]!.chart === chart) }));
    const groups: { readonly chart: number; readonly ids: NodeId[] }[] = [];
    for (const id of this.#nodes) {
      const { chart } = nodes[id]!;
      const last = groups.at(-1);
      if (last?.chart === chart) last.ids.push(id);
      else groups.push({ chart, ids: [id] });
    }
    return groups;
  }

  /** What other charts read stays in the state. */
  #keep(id: NodeId): string {
    const [slot] = this.#layout.sampled.get(id)?.scalars ?? [];
    return slot === undefined ? '' : `s${slot}=${this.#value(id)};`;
  }

  #value(id: NodeId): string {
    const node = this.#program.graph.nodes[id]!;
    return node.op === 'barIndex' ? indexName(node.chart) : `v${id}`;
  }

  #next(chart: number, row: RowText): string {
    const j = indexName(chart);
    return `${j}<N[${chart}]?c${this.#closes(chart)}[${row(j)}]:1/0`;
  }

  #closes(chart: number): number {
    return columnPlace(this.#program, { chart, column: { kind: 'closeTime' } });
  }
}
