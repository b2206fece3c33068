import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BARS, CANDLES, candles, HOUR, sha256, statements, workplace } from './cli-fixtures.ts';

const PAIR = 'binance_ETH-USDT_1h.csv';
const OTHER = statements(
  'enter long when close of ETH/USDT > open of ETH/USDT on 4h and quote_volume > 1 USDT',
  'exit long when close < open',
);

describe('strat backtest of a strategy that reads more than its candles', () => {
  it('finds the data of the other market, and says which series they were', async () => {
    const { put, path, backtest } = workplace();
    put('other.strat', OTHER);
    put(PAIR, candles(BARS + 5, HOUR));
    const found = await backtest('other.strat', '--data', CANDLES, '--data', PAIR);
    const forced = await backtest('other.strat', '--data', `BTC/USDT=${CANDLES}`, '--data', `ETH/USDT=${PAIR}`);
    const series = { timeframe: '1h', rows: BARS, from: '2024-01-01T00:00:00.000Z', to: '2024-01-25T23:00:00.000Z' };
    expect(found.data).toEqual([
      { market: 'BTC/USDT', ...series, sha256: sha256(path(CANDLES)) },
      { market: 'ETH/USDT', ...series, sha256: sha256(path(PAIR)) },
    ]);
    expect(forced['resultHash']).toBe(found['resultHash']);
    expect(found['warnings']).toContainEqual({
      code: 'DATA',
      message: expect.stringContaining('BTC/USDT have no quote_volume: it is estimated as close x volume'),
    });
  });

  it('reads what its file holds besides candles', async () => {
    const { put, backtest } = workplace();
    put('funding.strat', statements('enter long when funding_rate < 0%', 'exit long when funding_rate > 0%'));
    const lines = candles(BARS, HOUR).trimEnd().split('\n');
    const rate = (index: number): string => (index % 8 !== 0 ? '' : index % 48 === 16 ? '-0.0001' : '0.0001');
    put('x_BTC-USDT_1h.csv', `${lines.map((line, index) => `${line},${index === 0 ? 'funding_rate' : rate(index - 1)}`).join('\n')}\n`);
    const { trades, warnings } = await backtest('funding.strat', '--data', 'x_BTC-USDT_1h.csv');
    // Below zero at 16:00, above at 00:00; orders fill at the next open.
    expect(trades[0]).toMatchObject({ entryTime: '2024-01-01T17:00:00.000Z', exitTime: '2024-01-02T01:00:00.000Z' });
    expect(JSON.stringify(warnings)).not.toContain('funding_rate');
  });

  it('names the market that has none', async () => {
    const { put, strat } = workplace();
    put('other.strat', OTHER);
    const { status, stderr } = await strat(['backtest', 'other.strat', '--data', CANDLES]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /No candles for ETH\/USDT: none of the files given is of this market, which the strategy reads. Give --data ETH\/USDT=PATH/,
      ),
    ]);
  });

  it('generates it, another one for each name, the same in every run', async () => {
    const { put, backtest } = workplace();
    put('other.strat', OTHER);
    const [first, second] = [await backtest('other.strat', '--synthetic', '7'), await backtest('other.strat', '--synthetic', '7')];
    expect(second['resultHash']).toBe(first['resultHash']);
    expect(first.data.map(({ market, synthetic }) => [market, synthetic])).toEqual([
      ['BTC/USDT', true],
      ['ETH/USDT', true],
    ]);
    expect(first.data[0]?.['sha256']).not.toBe(first.data[1]?.['sha256']);
  });

  it.each([
    ['zone "Amerika/New_York"', 1, /E0206 4:38 +there is no time zone "Amerika\/New_York"[^]*did you mean America\/New_York\?/],
    ['zone "America/New_York" holidays "nysse"', 1, /E0206 4:66 +there is no calendar of holidays "nysse"[^]*did you mean nyse\?/],
  ])('refuses a session with %s', async (settings, status, message) => {
    const { put, strat } = workplace();
    put('session.strat', statements(`session ny { hours 09:30..16:00 ${settings} }`, 'enter long when ny.active'));
    expect(await strat(['backtest', 'session.strat', '--data', CANDLES])).toMatchObject({ status, stderr: expect.stringMatching(message) });
  });

  it('refuses bars that its other charts were not made for', async () => {
    const { put, strat } = workplace();
    put('longer.strat', statements('enter long when close on 1d > open'));
    const { status, stderr } = await strat(['backtest', 'longer.strat', '--data', CANDLES, '--timeframe', '2h']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/other charts beside its 1h bars, and these are 2h bars/)]);
  });

  it('reads a model beside it, for the check as for the run', async () => {
    const { put, path, strat, backtest } = workplace();
    put('model.strat', statements('use model net from "./models/net" with { r1 = roc(close, 1) }', 'enter long when net.up > 50%'));
    const missing = await strat(['check', 'model.strat']);
    expect([missing.status, missing.stdout]).toEqual([1, expect.stringMatching(/E0702.*\n?.*no predictions: there is no such file/)]);
    mkdirSync(path('models'));
    put('models/net.csv', 'timestamp,up\n2024-01-01T04:00:00Z,0.9\n2024-01-02T00:00:00Z,0.2\n');
    expect((await strat(['check', 'model.strat'])).status).toBe(0);
    const { strategy, trades } = await backtest('model.strat', '--data', CANDLES);
    expect(strategy).toMatchObject({ models: [{ path: 'models/net.csv', sha256: sha256(path('models/net.csv')) }] });
    // Made when the bar of 04:00 closes, so the order fills at the open of the next.
    expect(trades[0]).toMatchObject({ entryTime: '2024-01-01T05:00:00.000Z' });
  });

  it('warns of a test on what its model was trained on, and of nothing when it was not', async () => {
    const { put, path, backtest } = workplace();
    mkdirSync(path('models'));
    put('model.strat', statements('use model net from "./models/net" with { r1 = roc(close, 1) }', 'enter long when net.up > 50%'));
    const warned = async (trained: string): Promise<readonly string[]> => {
      put('models/net.csv', `# trained ${trained}\ntimestamp,up\n2024-01-01T04:00:00Z,0.9\n`);
      const { warnings } = await backtest('model.strat', '--data', CANDLES);
      return warnings.flatMap(({ code, message }) => (code === 'W0601' ? [message] : []));
    };
    expect(await warned('2019-01-01..2023-12-31')).toEqual([]);
    expect(await warned('2019-01-01..2024-01-01')).toEqual([
      expect.stringMatching(/^the model net was trained on data from 2019-01-01T.* to 2024-01-02T.*, which hold 24 of the \d+ bars/),
    ]);
  });

  it('warns of a plain number that the price never was near', async () => {
    const { put, backtest } = workplace();
    const warned = async (number: string): Promise<readonly string[]> => {
      put('near.strat', statements(`enter long when close > ${number}`));
      const { warnings } = await backtest('near.strat', '--data', CANDLES);
      return warnings.flatMap(({ code, message }) => (code === 'W0908' ? [message] : []));
    };
    expect(await warned('30000')).toEqual([]);
    expect(await warned('30')).toEqual([expect.stringMatching(/^near.strat:4: the price never was near 30: in these data it went from /)]);
    expect(await warned('30M')).toHaveLength(1);
  });
});
