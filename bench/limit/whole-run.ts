/** A whole process of ours: reads raw columns, compiles the cross of averages, runs it in an isolate and prints what came of it: whole-run.ts FOLDER BARS. */
import { writeSync } from 'node:fs';

// As the command line does; what is loaded later comes out of it.
const cache = (await import(new URL('../../bin/compile-cache.js', import.meta.url).href)) as { readonly useCompileCache: () => void };
cache.useCompileCache();
const { readColumnFiles } = await import('./column-files.ts');

const [folder, bars] = process.argv.slice(2) as [string, string];
const reading = readColumnFiles(folder, Number(bars));
const { inputOf, openProgram, preparedProgram, timedRun, workOf } = await import('./timed-program.ts');
const prepared = preparedProgram('sma-cross');
const input = inputOf(prepared, await reading);
const isolate = openProgram(prepared, input);
const { equity, maxDrawdown, fees, trades } = workOf(await timedRun(isolate, input));
isolate.dispose();
// As the command line does: a stream for a pipe would load Node's networking.
writeSync(1, `${JSON.stringify({ equity, maxDrawdown, fees, trades: trades.length })}\n`);
