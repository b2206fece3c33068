// The command line in a few large files, built by `npm ci` (scripts/build-cli.ts): Node takes long to find, read and link hundreds of small ones.
// The sources stay what counts: one that changed since, and they are run.
import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const BUNDLE_FOLDER = join(ROOT, 'node_modules/.cache/strat');
export const STAMP_FILE = 'stamp.json';

/** What is known of a file that went into the bundle: size, times of change of content and of inode in ms, SHA-256 of the content. */
export function stampOf(file) {
  const { size, mtimeMs, ctimeMs } = lstatSync(file);
  return [size, mtimeMs, ctimeMs];
}

const isSame = (now, then) => now.every((value, place) => value === then[place]);

/**
 * The address of core/cli/main.ts: of the bundle where each of its sources is as it was, else of the sources. Like git's index it looks at sizes and times first,
 * and at the content of what these say may have changed. With STRAT_DEBUG the sources are run, which stacks then name.
 */
export async function commandLine() {
  const sources = new URL('../core/cli/main.ts', import.meta.url).href;
  if (process.env.STRAT_DEBUG !== undefined) return sources;
  try {
    return (await isCurrent(BUNDLE_FOLDER)) ? pathToFileURL(join(BUNDLE_FOLDER, 'main.mjs')).href : sources;
  } catch {
    // Not built, or a source is gone.
    return sources;
  }
}

async function isCurrent(folder) {
  const place = join(folder, STAMP_FILE);
  const stamp = JSON.parse(readFileSync(place, 'utf8'));
  // The bundle names the places of its sources: a moved clone has others.
  if (stamp.root !== ROOT) return false;
  const touched = stamp.files.filter((entry) => !isSame(stampOf(join(ROOT, entry[0])), entry.slice(1)));
  if (touched.length === 0) return true;
  const { createHash } = await import('node:crypto');
  for (const entry of touched) {
    const file = join(ROOT, entry[0]);
    const now = stampOf(file);
    if (createHash('sha256').update(readFileSync(file)).digest('hex') !== entry.at(-1)) return false;
    entry.splice(1, now.length, ...now);
  }
  keep(place, stamp);
  return true;
}

/** Says what the times are now, so that the next start need not read the files again. */
function keep(place, stamp) {
  try {
    const own = `${place}.${process.pid}`;
    writeFileSync(own, JSON.stringify(stamp));
    renameSync(own, place);
  } catch {
    // A folder of someone else: the next start reads them again.
  }
}
