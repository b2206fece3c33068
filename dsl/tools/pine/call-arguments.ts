import type { PineExpression } from './pine-nodes.ts';

export type CallExpression = Extract<PineExpression, { kind: 'Call' }>;

/** An argument by its name, or by its place where it has none; null when it is not given. */
export function argumentAt({ args }: CallExpression, name: string, place: number): PineExpression | null {
  const named = args.find((arg) => arg.name === name);
  if (named !== undefined) return named.value;
  const placed = args[place];
  return placed === undefined || placed.name !== null ? null : placed.value;
}
