import type {
  ControlMark,
  ControlOrder,
  ControlTrade,
  EquityPoint,
  MarketStatus,
  StrategyState,
  StrategyStatus,
} from '#core/ports/bot-control.ts';

type Bar = NonNullable<MarketStatus['lastBar']>;

/** What happened on a bar, for the events. */
export interface FakeFill {
  readonly kind: 'entry' | 'exit' | 'stop';
  readonly side: 'buy' | 'sell';
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly profit: number | null;
}

const HOUR = 3_600_000;
const FEE = 0.001;
const STOP = 0.03;
const CAPITAL = 10_000;

/** mulberry32: small, seeded, good enough to look like a market. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const mean = (bars: readonly Bar[], length: number): number =>
  bars.slice(-length).reduce((sum, bar) => sum + bar.close, 0) / Math.min(length, bars.length);

/** One made-up strategy on one made-up market: two averages that cross, and a stop. */
export class FakeStrategy {
  readonly id: string;
  readonly market: string;
  readonly bars: Bar[] = [];
  readonly marks: ControlMark[] = [];
  readonly trades: ControlTrade[] = [];
  readonly points: EquityPoint[] = [];
  state: StrategyState = 'running';
  reason: string | null = null;
  flatten = false;
  readonly #random: () => number;
  #cash = CAPITAL;
  #qty = 0;
  #entry: { time: number; price: number; fee: number } | null = null;
  #stop: number | null = null;
  #positions = 0;
  #time: number;
  #price: number;

  constructor(id: string, market: string, seed: number, price: number, start: number) {
    this.id = id;
    this.market = market;
    this.#random = randomFrom(seed);
    this.#price = price;
    this.#time = start;
  }

  get equity(): number {
    return this.#cash + this.#qty * this.#price;
  }

  get qty(): number {
    return this.#qty;
  }

  /** One more bar; stops first, then the rules, filled at its open. */
  step(): { readonly bar: Bar; readonly fills: readonly FakeFill[] } {
    const fills: FakeFill[] = [];
    const fast = mean(this.bars, 8);
    const slow = mean(this.bars, 30);
    const open = this.#price;
    const moves = [0, 0, 0, 0].map(() => (this.#random() - 0.499) * 0.012);
    const path = moves.reduce<number[]>((prices, move) => [...prices, (prices.at(-1) ?? open) * (1 + move)], [open]);
    const bar: Bar = {
      time: this.#time,
      open,
      high: Math.max(...path),
      low: Math.min(...path),
      close: path.at(-1) ?? open,
      volume: 20 + this.#random() * 180,
    };
    this.#time += HOUR;
    if (this.#qty > 0 && (fast < slow || this.flatten)) fills.push(this.#close('exit', open, bar.time, this.flatten ? 'flatten' : 'rule'));
    this.flatten = false;
    if (this.#qty === 0 && this.state === 'running' && this.bars.length > 30 && fast > slow && this.#random() < 0.4)
      fills.push(this.#enter(open, bar.time));
    if (this.#qty > 0 && this.#stop !== null && bar.low <= this.#stop) fills.push(this.#close('stop', this.#stop, bar.time, 'stop'));
    if (this.#qty > 0) this.#stop = Math.max(this.#stop ?? 0, bar.close * (1 - STOP));
    this.#price = bar.close;
    this.bars.push(bar);
    if (this.bars.length % 25 === 0) this.marks.push({ time: bar.time, where: 'above', text: 'every 25th', color: 'purple' });
    this.points.push({ time: bar.time, equity: this.equity });
    return { bar, fills };
  }

  #enter(price: number, time: number): FakeFill {
    const qty = (this.#cash * 0.5) / price;
    const fee = qty * price * FEE;
    this.#cash -= qty * price + fee;
    this.#qty = qty;
    this.#entry = { time, price, fee };
    this.#stop = price * (1 - STOP);
    this.#positions += 1;
    return { kind: 'entry', side: 'buy', qty, price, fee, profit: null };
  }

  #close(kind: 'exit' | 'stop', price: number, time: number, exitReason: string): FakeFill {
    const entry = this.#entry ?? { time, price, fee: 0 };
    const qty = this.#qty;
    const fee = qty * price * FEE;
    const fees = entry.fee + fee;
    const profit = qty * (price - entry.price) - fees;
    this.#cash += qty * price - fee;
    this.#qty = 0;
    this.#stop = null;
    this.trades.push({
      strategy: this.id,
      positionId: this.#positions,
      market: this.market,
      side: 'long',
      entryTime: entry.time,
      entryPrice: entry.price,
      exitTime: time,
      exitPrice: price,
      qty,
      fees,
      profit,
      profitPct: (profit / (qty * entry.price)) * 100,
      entryReason: null,
      exitReason,
    });
    return { kind, side: 'sell', qty, price, fee, profit };
  }

  status(): StrategyStatus {
    return {
      id: this.id,
      name: this.id,
      file: `strategies/${this.id}/${this.id}.strat`,
      market: this.market,
      timeframe: '1h',
      synthetic: true,
      state: this.state,
      reason: this.reason,
      params: { fast: 8, slow: 30, stopPct: STOP * 100 },
      capital: CAPITAL,
      equity: this.equity,
      cash: this.#cash,
      tradeCount: this.#positions,
      bars: this.bars.length,
      markets: [
        {
          market: this.market,
          qty: this.#qty,
          avgPrice: this.#entry !== null && this.#qty > 0 ? this.#entry.price : null,
          stopLevel: this.#stop,
          lastBar: this.bars.at(-1) ?? null,
        },
      ],
    };
  }

  order(): ControlOrder | null {
    if (this.#qty === 0) return null;
    return { strategy: this.id, market: this.market, type: 'stop', purpose: 'protection', side: 'sell', qty: this.#qty, price: this.#stop };
  }
}
