import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { marketCalendar } from '#core/data/calendar/market-calendar.ts';
import { generateMarket } from '#core/data/market-generator.ts';
import { checkSeries, type QualityReport } from '#core/data/quality/check-series.ts';
import { parseRawCandles } from '#core/data/quality/raw-series.ts';
import { monthCoverage } from '#core/data/quality/coverage.ts';
import { barsOf } from '#core/model/columns.ts';
import { chromiumPath } from '../../../../tests/setup/chromium.ts';
import { visit } from '../testing/browser.ts';
import { renderQualityReport } from './quality-report.ts';

const HOUR = 3_600_000;
const ROUND_THE_CLOCK = marketCalendar('24x7')!;
const browser = chromiumPath();
const folder = mkdtempSync(join(tmpdir(), 'strat-quality-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Three months of hours with a gap over the end of January, a spike and a bad line. */
function report(name = 'venue_BTC-USDT_1h.csv'): QualityReport {
  const bars = barsOf(
    generateMarket({ seed: 9, stepMs: HOUR, startTime: Date.UTC(2024, 0, 1), startPrice: 100, tick: 0.01, bars: 91 * 24 }),
  );
  const lines = bars.map(({ time, open, high, low, close, volume }, row) =>
    [time, open, high, row === 1500 ? low / 3 : low, row === 1500 ? close / 3 : close, row === 1700 ? -1 : volume].join(','),
  );
  lines.splice(31 * 24 - 10, 30);
  return checkSeries(
    parseRawCandles(name, Buffer.from(['timestamp,open,high,low,close,volume', ...lines].join('\n')), {
      name: '1h',
      count: 1,
      unit: 'h',
      stepMs: HOUR,
    }),
    {
      calendar: ROUND_THE_CLOCK,
      now: null,
    },
  );
}

test('months tell what is there and what is missing, a gap over their edge by its parts', () => {
  expect(monthCoverage(report()).map(({ present, missing }) => [present, missing])).toEqual([
    [31 * 24 - 10, 10],
    [29 * 24 - 20, 20],
    // The bad line is no bar.
    [31 * 24 - 1, 1],
  ]);
});

test('names of files are escaped', () => {
  const page = renderQualityReport([{ report: report('<img src=x>.csv'), comparison: null }]);
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;img src=x&gt;.csv');
});

describe.skipIf(browser === null)('the page in a browser', { timeout: 120_000 }, () => {
  it.each([
    [1200, 'light'],
    [360, 'dark'],
  ] as const)('%i wide, %s: no message, no request, no sideways scrolling', async (width, scheme) => {
    const file = join(folder, `${scheme}.html`);
    writeFileSync(file, renderQualityReport([{ report: report(), comparison: null }]));
    const seen = await visit(browser!, file, { width, height: 900, scheme });
    expect([seen.messages, seen.requests]).toEqual([[], []]);
    expect(seen.contentWidth).toBeLessThanOrEqual(seen.windowWidth);
  });
});
