import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { createCompiler } from '#dsl/compile.ts';
import { importPine } from '#dsl/tools/pine/import-pine.ts';

/** A published strategy, written anew in Pine and imported. @throws where it does not compile as it is */
export function importedFixture(name: string, market: string, timeframe: string): string {
  const path = fileURLToPath(new URL(`../fixtures/pine/${name}.pine`, import.meta.url));
  const options = { market: parseMarket(market)!, timeframe: parseTimeframe(timeframe)! };
  const { program, compiles, remarks } = importPine(readFileSync(path, 'utf8'), options, createCompiler());
  if (program === null || !compiles) throw new Error(`${name}: ${JSON.stringify(remarks)}`);
  return program;
}
