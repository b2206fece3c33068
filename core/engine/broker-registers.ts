import { BROKER as B, BROKER_FIELDS } from '#core/model/strategy-abi.ts';

/** Registers of a sub-account that holds `capital` in cash and nothing else, for a `run` with its broker inlined (BROKER layout). */
export function openRegisters(capital: number): Float64Array {
  const registers = new Float64Array(BROKER_FIELDS);
  registers[B.cash] = registers[B.equity] = registers[B.peakEquity] = capital;
  for (const field of [
    B.avgPrice,
    B.entryBar,
    B.entryTime,
    B.riskDistance,
    B.lastFill,
    B.stopLevel,
    B.trailDistance,
    B.trailPercent,
    B.trailStart,
    B.takeLevel,
    B.pendingStopDistance,
    B.pendingStopPercent,
    B.pendingStopPrice,
    B.pendingTrailDistance,
    B.pendingTrailPercent,
    B.pendingAfterDistance,
    B.pendingAfterPercent,
    B.pendingAfterR,
    B.pendingTakeDistance,
    B.pendingTakePercent,
    B.pendingTakeR,
  ]) {
    registers[field] = Number.NaN;
  }
  return registers;
}
