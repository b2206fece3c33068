import { type AnyNode, parse } from 'acorn';

/** What the emitter knows to write; anything else in its output is a fault of the compiler. */
const NODE_TYPES = new Set([
  'Program',
  'ExpressionStatement',
  'CallExpression',
  'ArrowFunctionExpression',
  'BlockStatement',
  'FunctionDeclaration',
  'ReturnStatement',
  'ObjectExpression',
  'Property',
  'VariableDeclaration',
  'VariableDeclarator',
  'IfStatement',
  'ForStatement',
  'WhileStatement',
  'BreakStatement',
  'AssignmentExpression',
  'UpdateExpression',
  'BinaryExpression',
  'LogicalExpression',
  'UnaryExpression',
  'ConditionalExpression',
  'MemberExpression',
  'Identifier',
  'Literal',
  'EmptyStatement',
  'SequenceExpression',
]);

const NAMES = new Set(
  (
    'run decide highest lowest usable toLot buyPrice sellPrice quantity size stopLevel Math abs sqrt log exp floor ceil round sign pow ' +
    'highestAge lowestAge push sorted parabolic weightedSum meanDeviation percentRank percentile min a b c e l up best factor ph pl bars hit fall step now ' +
    'C P K S B E F A D M N i k w h t q o m n x y d r lo hi lot inverse slip tick p price equity cash distance kind max maxKind min minKind most least level side percent fixed relative ' +
    'xf first base candidate rule index held amount affordable value fee ok wanted gain ref ' +
    'stopDistance stopPercent stopPrice trailDistance trailPercent afterDistance afterPercent afterR'
  ).split(' '),
);

const NUMBERED = /^[abcdejknprsvxyA]\d+$/;

/** Everything in the text that the emitter has no business writing: node types, names, literals that are not numbers. */
export function foreignParts(text: string): string[] {
  const foreign: string[] = [];
  const visit = (node: AnyNode): void => {
    if (!NODE_TYPES.has(node.type)) foreign.push(node.type);
    if (node.type === 'Identifier' && !NAMES.has(node.name) && !NUMBERED.test(node.name)) foreign.push(node.name);
    if (node.type === 'Literal' && typeof node.value !== 'number' && typeof node.value !== 'boolean' && node.value !== 'use strict')
      foreign.push(String(node.raw));
    if (node.type === 'MemberExpression' && !node.computed && !(node.object.type === 'Identifier' && node.object.name === 'Math'))
      foreign.push(`.${node.property.type}`);
    if (
      node.type === 'CallExpression' &&
      node.callee.type !== 'Identifier' &&
      node.callee.type !== 'MemberExpression' &&
      node.callee.type !== 'ArrowFunctionExpression'
    ) {
      foreign.push(`call of ${node.callee.type}`);
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parse(text, { ecmaVersion: 2022, sourceType: 'script' }));
  return foreign;
}

/** Stores into the candle columns or the account: emitted code has none (threats.md 17). */
export function storesIntoInputs(text: string): string[] {
  const stores: string[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && node.left.object.type === 'Identifier') {
      const { name } = node.left.object;
      if (!['S', 'B', 'E', 'F', 'D'].includes(name)) stores.push(name);
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parse(text, { ecmaVersion: 2022, sourceType: 'script' }));
  return stores;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
