import { seriesName } from '#core/data/store/series-key.ts';
import type { SeriesCheck, SeriesEntry } from '#core/data/store/series-store.ts';
import type { Command } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { ProgressLine } from '../progress-line.ts';
import { jsonText } from '../render/json-text.ts';
import { HOME_OPTION, JSON_OPTION, SERIES_OPTIONS, seriesArgument, storeOf } from './series-argument.ts';

export const dataCheckCommand: Command = {
  name: 'data check',
  summary: 'compare what is stored with its digests, and repair files',
  usage: 'data check [VENUE:MARKET...] [--kind KIND] [--timeframe LENGTH] [--json]',
  description:
    'Reads every file of the named series (of all, where none is named) and compares their values with the digests under which they were stored. Each block of rows is there twice, as Parquet and as raw columns: one that is missing or damaged is made anew from the other. Exit code 1 means that rows are lost.\n\nWhether the candles themselves make sense is what strat data validate looks at.',
  options: [...SERIES_OPTIONS, HOME_OPTION, JSON_OPTION],
  examples: ['strat data check', 'strat data check binance:BTC/USDT --timeframe 1h --json'],
  async run(input, io) {
    const store = storeOf(input, io);
    const entries = input.args.length === 0 ? store.list() : input.args.map((text) => seriesArgument(dataCheckCommand, input, store, text));
    const damaged = input.args.length === 0 ? store.damaged() : [];
    const progress = new ProgressLine(
      io,
      entries.reduce((sum, { rows }) => sum + rows, 0),
    );
    const checks: (SeriesCheck & Pick<SeriesEntry, 'key'>)[] = [];
    try {
      await interruptible(async (signal) => {
        let before = 0;
        for (const { key, rows } of entries) {
          checks.push({ key, ...(await store.check(key, { signal, onProgress: (done) => progress.show(before + Math.min(done, rows)) })) });
          before += rows;
        }
      });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      io.err(`Stopped after ${checks.length} of ${entries.length} series\n`);
      return 130;
    } finally {
      progress.end();
      store.close();
    }
    const isWhole = damaged.length === 0 && checks.every(({ lost }) => lost.length === 0);
    if (input.flag('json')) {
      const series = checks.map(({ key, ...check }) => ({ ...key, ...check }));
      io.out(jsonText({ schema: 'strat.data-check/1', ok: isWhole, series, damaged }));
    } else {
      for (const check of checks) io.out(checkText(check));
      if (checks.length === 0 && damaged.length === 0) io.out(`There is nothing in "${store.path}" yet.\n`);
      for (const { folder, reason } of damaged) io.err(`"${folder}" cannot be read: ${reason}\n`);
    }
    return isWhole ? 0 : 1;
  },
};

function checkText({ key, blocks, versions, repaired, lost }: SeriesCheck & Pick<SeriesEntry, 'key'>): string {
  const title = `${seriesName(key)}: ${blocks} block${blocks === 1 ? '' : 's'} of ${versions} version${versions === 1 ? '' : 's'}`;
  if (repaired.length + lost.length === 0) return `${title}, all as they were written\n`;
  const lines = [...repaired.map((file) => `  repaired: ${file}`), ...lost.map((file) => `  lost: ${file}`)];
  return `${[title, ...lines].join('\n')}\n`;
}
