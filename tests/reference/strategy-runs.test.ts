import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corpusPrograms, HAS_CORPUS, shippedPrograms } from '../language/corpus.ts';
import { hasSharedData } from './shared-data.ts';
import { corpusFolder, runsOf, type StrategyRun, SYNTHETIC } from './strategy-runs.ts';

const PAGE = 'docs/strategy-runs.md';
/** `STRAT_UPDATE=1 npx vitest run tests/reference/strategy-runs.test.ts` writes the page anew and prints what changed. */
const isUpdate = process.env['STRAT_UPDATE'] === '1';
const HEAD = ['| strategy | market | bars | number | trades | result | why none |', '|---|---|---|--:|--:|---|---|'];

const lineOf = ({ strategy, market, data, bars, trades, result, why }: StrategyRun): string => {
  const [shownBars, shownTrades] = result === '' ? ['', ''] : [bars, trades];
  return `| ${[strategy, market, data, shownBars, shownTrades, result === '' ? '' : `\`${result}\``, why.replaceAll('|', '\\|')].join(' | ')} |`;
};

const written = (): readonly string[] =>
  readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line !== HEAD[0]);
const shippedNames = new Set(shippedPrograms().map(({ name }) => name.replace('.strat', '')));

describe('every strategy of the corpus and of the repository', () => {
  let folder: ReturnType<typeof corpusFolder>;
  const runs: StrategyRun[] = [];

  beforeAll(async () => {
    folder = corpusFolder();
    for (const program of corpusPrograms()) runs.push(...(await runsOf(program, join(folder.path, program.name), false)));
    for (const program of shippedPrograms()) runs.push(...(await runsOf(program, program.name, true)));
  }, 60_000);

  afterAll(() => folder.dispose());

  test.skipIf(isUpdate)('that comes with the repository gives the trades of the page on a generated market', () => {
    const isShipped = (line: string): boolean => shippedNames.has(line.split(' ')[1]!) && line.includes(` ${SYNTHETIC} |`);
    const own = runs.filter(({ strategy, data }) => shippedNames.has(strategy) && data.endsWith(SYNTHETIC)).map(lineOf);
    expect(own).toHaveLength(shippedNames.size);
    expect(written().filter(isShipped)).toEqual(own);
  });

  test.skipIf(!hasSharedData || !HAS_CORPUS)('gives the trades of the page (../shared/corpus, ../shared/data/candles)', () => {
    const now = runs.map(lineOf);
    if (isUpdate) update(now);
    expect(written()).toEqual(now);
  });

  test('trades somewhere, or the page says why not', () => {
    expect(runs.filter(({ trades, why }) => trades === 0 && why === '')).toEqual([]);
    const traded = new Set(runs.filter(({ trades }) => trades > 0).map(({ strategy }) => strategy));
    const idle = [...new Set(runs.map(({ strategy }) => strategy))].filter((strategy) => !traded.has(strategy));
    expect(idle).toEqual([]);
  });
});

/** Writes the table anew and prints the lines that go and come. */
function update(now: readonly string[]): void {
  const [text] = readFileSync(PAGE, 'utf8').split(HEAD[0]!);
  const before = written();
  writeFileSync(PAGE, `${text}${[...HEAD, ...now].join('\n')}\n`);
  const gone = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const come = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  process.stdout.write(`${[...gone, ...come].join('\n')}\n`);
}
