import type { MachineName } from '../graph/machines/machines.ts';
import { machineOf } from '../graph/machines/machines.ts';
import type { GraphNode } from '../graph/node.ts';
import type { Program } from '../program.ts';
import { longestLength } from './length-bounds.ts';
import { MACHINE_FUNCTIONS } from './machine-functions.ts';

type MachineNode = GraphNode & { readonly op: 'machine'; readonly machine: MachineName };

/** Doubles of state of a machine, whatever the params are. */
export function machineBlock({ graph, params }: Program, { machine, args }: MachineNode): number {
  const { slots, slotsEach = 0 } = MACHINE_FUNCTIONS[machine];
  if (slotsEach === 0) return slots;
  return slots + slotsEach * longestLength(graph, args[machineOf(machine).inputs]!, params);
}
