import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../fixtures/pine/', import.meta.url));

/** The Pine scripts of the tests: published strategies of the common kinds, written anew from their descriptions. */
export const PINE_SCRIPTS: readonly { readonly name: string; readonly source: string }[] = globSync('*.pine', { cwd: FOLDER })
  .sort()
  .map((file) => ({ name: basename(file, '.pine'), source: readFileSync(`${FOLDER}${file}`, 'utf8') }));
