import { existsSync } from 'node:fs';
import { download, type DownloadTarget } from '#core/data/download/download.ts';
import type { DownloadReport, SeriesReport } from '#core/data/download/download-report.ts';
import { hasTimeframe, SERIES_KINDS, type SeriesKind } from '#core/data/store/series-key.ts';
import { openHistories } from '#core/kernel/open-histories.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import type { Command, CommandInput, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { interruptible } from '../interruptible.ts';
import { numberOption, timeOf } from '../option-values.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { jsonText } from '../render/json-text.ts';
import { downloadDocument } from './download-document.ts';
import { DownloadProgress } from './download-progress.ts';
import { downloadLines } from './download-text.ts';
import { HOME_OPTION, JSON_OPTION, storeOf } from './series-argument.ts';
import { checkVenues, lengthsOption, listOption, venueMarkets } from './venue-markets.ts';

const PATIENCE_MIN = 5;
const MINUTE_MS = 60_000;

export const dataDownloadCommand: Command = {
  name: 'data download',
  summary: 'bring candles, funding rates, trades of venues into the store, up to date',
  usage:
    'data download VENUE:MARKET... | MARKET... --venue VENUE[,VENUE...] [--kind KIND,...] [--timeframe LENGTH,...] [--from TIME] [--to TIME] [--json]',
  description:
    "Asks venues for the past of markets, through ccxt, and puts it into the store. What is there already is not asked for again, but for the last ten bars, which venues correct; holes are asked for twice, then remembered as holes of the venue. The bar that is not over yet, by the venue's clock, is never stored.\n\nSeveral venues and markets are asked at once, each venue within its budget of requests; a venue that wants a pause gets it. With --venue a,b each market is taken from the first venue that gives it. What could not be had is listed, and the exit code is 3; the rest is there. Ctrl-C stops: what came until then stays, and the same command goes on from there.",
  options: [
    { name: 'venue', value: 'VENUES', help: 'venues for markets without one, the first that serves counts: binance,okx' },
    { name: 'kind', value: 'KINDS', help: `what of each market: ${SERIES_KINDS.join(', ')}, separated by commas (candles)` },
    { name: 'timeframe', value: 'LENGTHS', help: 'lengths of bars, separated by commas (1h)' },
    {
      name: 'from',
      value: 'TIME',
      help: 'first moment: 2020, 2020-06, 2020-06-30 or a time in ISO 8601, UTC (what is stored, else a year ago)',
    },
    { name: 'to', value: 'TIME', help: 'moment behind the last (as far as there is)' },
    { name: 'wait', value: 'MINUTES', help: `longest pause that a venue may want; one that bans for longer is left (${PATIENCE_MIN})` },
    CONFIG_OPTION,
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data download binance:BTC/USDT --from 2020',
    'strat data download binance:BTC/USDT:USDT --kind candles,funding,mark --timeframe 1h,1d',
    'strat data download BTC/USDT ETH/USDT --venue binance,okx --timeframe 1m --from 2024-01',
    'strat data download kraken:BTC/USD --kind trades --from 2024-08-08 --to 2024-08-09 --json',
  ],
  async run(input, io) {
    const request = {
      targets: targetsOf(input),
      from: momentOption(input, 'from'),
      to: momentOption(input, 'to'),
    };
    if (request.from !== null && request.to !== null && request.from >= request.to)
      throw usage(`--from must lie before --to, found "${input.value('from')}" and "${input.value('to')}"`, dataDownloadCommand);
    const patienceMs = (numberOption(dataDownloadCommand, input, 'wait') ?? PATIENCE_MIN) * MINUTE_MS;
    const config = input.value('config') ?? (existsSync('strat.yaml') ? 'strat.yaml' : null);
    const histories = await openHistories(config, io.env);
    const store = storeOf(input, io);
    const progress = new DownloadProgress(io, request.targets.length, performance.now());
    try {
      checkVenues(histories, request.targets);
      const report = await interruptible(async (signal) =>
        download(request, {
          store,
          histories,
          clock: systemClock,
          seed: Date.now(),
          patienceMs,
          signal,
          tell: (text) => progress.tell(text),
          onProgress: (target, venue, series) => progress.series(target, venue, series, performance.now()),
          onDone: (series) => progress.done(series),
        }),
      );
      progress.end();
      if (input.flag('json')) io.out(jsonText(downloadDocument(report, store.path)));
      else io.out(`${downloadLines(report, io).join('\n')}\n`);
      if (report.isStopped) io.err('Stopped; what came until then is in the store. The same command goes on from there.\n');
      return codeOf(report);
    } finally {
      progress.end();
      store.close();
      await histories.close();
    }
  },
};

/** Every market with every kind and length. */
function targetsOf(input: CommandInput): readonly DownloadTarget[] {
  const markets = venueMarkets(dataDownloadCommand, input);
  const kinds = listOption(input, 'kind').map(kindOf);
  const lengths = lengthsOption(dataDownloadCommand, input, '1h');
  const targets = markets.flatMap(({ market, venues }) =>
    (kinds.length === 0 ? ['candles' as const] : kinds).flatMap((kind) =>
      (hasTimeframe(kind) ? lengths.map(({ name }) => name) : [null]).map((timeframe) => ({ venues, market, kind, timeframe })),
    ),
  );
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}

function kindOf(word: string): SeriesKind {
  const kind = SERIES_KINDS.find((known) => known === word);
  if (kind === undefined) throw usage(`--kind takes ${SERIES_KINDS.join(', ')}, found "${word}"`, dataDownloadCommand);
  return kind;
}

/** Years and months too. */
function momentOption(input: CommandInput, name: string): number | null {
  const text = input.value(name);
  if (text === undefined) return null;
  const whole = /^\d{4}$/.test(text) ? `${text}-01-01` : /^\d{4}-\d\d$/.test(text) ? `${text}-01` : text;
  return timeOf(dataDownloadCommand, name, whole);
}

function codeOf({ series, isStopped }: DownloadReport): ExitCode {
  if (isStopped) return 130;
  const failed = series.filter(({ state }) => state !== 'complete');
  if (failed.length === 0) return 0;
  const isInput = ({ fault }: SeriesReport): boolean => fault === 'refused' || fault === 'unsupported';
  return failed.every(isInput) ? 1 : 3;
}
