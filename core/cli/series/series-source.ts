import { parseCandleFileName } from '#core/data/candle-file-name.ts';
import { readCandleFile } from '#core/data/candle-file.ts';
import type { CandleFile } from '#core/data/candle-text.ts';
import { fileName } from '#core/model/file-name.ts';
import type { Timeframe } from '#core/model/timeframe.ts';
import type { Result } from '#core/model/result.ts';
import { type CapData, withCaps } from '#core/runtime/cap-data.ts';
import { dataNeeds } from '#core/runtime/data-needs.ts';
import { dataPath } from '#core/runtime/data-path.ts';
import { columnWarnings } from '#core/runtime/further-columns.ts';
import { candlesOfMarkets, type ReadCandles } from '#core/runtime/market-candles.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import type { StoredMarket } from '#core/runtime/stored-market.ts';
import { type ComputedSeries, computePrepared, prepareSeriesOnDisk } from '#core/runtime/series/compute-series.ts';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import { SYNTHETIC_BARS, syntheticMarkets } from '#core/runtime/synthetic-market-data.ts';
import { type Compiler, createCompiler } from '#dsl/compile.ts';
import type { StudyCompilation } from '#dsl/study.ts';
import type { CommandIo } from '../command.ts';
import { readFromStore, storedTimeframe } from '../stored-markets.ts';
import { withPlugins } from '../strategy-plugins.ts';

/** The generated market of the bot's first config (core/config/templates), where no candles are given. */
const DEMO_SEED = 7;
const DEMO_MARKET = 'BTC/USDT';
const DEMO_TIMEFRAME = '1h';
/** Candles whose file does not say whose they are. */
const UNNAMED_MARKET = 'MARKET';

const NOTHING = { files: new Map<string, CandleFile>(), names: [[]] as readonly (readonly string[])[] };

/** Which bars a command computes on, as its options say. */
export interface SourceRequest {
  /** `PATH` or `MARKET=PATH`; none here and in the store = a generated market. */
  readonly data: readonly string[];
  /** Markets of the data store, and where that is. */
  readonly stored: { readonly markets: readonly StoredMarket[]; readonly folder: string };
  readonly caps: CapData;
  readonly seed?: number | undefined;
  readonly bars?: number | undefined;
  readonly timeframe: Timeframe | null;
  readonly from: number | null;
  readonly to: number | null;
}

interface Chart {
  readonly market: string;
  readonly timeframe: string;
}

/** A file whose names expressions use. */
export interface NameFile {
  readonly path: string;
  readonly text: string;
}

/** Candles and a compiler for any number of expressions: files are read once for each set of columns. */
export class SeriesSource {
  readonly #request: SourceRequest;
  readonly #io: CommandIo;
  readonly #compiler: Compiler = createCompiler();
  readonly #read = readOnce();
  #chart: Chart | null = null;

  constructor(request: SourceRequest, io: CommandIo) {
    this.#request = request;
    this.#io = io;
  }

  /** What is wrong with the expressions or the file is a value. @throws StratError as `prepareSeriesOnDisk`, and those of the candle reader */
  async prepare(
    expressions: readonly string[],
    file: NameFile | null,
    set: ReadonlyMap<string, string> = new Map(),
  ): Promise<Result<PreparedSeries, StudyCompilation>> {
    const { market, timeframe } = this.chart();
    return withPlugins(this.#compiler, this.#io, (indicators) =>
      prepareSeriesOnDisk(this.#compiler, {
        expressions,
        market,
        timeframe,
        set,
        indicators,
        ...(file === null ? {} : { file: file.text, path: file.path }),
      }),
    );
  }

  /** The candles that they need. @throws StratError as `candlesOfMarkets` and `readFromStore` */
  async candles({ program }: PreparedSeries, file: NameFile | null): Promise<MarketData> {
    const needs = dataNeeds({ program, source: { file: file === null ? 'the expression' : fileName(file.path) } });
    const { data, stored, caps, seed = DEMO_SEED, bars = SYNTHETIC_BARS, ...request } = this.#request;
    if (data.length + stored.markets.length === 0) return syntheticMarkets(needs, { ...request, seed, bars })[0]!;
    const { files, names } =
      stored.markets.length === 0 ? NOTHING : await readFromStore(stored.folder, [needs], stored.markets, request.timeframe, false);
    const given = [...(file === null && data.length > 0 ? this.#named(data) : data), ...names[0]!];
    const read: ReadCandles = (path, options) => withCaps(files.get(path) ?? this.#read(path, options), options.wanted ?? [], caps);
    return candlesOfMarkets(needs, { ...request, data: given }, read)[0]!;
  }

  /** @throws StratError as `computePrepared` */
  async compute(prepared: PreparedSeries, data: MarketData): Promise<ComputedSeries> {
    return computePrepared(prepared, data);
  }

  /** What a reader has to know of the bars and of the file. */
  warnings({ program, unneeded }: PreparedSeries, data: MarketData, file: NameFile | null): readonly string[] {
    const has = new Map([...data.others, data].map(({ market, further }) => [market, new Set(further.keys())] as const));
    const errors = unneeded.filter(({ severity }) => severity === 'error').length;
    const name = file === null ? '' : fileName(file.path);
    return [
      ...data.warnings,
      ...data.others.flatMap(({ warnings }) => warnings),
      ...columnWarnings(program, data.market, (market) => has.get(market) ?? new Set()),
      ...(errors === 0
        ? []
        : [`${name} has ${errors === 1 ? 'a mistake' : `${errors} mistakes`} in lines that are not needed here: strat check ${name}`]),
    ];
  }

  /** The chart of expressions that stand in no strategy: that of the first candles. */
  chart(): Chart {
    this.#chart ??= this.#chartOf();
    return this.#chart;
  }

  #chartOf(): Chart {
    const { timeframe } = this.#request;
    const [first] = this.#request.data;
    const { markets, folder } = this.#request.stored;
    const [named] = markets;
    if (first === undefined && named !== undefined)
      return { market: named.market!, timeframe: timeframe?.name ?? storedTimeframe(folder, named) };
    if (first === undefined) return { market: DEMO_MARKET, timeframe: timeframe?.name ?? DEMO_TIMEFRAME };
    const { forced, path } = dataPath(first);
    const said = parseCandleFileName(fileName(path));
    const market = forced ?? said.market;
    if (market !== null && (timeframe ?? said.timeframe) !== null)
      return { market: market.name, timeframe: (timeframe ?? said.timeframe)!.name };
    const file = this.#read(path, {});
    return { market: (market ?? file.market)?.name ?? UNNAMED_MARKET, timeframe: (timeframe ?? file.timeframe).name };
  }

  /** The first candles are those of the chart, whatever their file is called. */
  #named([first = '', ...others]: readonly string[]): readonly string[] {
    return [dataPath(first).forced === null ? `${this.chart().market}=${first}` : first, ...others];
  }
}

function readOnce(): ReadCandles {
  const known = new Map<string, CandleFile>();
  return (path, options) => {
    const key = JSON.stringify([path, options.market?.name ?? null, options.wanted ?? []]);
    const file = known.get(key) ?? readCandleFile(path, options);
    known.set(key, file);
    return file;
  };
}
