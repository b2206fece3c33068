import type { AnyNode } from 'acorn';

/** Why the code of a plugin is refused, and where: from 1, columns in UTF-16 units. */
export interface ScriptFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Ends the reading of a script at its first fault; never leaves `readStepCode`. */
export class ScriptRefusal extends Error {
  readonly fault: ScriptFault;

  constructor(node: AnyNode, message: string) {
    super(message);
    this.fault = { line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1, message };
  }
}

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['ArrayExpression', 'a list: keep values in the state'],
  ['ArrowFunctionExpression', 'a function as a value: write function name(...) { ... } at the top of the file'],
  ['AssignmentExpression', 'an assignment inside of an expression: make it a statement of its own'],
  ['AwaitExpression', 'await'],
  ['ChainExpression', '?.'],
  ['ClassDeclaration', 'a class'],
  ['ClassExpression', 'a class'],
  ['DebuggerStatement', 'debugger'],
  ['DoWhileStatement', 'a do loop: write a for loop with a bound'],
  ['ExportAllDeclaration', 'an export of anything but init and step'],
  ['ExportDefaultDeclaration', 'an export of anything but init and step'],
  ['ExportNamedDeclaration', 'an export of anything but function init and function step'],
  ['ForInStatement', 'for ... in: write a for loop with a bound'],
  ['ForOfStatement', 'for ... of: write a for loop with a bound'],
  ['FunctionDeclaration', 'a function inside of a function: write it at the top of the file'],
  ['FunctionExpression', 'a function as a value: write function name(...) { ... } at the top of the file'],
  ['ImportDeclaration', 'import: a plugin is one file'],
  ['ImportExpression', 'import'],
  ['LabeledStatement', 'a label'],
  ['MetaProperty', 'import.meta or new.target'],
  ['NewExpression', 'new'],
  ['ObjectExpression', 'an object'],
  ['SequenceExpression', 'a comma between expressions: write two statements'],
  ['SpreadElement', '...'],
  ['Super', 'super'],
  ['SwitchStatement', 'switch: write if ... else if'],
  ['TaggedTemplateExpression', 'a text'],
  ['TemplateLiteral', 'a text'],
  ['ThisExpression', 'this'],
  ['ThrowStatement', 'throw: write NaN into out for a value that is not there'],
  ['TryStatement', 'try'],
  ['UpdateExpression', '++ and -- inside of an expression: make it a statement of its own'],
  ['WhileStatement', 'a while loop: write a for loop with a bound'],
  ['WithStatement', 'with'],
  ['YieldExpression', 'yield'],
]);

/** A part of JavaScript that plugins do not have. */
export function notAllowed(node: AnyNode): ScriptRefusal {
  return new ScriptRefusal(node, `plugins have no ${REFUSED.get(node.type) ?? `"${node.type}"`}`);
}
