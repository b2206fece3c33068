import { type AnyNode, type CallExpression, type FunctionDeclaration, parse, type Program } from 'acorn';
import { fail, ok, type Result } from '#core/model/result.ts';
import { LineMap } from '../diagnostics/line-map.ts';
import { byteLength } from '../grammar/byte-length.ts';
import { hiddenCharacters } from '../grammar/characters.ts';
import { ExpressionReader, KNOWN_NAMES, shown } from './expression-reader.ts';
import { FunctionReader } from './function-reader.ts';
import { notAllowed, type ScriptFault, ScriptRefusal } from './script-fault.ts';
import { type ParameterUse, ScriptScope, type WindowRole } from './script-scope.ts';
import type { StepCode, StepFunction } from './step-code.ts';
import { StepMachine } from './step-machine.ts';
import { nodesOf } from './syntax-nodes.ts';

const MAX_BYTES = 256 * 1024;
/** What a plugin exports, and what its parameters are. */
const ENTRIES: ReadonlyMap<string, readonly WindowRole[]> = new Map([
  ['init', ['params', 'state']],
  ['step', ['params', 'state', 'input', 'out']],
]);

/**
 * Reads the JavaScript of an indicator plugin and finds its first part that is not in the allowed subset. Total: hostile text is a fault, whatever it is.
 * @param params names of the manifest's params, in its order: `params.length` is `params[0]` when `length` is the first
 */
export function readStepCode(source: string, params: readonly string[]): Result<StepCode, ScriptFault> {
  if (byteLength(source) > MAX_BYTES) return fail({ line: 1, column: 1, message: 'the code of a plugin has at most 256 KB' });
  const [hidden] = hiddenCharacters(source);
  if (hidden !== undefined) return fail({ ...new LineMap(source).position(hidden.span.start), message: hidden.message });
  try {
    return ok(new ScriptReader(params).read(parse(source, { ecmaVersion: 2024, sourceType: 'module', locations: true })));
  } catch (error) {
    return fail(faultOf(error));
  }
}

function faultOf(error: unknown): ScriptFault {
  if (error instanceof ScriptRefusal) return error.fault;
  if (!(error instanceof SyntaxError)) throw error;
  // The parser is recursive and looks after its stack.
  if (error.message.startsWith('Not enough stack')) return { line: 1, column: 1, message: 'this nests too deep' };
  const { line, column } = 'loc' in error ? (error.loc as { readonly line: number; readonly column: number }) : { line: 1, column: 0 };
  return { line, column: column + 1, message: `this is no JavaScript: ${error.message.replace(/ \(\d+:\d+\)$/, '')}` };
}

/** Reads one file: constants first, then functions, those that call before those that are called. */
class ScriptReader {
  readonly #params: readonly string[];
  readonly #module = new ScriptScope(null);
  readonly #declared = new Map<string, FunctionDeclaration>();
  readonly #uses = new Map<string, readonly ParameterUse[]>();
  #order: readonly string[] = [];

  constructor(params: readonly string[]) {
    this.#params = params;
  }

  read({ body }: Program): StepCode {
    const constants: AnyNode[] = [];
    for (const node of body) {
      if (node.type === 'ExpressionStatement' && node.directive === 'use strict') continue;
      if (node.type === 'VariableDeclaration') constants.push(node);
      else this.#declare(node);
    }
    for (const [name] of ENTRIES)
      if (!this.#declared.has(name)) throw refusedAtStart(`it does not export function ${name}(${ENTRIES.get(name)?.join(', ')})`);
    for (const node of constants) this.#constants(node);
    this.#order = this.#callOrder();
    for (const [name, node] of this.#declared)
      if (!this.#order.includes(name)) throw new ScriptRefusal(node, `nothing calls the function ${shown(name)}: remove it`);
    for (const [name, roles] of ENTRIES)
      this.#uses.set(
        name,
        roles.map((role) => ({ kind: 'window', roles: new Set([role]) })),
      );
    const functions = this.#order.map((name) => this.#function(name));
    return { functions, init: this.#order.indexOf('init'), step: this.#order.indexOf('step') };
  }

  /** A function at the top of the file; `init` and `step` are exported, nothing else is. */
  #declare(node: AnyNode): void {
    const isExport = node.type === 'ExportNamedDeclaration';
    const declaration = isExport ? node.declaration : node;
    if (declaration?.type !== 'FunctionDeclaration') {
      if (isExport || node.type !== 'ExpressionStatement') throw notAllowed(node);
      throw new ScriptRefusal(node, 'at the top of the file there are constants and functions only');
    }
    const { name } = declaration.id!;
    const most = ENTRIES.get(name);
    if (isExport !== (most !== undefined))
      throw new ScriptRefusal(
        node,
        isExport ? 'a plugin exports init and step only' : `${shown(name)} must be exported: export function ${shown(name)}`,
      );
    if (most !== undefined && declaration.params.length > most.length)
      throw new ScriptRefusal(node, `${name} has these parameters: ${most.join(', ')}`);
    if (KNOWN_NAMES.has(name)) throw new ScriptRefusal(node, `"${name}" has a meaning already: choose another name`);
    this.#declared.set(name, declaration as FunctionDeclaration);
  }

  #constants(node: AnyNode): void {
    if (node.type !== 'VariableDeclaration') return;
    if (node.kind !== 'const')
      throw new ScriptRefusal(node, 'what is kept from bar to bar is in state; outside of functions there are constants only');
    const reader = new ExpressionReader({ params: this.#params, functionOf: () => undefined, noteCall: () => undefined });
    for (const { id, init } of node.declarations) {
      if (id.type !== 'Identifier' || init === null || init === undefined)
        throw new ScriptRefusal(node, 'a constant is a plain name with a value: const a = 2');
      if (KNOWN_NAMES.has(id.name) || this.#declared.has(id.name) || this.#module.find(id.name) !== undefined)
        throw new ScriptRefusal(id, `"${shown(id.name)}" has a meaning already: choose another name`);
      const value = StepMachine.constant(reader.read(init, this.#module).code);
      this.#module.declare(id.name, {
        kind: 'constant',
        value: typeof value === 'boolean' ? { kind: 'truth', value } : { kind: 'number', value },
      });
    }
  }

  /** Names of the functions that init and step reach, each before those that it calls. */
  #callOrder(): readonly string[] {
    const done: string[] = [];
    const open: string[] = [];
    const visit = (name: string, at: AnyNode): void => {
      if (done.includes(name)) return;
      if (open.includes(name)) throw new ScriptRefusal(at, `${shown(name)} calls itself: plugins have no recursion`);
      open.push(name);
      for (const node of nodesOf(this.#declared.get(name)!.body)) {
        if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && this.#declared.has(node.callee.name))
          visit(node.callee.name, node);
      }
      open.pop();
      done.unshift(name);
    };
    for (const name of ENTRIES.keys()) visit(name, this.#declared.get(name)!);
    return done;
  }

  #function(name: string): StepFunction {
    const node = this.#declared.get(name)!;
    const expressions = new ExpressionReader({
      params: this.#params,
      functionOf: (callee) => (this.#declared.has(callee) ? this.#order.indexOf(callee) : undefined),
      noteCall: (callee, call, uses) => this.#noteCall(this.#order[callee]!, call, uses),
    });
    return new FunctionReader(expressions, new Set(this.#declared.keys())).read(node, this.#uses.get(name) ?? [], this.#module);
  }

  #noteCall(name: string, call: CallExpression, uses: readonly ParameterUse[]): void {
    const { length } = ENTRIES.get(name) ?? this.#declared.get(name)!.params;
    if (uses.length !== length)
      throw new ScriptRefusal(call, `${shown(name)} takes ${length} ${length === 1 ? 'argument' : 'arguments'}, found ${uses.length}`);
    const before = this.#uses.get(name);
    this.#uses.set(name, before === undefined ? uses : uses.map((use, place) => joined(before[place]!, use, call.arguments[place]!)));
  }
}

/** What a parameter receives from two calls. */
function joined(a: ParameterUse, b: ParameterUse, at: AnyNode): ParameterUse {
  if (a.kind === 'number' && b.kind === 'number') return { kind: 'number', isFixed: a.isFixed && b.isFixed };
  if (a.kind === 'window' && b.kind === 'window') return { kind: 'window', roles: new Set([...a.roles, ...b.roles]) };
  throw new ScriptRefusal(at, 'another call gives a list where this one gives a number, or the other way round');
}

const refusedAtStart = (message: string): ScriptRefusal =>
  new ScriptRefusal({ type: 'Program', start: 0, end: 0, body: [], sourceType: 'module' }, message);
