import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalBytes } from './canonical.ts';
import type { TradeRow } from './trades.ts';

const trade: TradeRow = {
  positionId: 1,
  market: 'BTC/USDT',
  side: 'long',
  setup: 'é€😀',
  entryTime: 1_600_000_000_000,
  entryPrice: 100.1,
  exitTime: 1_600_003_600_000,
  exitPrice: 110.2,
  qty: 0.5,
  fees: 0.1,
  carry: 0,
  profit: 4.95,
  profitPct: 9.9,
  bars: 1,
  mae: 0,
  mfe: 10,
  entryReason: null,
  exitReason: 'exit',
};
const hash = (trades: readonly TradeRow[], equity: readonly number[]): string =>
  createHash('sha256')
    .update(canonicalBytes(trades, Float64Array.from(equity)))
    .digest('hex');

/** The layout of the doc comment, written a second time with Node's Buffer. */
function byHand(row: TradeRow, equity: readonly number[]): Buffer {
  const u32 = (value: number): Buffer => {
    const out = Buffer.alloc(4);
    out.writeUInt32LE(value);
    return out;
  };
  const f64 = (value: number | null): Buffer => {
    if (value === null) return Buffer.from('000000000000f87f', 'hex');
    const out = Buffer.alloc(8);
    out.writeDoubleLE(value);
    return out;
  };
  const text = (value: string): Buffer => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)]);
  const numbers = [row.entryTime, row.entryPrice, row.exitTime, row.exitPrice, row.qty, row.fees, row.profit, row.profitPct];
  return Buffer.concat([
    Buffer.from('strat.result/1\n'),
    u32(1),
    f64(row.positionId),
    text(row.market),
    text(row.side),
    row.setup === null ? u32(0xffffffff) : text(row.setup),
    ...[...numbers, row.bars, row.mae, row.mfe].map(f64),
    text(row.exitReason),
    u32(equity.length),
    ...equity.map(f64),
  ]);
}

describe('canonicalBytes', () => {
  it('follow the documented layout', () => {
    expect(Buffer.from(canonicalBytes([trade], Float64Array.of(10_000, 10_004.95)))).toEqual(byHand(trade, [10_000, 10_004.95]));
    const open: TradeRow = { ...trade, setup: null, exitTime: null, exitPrice: null, profit: null, profitPct: null, exitReason: 'open' };
    expect(Buffer.from(canonicalBytes([open], Float64Array.of(1)))).toEqual(byHand(open, [1]));
  });

  it('do not tell -0 from 0 nor one NaN from another', () => {
    expect(hash([{ ...trade, mae: -0 }], [-0])).toBe(hash([trade], [0]));
    const other = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer);
    expect(hash([], [other[0]!])).toBe(hash([], [Number.NaN]));
  });

  it('tell the smallest difference of any value', () => {
    const base = hash([trade], [1]);
    const changes: Partial<TradeRow>[] = [
      { positionId: 2 },
      { market: 'BTC/USD' },
      { side: 'short' },
      { setup: null },
      { entryTime: trade.entryTime + 1 },
      { entryPrice: 100.10000000000001 },
      { exitTime: null },
      { exitPrice: 110.20000000000002 },
      { qty: 0.5000000000000001 },
      { fees: 0.10000000000000002 },
      { carry: 5e-324 },
      { profit: null },
      { profitPct: 9.900000000000002 },
      { bars: 2 },
      { mae: 5e-324 },
      { mfe: 10.000000000000002 },
      { exitReason: 'stop' },
    ];
    // What a rule says of an entry moves no money.
    expect(changes).toHaveLength(Object.keys(trade).filter((key) => key !== 'entryReason').length);
    const hashes = new Set(changes.map((change) => hash([{ ...trade, ...change }], [1])));
    expect(hashes.size).toBe(changes.length);
    expect(hashes.has(base)).toBe(false);
    expect(hash([trade], [1.0000000000000002])).not.toBe(base);
  });

  it('write a lone surrogate as the replacement character', () => {
    expect(hash([{ ...trade, setup: '\ud800' }], [])).toBe(hash([{ ...trade, setup: '\ufffd' }], []));
  });
});
