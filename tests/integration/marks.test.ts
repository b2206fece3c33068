import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ChartMark } from '#core/model/chart-mark.ts';
import { backtest, DEFAULT_LIMITS } from '#core/runtime/backtest.ts';
import { drawingsOf } from '#core/runtime/drawings.ts';
import { reportOf } from '#core/runtime/report/report-file.ts';
import { gappyFile, marketData, onFile, prepared, runPaper, temporaryFolder } from './paper-runs.ts';

const MARKS = `strat 1
strategy "Marks"
trade BTC/USDT on 1h
let mean = sma(close, 20)
enter long when close crosses above mean
exit long when close crosses below mean
size 10% of equity
stop 20%
mark above when close > mean * 1.01 text "<{symbol}> {close:1}" color red
mark below when close < lowest(low, 30)[1]
`;

it('marks stand where their conditions are true, in a report and on paper alike', async () => {
  const file = gappyFile(temporaryFolder(), 400);
  const strategy = prepared(MARKS, 'marks.strat');
  const data = marketData(strategy, file);
  const { document, outcome } = await backtest(strategy, data, DEFAULT_LIMITS, {});
  const { marks } = drawingsOf(strategy, 'BTC/USDT', outcome.columns, outcome.further, 0);
  // Worked out apart from the language; 20 bars of warm-up, as `lowest` trades nothing.
  const { time, close, low } = data.columns;
  const expected: ChartMark[] = [];
  for (let i = strategy.warmUpBars; i < time.length; i++) {
    const mean = close.slice(i - 19, i + 1).reduce((sum, value) => sum + value, 0) / 20;
    const text = `<BTC/USDT> ${close[i]!.toFixed(1)}`;
    if (close[i]! > mean * 1.01) expected.push({ time: time[i]!, where: 'above', text, color: 'red' });
    if (i >= 30 && close[i]! < Math.min(...low.slice(i - 30, i)))
      expected.push({ time: time[i]!, where: 'below', text: null, color: null });
  }
  expect(strategy.warmUpBars).toBeLessThan(30);
  expect(expected.filter(({ where }) => where === 'below').length).toBeGreaterThan(5);
  expect(marks).toEqual(expected);

  const told: ChartMark[] = [];
  const onEvent = (event: { readonly type: string; readonly mark?: ChartMark }): void =>
    void (event.type === 'mark' && event.mark !== undefined && told.push(event.mark));
  await runPaper(join(temporaryFolder(), 'home'), [onFile(strategy, file)], { onEvent });
  expect(told).toEqual(expected);

  const report = reportOf(document, outcome, strategy);
  expect(report.split('class="mark hue-red"').length - 1).toBeGreaterThan(10);
  expect(report).toContain('&lt;BTC/USDT&gt; ');
  expect(report).toContain('mark of the strategy');
});
