import { describe, expect, it } from 'vitest';
import { onLine4, places, type Row, RULES } from '../testing/error-places.ts';

describe('take', () => {
  it.each<Row>([
    ['take 50% at 2R, rest at 4R', []],
    ['take at 2R', []],
    ['take all at 5%', []],
    ['take at highest(high, 20)', []],
    ['take at 2 atr', []],
    ['take 33.4% at 1R, 33.3% at 2R, 33.3% at 3R', []],
    ['take at 150%', []],
    ['take at 2', ['E0307 4:9']],
    ['take at 4h', ['E0307 4:9']],
    ['take at rsi(14)', ['E0307 4:9']],
    ['take at 0R', ['E0511 4:9']],
    ['take at -2%', ['E0511 4:9']],
    ['take 0% at 2R', ['E0511 4:6']],
    ['take 60% at 1R, 50% at 2R', ['E0502 4:17']],
    ['take 100% at 1R, rest at 2R', ['E0502 4:18']],
    ['take rest at 2R, 50% at 4R', ['E0512 4:6']],
    ['take at 2R, 50% at 4R', ['E0512 4:6']],
    ['take all at 2R, rest at 4R', ['E0512 4:6']],
    ['take at 2R\ntake at 4R', ['E0509 5:1']],
    ['take at tred', ['E0201 4:9']],
    [`take ${Array.from({ length: 8 }, (_, i) => `10% at ${i + 1}R`).join(', ')}`, []],
    [`take ${Array.from({ length: 9 }, (_, i) => `10% at ${i + 1}R`).join(', ')}`, ['E0108 4:94']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('stop, trail, breakeven', () => {
  it.each<Row>([
    ['stop 2 atr moving closing limit 10bp', []],
    ['stop at low[1] moving', []],
    ['stop 2 atr limit 0', ['E0307 4:18']],
    ['stop 2 atr limit 1R', ['E0503 4:18']],
    ['stop 2 atr limit low', ['E0307 4:18']],
    ['trail 2R', []],
    ['trail 2% from highest(high, 22) after 1R step 0.5% closing moving', []],
    ['trail 2% step 0%', ['E0511 4:15']],
    ['trail 2% step close', ['E0307 4:15']],
    ['trail 2% from 2 atr', ['E0307 4:15']],
    ['trail 100%', ['E0511 4:7']],
    ['trail 2% after 150%', []],
    ['trail 2% after 3', ['E0307 4:16']],
    ['breakeven after 1R plus 0.1%', []],
    ['breakeven after 2', ['E0307 4:17']],
    ['breakeven after 1R plus 1', ['E0307 4:25']],
    ['breakeven after 1R\nbreakeven after 2R', ['E0509 5:1']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('R without a stop', () => {
  it.each<Row>([
    ['take at 2R', ['E0503 6:9']],
    ['trail 2R', ['E0503 6:7']],
    ['trail 2% step 1R', ['E0503 6:15']],
    ['breakeven after 1R', ['E0503 6:17']],
    ['breakeven after 5% plus 0.1R', ['E0503 6:25']],
    ['add every 1R against max 3 times', ['E0503 6:11']],
    ['take at 2R\nlong { stop 5% }', ['E0503 6:9']],
    ['long { take at 2R }', ['E0503 6:16']],
    ['stop 5%\nlong { take at 2R }', []],
  ])('%s', (line, expected) => {
    expect(places(`enter long when close > open\nsize 1 BTC\n${line}`)).toEqual(expected);
  });

  it('is told where one of the sides that use it has none', () => {
    const sides = (long: string, short: string): readonly string[] =>
      places(`size 1 BTC\ntake at 2R\nlong { enter when close > open ${long} }\nshort { enter when close < open ${short} }`);
    expect(sides('stop 5%', 'stop 5%')).toEqual([]);
    expect(sides('stop 5%', '')).toEqual(['E0503 5:9']);
    expect(sides('stop 5%', 'take at 5%')).toEqual([]);
    expect(sides('', 'stop 5%')).toEqual(['E0503 5:9']);
  });
});

describe('timeout, cooldown, cancel', () => {
  it.each<Row>([
    ['timeout 10 bars', []],
    ['timeout 14d when position.profit < 0%', []],
    ['timeout 10', ['E0307 4:9']],
    ['timeout 10%', ['E0307 4:9']],
    ['timeout 0 bars', ['E0511 4:9']],
    ['timeout -4h', ['E0511 4:9']],
    ['timeout position.bars', ['E0303 4:9']],
    ['timeout 10 bars when position.profit', ['E0302 4:22']],
    ['param n = 5 in 0..9 timeout n * 1h', ['E0511 4:29']],
    ['timeout 10 bars\ntimeout 5 bars when position.r < 1', []],
    ['cooldown 5 bars after loss\ncooldown 1d after win', []],
    ['cooldown 5', ['E0307 4:10']],
    ['cooldown 5 bars after loss\ncooldown 1d after loss', ['E0509 5:1']],
    ['cancel when close > open', []],
    ['cancel when close', ['E0302 4:13']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('add', () => {
  it.each<Row>([
    ['add when close > last_fill max 3 times', []],
    ['add 50% when close > last_fill max 3 times scale 1.4 at limit low good for 3 bars', []],
    ['add 100 USDT when close > last_fill max 3 times', []],
    ['add 10% of equity when close > last_fill max 3 times', []],
    ['add 100% every 2% against max 6 times scale 1.4', []],
    ['add every 1 atr in_favor max 2 times at market', []],
    ['add when close > last_fill', ['E0510 4:1']],
    ['add 100% every 2% against', ['E0510 4:1']],
    ['add 2 when close > last_fill max 3 times', ['E0307 4:5']],
    ['add 0% when close > last_fill max 3 times', ['E0511 4:5']],
    ['add 100 EUR when close > last_fill max 3 times', ['E0306 4:5']],
    ['add when close max 3 times', ['E0302 4:10']],
    ['add every 2 against max 3 times', ['E0307 4:11']],
    ['add every 100% against max 3 times', ['E0511 4:11']],
    ['add every low against max 3 times', ['E0307 4:11']],
    ['add every 2% against max 0 times', ['E0511 4:26']],
    ['add every 2% against max 2.5 times', ['E0308 4:26']],
    ['add every 2% against max 3% times', ['E0307 4:26']],
    ['add every 2% against max trades.count times', ['E0303 4:26']],
    ['add every 2% against max 3 times scale 0', ['E0511 4:40']],
    ['add every 2% against max 3 times scale 5%', ['E0307 4:40']],
    ['add every 2% against max 3 times scale rsi(14)', ['E0303 4:40']],
    ['add every 2% against max 3 times at limit low', ['E0508 4:34']],
  ])('%s', (line, expected) => {
    expect(onLine4(line)).toEqual(expected);
  });
});

describe('orders', () => {
  it.each<Row>([
    ['at market', []],
    ['at limit close - 1 atr', []],
    ['at limit 30000', []],
    ['at stop high + 1 atr good for 3 bars', []],
    ['at stop high limit high + 1 atr good for 4h', []],
    ['at limit low post_only good until 15:30 else market after 2 bars', []],
    ['at limit low ioc', []],
    ['at limit low good until cancelled', []],
    ['at stop high limit high + 1 atr ioc', []],
    ['at limit 5%', ['E0307 4:39']],
    ['at limit 2 atr', ['E0307 4:39']],
    ['at limit tred', ['E0201 4:39']],
    ['at stop high limit 2 atr', ['E0307 4:49']],
    ['at limit low good for 3', ['E0307 4:52']],
    ['at limit low good for 0 bars', ['E0511 4:52']],
    ['at limit low else market after 3', ['E0307 4:61']],
    ['at market post_only', ['E0508 4:40']],
    ['at market good for 3 bars', ['E0508 4:40']],
    ['at limit low ioc fok', ['E0508 4:47']],
    ['at limit low post_only ioc', ['E0508 4:53']],
    ['at limit low ioc good for 3 bars', ['E0508 4:47']],
    ['at limit low else market after 2 bars fok', ['E0508 4:68']],
    ['at stop high post_only', ['E0508 4:43']],
    ['at stop high ioc', ['E0508 4:43']],
  ])('%s', (order, expected) => {
    expect(places(`enter long when close > open ${order}\nsize 1 BTC\nstop 5%`)).toEqual(expected);
    expect(places(`exit long when close < open  ${order}\n${RULES}`)).toEqual(expected);
  });
});

describe('size', () => {
  it.each<Row>([
    ['kelly', []],
    ['kelly fraction 0.25 over 100 trades min 2% of equity max 25% of equity', []],
    ['kelly fraction 25%', []],
    ['kelly fraction 0', ['E0511 5:21']],
    ['kelly fraction 1.5', ['E0511 5:21']],
    ['kelly fraction 2 atr', ['E0307 5:21']],
    ['kelly over 0 trades', ['E0511 5:17']],
    ['kelly over 2.5 trades', ['E0308 5:17']],
    ['kelly over 10% trades', ['E0307 5:17']],
    ['volatility target 20%', []],
    ['volatility target 20% over 30 bars times confidence', []],
    ['volatility target 20% over 2d', []],
    ['volatility target 20', ['E0307 5:24']],
    ['volatility target 0%', ['E0511 5:24']],
    ['volatility target 20% over 30', ['E0307 5:33']],
    ['volatility target 20% over 1 bar', ['E0308 5:33']],
    ['volatility target 20% over 20000 bars', ['E0308 5:33']],
    ['unit 1% of equity per 1 atr(20)', []],
    ['unit 100 USDT per 2%', []],
    ['unit 1% per 1 atr(20)', ['E0307 5:11']],
    ['unit 1 BTC per 1 atr(20)', ['E0307 5:11']],
    ['unit 100 EUR per 1 atr(20)', ['E0306 5:11']],
    ['unit 0 USDT per 1 atr(20)', ['E0511 5:11']],
    ['unit 1% of equity per 5', ['E0307 5:28']],
    ['unit 1% of equity per close', ['E0307 5:28']],
    ['unit 1% of equity per 1R', ['E0503 5:28']],
    ['10% of equity times close', ['E0301 5:26']],
    ['10% of equity max 5', ['E0307 5:24']],
    ['10% of equity min 5%', ['E0307 5:24']],
    ['10% of equity / confidence', []],
  ])('size %s', (size, expected) => {
    expect(places(`enter long when close > open with confidence 0.5\nsize ${size}\nstop 5%`)).toEqual(expected);
  });

  it('is checked with the confidence of each entry', () => {
    expect(places('enter long when close > open with confidence 0\nsize 10% of equity / confidence\nstop 5%')).toEqual(['E0314 5:20']);
    expect(places('enter long when close > open with confidence 0\nsize 10% of equity times confidence\nstop 5%')).toEqual([]);
  });
});
