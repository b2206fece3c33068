import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { METRIC_GROUPS } from '#core/runtime/report/metric-groups.ts';
import { sampleRun } from '#core/runtime/report/testing/sample-run.ts';
import { renderBacktestTable } from './backtest-table.ts';

const widths = [60, 72, 80, 99, 100, 120];

describe('the table of a backtest', () => {
  it.each(widths)('fits into %i columns, with and without colour', (width) => {
    for (const trades of [0, 1, 40, 500]) {
      const { document } = sampleRun(4000, trades);
      const plain = renderBacktestTable(document, { color: false, width });
      expect(plain.split('\n').filter((line) => line.length > width)).toEqual([]);
      expect(plain).not.toMatch(/\p{Cc}(?<!\n)/u);
      expect(plain).not.toMatch(/ $/m);
      expect(stripVTControlCharacters(renderBacktestTable(document, { color: true, width }))).toBe(plain);
    }
  });

  it('shows the metrics that are no details, and the intervals', () => {
    const { document } = sampleRun(4000, 40);
    const table = renderBacktestTable(document, { color: false, width: 120 });
    const names = METRIC_GROUPS.flatMap(({ lines }) => lines.map((line) => line.name));
    expect(names.toSorted()).toEqual(Object.keys(document.metrics).toSorted());
    const lines = METRIC_GROUPS.flatMap((group) => group.lines);
    const shown = lines.filter(({ label }) => table.includes(`${label}  `));
    expect(shown).toEqual(lines.filter(({ isDetail }) => isDetail === undefined));
    const charged = { ...document, metrics: { ...document.metrics, funding: -12.5, liquidations: 2 } };
    expect(renderBacktestTable(charged, { color: false, width: 120 })).toMatch(/Funding paid +-12\.50[^]*Liquidations +2\n/);
    expect(table).toMatch(/Sharpe, 95 % +-?[\d.]+ to -?[\d.]+/);
    expect(renderBacktestTable({ ...document, significance: null }, { color: false, width: 120 })).not.toContain(', 95 %');
  });

  it('shows the first and the last trades and says how many lie between', () => {
    const { document } = sampleRun(4000, 40);
    const table = renderBacktestTable(document, { color: false, width: 120 });
    expect(table).toContain('first and last 5 of 40 exits');
    expect(table).toContain('... 30 more ...');
    const rows = table.split('\n').filter((line) => /^ *\d+ {2}(long|short)/.test(line));
    expect(rows.map((row) => Number.parseInt(row.trim(), 10))).toEqual([1, 2, 3, 4, 5, 36, 37, 38, 39, 40]);
  });

  it('lists a few markets, and of many the first and how many more', () => {
    const { document } = sampleRun(500, 5);
    const headings = (count: number): readonly string[] => {
      const data = Array.from({ length: count }, (_, market) => ({ ...document.data[0]!, market: `C${market}/USDT` }));
      return renderBacktestTable({ ...document, data }, { color: false, width: 120 })
        .split('\n')
        .filter((line) => /C\d+\/USDT 1h|more markets/.test(line))
        .map((line) => line.replace(/ 1h,.*| more.*/, ''));
    };
    expect(headings(8)).toHaveLength(8);
    expect(headings(100)).toEqual(['C0/USDT', 'C1/USDT', 'C2/USDT', '... and 97']);
  });

  it('says what was counted as costs, and when nothing was', () => {
    const { document } = sampleRun(500, 5);
    const render = (over: Partial<typeof document>): string => renderBacktestTable({ ...document, ...over }, { color: false, width: 120 });
    expect(render({})).toContain('fee 0.1 % a fill');
    expect(render({})).toContain('only 5 closed trades');
    expect(render({ settings: { ...document.settings, feeRate: 0, slippageRate: 0 } })).toContain('No costs');
    expect(render({ data: [{ ...document.data[0]!, synthetic: true }] })).toMatch(/BTC\/USDT 1h \(synthetic\)[^]*Synthetic data/);
    const close = { ...document.settings, conventions: { ...document.settings.conventions, fillAt: 'close' as const } };
    expect(render({ settings: close })).toContain('not tradable');
  });

  it('lets no text of a file act on the terminal', () => {
    const { document } = sampleRun(500, 5);
    const evil = '\u001b]0;owned\u0007\u001b[2J\u202egnp.exe\u009b31m\nfake line';
    const table = renderBacktestTable(
      {
        ...document,
        engine: evil,
        strategy: { ...document.strategy, name: evil, file: evil },
        params: { [evil]: evil },
        data: [{ ...document.data[0]!, market: evil, timeframe: evil }],
        settings: { ...document.settings, currency: evil },
        warnings: [{ code: evil, message: evil }],
        trades: document.trades.map((trade) => ({ ...trade, setup: evil, exitReason: evil })),
      },
      { color: false, width: 100 },
    );
    for (const char of ['\u001b', '\u0007', '\u009b', '\u202e']) expect(table).not.toContain(char);
    expect(table).not.toMatch(/^fake line/m);
  });
});
