import { limitFolder } from './limit/limit-files.ts';
import { sweptProgram, timedSweep } from './sweep/timed-sweep.ts';
const folder = limitFolder(100_000);
const columns = folder.columns(100_000);
const exits = sweptProgram('exit-sweep', ['far', 'gain']);
const only = process.argv[2];
for (let i = 0; i < 6; i++) {
  const a = only === 'anew' ? null : await timedSweep(exits, columns, 1);
  const b = only === 'once' ? null : await timedSweep(exits, columns, 1, true);
  console.log(a?.sets ?? b?.sets, a?.trades, 'once', a?.ms.toFixed(0), a?.cpuMs.toFixed(0), 'anew', b?.ms.toFixed(0), b?.cpuMs.toFixed(0), a !== null && b !== null ? [(b.cpuMs / a.cpuMs).toFixed(2), a.equity === b.equity, a.drawdown === b.drawdown] : '');
}
folder.dispose();
