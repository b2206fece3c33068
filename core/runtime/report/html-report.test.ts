import { describe, expect, it } from 'vitest';
import { renderHtmlReport } from './html-report.ts';
import { escapeHtml, html } from './html-text.ts';
import { METRIC_GROUPS } from './metric-groups.ts';
import { plainText } from './plain-text.ts';
import { sampleRun } from './testing/sample-run.ts';

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
    expect(report).toContain('1,500 are marked');
    expect(report).toContain('first and the last 250 of 8,000 exits');
  });

  it('has no script, no event handler and no address to fetch', () => {
    for (const { document, series } of [big, none, one]) {
      const report = renderHtmlReport(document, series, 'strategy "x"\n');
      expect(report).not.toMatch(/<script|<iframe|<object|<embed|<form|javascript:|@import|url\(/i);
      expect(report).not.toMatch(/<[^>]* on\w+=/i);
      expect([...report.matchAll(/(?:src|href|action)="([^"]*)"/g)].map((match) => match[1])).toEqual(['data:,']);
      expect(report).not.toMatch(/https?:/);
      expect(report).toContain("default-src 'none'");
    }
  });

  it('marks every trade on the price', () => {
    const report = renderHtmlReport(big.document, big.series);
    const legend = 1;
    const longs = big.document.trades.filter((trade) => trade.side === 'long').length;
    const stops = big.document.trades.filter((trade) => trade.exitReason === 'stop').length;
    const open = big.document.trades.filter((trade) => trade.exitTime === null).length;
    expect(count(report, 'class="entry long"')).toBe(longs + legend);
    expect(count(report, 'class="entry short"')).toBe(500 - longs + legend);
    expect(count(report, 'class="stop"')).toBe(stops + legend);
    expect(count(report, 'class="exit"')).toBe(500 - stops - open + legend);
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
    for (const { label } of METRIC_GROUPS.flatMap(({ lines }) => lines)) expect(report).toContain(label);
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
      evil,
    );
    expect(report).not.toMatch(/<script|<img/);
    expect(report).not.toContain('\u2028');
    expect(count(report, '</title>')).toBe(count(report, '<title>'));
    expect(report.match(/<(\w+)/g)?.filter((tag) => !KNOWN_TAGS.has(tag.slice(1)))).toEqual([]);
  });

  it('is the same text every time', () => {
    expect(renderHtmlReport(one.document, one.series)).toBe(renderHtmlReport(one.document, one.series));
  });
});

const KNOWN_TAGS = new Set(
  'html head meta link title style body main header h1 h2 h3 p div span b section ul li code svg g path text table thead tbody tr th td details summary pre footer'.split(
    ' ',
  ),
);
