import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machineText } from './machine.ts';

const FOLDER = fileURLToPath(new URL('../results/', import.meta.url));

/** Keeps what a part measured, with the machine and the day, as bench/results/NAME.json. */
export function writeResults(name: string, measured: object): void {
  mkdirSync(FOLDER, { recursive: true });
  const document = { machine: machineText(), day: new Date().toISOString().slice(0, 10), ...measured };
  writeFileSync(`${FOLDER}${name}.json`, `${JSON.stringify(document, null, 2)}\n`);
}
