import { describe, expect, it } from 'vitest';
import { BARS, candles, HOUR, statements, workplace } from './cli-fixtures.ts';

const FILE = 'x_BTC-USDT_1h.csv';

/** Candles that rise from 100, with a funding rate of 1 bp on the rows of its times and none between. */
const funded = (): string => {
  const lines = candles(BARS, HOUR).trimEnd().split('\n');
  return `${lines.map((line, row) => `${line},${row === 0 ? 'funding_rate' : (row - 1) % 8 === 0 ? '0.0001' : ''}`).join('\n')}\n`;
};

describe('strat backtest on margin', () => {
  it('pays funding by the data where the strategy says so, and tells what came of it', async () => {
    const { put, strat, backtest } = workplace();
    put(FILE, funded());
    put('carry.strat', statements('costs { funding true }', 'account { leverage 3 }', 'enter long when bar_index == 2'));
    const { settings, metrics, trades, warnings } = await backtest('carry.strat', '--data', FILE);
    expect(settings).toMatchObject({
      margin: { kind: 'cross', leverage: 3, maintenance: [{ from: 0, rate: 0.005 }], liquidationRate: 0.001 },
      funding: { everyMs: 8 * HOUR, rate: null },
    });
    expect(metrics['funding']).toBeGreaterThan(0);
    expect(trades[0]!['carry']).toBeCloseTo(metrics['funding']!, 9);
    expect(JSON.stringify(warnings)).not.toContain('funding');
    const { stdout } = await strat(['backtest', 'carry.strat', '--data', FILE]);
    expect(stdout).toMatch(
      /Leverage 3, cross margin: liquidated at 0\.5 % of the value, for 0\.1 % of it\nFunding every 8 hours at the rates of the data/,
    );
    expect(stdout).toMatch(/Funding paid +\d/);
  });

  it('takes leverage, tiers and a rate from the command line', async () => {
    const { put, backtest } = workplace();
    put(FILE, funded());
    put('plain.strat', statements('enter long when bar_index == 2'));
    const args = ['--leverage', '10', '--margin', 'isolated', '--maintenance', '0.4%,50000:0.5%', '--liquidation-fee', '25bp'];
    const { settings, metrics, warnings } = await backtest(
      'plain.strat',
      '--data',
      FILE,
      ...args,
      '--funding',
      '-0.01%',
      '--funding-every',
      '4h',
    );
    expect(settings).toMatchObject({
      margin: {
        kind: 'isolated',
        leverage: 10,
        maintenance: [
          { from: 0, rate: 0.004 },
          { from: 50_000, rate: 0.005 },
        ],
        liquidationRate: 0.0025,
      },
      funding: { everyMs: 4 * HOUR, rate: -0.0001 },
    });
    expect(metrics['funding']).toBeLessThan(0);
    expect(JSON.stringify(warnings)).not.toContain('funding_rate');
  });

  it('takes the same from a config, the command line before it', async () => {
    const { put, backtest } = workplace();
    put(FILE, funded());
    put('plain.strat', statements('enter long when bar_index == 2'));
    const costs =
      'maintenance: "0.4%,50000:0.5%", liquidationFee: 25bp, funding: -0.01%, fundingEvery: 4h, borrow: 7%, swapLong: 2%, swapShort: -1%';
    put('strat.yaml', `account: { leverage: 10, margin: isolated }\ncosts: { ${costs} }\n`);
    const run = async (...args: string[]): Promise<unknown> => (await backtest('plain.strat', '--data', FILE, ...args)).settings;
    const words = ['--leverage', '10', '--margin', 'isolated', '--maintenance', '0.4%,50000:0.5%', '--liquidation-fee', '25bp'];
    const more = ['--funding', '-0.01%', '--funding-every', '4h', '--borrow', '7%', '--swap-long', '2%', '--swap-short', '-1%'];
    expect(await run('--config', 'strat.yaml')).toEqual(await run(...words, ...more));
    expect(await run('--config', 'strat.yaml', '--leverage', '2', '--borrow', '1%')).toMatchObject({
      margin: { leverage: 2, kind: 'isolated', liquidationRate: 0.0025 },
      borrowRate: 0.01,
    });
  });

  it('goes on where what a config says for all does not fit a strategy', async () => {
    const { put, backtest } = workplace();
    put(FILE, funded());
    put('plain.strat', statements('enter long when bar_index == 2'));
    put('lent.strat', statements('account { leverage 2 }', 'enter long when bar_index == 2'));
    put('strat.yaml', 'costs: { maintenance: 1%, liquidationFee: 1%, fundingEvery: 4h, feeIn: base }\n');
    const run = async (file: string): Promise<unknown> => (await backtest(file, '--data', FILE, '--config', 'strat.yaml')).settings;
    const plain = await run('plain.strat');
    expect(plain).toMatchObject({ fees: { isInBase: true } });
    expect(plain).not.toHaveProperty('margin');
    expect(plain).not.toHaveProperty('funding');
    const lent = await run('lent.strat');
    expect(lent).toMatchObject({ margin: { maintenance: [{ from: 0, rate: 0.01 }], liquidationRate: 0.01 } });
    expect(lent).not.toHaveProperty('fees');
  });

  it('takes the costs of the exchange that a config has for the strategy', async () => {
    const { put, backtest } = workplace();
    put(FILE, funded());
    put('plain.strat', statements('enter long when bar_index == 2'));
    put('other.strat', statements('enter long when bar_index == 2'));
    put(
      'strat.yaml',
      'costs: { fee: 1%, slippage: 0% }\nexchanges:\n  a: { use: exchange/sim }\n  b: { use: exchange/sim, costs: { fee: 0.02%/0.05%, funding: 0.01% } }\nstrategies:\n  - { file: plain.strat, exchange: b, leverage: 3 }\n',
    );
    const run = async (file: string): Promise<unknown> => (await backtest(file, '--data', FILE, '--config', 'strat.yaml')).settings;
    expect(await run('plain.strat')).toMatchObject({
      makerRate: 0.0002,
      feeRate: 0.0005,
      slippageRate: 0,
      margin: { leverage: 3 },
      funding: { rate: 0.0001 },
    });
    expect(await run('other.strat')).toMatchObject({ makerRate: 0.01, feeRate: 0.01 });
  });

  it.each([
    [['--maintenance', '0.5'], /--maintenance takes a percent, and up to 15 higher ones .*; found "0.5"/],
    [['--leverage', '2', '--maintenance', '0.5%,100:0.4%'], /found "0.5%,100:0.4%"/],
    [['--leverage', '2', '--maintenance', '0.5%,:1%'], /found "0.5%,:1%"/],
    [['--leverage', '0.5'], /--leverage takes 1 or more/],
    [['--leverage', '300'], /A leverage of 300 asks for a margin of 0\.3333%, and positions are liquidated at 0\.6%/],
    [['--maintenance', '1%'], /the strategy has neither leverage nor margin\. Write: account { leverage 2 }/],
    [['--funding-every', '4h'], /the strategy has no funding/],
    [['--funding', '1'], /--funding takes a percent/],
  ])('refuses %s', async (args, reason) => {
    const { strat } = workplace();
    const { status, stderr } = await strat(['backtest', 'good.strat', '--synthetic', '1', ...args]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
  });
});
