/**
 * `npm run soak:data [-- --rounds 200 --seed 1]`: a process that writes into the data store is killed with SIGKILL, at a random moment each time, and what it left
 * is compared with what it must be; then the same of downloads from a simulated venue. Exits with 1 at the first difference and keeps the folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { downloadKills, startKilledVenue } from '../tests/soak/download-kills.ts';
import { killRounds } from '../tests/soak/store-kills.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 200);
let state = Number(values.seed ?? 1);
if (!(rounds >= 1) || !Number.isInteger(state) || state < 1) throw new Error('npm run soak:data -- [--rounds N] [--seed N]');
/** Park and Miller's generator: moments of kills need no better one. */
const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;

const folder = mkdtempSync(join(tmpdir(), 'strat-soak-data-'));
let done = 0;
for await (const { batches, fault } of killRounds(folder, rounds, random)) {
  done++;
  if (fault !== null) {
    console.error(`round ${done}: ${fault}; see ${folder}`);
    process.exit(1);
  }
  if (done % 10 === 0 || done === rounds) console.log(`${done} of ${rounds} kills, ${batches} batches: all there`);
}
const downloads = mkdtempSync(join(tmpdir(), 'strat-soak-download-'));
const venue = await startKilledVenue(downloads, Number(values.seed ?? 1));
let kills = 0;
for await (const difference of downloadKills(downloads, venue, rounds, random)) {
  kills++;
  if (difference !== '') {
    console.error(`download ${kills}: ${difference}; see ${downloads}`);
    process.exit(1);
  }
  if (kills % 10 === 0 || kills === rounds) console.log(`${kills} of ${rounds} downloads killed: the store has what the venue has`);
}
await venue.close();
for (const one of [folder, downloads]) rmSync(one, { recursive: true });
