// Compiled modules are kept between starts: reading them back takes a third of the time of compiling them again.

// An `import` of node:fs would load all that Node leaves until someone asks for it.
const { lstatSync, mkdirSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');
const { homedir } = process.getBuiltinModule('node:os');
const { isAbsolute, join } = process.getBuiltinModule('node:path');

/** Write permission of the group and of everyone. */
const WRITABLE_BY_OTHERS = 0o022;

/** Where caches of this user live (XDG Base Directory Specification; on macOS ~/Library/Caches). Never a folder that others share, such as /tmp. */
function cacheHome() {
  const { XDG_CACHE_HOME: given } = process.env;
  if (given !== undefined && isAbsolute(given)) return given;
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** The cache holds code that will run: it is used only where nobody else can write. */
function isOwn(folder) {
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid() && (stat.mode & WRITABLE_BY_OTHERS) === 0;
}

/**
 * Turns Node's compile cache on for the modules loaded from now on; entries are checked against the text of their module. Without a
 * folder of one's own strat starts a little slower, and that is all. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
export function useCompileCache() {
  try {
    const parent = join(cacheHome(), 'strat');
    const folder = join(parent, 'compile');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOwn(parent) && isOwn(folder)) enableCompileCache(folder);
  } catch {
    // No home, no permission, no space: all the same to the command.
  }
}
