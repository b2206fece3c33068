import type { CandleFile } from '#core/data/candle-text.ts';
import type { Finding } from '#core/data/finding.ts';
import { displayPath } from '#core/data/finding.ts';
import { LiveBars, type LiveNote } from '#core/data/live-bars/live-bars.ts';
import { noteText } from '#core/data/live-bars/note-text.ts';
import { readTickFile } from '#core/data/tick-file.ts';
import { StratError } from '#core/errors/strat-error.ts';
import type { Bar } from '#core/model/bar.ts';
import type { Market } from '#core/model/market.ts';
import { sharedColumns } from '#core/model/columns.ts';
import type { Timeframe } from '#core/model/timeframe.ts';

/** Of a recording the trades are in order: none is late. */
const LATENESS_MS = 0;
const SHOWN = 5;

/**
 * Plays a recording of trades through the builder of live bars, as a venue would tell them. The bar in which it ends is no bar: nobody knows whether more trades came.
 * @param market whose trades they are; null = the name of the file says it
 * @throws StratError DATA_FORMAT where it holds quotes, or no bar ends in it; those of the reader of trades
 */
export function barsOfRecording(path: string, market: Market | null, timeframe: Timeframe): CandleFile {
  const { ticks, market: said, sha256 } = readTickFile(path);
  const file = displayPath(path);
  if (ticks.kind === 'quotes')
    throw new StratError('DATA_FORMAT', { file, line: 1, reason: 'it holds quotes', hint: 'Give trades, or candles' });
  const bars: Bar[] = [];
  const notes: LiveNote[] = [];
  const live = new LiveBars({
    timeframe,
    latenessMs: LATENESS_MS,
    onBar: (bar) => void bars.push(bar),
    onNote: (note) => void notes.push(note),
  });
  for (const [row, time] of ticks.time.entries()) live.addTrade({ id: NaN, time, price: ticks.price[row]!, qty: ticks.qty[row] ?? 0 });
  if (bars.length === 0)
    throw new StratError('DATA_FORMAT', {
      file,
      line: 1,
      reason: `no bar of ${timeframe.name} ends in it`,
      hint: 'Take a shorter timeframe',
    });
  const columns = sharedColumns(bars.length);
  for (const [row, bar] of bars.entries())
    for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) columns[name][row] = bar[name];
  return {
    path,
    columns,
    further: new Map(),
    rows: bars.length,
    market: market ?? said,
    venue: null,
    timeframe,
    stepMs: timeframe.stepMs,
    sha256,
    findings: notes.slice(0, SHOWN).map(noteFinding),
  };
}

const noteFinding = (note: LiveNote): Finding => ({
  code: 'read-as',
  severity: 'warning',
  line: null,
  count: 1,
  message: noteText(note),
  hint: 'Bars of a download have it',
});
