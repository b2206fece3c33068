import type {
  AnyNode,
  AssignmentExpression,
  ForStatement,
  FunctionDeclaration,
  Pattern,
  UpdateExpression,
  VariableDeclaration,
} from 'acorn';
import { type ExpressionReader, KNOWN_NAMES, shown } from './expression-reader.ts';
import { nodesOf } from './syntax-nodes.ts';
import { notAllowed, ScriptRefusal } from './script-fault.ts';
import { type ParameterUse, type ScriptName, ScriptScope } from './script-scope.ts';
import { BINARY_OPS, type BinaryOp, type StepExpression, type StepFunction, type StepStatement } from './step-code.ts';

/** Locals of one function; a program needs a few, a limit keeps hostile ones from taking memory. */
const MAX_LOCALS = 1000;
const NO_NUMBER: StepExpression = { kind: 'number', value: Number.NaN };

/** Reads one function of a script: its statements, and the loops whose bound must be known. */
export class FunctionReader {
  readonly #expressions: ExpressionReader;
  readonly #functionNames: ReadonlySet<string>;
  #locals = 0;

  constructor(expressions: ExpressionReader, functionNames: ReadonlySet<string>) {
    this.#expressions = expressions;
    this.#functionNames = functionNames;
  }

  /** @param uses what the parameters receive; there may be more than the function names, as a step that does not look at `params` */
  read(node: FunctionDeclaration, uses: readonly ParameterUse[], module: ScriptScope): StepFunction {
    if (node.async || node.generator) throw new ScriptRefusal(node, `plugins have no ${node.async ? 'async' : 'generator'} functions`);
    const scope = new ScriptScope(module);
    for (const [index, use] of uses.entries()) {
      const pattern = node.params[index];
      const local = this.#newLocal(node);
      if (pattern === undefined) continue;
      const name = this.#nameOf(pattern);
      scope.declare(
        name,
        use.kind === 'window' ? { kind: 'window', local, roles: use.roles } : { kind: 'local', local, how: 'const', isFixed: use.isFixed },
      );
    }
    const body = this.#block(node.body.body, scope);
    return { parameters: uses.map(({ kind }) => kind), locals: this.#locals, body };
  }

  #newLocal(node: AnyNode): number {
    if (this.#locals >= MAX_LOCALS) throw new ScriptRefusal(node, `a function has at most ${MAX_LOCALS} names`);
    this.#locals += 1;
    return this.#locals - 1;
  }

  #nameOf(pattern: Pattern): string {
    if (pattern.type !== 'Identifier') throw new ScriptRefusal(pattern, 'here is a plain name, without a default and without parts');
    const { name } = pattern;
    if (KNOWN_NAMES.has(name) || this.#functionNames.has(name))
      throw new ScriptRefusal(pattern, `"${shown(name)}" has a meaning already: choose another name`);
    return name;
  }

  #block(nodes: readonly AnyNode[], outer: ScriptScope): StepStatement[] {
    const scope = new ScriptScope(outer);
    for (const node of nodes) {
      if (node.type !== 'VariableDeclaration') continue;
      for (const { id } of node.declarations) if (id.type === 'Identifier') scope.declare(id.name, { kind: 'later' });
    }
    return nodes.flatMap((node) => this.#statement(node, scope));
  }

  /** The statements of a branch, with or without brackets. */
  #branch(node: AnyNode | null | undefined, scope: ScriptScope): StepStatement[] {
    if (node === null || node === undefined) return [];
    return this.#block(node.type === 'BlockStatement' ? node.body : [node], scope);
  }

  #statement(node: AnyNode, scope: ScriptScope): StepStatement[] {
    return this.#expressions.nested(node, () => this.#one(node, scope));
  }

  #one(node: AnyNode, scope: ScriptScope): StepStatement[] {
    switch (node.type) {
      case 'EmptyStatement':
        return [];
      case 'BlockStatement':
        return this.#block(node.body, scope);
      case 'VariableDeclaration':
        return this.#declaration(node, scope);
      case 'IfStatement':
        return [
          {
            kind: 'if',
            test: this.#value(node.test, scope),
            yes: this.#branch(node.consequent, scope),
            no: this.#branch(node.alternate, scope),
          },
        ];
      case 'ForStatement':
        return [this.#loop(node, scope)];
      case 'ReturnStatement':
        return [
          { kind: 'return', value: node.argument === null || node.argument === undefined ? NO_NUMBER : this.#value(node.argument, scope) },
        ];
      case 'BreakStatement':
      case 'ContinueStatement':
        if (node.label !== null && node.label !== undefined) throw new ScriptRefusal(node, 'plugins have no labels');
        return [{ kind: 'leave', how: node.type === 'BreakStatement' ? 'break' : 'continue' }];
      case 'ExpressionStatement':
        if (node.directive === 'use strict') return [];
        return this.#effect(node.expression, scope);
      default:
        throw notAllowed(node);
    }
  }

  #value(node: AnyNode, scope: ScriptScope): StepExpression {
    return this.#expressions.read(node, scope).code;
  }

  /** An expression as a statement: an assignment, or a call of a function of the file. */
  #effect(node: AnyNode, scope: ScriptScope): StepStatement[] {
    if (node.type === 'AssignmentExpression') return this.#assignment(node, scope);
    if (node.type === 'UpdateExpression') return this.#update(node, scope, 'let');
    const { code } = this.#expressions.read(node, scope);
    if (code.kind !== 'call') throw new ScriptRefusal(node, 'this has no effect');
    return [{ kind: 'do', call: code }];
  }

  #declaration({ kind, declarations }: VariableDeclaration, scope: ScriptScope): StepStatement[] {
    return declarations.map((declaration) => {
      if (kind !== 'let' && kind !== 'const') throw new ScriptRefusal(declaration, `plugins have no ${kind}: write let or const`);
      const name = this.#nameOf(declaration.id);
      const value =
        declaration.init === null || declaration.init === undefined
          ? { code: NO_NUMBER, isFixed: false }
          : this.#expressions.read(declaration.init, scope);
      const local = this.#newLocal(declaration);
      scope.declare(name, { kind: 'local', local, how: kind, isFixed: kind === 'const' && value.isFixed });
      return { kind: 'set', local, value: value.code };
    });
  }

  #assignment({ operator, left, right }: AssignmentExpression, scope: ScriptScope): StepStatement[] {
    const op = operator === '=' ? null : binaryOf(operator);
    if (op === undefined) throw new ScriptRefusal(left, `plugins have no ${operator}`);
    if (left.type === 'Identifier') {
      const local = this.#assigned(left, left.name, scope, 'let');
      const value = this.#value(right, scope);
      return [{ kind: 'set', local, value: op === null ? value : { kind: 'binary', op, x: { kind: 'local', local }, y: value } }];
    }
    if (left.type !== 'MemberExpression') throw new ScriptRefusal(left, 'values go into a name or into state[...] or out[...]');
    const window = this.#written(left, scope);
    const index = this.#value(left.property, scope);
    if (op === null) return [{ kind: 'write', window, index, value: this.#value(right, scope) }];
    return this.#writeBack(left, window, index, op, this.#value(right, scope));
  }

  /** `state[index] op= value`, the index computed once. */
  #writeBack(node: AnyNode, window: number, index: StepExpression, op: BinaryOp, value: StepExpression): StepStatement[] {
    const local = this.#newLocal(node);
    const place: StepExpression = { kind: 'local', local };
    const before: StepExpression = { kind: 'read', window, index: place };
    return [
      { kind: 'set', local, value: index },
      { kind: 'write', window, index: place, value: { kind: 'binary', op, x: before, y: value } },
    ];
  }

  #update({ argument, operator }: UpdateExpression, scope: ScriptScope, how: 'let' | 'loop'): StepStatement[] {
    const op = operator === '++' ? '+' : '-';
    const one: StepExpression = { kind: 'number', value: 1 };
    if (argument.type === 'Identifier') {
      const local = this.#assigned(argument, argument.name, scope, how);
      return [{ kind: 'set', local, value: { kind: 'binary', op, x: { kind: 'local', local }, y: one } }];
    }
    if (argument.type !== 'MemberExpression') throw notAllowed(argument);
    return this.#writeBack(argument, this.#written(argument, scope), this.#value(argument.property, scope), op, one);
  }

  /** The local that a name may be assigned to. */
  #assigned(node: AnyNode, name: string, scope: ScriptScope, how: 'let' | 'loop'): number {
    const found = scope.find(name);
    if (found?.kind === 'local' && found.how === how) return found.local;
    throw new ScriptRefusal(node, reasonNotAssigned(name, found));
  }

  /** The window that an indexed place may be written in. */
  #written(node: AnyNode & { type: 'MemberExpression' }, scope: ScriptScope): number {
    const found = node.object.type === 'Identifier' ? scope.find(node.object.name) : undefined;
    if (found?.kind !== 'window' || !node.computed) throw new ScriptRefusal(node, 'values go into a name or into state[...] or out[...]');
    for (const role of ['params', 'input'] as const) if (found.roles.has(role)) throw new ScriptRefusal(node, `${role} can only be read`);
    return found.local;
  }

  /** `for (let i = a; i < n; i++)` with a bound that is fixed for the run. */
  #loop(node: ForStatement, outer: ScriptScope): StepStatement {
    const scope = new ScriptScope(outer);
    const { init, test, update } = node;
    const [declaration, ...others] = init?.type === 'VariableDeclaration' && init.kind === 'let' ? init.declarations : [];
    if (declaration === undefined || others.length > 0 || declaration.init === null || declaration.init === undefined)
      throw new ScriptRefusal(node, 'a loop starts with one variable: for (let i = 0; ...; ...)');
    const name = this.#nameOf(declaration.id);
    scope.declare(name, { kind: 'later' });
    const value = this.#value(declaration.init, scope);
    const local = this.#newLocal(declaration);
    scope.declare(name, { kind: 'local', local, how: 'loop', isFixed: true });
    if (test === null || test === undefined || !this.#isBounded(test, name, scope))
      throw new ScriptRefusal(
        test ?? node,
        `the end of this loop is not fixed: compare ${shown(name)} with a number, a param or a const made of them`,
      );
    const next = this.#step(node, update, name, scope);
    return {
      kind: 'for',
      start: [{ kind: 'set', local, value }],
      test: this.#value(test, scope),
      next,
      body: this.#branch(node.body, scope),
    };
  }

  /** Whether a test ends the loop at a fixed bound; one that also ends it earlier may say more. */
  #isBounded(test: AnyNode, name: string, scope: ScriptScope): boolean {
    if (test.type === 'LogicalExpression' && test.operator === '&&')
      return this.#isBounded(test.left, name, scope) || this.#isBounded(test.right, name, scope);
    if (test.type !== 'BinaryExpression' || !['<', '<=', '>', '>='].includes(test.operator)) return false;
    const isVariable = (side: AnyNode): boolean => side.type === 'Identifier' && side.name === name;
    const bound = isVariable(test.left) ? test.right : isVariable(test.right) ? test.left : null;
    return bound !== null && this.#expressions.read(bound, scope).isFixed && !mentions(bound, name);
  }

  #step(loop: ForStatement, update: AnyNode | null | undefined, name: string, scope: ScriptScope): StepStatement[] {
    const refusal = new ScriptRefusal(update ?? loop, `a loop ends with a step of its variable: ${shown(name)}++, or ${shown(name)} += 2`);
    if (update?.type === 'UpdateExpression' && update.argument.type === 'Identifier' && update.argument.name === name)
      return this.#update(update, scope, 'loop');
    if (update?.type !== 'AssignmentExpression' || update.left.type !== 'Identifier' || update.left.name !== name) throw refusal;
    const op = update.operator === '+=' ? '+' : update.operator === '-=' ? '-' : null;
    const width = this.#expressions.read(update.right, scope);
    if (op === null || !width.isFixed || mentions(update.right, name)) throw refusal;
    const local = this.#assigned(update.left, name, scope, 'loop');
    return [{ kind: 'set', local, value: { kind: 'binary', op, x: { kind: 'local', local }, y: width.code } }];
  }
}

/** `+` of `+=`; undefined for those that are no arithmetic. */
const binaryOf = (operator: string): BinaryOp | undefined => BINARY_OPS.find((op) => `${op}=` === operator);

function reasonNotAssigned(name: string, found: ScriptName | undefined): string {
  if (found?.kind === 'later') return `${shown(name)} is declared further down`;
  if (found === undefined || found.kind === 'constant') return `there is no let ${shown(name)} that could be changed`;
  if (found.kind === 'window') return `${name} is a list of numbers: write ${name}[0] = ...`;
  return found.how === 'loop'
    ? `the variable of a loop changes only in the head of the loop`
    : `${name} cannot be changed: copy it into a let`;
}

function mentions(node: AnyNode, name: string): boolean {
  return [...nodesOf(node)].some((one) => one.type === 'Identifier' && one.name === name);
}
