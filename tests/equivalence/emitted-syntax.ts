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
  'ContinueStatement',
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
    'run decide highest lowest usable toLot buyPrice sellPrice quantity size stopLevel Math abs sqrt log exp sin cos tan asin acos atan floor ceil round sign pow ' +
    'highestBar lowestBar highestAge lowestAge highestFirstAge lowestFirstAge push sorted parabolic weightedSum bellMean meanDeviation percentRank percentile ' +
    'nearestRank mode medianDeviation skewness kurtosis entropy ranked rankCorrelation expectedRange rescaledRange lastMean sineSum cosineSum min a b c e l up best factor ph pl bars hit fall step now ' +
    'zigzag bricks rangeBars wilderStop ratchetStop levels tail s j ' +
    'origin f imul ' +
    'C P K S B E F A D M N i k w h t end q o m n x y d r lo hi lot inverse slip tick p price equity cash distance kind max maxKind min minKind most least level side percent fixed relative ' +
    'renew whole later watchFlat watchLong watchShort W T renewed met note leave tightest startAt fillExit fillEntry orderEntry meetLevels tighten moveTrail equity peak qty stop take moved from to until open high low long gap resting start ' +
    'takeDistance takePercent takeR xf first base candidate rule index held amount affordable value fee ok wanted gain ref ' +
    'stopDistance stopPercent stopPrice trailDistance trailPercent afterDistance afterPercent afterR'
  ).split(' '),
);

/** The engine of a planned program with what it is asked to do, and the row of values that it is given. */
const ENGINE_NAMES = /^(?:X|V|Float64Array|openBar|mark|isIdle|passTo|idle)$/;
const ENGINE_CALLS = /^(?:openBar|mark|decide|isIdle|passTo)$/;

const NUMBERED = /^[abcdefhjklmnpqrstvxyA]\d+$/;

/** What is known besides where plugins are: their windows, and the counter of their fuel. */
const PLUGIN_NAMES = /^(?:w[psio]\d+|plug\d+|p[fd]|fuel|subarray)$/;
/** Functions that hold the code of plugins, and the one around each that calls them. */
const PLUGIN_FUNCTIONS = /^(?:g\d+_\d+|plug\d+)$/;
const INSIDE_PLUGINS =
  /^(?:[uweoz]|x\d+|g\d+_\d+|isNaN|isFinite|length|acos|acosh|asin|asinh|atan|atan2|atanh|cbrt|clz32|cos|cosh|expm1|fround|hypot|imul|log10|log1p|log2|sin|sinh|tan|tanh|trunc)$/;
const PLUGIN_NODES = new Set(['TryStatement', 'CatchClause', 'ThrowStatement', 'BreakStatement', 'ContinueStatement']);

/** Everything in the text that the emitter has no business writing: node types, names, literals that are not numbers. */
export function foreignParts(text: string): string[] {
  const foreign: string[] = [];
  const isKnown = (name: string, inPlugin: boolean): boolean =>
    NAMES.has(name) || NUMBERED.test(name) || ENGINE_NAMES.test(name) || PLUGIN_NAMES.test(name) || (inPlugin && INSIDE_PLUGINS.test(name));
  const visit = (node: AnyNode, within: boolean): void => {
    const inPlugin = within || (node.type === 'FunctionDeclaration' && PLUGIN_FUNCTIONS.test(node.id?.name ?? ''));
    if (!NODE_TYPES.has(node.type) && !(inPlugin && PLUGIN_NODES.has(node.type)) && !isNewRow(node)) foreign.push(node.type);
    if (node.type === 'Identifier' && !isKnown(node.name, inPlugin)) foreign.push(node.name);
    if (node.type === 'Literal' && typeof node.value !== 'number' && typeof node.value !== 'boolean' && node.value !== 'use strict')
      foreign.push(String(node.raw));
    if (node.type === 'MemberExpression' && !node.computed && !isKnownMember(node, inPlugin)) foreign.push(`.${node.property.type}`);
    if (
      node.type === 'CallExpression' &&
      node.callee.type !== 'Identifier' &&
      node.callee.type !== 'MemberExpression' &&
      node.callee.type !== 'ArrowFunctionExpression'
    ) {
      foreign.push(`call of ${node.callee.type}`);
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, inPlugin);
    }
  };
  visit(parse(text, { ecmaVersion: 2022, sourceType: 'script' }), false);
  return foreign;
}

/** `new Float64Array(3)`. */
function isNewRow(node: AnyNode): boolean {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'Float64Array') return false;
  const [length] = node.arguments;
  return node.arguments.length === 1 && length?.type === 'Literal' && typeof length.value === 'number';
}

/** Members of Math; windows are parts of the state, and the code of plugins may ask for their length. */
function isKnownMember({ object, property }: AnyNode & { type: 'MemberExpression' }, inPlugin: boolean): boolean {
  if (object.type !== 'Identifier' || property.type !== 'Identifier') return false;
  if (object.name === 'Math') return true;
  if (object.name === 'X') return !inPlugin && ENGINE_CALLS.test(property.name);
  return inPlugin ? /^x\d+$/.test(object.name) && property.name === 'length' : object.name === 'S' && property.name === 'subarray';
}

/** Stores into the candle columns or the account: emitted code has none (threats.md 17). */
export function storesIntoInputs(text: string): string[] {
  const stores: string[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression' && node.left.object.type === 'Identifier') {
      const { name } = node.left.object;
      if (!/^(?:[SBEFDoTVW]|w[pi]\d+|[xt]\d+)$/.test(name)) stores.push(name);
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
