#!/usr/bin/env node
// The launcher: plain JavaScript that an old Node can parse (no `node:` imports, no `?.`, no top-level await), because its
// first job is to tell the user which Node is needed. Everything else is in core/cli/main.ts.

const NEEDED_MAJOR = 26;
const PLATFORMS = ['linux', 'darwin'];
/** architecture.md section 6: a fault of ours or of the outside. */
const EXIT_FAULT = 3;

/** Why strat cannot run here, or '' when it can. */
function obstacle() {
  if (PLATFORMS.indexOf(process.platform) === -1) {
    const windows = process.platform === 'win32';
    return (
      'strat runs on Linux and macOS; this is ' +
      (windows ? 'native Windows' : '"' + process.platform + '"') +
      '.\n' +
      (windows
        ? 'Use WSL: run "wsl --install" in a terminal, open the Linux shell, clone the project there and run "npm ci".\n'
        : 'Use one of these, a container with Linux for example.\n')
    );
  }
  const found = process.versions.node;
  const major = Number(found.split('.')[0]);
  if (major >= NEEDED_MAJOR && major % 2 === 0) return '';
  return (
    'strat needs Node ' +
    NEEDED_MAJOR +
    (major >= NEEDED_MAJOR
      ? ' or a later even release; found ' + found + '. Odd releases get no long support and are refused.\n'
      : ' or later; found ' + found + '.\n') +
    'How to get it: run "npm ci" in the project once, which installs Node ' +
    NEEDED_MAJOR +
    ' beside it; then start commands with\n' +
    '  npx strat ...            or\n' +
    '  npm run strat -- ...\n' +
    'Or install Node ' +
    NEEDED_MAJOR +
    ' from https://nodejs.org and run the same command again.\n'
  );
}

/** A failure outside of `main`, which reports its own: most often a package that is not installed. */
function describe(error) {
  const code = error && error.code;
  const text = error && error.message ? error.message : String(error);
  if (code === 'ERR_MODULE_NOT_FOUND')
    return 'strat is not fully installed: ' + text + '\nRun "npm ci" in the project, then the same command again.\n';
  return 'strat could not start: ' + text + '\n';
}

function refuse(text) {
  process.stderr.write(text);
  process.exitCode = EXIT_FAULT;
}

const found = obstacle();
if (found !== '') {
  refuse(found);
} else {
  // The exit code is set, not forced: output is flushed, and an isolate just disposed does not take the process down.
  import('./compile-cache.js')
    // Without a cache the start is slower, and that is all.
    .then(
      (cache) => cache.useCompileCache(),
      () => undefined,
    )
    .then(() => import('./bundle.js'))
    .then(
      (bundle) => bundle.commandLine(process.argv[2]),
      () => '../core/cli/main.ts',
    )
    .then((address) => import(address))
    .then((cli) => cli.main(process.argv.slice(2)))
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error) => {
        refuse(describe(error));
      },
    );
}
