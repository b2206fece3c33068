import { globSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { configError } from '#core/config/config-error.ts';
import { ConfigFile } from '#core/config/testing/load-text.ts';
import { parseCandleCsv } from '#core/data/candle-csv.ts';
import { FindingLog } from '#core/data/finding.ts';
import { openIndicator } from '#core/testkit/indicator-values.ts';
import type { ModuleSource } from '#dsl/check/module-source.ts';
import type { IndicatorPlugin, PluginSource } from '#dsl/check/plugin-source.ts';
import { testFileOf } from '#core/runtime/strategy-test/read-test-file.ts';
import { createCompiler } from '#dsl/compile.ts';
import { frames } from '#dsl/diagnostics/frame.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { readStepCode } from '#dsl/plugin/read-step-code.ts';
import { installedSchemas } from '../integration/installed-schemas.ts';
import { type Fence, fencesOf, PAGES, ROOT, strategyOf } from './fences.ts';
import { runRecipe } from './recipe-run.ts';

/** Pages whose examples are run by what writes them: tests/architecture/errors-page.test.ts and reference-pages.test.ts. */
const GENERATED = /^docs\/(errors\.md|reference\/)/;

/**
 * How each fenced block of each page is run, by its language. `console` and `sh` are typed by terminal.test.ts. A block that cannot run here says `elsewhere`
 * behind its language, and stands in ELSEWHERE with the reason; `text` is for what is no example: messages, forms of a line.
 */
const fences = PAGES.filter((page) => !GENERATED.test(page)).flatMap((page) => fencesOf(page));
const strategies = globSync('strategies/*/*.strat', { cwd: ROOT });

/** How many blocks of a page no test of this folder runs, and who does. */
const ELSEWHERE: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'README.md': [
    3,
    'the start: readme.test.ts; commands to a running bot: tests/integration/http-commands.test.ts; npm test, npm run bench: the CI',
  ],
  'CONTRIBUTING.md': [1, 'npm run check and npm test: the CI'],
  'docs/data.md': [
    8,
    'commands to a store with something in it, to files of the reader and to venues: tests/integration/cli-data*.test.ts, download/, live/',
  ],
  'docs/editor.md': [3, 'settings of editors, in their languages; the server that they start: tests/integration/lsp.test.ts'],
  'docs/http.md': [5, 'commands to a running bot: tests/integration/http-*.test.ts'],
  'docs/indicators.md': [1, 'npm run create: tests/integration/scaffold.test.ts'],
  'docs/migration.md': [18, 'what other tools have for it, in their languages'],
  'docs/paper.md': [2, 'bots that do not end: readme.test.ts, tests/integration/live/'],
  'docs/performance.md': [1, 'the installing of other engines, outside of the project'],
  'docs/playground.md': [2, 'servers, which do not end: tests/integration/playground-page.test.ts'],
  'docs/plugins.md': [2, 'npm run create, and the config of what it made: tests/integration/scaffold.test.ts'],
  'docs/scan.md': [1, 'questions to a store with something in it: tests/integration/cli-scan.test.ts'],
  'docs/tutorial.md': [1, 'cloning and installing: readme.test.ts'],
  'docs/web.md': [1, 'servers for work on the page, which do not end: tests/integration/web.test.ts'],
};

/** strat's own indicator plugins, as if all were pinned. */
const indicators = new Map<string, IndicatorPlugin>(
  globSync('plugins/indicator/*/', { cwd: ROOT }).map((folder) => {
    const plugin = openIndicator(`${ROOT}${folder}`);
    return [plugin.manifest.name, plugin];
  }),
);
const plugins: PluginSource = (name) => {
  const plugin = indicators.get(name);
  return plugin === undefined ? { ok: false, code: 'E0703', reason: 'strat has no such plugin' } : { ok: true, plugin };
};

/** Finds the strategies that come with strat, and the modules that a page shows: blocks with a path behind `strat`. */
function modulesOf(page: string): ModuleSource {
  const shown = new Map(
    fencesOf(page).flatMap(({ language, words, text }) => (language === 'strat' ? words.map((word) => [word, text]) : [])),
  );
  return (path) => {
    const shipped = path.replace(/^strategy:(.*)$/, `${ROOT}strategies/$1/$1.strat`);
    const text = strategies.some((file) => shipped === `${ROOT}${file}`) ? readFileSync(shipped, 'utf8') : shown.get(path);
    return text === undefined ? { ok: false, code: 'E0702', reason: 'the page does not show it' } : { ok: true, id: path, text };
  };
}

/** What the compiler says of a block against what the page says it does: nothing, or the codes behind `strat`. */
function compiled(fence: Fence): string {
  const { page, words } = fence;
  const text = strategyOf(fence);
  const wanted = words.filter((word) => /^[EW]\d{4}$/.test(word));
  const { diagnostics } = createCompiler().compile(text, { modules: modulesOf(page), plugins });
  const found = diagnostics.map(({ code }) => code);
  return found.join() === wanted.join() ? '' : `wanted ${wanted.join()}, found\n${frames(new LineMap(text), diagnostics)}`;
}

const config = new ConfigFile();
const schemas = await installedSchemas();
afterAll(() => config.close());

/** What is wrong with a block of the language; empty: nothing. */
const RUN: Readonly<Record<string, (fence: Fence) => string>> = {
  strat: compiled,
  json: ({ text }) => (JSON.parse(text) === undefined ? 'nothing' : ''),
  yaml: ({ page, words, text }) => {
    if (words[0]?.endsWith('.test.yaml') === true) return testFileOf(words[0], Buffer.from(text)).tests.length > 0 ? '' : 'no tests';
    const result = config.load(text, {}, schemas);
    return result.ok ? '' : configError(page, result.error).message;
  },
  csv: ({ page, text }) => {
    const log = new FindingLog();
    return parseCandleCsv(page, Buffer.from(text), log).columns.time.length > 1 && log.errorCount === 0 ? '' : 'no candles';
  },
  js: ({ text }) => {
    const code = readStepCode(text, ['length']);
    return code.ok ? '' : code.error.message;
  },
};
/** Run by terminal.test.ts, or no example. */
const OTHERS = ['console', 'sh', 'text', 'python', 'pine', 'lua', 'toml', 'elisp'];
const TRADED = ['docs/migration.md', 'docs/tutorial.md', 'README.md'];

const isElsewhere = ({ words }: Fence): boolean => words.includes('elsewhere');

describe('examples of the documentation', () => {
  test('there are some', () => {
    expect(fences.filter(({ language }) => language === 'strat').length).toBeGreaterThan(10);
    expect(strategies.length).toBeGreaterThan(4);
  });

  test('all are of a language that is run', () => {
    expect(fences.filter(({ language }) => !(language in RUN) && !OTHERS.includes(language)).map(({ place }) => place)).toEqual([]);
  });

  test('that no test of this folder runs are counted, with the reason', () => {
    const counts = new Map<string, number>();
    for (const { page } of fences.filter(isElsewhere)) counts.set(page, (counts.get(page) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(Object.entries(ELSEWHERE).map(([page, [count]]) => [page, count])));
  });

  test.for(fences.filter((fence) => fence.language in RUN && !isElsewhere(fence)))('$place ($language) does what it says', (fence) => {
    expect(RUN[fence.language]!(fence)).toBe('');
  });

  test.for(fences.filter(({ page, language, words }) => TRADED.includes(page) && language === 'strat' && !words.includes('E0307')))(
    '$place trades on a generated market',
    async (fence) => {
      // Of a universe every market has as many bars.
      const bars = fence.text.includes('universe') ? 1000 : 4000;
      expect((await runRecipe(strategyOf(fence), 1, bars)).trades.length).toBeGreaterThan(0);
    },
  );

  test.for(strategies)('%s compiles without a finding', (file) => {
    const source = readFileSync(`${ROOT}${file}`, 'utf8');
    expect(frames(new LineMap(source), createCompiler().compile(source).diagnostics)).toBe('');
  });
});
