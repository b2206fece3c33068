import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BARS, candles, HOUR, workplace } from './cli-fixtures.ts';

const FILE = 'BTC/USD:BTC=x.csv';
const inverse = (...lines: readonly string[]): string =>
  [
    'strat 1',
    'strategy "inverse"',
    'trade BTC/USD:BTC on 1h',
    'enter long when close > close[1]',
    'exit long when close < close[1]',
    ...lines,
    '',
  ].join('\n');

/** In a folder with hourly candles. */
function place(): ReturnType<typeof workplace> {
  const made = workplace();
  made.put('x.csv', candles(BARS, HOUR));
  made.put('inverse.strat', inverse('size 50% of equity', 'stop 5%'));
  return made;
}

describe('strat backtest of an inverse perpetual', () => {
  it('begins with a coin, counts in it and says so', async () => {
    const { strat, path } = place();
    const { stdout, status } = await strat(['backtest', 'inverse.strat', '--data', FILE, '--report', 'r.html', '--trades', 't.csv']);
    expect(status).toBe(0);
    expect(stdout).toContain('Starting capital 1.000000 BTC');
    expect(stdout).toMatch(/Net profit +-?\d\.\d{6} BTC/);
    expect(stdout).toMatch(/Buy and hold return +0\.00 %/);
    expect(stdout).toMatch(/to\s+buy\s+and\s+hold\s+is\s+to\s+keep\s+the\s+BTC,\s+0\s+%/);
    expect(stdout).toMatch(/step of quantities \(lot 1\)/);
    const report = readFileSync(path('r.html'), 'utf8');
    expect(report).toContain('Equity in BTC');
    expect(report).toContain('the BTC itself, held');
    expect(report).not.toMatch(/\d USD\b/);
    // What each trade brought is N * (1 / entry - 1 / exit) less its fees.
    const [heads, ...rows] = readFileSync(path('t.csv'), 'utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const of = (row: readonly string[], name: string): number => Number(row[heads!.indexOf(name)]);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows.filter((one) => one[heads!.indexOf('exitPrice')] !== '')) {
      const made = of(row, 'qty') * (1 / of(row, 'entryPrice') - 1 / of(row, 'exitPrice')) - of(row, 'fees');
      expect(of(row, 'profit')).toBeCloseTo(made, 12);
      expect(Number.isInteger(of(row, 'qty'))).toBe(true);
    }
  });

  it('its trades add up to the equity, and its receipt holds', async () => {
    const { strat, backtest } = place();
    const { metrics, trades, settings } = await backtest(
      'inverse.strat',
      '--data',
      FILE,
      '--close-at-end',
      '--capital',
      '2.5',
      '--contract',
      '100',
    );
    expect(settings).toMatchObject({ currency: 'BTC', capital: 2.5, isInverse: true, contract: 100, conventions: { lot: 100 } });
    const profit = trades.reduce((sum, trade) => sum + Number(trade['profit']), 0);
    expect(metrics['netProfit']).toBeCloseTo(profit, 9);
    await strat(['backtest', 'inverse.strat', '--data', FILE, '--contract', '100', '--receipt', 'r.json']);
    const { stdout } = await strat(['verify', 'r.json']);
    expect(stdout).toContain('r.json holds');
  });

  it('shows the bound of its positions, of which a long may lose more than it is worth', async () => {
    const { put, strat } = place();
    expect((await strat(['check', 'inverse.strat'])).stdout).toContain('positions of at most 0.5 x equity, at most 2.632% of equity lost');
    put('open.strat', inverse('size 50% of equity'));
    expect((await strat(['check', 'open.strat'])).stdout).toContain('at most 100% of equity lost');
  });
});
