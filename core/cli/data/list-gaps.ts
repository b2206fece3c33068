import { checkSeries, type QualityReport } from '#core/data/quality/check-series.ts';
import type { Gap } from '#core/data/quality/gap-list.ts';
import { countText, grouped, minuteText } from '#core/data/quality/quality-text.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Command } from '../command.ts';
import { usage } from '../command-line.ts';
import { countOption } from '../option-values.ts';
import { CONFIG_OPTION } from '../plugin-world.ts';
import { alignedTable, wrapped } from '../render/aligned-table.ts';
import { jsonText } from '../render/json-text.ts';
import { painter } from '../render/paint.ts';
import { summaryLines } from '../render/quality-text.ts';
import { CALENDAR_OPTION, calendarChoice } from './calendar-option.ts';
import { rawCandles } from './raw-input.ts';
import { HOME_OPTION, JSON_OPTION } from './series-argument.ts';
import { stoppable } from './stoppable.ts';
import { isoOf } from './version-document.ts';

const SHOWN = 20;

export const dataGapsCommand: Command = {
  name: 'data gaps',
  summary: 'show where bars are missing',
  usage: 'data gaps FILE|VENUE:MARKET@TF [--calendar NAME] [--longest COUNT] [--json]',
  description:
    'Shows the places at which bars are missing, and how many: the longest ones, in the order of time. With the calendar of the market nights, weekends and holidays are no gaps.',
  options: [
    CALENDAR_OPTION,
    CONFIG_OPTION,
    { name: 'longest', value: 'COUNT', help: `how many to show (${SHOWN}); --json has all` },
    { name: 'timeframe', value: 'LENGTH', help: 'length of the bars in a file, such as 1h (what the name or the bars say)' },
    HOME_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'strat data gaps binance_BTC-USDT_1h.csv.gz',
    'strat data gaps SPY_1h.csv --calendar xnys',
    'strat data gaps binance:BTC/USDT@1h --json',
  ],
  async run(input, io) {
    const [name, more] = input.args;
    if (name === undefined || more !== undefined) throw usage('Name one file, or a series as in binance:BTC/USDT@1h', dataGapsCommand);
    const calendarOf = await calendarChoice(dataGapsCommand, input);
    const longest = countOption(dataGapsCommand, input, 'longest') ?? SHOWN;
    return stoppable(io, 'nothing is changed', async (watch) => {
      const raw = await rawCandles(dataGapsCommand, input, io, name, watch);
      const { calendar, reason } = calendarOf(raw);
      const report = checkSeries(raw, { calendar, calendarReason: reason, now: null });
      const { gaps, quiet, missing, series } = report;
      if (input.flag('json')) {
        const list = gaps.map((gap) => ({
          after: isoOf(gap.after),
          before: isoOf(gap.before),
          missing: gap.missing,
          isQuiet: quiet.has(gap),
        }));
        io.out(
          jsonText({
            schema: 'strat.data-gaps/1',
            name: series.name,
            timeframe: series.timeframe.name,
            calendar: calendar.name,
            calendarReason: reason,
            expected: report.expected,
            missing,
            gaps: list,
          }),
        );
        return 0;
      }
      const width = io.isTerminal ? Math.min(io.width, 120) : 80;
      const lines = [
        plainText(series.name, Infinity),
        ...summaryLines(report).flatMap((line) => wrapped(line, width - 2).map((part) => `  ${part}`)),
      ];
      if (gaps.length > 0) {
        const shown = new Set(gaps.toSorted((a, b) => b.missing - a.missing).slice(0, longest));
        const table = alignedTable<Gap>(
          [
            { title: 'last bar before', text: ({ after }) => minuteText(after), rank: 0 },
            { title: 'first bar behind', text: ({ before }) => minuteText(before), rank: 0 },
            { title: 'missing', isNumber: true, text: (gap) => grouped(gap.missing), rank: 0 },
            ...(quiet.size === 0 ? [] : [{ title: 'what', text: (gap: Gap) => (quiet.has(gap) ? 'no quote' : 'gap'), rank: 0 }]),
            { title: 'line', isNumber: true, text: ({ row }) => String(series.lines?.[report.sound.rows[row]!] ?? ''), rank: 1 },
          ],
          gaps.filter((gap) => shown.has(gap)),
          width,
          painter(io.color),
        );
        lines.push('', ...table);
        if (gaps.length > longest) lines.push(`... and ${grouped(gaps.length - longest)} shorter ones`);
      }
      io.out(`${[...lines, '', totalText(report)].join('\n')}\n`);
      return 0;
    });
  },
};

function totalText({ missing, gaps, quiet }: QualityReport): string {
  const all = `${countText(missing, 'bar')} missing in ${countText(gaps.length, 'place')}`;
  return quiet.size === 0 ? all : `${all}, of which ${grouped(quiet.size)} look as if there was no quote or trade`;
}
