import { describe, expect, it } from 'vitest';
import type { PlotSeries } from '../drawings.ts';
import { renderHtmlReport } from './html-report.ts';
import { escapeHtml, html } from './html-text.ts';
import { METRIC_GROUPS } from './metric-groups.ts';
import { plainText } from './plain-text.ts';
import { sampleRun } from './testing/sample-run.ts';

const wholePicture = (report: string): string =>
  /<svg class="chart wide".*?<\/svg>\s*(?=<svg class="chart narrow")/s.exec(report)?.[0] ?? '';
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('the html tag', () => {
  it('escapes values, joins lists and leaves out null', () => {
    expect(html`<b title="${`"'<&>`}">${['a<b', 1, null, html`<i>${'&'}</i>`]}</b>`.text).toBe(
      '<b title="&quot;&#39;&lt;&amp;&gt;">a&lt;b1<i>&amp;</i></b>',
    );
  });

  it('makes characters that act visible', () => {
    expect(plainText('a\u001b[31mb\u202ec\u2028d\ud800')).toBe('a\ufffd[31mb\ufffdc\ufffdd\ufffd');
    expect(plainText('one\r\n\ttwo')).toBe('one two');
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(escapeHtml('x'.repeat(50_000))).toHaveLength(50_000);
  });
});

describe('the HTML report', () => {
  const [big, none, one] = [sampleRun(34_349, 500), sampleRun(200, 0), sampleRun(150, 1)];

  it('stays under 2 MB for 34,349 bars, and for as many trades as bars allow', () => {
    expect(renderHtmlReport(big.document, big.series).length).toBeLessThan(2_000_000);
    const many = sampleRun(34_349, 8000);
    const report = renderHtmlReport(many.document, many.series);
    expect(report.length).toBeLessThan(2_000_000);
    expect(report).toContain('1,000 are marked');
    expect(report).toContain('first and the last 250 of 8,000 exits');
  });

  it('has no script, no event handler and no address to fetch', () => {
    for (const { document, series } of [big, none, one]) {
      const report = renderHtmlReport(document, series, ['strategy "x"\n']);
      expect(report).not.toMatch(/<script|<iframe|<object|<embed|<form|javascript:|@import|url\(/i);
      expect(report).not.toMatch(/<[^>]* on\w+=/i);
      expect([...report.matchAll(/(?:src|href|action)="([^"]*)"/g)].map((match) => match[1])).toEqual(['data:,']);
      expect(report).not.toMatch(/https?:/);
      expect(report).toContain("default-src 'none'");
    }
  });

  it('folds up a long list of markets', () => {
    const data = Array.from({ length: 100 }, (_, market) => ({ ...none.document.data[0]!, market: `C${market}/USDT` }));
    const head = (markets: number): string => {
      const report = renderHtmlReport({ ...none.document, data: data.slice(0, markets) }, none.series);
      return report.slice(report.indexOf('<header>'), report.indexOf('</header>'));
    };
    expect(head(8)).not.toContain('<details>');
    const [open, folded] = head(100).split('<details>');
    expect(count(open!, '/USDT 1h')).toBe(3);
    expect(folded).toContain('and 97 more markets');
    expect(count(folded!, '/USDT 1h')).toBe(97);
  });

  it('marks every trade on the price', () => {
    const report = renderHtmlReport(big.document, big.series);
    // The wide picture of the whole run: narrow ones and parts have fewer marks.
    const picture = wholePicture(report);
    const longs = big.document.trades.filter((trade) => trade.side === 'long').length;
    const stops = big.document.trades.filter((trade) => trade.exitReason === 'stop').length;
    const open = big.document.trades.filter((trade) => trade.exitTime === null).length;
    // Each begins anew in the one path of its kind.
    const marks = (kind: string): number => count(new RegExp(`<path class="${kind}" d="([^"]*)"`).exec(picture)?.[1] ?? '', 'M');
    expect(marks('entry long')).toBe(longs);
    expect(marks('entry short')).toBe(500 - longs);
    expect(marks('stop')).toBe(stops);
    expect(marks('exit')).toBe(500 - stops - open);
    expect(marks('held won') + marks('held lost')).toBe(500 - open);
  });

  it('lists the ambiguous bars, those first on which the most hangs', () => {
    const ambiguous = [3, 70, 20].map((profit, i) => ({ time: `2024-01-0${i + 1}T00:00:00.000Z`, profit }));
    const report = renderHtmlReport({ ...one.document, ambiguous }, one.series);
    expect(report).toContain('In 3 bars a target and a stop were both reached');
    expect(/2024-01-02 00:00.*70\.00.*2024-01-03 00:00.*20\.00.*2024-01-01 00:00.*3\.00/s.test(report)).toBe(true);
    expect(renderHtmlReport(one.document, one.series)).not.toContain('Ambiguous bars</h2>');
  });

  it('draws numbers only, also with no trade, one trade and no bar', () => {
    const empty = { ...none.series, to: 0 };
    for (const report of [
      renderHtmlReport(none.document, none.series),
      renderHtmlReport(one.document, one.series),
      renderHtmlReport(none.document, empty),
      renderHtmlReport(none.document, { ...none.series, to: 1 }),
    ]) {
      expect(report).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
    expect(renderHtmlReport(none.document, none.series)).toContain('No trade was made');
  });

  it('names every metric, the parameters, conventions, digests and versions', () => {
    const { document, series } = one;
    const report = renderHtmlReport(document, series);
    for (const { label } of METRIC_GROUPS.flatMap(({ lines }) => lines)) expect(report).toContain(escapeHtml(label));
    for (const text of [
      'fast',
      'nextOpen',
      document.strategy.sha256,
      document.data[0]!.sha256,
      document.resultHash,
      document.engine,
      'W1001',
    ]) {
      expect(report).toContain(text);
    }
  });

  it('escapes every text that comes from a file', () => {
    const evil = `</title><script>alert(1)</script><img src=x onerror="alert(1)">'"&\u2028`;
    const { document, series } = one;
    const report = renderHtmlReport(
      {
        ...document,
        engine: evil,
        resultHash: evil,
        strategy: { name: evil, file: evil, sha256: evil },
        params: { [evil]: evil },
        data: [{ market: evil, timeframe: evil, rows: 1, from: evil, to: evil, sha256: evil }],
        settings: { ...document.settings, currency: evil },
        warnings: [{ code: evil, message: evil }],
        timing: { [evil]: 1 },
        trades: document.trades.map((trade) => ({ ...trade, market: evil, setup: evil, exitReason: evil })),
      },
      series,
      [evil],
    );
    expect(report).not.toMatch(/<script|<img/);
    expect(report).not.toContain('\u2028');
    expect(count(report, '</title>')).toBe(count(report, '<title>'));
    expect(report.match(/<(\w+)/g)?.filter((tag) => !KNOWN_TAGS.has(tag.slice(1)))).toEqual([]);
  });

  it('draws the plots of the strategy, on the price and in panes, with gaps where they are na', () => {
    const bars = 200;
    const plot = (over: Partial<PlotSeries>): PlotSeries => ({
      label: 'line',
      values: new Float64Array(bars).fill(40_000),
      color: null,
      pane: null,
      style: null,
      ...over,
    });
    const gapped = plot({
      label: 'gapped',
      color: 'red',
      values: Float64Array.from({ length: bars }, (_, i) => (i < 50 || i === 120 ? NaN : 40_000)),
    });
    const panes = [
      plot({ label: 'RSI <b>', pane: 'momentum' }),
      plot({ label: 'MACD', pane: 'momentum', color: 'nonsense', style: 'histogram' }),
    ];
    const { document, series } = sampleRun(bars, 1, [gapped, plot({ label: 'navy one', color: 'Navy' }), ...panes]);
    const report = renderHtmlReport(document, series);
    const [line = ''] = [...report.matchAll(/class="plot hue-red" d="([^"]*)"/g)].map((match) => match[1]!);
    expect(count(line, 'M')).toBe(2);
    expect(count(line, 'L')).toBe(bars - 51 - 2);
    // In the wide picture, the narrow one and the legend.
    expect(count(report, 'class="plot hue-blue"')).toBe(3);
    // Colours that nobody named are shared out among those that are left.
    expect(count(report, 'class="plot hue-orange"')).toBe(3);
    expect(count(report, 'class="plot hue-purple"')).toBe(3);
    expect(report).toContain('<h2>momentum</h2>');
    expect(report).toContain('RSI &lt;b&gt;');
    expect(report).not.toMatch(/NaN|undefined/);
  });

  it('keeps the prices readable when a plot is far away from them', () => {
    const far = { label: 'far', values: new Float64Array(150).fill(5e6), color: 'red', pane: null, style: null };
    const price = (report: string): string | undefined => /class="candle up" d="([^"]*)"/.exec(report)?.[1];
    const { document, series } = one;
    const withFar = renderHtmlReport(document, { ...series, plots: [far] });
    expect(price(withFar)).toBe(price(renderHtmlReport(document, series)));
  });

  it('stays under 2 MB with four plots, and with very many', () => {
    const wild = (n: number): PlotSeries[] =>
      Array.from({ length: n }, (_, k) => ({
        label: `plot ${k}`,
        values: Float64Array.from({ length: 34_349 }, (__, i) => 40_000 + 9000 * Math.sin(i * (k + 1))),
        color: null,
        pane: k % 2 === 0 ? null : `pane ${k}`,
        style: k % 4 === 3 ? 'histogram' : null,
      }));
    expect(renderHtmlReport(big.document, { ...big.series, plots: wild(4) }).length).toBeLessThan(2_000_000);
    const many = renderHtmlReport(big.document, { ...big.series, plots: wild(100) });
    expect(many.length).toBeLessThan(2_000_000);
    expect(many).toContain('The first 24 of 100 plots are drawn');
  });

  it('shows the parts of a long run larger, and says where the profit came from and how much of it may be luck', () => {
    const report = renderHtmlReport(big.document, big.series);
    expect([...report.matchAll(/<summary>(\d{4}): \d+ exits/g)].map(([, year]) => year)).toEqual(['2022', '2023', '2024', '2025']);
    for (const title of [
      'Skill or luck',
      'Costs in USDT',
      'Where the profit came from',
      'By reason of the exit',
      'By hour of the entry',
      'Distribution of the trades',
      'Sharpe ratio of the last 183 days',
    ])
      expect(report).toContain(title);
    for (const { name } of big.document.attribution.exitReason) expect(report).toContain(`<th scope="row">${name}</th>`);
    const bare = renderHtmlReport({ ...none.document, significance: null }, none.series);
    for (const title of [
      '95 % of the resamples',
      'Costs in',
      'Where the profit came from',
      'Distribution of the trades',
      'Larger, part by part',
    ])
      expect(bare).not.toContain(title);
  });

  it('escapes setups and reasons in the attribution too', () => {
    const evil = '<script>alert(1)</script>';
    const [row] = big.document.attribution.setup;
    const rows = [
      { ...row!, name: evil },
      { ...row!, name: null },
    ];
    const report = renderHtmlReport(
      { ...one.document, attribution: { market: rows, side: rows, setup: rows, exitReason: rows, entryHour: [] } },
      one.series,
    );
    expect(report).not.toContain('<script');
    expect(report).toContain('&lt;script&gt;');
  });

  it('has no column for setups that nobody named', () => {
    const { document, series } = one;
    const trades = document.trades.map((trade) => ({ ...trade, setup: null }));
    expect(renderHtmlReport(document, series)).toContain('>Setup<');
    expect(renderHtmlReport({ ...document, trades }, series)).not.toContain('>Setup<');
  });

  it('is the same text every time', () => {
    expect(renderHtmlReport(one.document, one.series)).toBe(renderHtmlReport(one.document, one.series));
  });
});

const KNOWN_TAGS = new Set(
  'html head meta link title style body main header h1 h2 h3 p div span b section ul li code svg g path circle text table thead tbody tr th td details summary pre footer'.split(
    ' ',
  ),
);
