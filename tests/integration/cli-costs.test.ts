import { describe, expect, it } from 'vitest';
import { BARS, candles, HOUR, statements, workplace } from './cli-fixtures.ts';

const FILE = 'x_BTC-USDT_1h.csv';

describe('strat backtest with models of costs', () => {
  it('takes them from the command line, and says what they are', async () => {
    const { put, strat, backtest } = workplace();
    put(FILE, candles(BARS, HOUR));
    put('plain.strat', statements('enter long when bar_index == 2'));
    const args = ['plain.strat', '--data', FILE, '--participation', '0.01%', '--min-notional', '900'];
    const { settings, warnings } = await backtest(...args);
    expect(settings).toMatchObject({ participation: 0.0001, minNotional: 900 });
    expect(warnings.map(({ code }) => code)).toContain('PART_FILLED');
    const { stdout } = await strat(['backtest', ...args]);
    expect(stdout).toContain("Orders take at most 0.01 % of a bar's volume\nNo order is worth less than 900");
  });

  it.each([
    [['--participation', '0'], /--participation takes more than 0%/],
    [['--participation', '10'], /--participation takes a percent/],
  ])('refuses %s', async (args, reason) => {
    const { strat } = workplace();
    const { status, stderr } = await strat(['backtest', 'good.strat', '--synthetic', '1', ...args]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
  });
});
