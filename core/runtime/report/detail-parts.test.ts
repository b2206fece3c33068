import { describe, expect, it } from 'vitest';
import { detailParts } from './detail-parts.ts';
import { sampleRun } from './testing/sample-run.ts';
import { binsOf } from './trade-charts.ts';

const titles = (bars: number): string[] => detailParts(sampleRun(bars, 0).series, []).map(({ title }) => title);

describe('the parts of a run', () => {
  it('are months, quarters or years, two to eight of them', () => {
    expect(titles(999)).toEqual([]);
    expect(titles(24 * 59)).toEqual(['January 2022', 'February 2022']);
    expect(titles(24 * 300)).toEqual(['2022, 1st quarter', '2022, 2nd quarter', '2022, 3rd quarter', '2022, 4th quarter']);
    expect(titles(24 * 1000)).toEqual(['2022', '2023', '2024']);
    expect(titles(24 * 365 * 12)).toEqual(['2026', '2027', '2028', '2029', '2030', '2031', '2032', '2033']);
  });

  it('hold every bar once, and the trades that touch them', () => {
    const { series, document } = sampleRun(24 * 1000, 40);
    const parts = detailParts(series, document.trades);
    expect(parts.map(({ series: { from, to } }) => [from, to])).toEqual([
      [0, 24 * 365],
      [24 * 365, 24 * 730],
      [24 * 730, 24 * 1000],
    ]);
    const touching = (year: number): number =>
      document.trades.filter(({ entryTime, exitTime }) => entryTime < `${year + 1}` && (exitTime ?? '9') >= `${year}`).length;
    expect(parts.map(({ trades }) => trades.length)).toEqual([2022, 2023, 2024].map(touching));
  });
});

describe('the bars of the distribution', () => {
  it('have round borders with zero among them, and hold each trade once', () => {
    const bins = binsOf([-3.2, -0.1, 0, 0.1, 4, 7.9], 6);
    expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
      [-4, -2, 1],
      [-2, 0, 1],
      [0, 2, 2],
      [2, 4, 0],
      [4, 6, 1],
      [6, 8, 1],
    ]);
  });

  it('put the largest trade into the last bar, and all trades of one value into one', () => {
    expect(binsOf([1, 2, 8], 4).map(({ count }) => count)).toEqual([1, 1, 0, 1]);
    expect(binsOf([5, 5], 5).reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(binsOf([0, 0, 0], 5)).toEqual([{ from: -0.5, to: 0.5, count: 3 }]);
  });
});
