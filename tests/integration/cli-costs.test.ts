import { describe, expect, it } from 'vitest';
import { BARS, candles, HOUR, START, statements, workplace } from './cli-fixtures.ts';

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

  it('--depth and --slippage depth make orders take recorded books, which the result and its receipt name', async () => {
    const { put, strat, backtest } = workplace();
    put(FILE, candles(BARS, HOUR));
    put('plain.strat', 'strat 1\nstrategy "plain"\ntrade BTC/USDT on 1h\nenter long when bar_index == 2\nsize 8 BTC\n');
    const header =
      'timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount';
    const [, first = ''] = candles(BARS, HOUR).split('\n');
    const time = first.split(',')[0]!;
    put('x_BTC-USDT_books.csv', `${header}\n${time},30300,5,29700,5,30600,5,29400,5\n`);
    put('x_ETH-USDT_books.csv', `${header}\n${time},30300,5,29700,5,30600,5,29400,5\n`);
    put('far_BTC-USDT_books.csv', `${header}\n${time},101,5,99,5,102,5,98,5\n`);
    const run = ['plain.strat', '--data', FILE, '--slippage', 'depth', '--fee', '0', '--capital', '1000000'];
    const depth = ['--depth', 'x_BTC-USDT_books.csv'];
    const { trades, settings, data } = await backtest(...run, ...depth, '--receipt', 'receipt.json');
    const [plain] = (await backtest(...run.slice(0, 3), '--slippage', '0', '--fee', '0', '--capital', '1000000')).trades;
    // Five at 1 % and three at 2 % above the middle.
    expect(Number(trades[0]!['entryPrice']) / Number(plain!['entryPrice'])).toBeCloseTo(1.01375, 12);
    expect(settings).toMatchObject({ slippageRate: 0, slippage: { depth: 1 } });
    expect(data).toMatchObject([{ depth: { timeframe: 'books', rows: 1 } }]);
    expect((await strat(['verify', 'receipt.json'])).status).toBe(0);
    const plainRun = run.slice(0, 3);
    for (const [args, reason] of [
      [run, /--slippage depth takes recorded order books: give --depth PATH of BTC\/USDT/],
      [[...plainRun, ...depth], /--depth tells of order books, which orders take with --slippage depth alone/],
      [[...plainRun, '--slippage', 'depth:2'], /--slippage takes .* depth/],
      [[...run, '--depth', 'x_ETH-USDT_books.csv'], /its books are of ETH\/USDT, and the strategy trades BTC\/USDT/],
      [[...run, '--depth', 'far_BTC-USDT_books.csv'], /is around 100, and the market at 30000/],
      [['plain.strat', '--synthetic', '1', ...depth], /--depth tells of the order books of a market and needs --data/],
    ] as const) {
      const { status, stderr } = await strat(['backtest', ...args]);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(reason);
    }
  });

  it('--queue makes limit orders wait behind others, by its option or a config', async () => {
    const { put, strat, backtest } = workplace();
    put(FILE, candles(BARS, HOUR));
    put('plain.strat', statements('enter long when bar_index == 2'));
    put('strat.yaml', 'costs: { queue: 5% }\n');
    const run = async (...args: string[]): Promise<unknown> => (await backtest('plain.strat', '--data', FILE, ...args)).settings;
    expect(await run('--queue', '2.5')).toMatchObject({ queue: { qty: 2.5 } });
    expect(await run('--config', 'strat.yaml')).toMatchObject({ queue: { share: 0.05 } });
    const { stdout } = await strat(['backtest', 'plain.strat', '--data', FILE, '--queue', '5%']);
    expect(stdout).toContain('Limit orders wait behind 5 % of the volume of the bar before at their price');
    for (const [args, reason] of [
      [['--queue', '-1'], /--queue takes a quantity such as 2\.5, or a share/],
      [['--queue', '1', '--limit-fill', 'touch'], /wait behind others at their price, and to fill when it is touched/],
    ] as const) {
      const { status, stderr } = await strat(['backtest', 'plain.strat', '--data', FILE, ...args]);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(reason);
    }
  });

  it('takes them from a config, and from the command line before it', async () => {
    const { put, backtest } = workplace();
    put(FILE, candles(BARS, HOUR));
    put('plain.strat', statements('enter long when bar_index == 2'));
    const costs =
      'fee: 0.02%/0.05%, slippage: "spread:0.04%", participation: 50%, minNotional: 5, latency: 2s, feeIn: base, feeDiscount: 20%';
    put('strat.yaml', `costs: { ${costs} }\n`);
    const { settings } = await backtest('plain.strat', '--data', FILE, '--config', 'strat.yaml', '--min-notional', '7', '--fee', '1%');
    expect(settings).toMatchObject({
      feeRate: 0.008,
      makerRate: 0.008,
      fees: { isInBase: true },
      slippageRate: 0,
      slippage: { spreadRate: 0.0004 },
      participation: 0.5,
      minNotional: 7,
      latency: { ms: 2000 },
    });
  });

  it('--break-even runs again until the profit is gone', async () => {
    const { put, strat, backtest } = workplace();
    // One unit bought at 100 and sold at 110: a fee of f leaves 10 - f * 210, a slippage of s 10 - s * 210. It rises by one a bar, then falls by two.
    const close = (bar: number): number => (bar < 2 ? 100 : bar < 13 ? 100 + bar - 2 : 110 - 2 * (bar - 12));
    const lines = Array.from({ length: 30 }, (_, bar) => [START + bar * HOUR, close(bar), close(bar), close(bar), close(bar), 9].join(','));
    put(FILE, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
    put(
      'one.strat',
      'strat 1\nstrategy "one"\ntrade BTC/USDT on 1h\nenter long when bar_index == 1\nexit long when bar_index == 11\nsize 1 BTC\n',
    );
    const args = ['one.strat', '--data', FILE, '--fee', '0', '--slippage', '0', '--warmup', 'first'];
    const { breakEven, metrics } = await backtest(...args, '--break-even');
    expect(metrics['netProfit']).toBe(10);
    // Later by three bars 103 becomes 104, later by four 104 becomes 102.
    expect(breakEven).toMatchObject({ delayBars: 4 });
    const { fee, slippage } = breakEven as { readonly fee: number; readonly slippage: number };
    expect(fee).toBeCloseTo(10 / 210, 3);
    expect(slippage).toBeCloseTo(10 / 210, 3);
    const { stdout } = await strat(['backtest', ...args, '--break-even']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The net profit is gone at a fee of 4.8 % a fill, a slippage of 4.8 % a fill, a further delay of 4 bars; each by itself.',
    );
    expect(await backtest(...args)).not.toHaveProperty('breakEven');
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
