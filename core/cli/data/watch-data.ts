import { existsSync } from 'node:fs';
import { LATENESS_MS, LiveMarkets } from '#core/data/live-bars/live-markets.ts';
import type { LiveEvent, LiveSeries } from '#core/data/live-bars/live-series.ts';
import { noteText } from '#core/data/live-bars/note-text.ts';
import type { SeriesKey } from '#core/data/store/series-key.ts';
import { explainError } from '#core/errors/explain-error.ts';
import { openHistories } from '#core/kernel/open-histories.ts';
import type { Bar } from '#core/model/bar.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { VenueFault } from '#core/ports/venue-fault.ts';
import { systemClock } from '#core/runtime/feeds/bot-clock.ts';
import type { Command, CommandInput, CommandIo, ExitCode } from '../command.ts';
import { usage } from '../command-line.ts';
import { interruptible } from '../interruptible.ts';
import { choiceOption, countOption, numberOption } from '../option-values.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { HOME_OPTION, storeOf } from './series-argument.ts';
import { checkVenues, lengthsOption, venueMarkets } from './venue-markets.ts';
import { isoOf, momentOf } from './version-document.ts';

export const dataWatchCommand: Command = {
  name: 'data watch',
  summary: 'record bars of venues as they close, and print them',
  usage: 'data watch VENUE:MARKET... | MARKET... --venue VENUE [--timeframe LENGTH,...] [--stop-after BARS] [--json]',
  description:
    'Asks venues for each bar when it is over, by the venue\'s clock, prints it and puts it into the store twice: among the candles, where the venue\'s last word counts, and into the series "live", where it stays as it was first told. What the venue corrects later, or tells too late, is printed with both values; "data diff --live" compares all of it.\n\nA venue that is away is waited for; the bars of that time come from its past when it is back. The next start goes on behind the last bar of "live". Ctrl-C ends it.',
  options: [
    { name: 'venue', value: 'VENUE', help: 'venue of markets that name none: binance' },
    { name: 'timeframe', value: 'LENGTHS', help: 'lengths of bars, separated by commas (1m)' },
    { name: 'bars', value: 'WHAT', help: "candles: the venue's; trades: made of its trades, ten seconds behind their end (candles)" },
    { name: 'lateness', value: 'SECONDS', help: `how long behind its end a bar counts as final (${LATENESS_MS / 1000})` },
    { name: 'stop-after', value: 'BARS', help: 'end when so many bars were printed' },
    CONFIG_OPTION,
    HOME_OPTION,
    { name: 'json', help: 'print a JSON document a line: bars, corrections, and when a venue goes and comes' },
  ],
  examples: [
    'strat data watch binance:BTC/USDT',
    'strat data watch BTC/USDT ETH/USDT --venue kraken --timeframe 1m,1h',
    'strat data watch binance:BTC/USDT:USDT --timeframe 5m --json',
  ],
  async run(input, io) {
    const markets = venueMarkets(dataWatchCommand, input);
    const several = markets.find(({ venues }) => venues.length > 1);
    if (several !== undefined)
      throw usage(`One venue gives the bars of ${several.market}, found ${several.venues.join(', ')}`, dataWatchCommand);
    const lengths = lengthsOption(dataWatchCommand, input, '1m');
    const stopAfter = countOption(dataWatchCommand, input, 'stop-after') ?? Infinity;
    const latenessMs = 1000 * (numberOption(dataWatchCommand, input, 'lateness') ?? LATENESS_MS / 1000);
    const isOfTrades = choiceOption(dataWatchCommand, input, 'bars', ['candles', 'trades']) === 'trades';
    const histories = await openHistories(input.value('config') ?? (existsSync('strat.yaml') ? 'strat.yaml' : null), io.env);
    const store = storeOf(input, io);
    try {
      checkVenues(histories, markets);
      return await interruptible(async (interrupted) => {
        const ended = new AbortController();
        const signal = AbortSignal.any([interrupted, ended.signal]);
        const live = new LiveMarkets({ store, histories, clock: systemClock, random: Math.random, isOfTrades, latenessMs, signal });
        const watch = new Watch(input, io, stopAfter, ended, signal);
        const all = markets.flatMap(({ market, venues }) => lengths.map((length) => ({ series: live.series(venues[0]!, market, length) })));
        for (const { series } of all) watch.follow(series);
        await watch.ended();
        await live.closed();
        if (interrupted.aborted) io.err('Stopped; what came until then is in the store. The next start goes on from there.\n');
        return watch.code;
      });
    } finally {
      store.close();
      await histories.close();
    }
  },
};

/** Tells of live series until there is nothing more to tell. */
class Watch {
  readonly #isJson: boolean;
  readonly #io: CommandIo;
  readonly #stopAfter: number;
  readonly #end: AbortController;
  readonly #signal: AbortSignal;
  #bars = 0;
  #open = 0;
  code: ExitCode = 0;

  /** @param signal aborts with `end`, and with Ctrl-C: nothing is told then */
  constructor(input: CommandInput, io: CommandIo, stopAfter: number, end: AbortController, signal: AbortSignal) {
    this.#signal = signal;
    this.#isJson = input.flag('json');
    this.#io = io;
    this.#stopAfter = stopAfter;
    this.#end = end;
  }

  follow(series: LiveSeries): void {
    const { key } = series.tape;
    this.#open++;
    series.subscribe((event) => this.#take(key, event));
    series.openAtEnd(0).catch((error: unknown) => this.#take(key, { type: 'failed', error }));
  }

  async ended(): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => this.#signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  #take(key: SeriesKey, event: LiveEvent): void {
    if (this.#signal.aborted) return;
    if (this.#isJson) this.#io.out(`${JSON.stringify({ ...key, kind: undefined, ...documentOf(event) })}\n`);
    else this.#print(key, event);
    if (event.type === 'bar' && ++this.#bars >= this.#stopAfter) this.#end.abort();
    if (event.type !== 'failed') return;
    // As of a download: what the venue refuses was asked wrongly.
    this.code = event.error instanceof VenueFault && ANSWERS.has(event.error.kind) ? 1 : 3;
    if (--this.#open === 0) this.#end.abort();
  }

  #print(key: SeriesKey, event: LiveEvent): void {
    const name = `${key.venue}:${key.market} ${key.timeframe}`;
    const stepMs = parseTimeframe(key.timeframe ?? '')?.stepMs ?? 0;
    switch (event.type) {
      case 'bar':
        this.#io.out(`${momentOf(event.bar.time, stepMs)}  ${name}  ${barText(event.bar)}\n`);
        break;
      case 'note':
        this.#io.err(`${name}: ${noteText(event.note)}\n`);
        break;
      case 'trouble':
        this.#io.err(event.trouble === null ? `${name}: the venue answers again\n` : `${name}: ${event.trouble.text}; it is asked on\n`);
        break;
      case 'failed':
        this.#io.err(`${name}: ${reasonOf(event.error)}; there are no more bars of it\n`);
        break;
      // no default
    }
  }
}

const ANSWERS: ReadonlySet<VenueFault['kind']> = new Set(['refused', 'unsupported']);

const reasonOf = (error: unknown): string => (error instanceof VenueFault ? error.message : explainError(error));

const barText = ({ open, high, low, close, volume }: Bar): string =>
  `open ${open}  high ${high}  low ${low}  close ${close}  volume ${volume}`;

const barDocument = (bar: Bar | null): object | null => (bar === null ? null : { ...bar, time: isoOf(bar.time) });

function documentOf(event: LiveEvent): object {
  switch (event.type) {
    case 'bar':
      return { type: 'bar', ...barDocument(event.bar) };
    case 'note': {
      const { note } = event;
      const [live, later] = [note.kind === 'revised-bar' ? note.live : null, 'later' in note ? note.later : null];
      return { type: note.kind, live: barDocument(live), later: barDocument(later), text: noteText(note) };
    }
    case 'trouble':
      return event.trouble === null ? { type: 'back' } : { type: 'away', since: isoOf(event.trouble.sinceMs), text: event.trouble.text };
    case 'failed':
      return { type: 'failed', text: reasonOf(event.error) };
    // no default
  }
}
