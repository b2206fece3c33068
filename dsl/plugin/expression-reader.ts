import type { AnyNode, CallExpression, MemberExpression } from 'acorn';
import { notAllowed, ScriptRefusal } from './script-fault.ts';
import type { ParameterUse, ScriptScope, WindowRole } from './script-scope.ts';
import {
  BINARY_OPS,
  isMathFunction,
  MATH_CONSTANTS,
  MATH_FUNCTIONS,
  type StepCall,
  type StepExpression,
  type TestName,
  UNARY_OPS,
} from './step-code.ts';

/** An expression, and whether its value is fixed for a run: made of numbers and params only. */
export interface ReadExpression {
  readonly code: StepExpression;
  readonly isFixed: boolean;
}

/** What expressions need to know of the whole script. */
export interface ScriptContext {
  /** Names of the manifest's params, in its order. */
  readonly params: readonly string[];
  /** Place of a function of the script in the list; undefined when there is no such function. */
  readonly functionOf: (name: string) => number | undefined;
  /** Takes note of a call; its arguments must be of the kinds of all other calls. */
  readonly noteCall: (callee: number, node: CallExpression, uses: readonly ParameterUse[]) => void;
}

/** Nesting of expressions and statements; far above what a person writes, far below what a stack holds. */
const MAX_DEPTH = 100;
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
]);
/** Names that the script may not give to anything. */
export const KNOWN_NAMES: ReadonlySet<string> = new Set([...NUMBERS.keys(), 'Math', 'Number', 'isNaN', 'isFinite', 'undefined']);

/** Reads expressions of one function. */
export class ExpressionReader {
  readonly #context: ScriptContext;
  #depth = 0;

  constructor(context: ScriptContext) {
    this.#context = context;
  }

  /** Guards what nests: more than 100 deep is refused. */
  nested<T>(node: AnyNode, read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ScriptRefusal(node, 'this nests too deep');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  read(node: AnyNode, scope: ScriptScope): ReadExpression {
    return this.nested(node, () => this.#expression(node, scope));
  }

  #expression(node: AnyNode, scope: ScriptScope): ReadExpression {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'number') return fixed({ kind: 'number', value: node.value });
        if (typeof node.value === 'boolean') return fixed({ kind: 'truth', value: node.value });
        throw new ScriptRefusal(node, `plugins have numbers only, found ${literalWords(node)}`);
      case 'Identifier':
        return this.#name(node, node.name, scope);
      case 'UnaryExpression': {
        const op = UNARY_OPS.find((one) => one === node.operator);
        if (op === undefined) throw new ScriptRefusal(node, `plugins have no ${node.operator}`);
        const x = this.read(node.argument, scope);
        return { code: { kind: 'unary', op, x: x.code }, isFixed: x.isFixed };
      }
      case 'BinaryExpression': {
        const op = BINARY_OPS.find((one) => one === node.operator);
        if (op === undefined) throw new ScriptRefusal(node, `plugins have no ${node.operator}${EQUALITY.get(node.operator) ?? ''}`);
        const [x, y] = [this.read(node.left, scope), this.read(node.right, scope)];
        return { code: { kind: 'binary', op, x: x.code, y: y.code }, isFixed: x.isFixed && y.isFixed };
      }
      case 'LogicalExpression': {
        if (node.operator === '??') throw new ScriptRefusal(node, 'plugins have no ??');
        const [x, y] = [this.read(node.left, scope), this.read(node.right, scope)];
        return { code: { kind: 'logical', op: node.operator, x: x.code, y: y.code }, isFixed: x.isFixed && y.isFixed };
      }
      case 'ConditionalExpression': {
        const parts = [node.test, node.consequent, node.alternate].map((part) => this.read(part, scope));
        const [test, yes, no] = parts.map(({ code }) => code);
        return { code: { kind: 'choice', test: test!, yes: yes!, no: no! }, isFixed: parts.every(({ isFixed }) => isFixed) };
      }
      case 'MemberExpression':
        return this.#member(node, scope);
      case 'CallExpression':
        return this.#call(node, scope);
      default:
        throw notAllowed(node);
    }
  }

  #name(node: AnyNode, name: string, scope: ScriptScope): ReadExpression {
    const found = scope.find(name);
    if (found?.kind === 'constant') return fixed(found.value);
    if (found?.kind === 'local') return { code: { kind: 'local', local: found.local }, isFixed: found.isFixed };
    if (found?.kind === 'later') throw new ScriptRefusal(node, `${shown(name)} is declared further down`);
    if (found?.kind === 'window') throw new ScriptRefusal(node, `${name} is a list of numbers: write ${name}[0]`);
    const number = NUMBERS.get(name);
    if (number !== undefined) return fixed({ kind: 'number', value: number });
    if (this.#context.functionOf(name) !== undefined) throw new ScriptRefusal(node, `the function ${name} is no value: call it`);
    throw new ScriptRefusal(
      node,
      name === 'undefined' ? 'plugins have no undefined: write NaN' : `there is no "${shown(name)}" in plugins`,
    );
  }

  /** `window[index]`, `params.name`, `window.length`, `Math.PI`. */
  #member(node: MemberExpression, scope: ScriptScope): ReadExpression {
    const { object, property } = node;
    if (node.optional === true) throw new ScriptRefusal(node, 'plugins have no ?.');
    if (object.type !== 'Identifier') throw new ScriptRefusal(node, 'only params, state, input and out have members');
    const found = scope.find(object.name);
    if (found?.kind === 'window') {
      const { local: window, roles } = found;
      const isFixed = isOnly(roles, 'params');
      if (!node.computed) return this.#named(node, found);
      const index = this.read(property, scope);
      return { code: { kind: 'read', window, index: index.code }, isFixed: isFixed && index.isFixed };
    }
    const constant =
      object.name === 'Math' && !node.computed && property.type === 'Identifier' ? MATH_CONSTANTS.get(property.name) : undefined;
    if (found === undefined && constant !== undefined) return fixed({ kind: 'number', value: constant });
    if (found === undefined && object.name === 'Math')
      throw new ScriptRefusal(node, 'of Math plugins have constants like Math.PI, and functions');
    throw new ScriptRefusal(node, `"${shown(object.name)}" has no members in plugins; params, state, input and out have`);
  }

  #named(
    node: MemberExpression,
    { local: window, roles }: { readonly local: number; readonly roles: ReadonlySet<WindowRole> },
  ): ReadExpression {
    const name = node.property.type === 'Identifier' ? node.property.name : '';
    const { params } = this.#context;
    if (isOnly(roles, 'params')) {
      const place = params.indexOf(name);
      if (place < 0)
        throw new ScriptRefusal(node.property, `the manifest has no param "${shown(name)}"; it has ${params.join(', ') || 'none'}`);
      return fixed({ kind: 'read', window, index: { kind: 'number', value: place } });
    }
    if (name === 'length' && !roles.has('params')) return fixed({ kind: 'size', window });
    throw new ScriptRefusal(node.property, `there is no member "${shown(name)}": these lists have [index] and .length`);
  }

  #call(node: CallExpression, scope: ScriptScope): ReadExpression {
    const { callee } = node;
    if (node.optional === true) throw new ScriptRefusal(node, 'plugins have no ?.');
    if (callee.type === 'Identifier' && scope.find(callee.name) === undefined) {
      const own = this.#context.functionOf(callee.name);
      if (own !== undefined) return this.#ownCall(node, own, scope);
      const test = TESTS.get(callee.name);
      if (test !== undefined) return this.#test(node, test, scope);
      throw new ScriptRefusal(callee, `there is no function "${shown(callee.name)}" in plugins`);
    }
    if (
      callee.type === 'MemberExpression' &&
      !callee.computed &&
      callee.object.type === 'Identifier' &&
      callee.property.type === 'Identifier'
    ) {
      const { name } = callee.property;
      if (callee.object.name === 'Math' && isMathFunction(name)) {
        const args = this.#arguments(node, MATH_FUNCTIONS[name], scope);
        return { code: { kind: 'math', name, args: args.map(({ code }) => code) }, isFixed: args.every(({ isFixed }) => isFixed) };
      }
      const test = callee.object.name === 'Number' ? TESTS.get(name) : undefined;
      if (test !== undefined) return this.#test(node, test, scope);
      throw new ScriptRefusal(callee, `there is no function "${shown(callee.object.name)}.${shown(name)}" in plugins`);
    }
    throw new ScriptRefusal(callee, 'plugins call functions of the file and of Math only');
  }

  #test(node: CallExpression, name: TestName, scope: ScriptScope): ReadExpression {
    const [x] = this.#arguments(node, 1, scope);
    return { code: { kind: 'test', name, x: x!.code }, isFixed: x!.isFixed };
  }

  #arguments(node: CallExpression, count: number | null, scope: ScriptScope): readonly ReadExpression[] {
    if (count !== null && node.arguments.length !== count)
      throw new ScriptRefusal(node, `this takes ${count} ${count === 1 ? 'argument' : 'arguments'}, found ${node.arguments.length}`);
    return node.arguments.map((argument) => this.read(argument, scope));
  }

  #ownCall(node: CallExpression, callee: number, scope: ScriptScope): ReadExpression {
    const args: StepCall['args'][number][] = [];
    const uses: ParameterUse[] = [];
    for (const argument of node.arguments) {
      const found = argument.type === 'Identifier' ? scope.find(argument.name) : undefined;
      if (found?.kind === 'window') {
        args.push({ kind: 'window', local: found.local });
        uses.push({ kind: 'window', roles: found.roles });
        continue;
      }
      const { code, isFixed } = this.read(argument, scope);
      args.push(code);
      uses.push({ kind: 'number', isFixed });
    }
    this.#context.noteCall(callee, node, uses);
    return { code: { kind: 'call', callee, args }, isFixed: false };
  }
}

const fixed = (code: StepExpression): ReadExpression => ({ code, isFixed: true });
const isOnly = (roles: ReadonlySet<WindowRole>, role: WindowRole): boolean => roles.size === 1 && roles.has(role);
const TESTS: ReadonlyMap<string, TestName> = new Map([
  ['isNaN', 'isNaN'],
  ['isFinite', 'isFinite'],
]);
const EQUALITY: ReadonlyMap<string, string> = new Map([
  ['==', ': write ==='],
  ['!=', ': write !=='],
]);

const MAX_SHOWN = 40;

/** A name of the script as a message shows it. */
export function shown(name: string): string {
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}...` : name;
}

function literalWords({ value, bigint, regex }: AnyNode & { type: 'Literal' }): string {
  if (regex !== undefined) return 'a regular expression';
  if (bigint !== undefined) return 'a BigInt';
  return value === null ? 'null' : 'a text';
}
