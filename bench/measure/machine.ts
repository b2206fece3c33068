import { cpus } from 'node:os';

/** The machine that figures are of. */
export const machineText = (): string => `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} threads, Node ${process.version}`;
