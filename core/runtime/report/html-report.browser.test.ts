import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlotSeries } from '../drawings.ts';
import { chromiumPath } from '../../../tests/setup/chromium.ts';
import { renderHtmlReport } from './html-report.ts';
import { visit } from './testing/browser.ts';
import { sampleRun } from './testing/sample-run.ts';

const browser = chromiumPath();
const folder = mkdtempSync(join(tmpdir(), 'strat-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pageOf(name: string, text: string): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, text);
  // STRAT_KEEP_REPORTS=DIR keeps the pages for a look.
  const keep = process.env['STRAT_KEEP_REPORTS'];
  if (keep !== undefined) writeFileSync(join(keep, `${name}.html`), text);
  return file;
}

/** Two averages on the price, and a pane with a line and a histogram; with warm-up and gaps. */
function plotsOf(bars: number): readonly PlotSeries[] {
  const { columns } = sampleRun(bars, 0).series;
  const weighted = (weight: number): Float64Array => {
    let last = columns.close[0]!;
    return columns.close.map((close, i) => {
      last += weight * (close - last);
      return i < 1 / weight || i % 5000 > 4500 ? Number.NaN : last;
    });
  };
  const [fast, slow] = [weighted(0.1), weighted(0.02)];
  const difference = fast.map((value, i) => value - slow[i]!);
  return [
    { label: 'fast average', values: fast, color: 'blue', pane: null, style: null },
    { label: 'slow average', values: slow, color: 'orange', pane: null, style: null },
    { label: 'difference', values: difference, color: null, pane: 'momentum', style: 'histogram' },
    { label: 'signal', values: difference.map((value) => value * 0.8), color: 'red', pane: 'momentum', style: null },
  ];
}

/** Skipped without a Chromium; STRAT_TEST_INSTALL=1 installs one. */
describe.skipIf(browser === null)('the HTML report in a browser', { timeout: 120_000 }, () => {
  const cases = [
    ['no trade, wide, dark', 200, 0, 1200, 'dark'],
    ['one trade, phone, light', 150, 1, 360, 'light'],
    ['500 trades, phone, dark', 34_349, 500, 360, 'dark'],
    ['500 trades, wide, light', 34_349, 500, 1200, 'light'],
  ] as const;

  it.each(cases)('shows %s: no message, no request, no sideways scrolling', async (name, bars, trades, width, scheme) => {
    const { document, series } = sampleRun(bars, trades, plotsOf(bars));
    const file = pageOf(name.replaceAll(/[ ,]+/g, '-'), renderHtmlReport(document, series, ['strategy "x"\n']));
    const seen = await visit(browser!, file, { width, height: 900, scheme });
    expect(seen.messages).toEqual([]);
    expect(seen.requests).toEqual([]);
    expect(seen.contentWidth).toBeLessThanOrEqual(seen.windowWidth);
    // The style sheet is in force, and follows the scheme.
    expect(seen.background).toBe(scheme === 'dark' ? 'rgb(18, 21, 25)' : 'rgb(247, 247, 245)');
    const keep = process.env['STRAT_KEEP_REPORTS'];
    if (keep !== undefined) writeFileSync(join(keep, `${name}.png`), Buffer.from(seen.screenshot, 'base64'));
  });

  it('is watched by a test that sees messages, requests and sideways scrolling', async () => {
    const file = pageOf(
      'offender',
      '<body><img src="http://localhost:9/x.png"><script>console.log("hello")</script><div style="width:2000px">x</div>',
    );
    const seen = await visit(browser!, file, { width: 360, height: 600, scheme: 'light' });
    expect(seen.messages.join('\n')).toContain('hello');
    expect(seen.requests).toEqual(['http://localhost:9/x.png']);
    expect(seen.contentWidth).toBeGreaterThan(seen.windowWidth);
  });

  it('forbids by its policy what escaping has to prevent', async () => {
    const { document, series } = sampleRun(150, 1);
    const report = renderHtmlReport(document, series).replace(
      '</main>',
      '<script>document.title = "owned"; console.log("owned")</script><img src="http://localhost:9/x.png"></main>',
    );
    const seen = await visit(browser!, pageOf('injected', report), { width: 800, height: 600, scheme: 'light' });
    expect(seen.messages.join('\n')).toContain('Content Security Policy');
    expect(seen.messages.join('\n')).not.toContain('"value":"owned"');
  });
});
