import { limitFolder, buildC, SWEEP_SOURCE } from './limit/limit-files.ts';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { sweptProgram, timedSweep } from './sweep/timed-sweep.ts';
const rounds = Number(process.argv[2] ?? 5);
const only = process.argv[3];
const folder = limitFolder(100_000);
const columns = folder.columns(100_000);
const program = join(folder.path, 'sweep');
buildC(SWEEP_SOURCE, program);
const c = () => JSON.parse(spawnSync(program, [folder.path, '100000', '1'], { encoding: 'utf8' }).stdout);
const averages = sweptProgram('sma-sweep', ['more', 'fast']);
const exits = sweptProgram('exit-sweep', ['far', 'gain']);
console.log(JSON.stringify(c()));
const t = await timedSweep(averages, columns, 2); console.log(JSON.stringify(t));
const res: Record<string, number[]> = {};
const put = (k: string, v: number) => (res[k] ??= []).push(v);
for (let r = 0; r < rounds; r++) {
  put('c', c().minMs);
  put('two', (await timedSweep(averages, columns, 2)).ms);
  put('one', (await timedSweep(averages, columns, 1)).ms);
  if (only === undefined) {
  put('once', (await timedSweep(exits, columns, 1)).ms);
  put('anew', (await timedSweep(exits, columns, 1, true)).ms);
  }
}
for (const [k, v] of Object.entries(res)) { v.sort((a, b) => a - b); console.log(k, 'min', v[0]!.toFixed(0), 'med', v[v.length >> 1]!.toFixed(0)); }
const m = (k: string) => res[k]!.sort((a,b)=>a-b)[0]!;
console.log('c/two', (m('c')/m('two')).toFixed(2), 'one/two', (m('one')/m('two')).toFixed(2), only===undefined? 'anew/once ' + (m('anew')/m('once')).toFixed(2):'');
folder.dispose();
