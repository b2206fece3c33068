import type { Op } from './node.ts';

/** Sums that are carried on from bar to bar, each adding its rounding error. */
export const REBUILT_OPS = ['sum', 'variance', 'covariance'] as const;
export type RebuiltOp = (typeof REBUILT_OPS)[number];

export const isRebuiltOp = (op: Op): op is RebuiltOp => (REBUILT_OPS as readonly string[]).includes(op);

/**
 * Time is cut into blocks of so many steps of a chart since 1970. Before the first bar of each block sums are built anew from the window that ends with the
 * bar before: errors do not add up over millions of bars, and runs that began at different bars agree to the last bit from there on.
 */
export const REBUILT_STEPS = 4096;

/** Number of the block that a bar opens in. */
export const blockOf = (openMs: number, stepMs: number): number => Math.floor(openMs / (stepMs * REBUILT_STEPS));
