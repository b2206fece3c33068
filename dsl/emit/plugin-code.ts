import { PLUGIN_STATUS } from '../plugin/plugin-instance.ts';
import { entryNames, FUEL, printStepCode } from '../plugin/print-step-code.ts';
import { STEP_FUEL } from '../plugin/step-code.ts';
import type { GraphNode, NodeId } from '../graph/node.ts';
import type { Program } from '../program.ts';
import type { PluginNode } from './plugin-block.ts';
import type { ExpressionCode } from './expression-code.ts';
import type { StateLayout } from './state-layout.ts';
import { pluginNodes } from './usage.ts';

/**
 * Indicators in JavaScript: their code printed anew, and around it what PluginInstance does. All that they are given lies in S and is seen through windows
 * that end where it ends: `wp` params, `ws` state, `wi` inputs, `wo` outputs of a node.
 */
export class PluginCode {
  readonly #program: Program;
  readonly #expressions: ExpressionCode;
  readonly #layout: StateLayout;
  /** All uses, whose places are their numbers, and those of this code. */
  readonly #all: readonly NodeId[];
  readonly #nodes: readonly NodeId[];

  /** @param used nodes that the code computes */
  constructor(program: Program, expressions: ExpressionCode, layout: StateLayout, used: ReadonlySet<NodeId>) {
    this.#program = program;
    this.#expressions = expressions;
    this.#layout = layout;
    this.#all = pluginNodes(program);
    this.#nodes = [...used].filter((id) => program.graph.nodes[id]!.op === 'plugin');
  }

  get isUsed(): boolean {
    return this.#nodes.length > 0;
  }

  /** Of each use its plugin, and the place of its status in S. */
  statuses(): readonly { readonly plugin: number; readonly slot: number }[] {
    return this.#nodes.map((id) => ({ plugin: this.#node(id).plugin, slot: this.#layout.byNode.get(id)!.block + 1 }));
  }

  /** Functions beside `run` and `decide`; empty without plugins. */
  functions(): string {
    if (!this.isUsed) return '';
    const used = new Set(this.#nodes.map((id) => this.#node(id).plugin));
    return `let ${FUEL}=0;\n${[...used].map((plugin) => `${printStepCode(this.#program.plugins[plugin]!.code, plugin)}\n${this.#step(plugin)}`).join('\n')}`;
  }

  /** One bar of a plugin: `z` = place of its status in S. */
  #step(plugin: number): string {
    const { code, manifest } = this.#program.plugins[plugin]!;
    const { init, step } = entryNames(code, plugin);
    const count = manifest.outputs.length;
    const { new: fresh, running, flagged, disabled } = PLUGIN_STATUS;
    const empty = `for(let k=0;k<${count};k++)o[k]=0/0;`;
    return (
      `function plug${plugin}(S,z,u,w,e,o){${empty}if(S[z]===${disabled})return;` +
      `try{if(S[z]===${fresh}){${FUEL}=${STEP_FUEL};${init}(u,w);S[z]=${running};}${FUEL}=${STEP_FUEL};${step}(u,w,e,o);}` +
      `catch{S[z]=${disabled};${empty}return;}` +
      `for(let k=0;k<${count};k++)if(o[k]-o[k]!==0&&o[k]===o[k]){o[k]=0/0;S[z]=${flagged};}}`
    );
  }

  /** Windows and params, once a call of `run` or `decide`. */
  load(): string {
    return this.#nodes
      .map((id) => {
        const node = this.#node(id);
        const { inputs, outputs, params } = this.#program.plugins[node.plugin]!.manifest;
        const state = this.#layout.byNode.get(id)!.block + 2;
        const input = state + node.stateSize;
        const output = input + inputs.length;
        const param = output + outputs.length;
        const [size] = node.args.slice(inputs.length + params.length).map((arg) => this.#expressions.use(arg));
        const own = params.map((_, place) => `wp${id}[${place}]=${this.#expressions.use(node.args[inputs.length + place]!)};`).join('');
        return (
          `const wp${id}=S.subarray(${param},${param + params.length}),ws${id}=S.subarray(${state},${state}+${size}),` +
          `wi${id}=S.subarray(${input},${input + inputs.length}),wo${id}=S.subarray(${output},${output + outputs.length});${own}`
        );
      })
      .join('');
  }

  /** Statement of a `plugin` node. */
  step(id: NodeId, node: PluginNode): string {
    const { inputs } = this.#program.plugins[node.plugin]!.manifest;
    const given = inputs.map((_, place) => `wi${id}[${place}]=${this.#expressions.use(node.args[place]!)};`);
    const status = this.#layout.byNode.get(id)!.block + 1;
    return `${given.join('')}plug${node.plugin}(S,${status},wp${id},ws${id},wi${id},wo${id});`;
  }

  /** Value of a `pluginOutput` node. */
  output({ args, output }: GraphNode & { readonly op: 'pluginOutput' }): string {
    return `wo${args[0]}[${output}]`;
  }

  /** What happened to plugins on this bar, as `pf` (flagged) and `pd` (disabled) of the decision; empty without plugins. */
  faults(): string {
    if (!this.isUsed) return '';
    const { flagged, disabled } = PLUGIN_STATUS;
    const each = this.#nodes.map((id) => {
      const told = this.#layout.byNode.get(id)!.block;
      const bit = 2 ** this.#all.indexOf(id);
      return `if(S[${told + 1}]!==S[${told}]){if(S[${told + 1}]===${disabled})pd+=${bit};else if(S[${told + 1}]===${flagged})pf+=${bit};S[${told}]=S[${told + 1}];}`;
    });
    return `let pf=0,pd=0;${each.join('')}`;
  }

  #node(id: NodeId): PluginNode {
    return this.#program.graph.nodes[id] as PluginNode;
  }
}
