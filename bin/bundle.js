// The command line in a few large files, built by `npm ci` (scripts/build-cli.ts): Node takes long to find, read and link hundreds of small ones.
// The sources stay what counts: one that changed since, and they are run.

// An `import` of node:fs would load all that Node leaves until someone asks for it.
const { lstatSync, readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { dirname, join } = process.getBuiltinModule('node:path');
const { fileURLToPath, pathToFileURL } = process.getBuiltinModule('node:url');

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const BUNDLE_FOLDER = join(ROOT, 'node_modules/.cache/strat');
export const STAMP_FILE = 'stamp.json';

/** What is known of a file that went into the bundle: size, times of change of content and of inode in ms. */
export function stampOf(file) {
  const { size, mtimeMs, ctimeMs } = lstatSync(file);
  return [size, mtimeMs, ctimeMs];
}

/**
 * The address of core/cli/main.ts: of the bundle where each source that the command may run is as it was, else of the sources. Like git's index it looks at sizes
 * and times first, and at the content of what these say may have changed. With STRAT_DEBUG the sources are run, which stacks then name.
 * @param word the first argument: a command, an option or nothing
 */
export async function commandLine(word = '') {
  const sources = new URL('../core/cli/main.ts', import.meta.url).href;
  if (process.env.STRAT_DEBUG !== undefined) return sources;
  try {
    return (await isCurrent(word.startsWith('-') ? '' : word)) ? pathToFileURL(join(BUNDLE_FOLDER, 'main.mjs')).href : sources;
  } catch {
    // Not built, or a source is gone.
    return sources;
  }
}

async function isCurrent(word) {
  const place = join(BUNDLE_FOLDER, STAMP_FILE);
  const stamp = JSON.parse(readFileSync(place, 'utf8'));
  // The bundle names the places of its sources: a moved clone has others.
  if (stamp.root !== ROOT) return false;
  const used = Object.hasOwn(stamp.commands, word) ? stamp.commands[word].map((number) => stamp.files[number]) : stamp.files;
  const touched = used.filter(([path, size, mtimeMs, ctimeMs]) => {
    const now = lstatSync(`${ROOT}/${path}`);
    return now.size !== size || now.mtimeMs !== mtimeMs || now.ctimeMs !== ctimeMs;
  });
  if (touched.length === 0) return true;
  const { createHash } = process.getBuiltinModule('node:crypto');
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
