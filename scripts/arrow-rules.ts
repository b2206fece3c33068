/**
 * Who may import whom: architecture.md section 2 as rules. `npm run check` runs them; tests/architecture/arrows.test.ts
 * plants an offender for each and asserts that it is caught by name.
 */

const TEST_FILE = '\\.test\\.tsx?$';
const MODEL = ['core/model', 'core/errors'];

/**
 * Folder -> the folders it may see besides itself. What is not listed here (cli) sees all.
 * Tests beside the code may cross folders, except where a rule below says otherwise.
 */
const SEES: Readonly<Record<string, readonly string[]>> = {
  'core/errors': [],
  'core/model': ['core/errors'],
  'core/engine': MODEL,
  'core/files': MODEL,
  'core/ports': MODEL,
  'core/config': [...MODEL, 'core/ports', 'core/files'],
  'core/data': [...MODEL, 'core/ports', 'core/files'],
  'core/indicators': [...MODEL, 'core/data', 'core/files', 'dsl'],
  'core/language-server': [...MODEL, 'core/runtime', 'dsl'],
  'core/observe': [...MODEL, 'core/ports'],
  'core/sandbox': [...MODEL, 'core/engine'],
  'core/runtime': [
    ...MODEL,
    'core/engine',
    'core/data',
    'core/sandbox',
    'core/ports',
    'core/observe',
    'core/config',
    'core/execution',
    'core/files',
    'core/indicators',
    'dsl',
  ],
  'core/execution': [...MODEL, 'core/engine', 'core/ports', 'core/data', 'core/observe', 'core/config'],
  'core/testkit': [...MODEL, 'core/engine', 'core/ports', 'core/data', 'core/indicators', 'dsl'],
  dsl: MODEL,
};

/** Library -> the one folder that imports it. A library that is not here has no home yet: add it with its folder. */
export const HOMES: Readonly<Record<string, string>> = {
  'isolated-vm': 'core/sandbox',
  express: 'core/http',
  tsyringe: 'core/kernel',
  'reflect-metadata': 'core/kernel',
  pino: 'core/observe',
  'pino-pretty': 'core/observe',
  ajv: 'core/config',
  yaml: 'core/config',
  chevrotain: 'dsl/grammar',
  acorn: 'dsl/plugin',
  'vscode-languageserver': 'core/language-server',
  'vscode-languageserver-textdocument': 'core/language-server',
  vscode: 'dsl/tools/vscode',
  'vscode-languageclient': 'dsl/tools/vscode',
  'big.js': 'core/engine',
  '@duckdb/node-api': 'core/data',
  '@uwdata/flechette': 'core/data/import',
  yauzl: 'core/data/import',
  ccxt: 'plugins/exchange/ccxt',
  react: 'web',
  'react-dom': 'web',
  'lightweight-charts': 'web',
  vite: 'web',
  '@noble/hashes': 'web/playground',
  '@codemirror/autocomplete': 'web/playground',
  '@codemirror/commands': 'web/playground',
  '@codemirror/language': 'web/playground',
  '@codemirror/lint': 'web/playground',
  '@codemirror/state': 'web/playground',
  '@codemirror/view': 'web/playground',
  '@vitejs/plugin-react': 'web',
};

const PRODUCT = '^(core|dsl|plugins|bin|web)/';
const STRAT = '^(core|dsl|plugins|bin|scripts|bench|tests|strategies|templates)/';
/** The one file of strat whose types the page shares. */
const PAGE_PORT = '^core/ports/bot-control\\.ts$';
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/@-]/g, '\\$&');
const ruleName = (folder: string): string => folder.replace('core/', '').replaceAll('/', '-');

const zoneRules: readonly ArrowRule[] = Object.entries(SEES).map(([folder, others]) => ({
  name: `${ruleName(folder)}-sees-only-its-own`,
  comment: `${folder} may import ${[folder, ...others].join(', ')}; nothing else of strat.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TEST_FILE },
  to: { path: '^(core|dsl|plugins|bin|web|scripts|bench|tests|strategies|templates)/', pathNot: `^(${[folder, ...others].join('|')})/` },
}));

const homeRules: readonly ArrowRule[] = Object.entries(HOMES).map(([library, folder]) => ({
  name: `${library.replace(/^@/, '').replace(/[/.]/g, '-')}-has-one-home`,
  comment: `${library} is imported in ${folder} only.`,
  severity: 'error',
  from: { path: PRODUCT, pathNot: `^${folder}/` },
  to: { path: `(^|node_modules/)(@types/)?${escape(library)}(/|$)`, dependencyTypesNot: ['local', 'aliased-subpath-import'] },
}));

interface Ends {
  readonly path?: string;
  readonly pathNot?: string;
  readonly dependencyTypes?: readonly string[];
  readonly dependencyTypesNot?: readonly string[];
  readonly circular?: boolean;
  readonly viaOnly?: { readonly dependencyTypesNot: readonly string[] };
  readonly couldNotResolve?: boolean;
}

/** A rule of dependency-cruiser: no import from `from` to `to`. */
export interface ArrowRule {
  readonly name: string;
  readonly comment: string;
  readonly severity: 'error';
  readonly from: Ends;
  readonly to: Ends;
}

export const ARROW_RULES: readonly ArrowRule[] = [
  ...zoneRules,
  {
    name: 'plugins-see-ports-model-errors',
    comment: 'A plugin gets everything else through the ports handed to its setup. Its tests may also use core/testkit.',
    severity: 'error',
    from: { path: '^plugins/', pathNot: TEST_FILE },
    to: { path: '^(core|dsl|bin|scripts|bench|tests|strategies|templates)/', pathNot: '^core/(ports|model|errors)/' },
  },
  {
    name: 'plugin-tests-see-testkit',
    comment: 'The test of a plugin sees what the plugin sees, and core/testkit.',
    severity: 'error',
    from: { path: `^plugins/.*${TEST_FILE}` },
    to: { path: '^(core|dsl|bin|scripts|bench|tests|strategies|templates)/', pathNot: '^core/(ports|model|errors|testkit)/' },
  },
  {
    name: 'plugins-never-each-other',
    comment: 'A plugin is a folder: deleting one never breaks another.',
    severity: 'error',
    from: { path: '^plugins/([^/]+/[^/]+)/' },
    to: { path: '^plugins/', pathNot: '^plugins/$1/' },
  },
  {
    name: 'only-cli-and-http-see-kernel',
    comment: 'The kernel is the composition root; what it builds gets plain constructor arguments.',
    severity: 'error',
    from: { path: '^', pathNot: '^(core/(kernel|cli|http)|tests)/' },
    to: { path: '^core/kernel/' },
  },
  {
    name: 'nothing-imports-cli',
    comment: 'Commands are the outermost layer; only the launcher, tests and what types the commands of a page start them.',
    severity: 'error',
    from: { path: '^', pathNot: '^(core/cli|bin|tests)/|^scripts/docs/command-answers\\.ts$' },
    to: { path: '^core/cli/' },
  },
  {
    name: 'only-cli-and-kernel-see-http',
    comment: 'The control API is an outer layer.',
    severity: 'error',
    from: { path: '^', pathNot: '^(core/(http|kernel|cli)|tests)/' },
    to: { path: '^core/http/' },
  },
  {
    name: 'web-sees-the-control-port',
    comment: 'The page knows the bot through its API; of strat it shares the types of core/ports/bot-control.ts, and core/model.',
    severity: 'error',
    from: { path: '^web/', pathNot: `(${TEST_FILE}|^web/playground/)` },
    to: { path: STRAT, pathNot: `(${PAGE_PORT}|^core/model/)` },
  },
  {
    name: 'web-shares-types-only',
    comment: 'The page bundles no code of the bot: import type.',
    severity: 'error',
    from: { path: '^web/' },
    to: { path: PAGE_PORT, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'playground-sees-what-runs-in-a-browser',
    comment:
      'The playground runs core/runtime/playground and the tools of the language: what these need is free of Node, or its build fails.',
    severity: 'error',
    from: { path: '^web/playground/', pathNot: TEST_FILE },
    to: { path: STRAT, pathNot: `(${PAGE_PORT}|^core/(model|errors|runtime/playground)/|^core/runtime/known-calendars\\.ts$|^dsl/)` },
  },
  {
    name: 'playground-page-leaves-strat-to-its-worker',
    comment: 'Compiler and engine are in the worker, so that the page never waits for them: import type.',
    severity: 'error',
    from: { path: '^web/playground/(page/|messages\\.ts$)', pathNot: TEST_FILE },
    to: { path: STRAT, pathNot: '^core/model/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'bot-page-sees-no-playground',
    comment: 'The playground takes charts and tables from web/src, which knows nothing of it.',
    severity: 'error',
    from: { path: '^web/(src|dev)/' },
    to: { path: '^web/playground/' },
  },
  {
    name: 'page-sees-no-node',
    comment: 'web/src and web/playground run in a browser; what needs Node is in web/dev.',
    severity: 'error',
    from: { path: '^web/(src|playground/(page|worker))/', pathNot: TEST_FILE },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'page-never-sees-its-stand-in',
    comment: 'web/dev stands in for the bot while the page is written and tested; it is not part of the page.',
    severity: 'error',
    from: { path: '^web/src/', pathNot: TEST_FILE },
    to: { path: '^web/dev/' },
  },
  {
    name: 'nothing-imports-web',
    comment: 'The bot serves the built files of web/dist; it does not import the page.',
    severity: 'error',
    from: { path: '^', pathNot: '^(web|tests)/' },
    to: { path: '^web/' },
  },
  ...homeRules,
  {
    name: 'library-needs-a-home',
    comment: 'Each library is imported in one folder: name it in HOMES of scripts/arrow-rules.ts.',
    severity: 'error',
    // core/testkit makes suites for the tests of plugins, with what those tests run on.
    from: { path: PRODUCT, pathNot: `(${TEST_FILE}|^core/testkit/)` },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: `(^|node_modules/)(@types/)?(${[...Object.keys(HOMES).map(escape), 'node'].join('|')})(/|$)`,
    },
  },
  {
    name: 'product-never-imports-tests',
    comment: 'What ships does not depend on tests, benchmarks or scripts.',
    severity: 'error',
    from: { path: PRODUCT, pathNot: TEST_FILE },
    to: { path: `(^(tests|bench|scripts)/|${TEST_FILE})` },
  },
  {
    name: 'pure-zones-see-no-node',
    comment: 'core/model, core/engine, core/errors and dsl also run where there is no Node.',
    severity: 'error',
    // The extension of an editor is no part of the language.
    from: { path: '^(core/(model|engine|errors)|dsl)/', pathNot: `(${TEST_FILE}|^dsl/tools/vscode/)` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'no-cycles',
    comment:
      'Two files that need each other are one thing or have a third between them. A cycle through an import of a type is none at run time.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'imports-resolve',
    comment: 'The imported file or package does not exist. (vscode is the editor itself.)',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '^vscode$' },
  },
];
