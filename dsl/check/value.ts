import type { NodeId } from '../graph/node.ts';
import { type Type, isScalar } from './type.ts';

/** `10% of equity` before it becomes money: the broker takes the share at the moment of the fill. */
export interface AccountShare {
  readonly of: 'equity' | 'cash';
  readonly fraction: NodeId;
}

/** A checked expression: what kind it is of and the graph node that computes it. Groups, lists and poison have no node of use. */
export interface Value {
  readonly type: Type;
  readonly node: NodeId;
  /** Set while the value still is a plain share of an account value. */
  readonly share?: AccountShare;
}

export function isPoison(value: Value): boolean {
  return value.type.kind === 'poison';
}

/** A value that arithmetic may use: a number of any unit, or na. */
export function isNumeric(value: Value): boolean {
  return isScalar(value.type) || value.type.kind === 'na';
}
