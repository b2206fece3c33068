import type { SeriesStore } from '#core/data/store/series-store.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { parseTimeframe, type Timeframe } from '#core/model/timeframe.ts';
import type { UniverseNames } from '#core/runtime/portfolio/universe-members.ts';
import { someOf } from '#core/runtime/report/some-of.ts';
import { type ScanDocument, scanDocument } from '#core/runtime/scan/scan-document.ts';
import { type Scan, scanMarkets } from '#core/runtime/scan/scan-markets.ts';
import { expressionsOf, type ScanRequest } from '#core/runtime/scan/scan-request.ts';
import { isSnapshotName } from '#core/runtime/scan/snapshot-folder.ts';
import { prepareSeriesOnDisk } from '#core/runtime/series/compute-series.ts';
import type { Result } from '#core/model/result.ts';
import { type Compiler, createCompiler } from '#dsl/compile.ts';
import type { StudyCompilation } from '#dsl/study.ts';
import type { Command, CommandEntry, CommandInput, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { capsOf } from '../caps-option.ts';
import { HOME_OPTION, JSON_OPTION, storeOf } from '../data/series-argument.ts';
import { interruptible } from '../interruptible.ts';
import { assignmentsOption, timeOption } from '../option-values.ts';
import { ProgressLine } from '../progress-line.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { scanText } from '../render/scan-text.ts';
import { studyFindings, studyFindingsJson } from '../render/study-findings.ts';
import { QUESTION_OPTIONS, questionOf, SOURCE_OPTIONS } from '../scan/scan-options.ts';
import { fileSource, type ScanSource, storedSource } from '../scan/scan-sources.ts';
import { snapshotsOf } from '../scan/snapshot-argument.ts';
import { type StrategyQuestion, strategyQuestion } from '../scan/strategy-question.ts';
import { nameFile } from '../series/source-options.ts';
import type { NameFile } from '../series/series-source.ts';
import { storedMarkets } from '../stored-market-option.ts';
import { readStrategyFile } from '../strategy-file.ts';
import { withPlugins } from '../strategy-plugins.ts';

const USUAL_TIMEFRAME = '1d';
const STALE_BARS = 3;
/** Units need a market; the one of no other. */
const ANY_MARKET = 'MARKET';

const SUBCOMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'show the snapshots that were kept',
    load: async () => (await import('../scan/list-snapshots.ts')).scanListCommand,
  },
  { name: 'show', summary: 'show a snapshot again', load: async () => (await import('../scan/show-snapshot.ts')).scanShowCommand },
  {
    name: 'diff',
    summary: 'show what came and what went between two snapshots',
    load: async () => (await import('../scan/diff-snapshots.ts')).scanDiffCommand,
  },
];

export const scanCommand: Command = {
  name: 'scan',
  summary: 'filter and rank the markets of the store, as they were known at a moment',
  usage: 'scan [FILE.strat] [--filter EXPR]... [--rank EXPR] [--top N] [--show EXPR]... [--at TIME] [OPTIONS]',
  description:
    'Computes expressions of the language for every market of the data store (or of candle files), and shows the markets for which all filters hold, the best first. Nothing behind the moment is read: what is shown for a day of the past was known then, of markets that have ended since, too.\n\nWith a strategy its universe asks: what it would hold now, or at that moment.\n\nWhat is not found is counted, and a market of which too little is known is named with the reason. --save keeps what was found; strat scan diff NAME shows what came and what went since. docs/scan.md has expressions for volume, age, volatility, spread, capitalisation, correlation.',
  options: [
    ...QUESTION_OPTIONS,
    ...SOURCE_OPTIONS,
    { name: 'save', value: 'NAME', help: 'keep the result as a snapshot of this name' },
    { name: 'all', help: 'list every market that was not found, with its reason' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat scan --quote USDT --filter "sma(quote_volume, 20) > 5000000" --rank "roc(close, 30)" --top 10',
    'strat scan --filter "age > 90d" --filter "natr(14) in 1%..5%" --show "corr(close, close of BTC/USDT, 30)" --at 2023-06-01',
    'strat scan my-universe.strat --at 2023-06-01',
    'strat scan --data candles --rank "quote_volume" --json',
    'strat scan --rank "roc(close, 7)" --top 20 --save movers',
    'strat scan diff movers',
  ],
  subcommands: SUBCOMMANDS,
  async run(input, io) {
    const strategy = strategyOf(input);
    const told = questionOf(scanCommand, input);
    const universe = strategy === null ? null : await strategyQuestion(scanCommand, input, io, strategy);
    if (strategy !== null && universe === null) return 1;
    const question = universe === null ? told : joined(told, universe);
    const file = strategy ?? nameFile(input);
    const save = input.value('save');
    if (save !== undefined && !isSnapshotName(save))
      throw usage(`--save takes a name of letters, digits, dots and dashes, found "${save}"`, scanCommand);
    const prepare = preparerOf(input, io, expressionsOf(question), file);
    const timeframe = question.timeframe ?? (await timeframeOf(file, prepare));
    const store = input.values('data').length > 0 ? null : storeOf(input, io);
    try {
      const source = sourceOf(input, store, timeframe, universe?.names ?? null);
      const at = timeOption(scanCommand, input, 'at') ?? newestOf(source);
      const staleMs = question.staleMs ?? STALE_BARS * timeframe.stepMs;
      const request: ScanRequest = { ...question, at, timeframe, staleMs };
      const scan = await watched(source, request, async (market) => prepare(market, timeframe), io);
      if (!scan.ok) return tellWrong(scan.error, expressionsOf(question), file, input, io);
      tell(scanDocument(request, scan.value), save, input, io);
      return 0;
    } finally {
      store?.close();
    }
  },
};

type Preparer = (market: string, timeframe: Timeframe) => Promise<ReturnType<typeof prepareSeriesOnDisk>>;

function preparerOf(input: CommandInput, io: CommandIo, expressions: readonly string[], file: NameFile | null): Preparer {
  const compiler: Compiler = createCompiler();
  const set = assignmentsOption(scanCommand, input, 'set');
  if (set.size > 0 && file === null) throw usage('--set gives values to params of a strategy, or of a --file', scanCommand);
  const names = file === null ? {} : { file: file.text, path: file.path };
  return async (market, { name: timeframe }) =>
    withPlugins(compiler, io, (indicators) => prepareSeriesOnDisk(compiler, { expressions, market, timeframe, set, indicators, ...names }));
}

/** Where a file has a trade line, its bars are those that are meant. */
async function timeframeOf(file: NameFile | null, prepare: Preparer): Promise<Timeframe> {
  const usual = parseTimeframe(USUAL_TIMEFRAME)!;
  if (file === null) return usual;
  const prepared = await prepare(ANY_MARKET, usual);
  return (prepared.ok ? parseTimeframe(prepared.value.program.timeframe) : null) ?? usual;
}

/** The strategy whose universe is asked; null = the options ask. */
function strategyOf(input: CommandInput): NameFile | null {
  const [word, more] = input.args;
  if (word === undefined) return null;
  if (!word.endsWith('.strat') || more !== undefined)
    throw usage(
      `"${more ?? word}" stands alone: a condition stands behind --filter, a number behind --rank, a column behind --show`,
      scanCommand,
    );
  if (input.value('file') !== undefined) throw usage('The names of a strategy that is scanned are known: leave out --file', scanCommand);
  return { path: word, text: readStrategyFile(word) };
}

/** What a universe asks, and the command line besides. A member has a bar at the last close of all. */
function joined(told: ReturnType<typeof questionOf>, { filters, rank, top, timeframe }: StrategyQuestion): ReturnType<typeof questionOf> {
  if (rank !== null && told.rank !== null) throw usage(`The universe is ranked by ${rank.by}: leave out --rank`, scanCommand);
  const bars = told.timeframe ?? timeframe;
  return {
    ...told,
    filters: [...filters, ...told.filters],
    rank: rank ?? told.rank,
    top: told.top ?? top,
    timeframe: bars,
    staleMs: told.staleMs ?? bars.stepMs - 1,
  };
}

function sourceOf(input: CommandInput, store: SeriesStore | null, timeframe: Timeframe, universe: UniverseNames | null): ScanSource {
  const wanted = {
    universe,
    venues: input.values('venue'),
    quotes: input.values('quote'),
    markets: storedMarkets(scanCommand, input),
    caps: capsOf(input),
  };
  if (store !== null) return storedSource(store, wanted, timeframe);
  if (wanted.markets.length > 0) throw usage('--market and --data exclude each other: --venue and --quote choose from files', scanCommand);
  const source = fileSource(input.values('data'), wanted, timeframe);
  if (source.candidates.length === 0) throw usage('No file of --data is of a market that --venue and --quote ask for', scanCommand);
  return source;
}

/** When the newest bar had closed. @throws StratError DATA_MISSING when no market has any */
function newestOf({ candidates, newestMs }: ScanSource): number {
  if (newestMs > -Infinity) return newestMs;
  const reason = someOf(candidates.map(({ market, fault }) => `${market} (${fault ?? 'it has no bars'})`));
  throw new StratError('DATA_MISSING', {
    market: 'any market',
    reason,
    hint: '"strat data list" and "strat data validate" show what there is',
  });
}

async function watched(
  { candidates }: ScanSource,
  request: ScanRequest,
  prepare: Parameters<typeof scanMarkets>[2]['prepare'],
  io: CommandIo,
): Promise<Result<Scan, StudyCompilation>> {
  const progress = new ProgressLine(io, candidates.length);
  try {
    return await interruptible(async (signal) =>
      scanMarkets(candidates, request, { prepare, signal, onProgress: (done) => progress.show(done) }),
    );
  } finally {
    progress.end();
  }
}

function tellWrong(wrong: StudyCompilation, expressions: readonly string[], file: NameFile | null, input: CommandInput, io: CommandIo): 1 {
  if (input.flag('json')) io.out(jsonText(studyFindingsJson(wrong, expressions, file)));
  io.err(studyFindings(wrong, expressions, file, io.isTerminal ? io.width : Infinity, painter(io.color && io.showsProgress)));
  return 1;
}

function tell(document: ScanDocument, save: string | undefined, input: CommandInput, io: CommandIo): void {
  const snapshot = save === undefined ? null : snapshotsOf(input, io).save(save, document, Date.now());
  const kept = snapshot === null ? null : { name: snapshot.name, number: snapshot.number, saved: snapshot.saved };
  if (input.flag('json')) io.out(jsonText(kept === null ? document : { ...document, snapshot: kept }));
  else io.out(scanText(document, input.flag('all'), io));
  if (kept !== null && !input.flag('json'))
    io.out(`\nKept as ${kept.name}@${kept.number}; strat scan diff ${kept.name} compares it with the one before.\n`);
}
