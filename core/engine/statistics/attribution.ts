import type { TradeRow } from '../trades.ts';

const HOUR_MS = 3_600_000;

/** What the exits of one group brought. */
export interface AttributionRow {
  /** Strategy, market, side, setup, reason or hour; null = trades without a setup. */
  readonly name: string | null;
  /** Rows of the trade list. */
  readonly exits: number;
  readonly winRatePct: number;
  /** Sum of their profits, net of fees and carry; the rows of a table add up to the profit of all closed exits. */
  readonly profit: number;
  readonly fees: number;
  /** Funding and borrow of them, less what venues bore. */
  readonly carry: number;
  /** Mean percentage of an exit. */
  readonly averagePct: number;
}

/** Where the profit came from: the closed rows of the trade list, by what they have in common. Rows in the order of their profit; hours by the clock. */
export interface Attribution {
  /** Where several share the account. */
  readonly strategy?: readonly AttributionRow[];
  readonly market: readonly AttributionRow[];
  readonly side: readonly AttributionRow[];
  readonly setup: readonly AttributionRow[];
  readonly exitReason: readonly AttributionRow[];
  /** UTC hour of the bar of the entry, `00` to `23`. */
  readonly entryHour: readonly AttributionRow[];
}

export function attributionOf(trades: readonly TradeRow[]): Attribution {
  const closed = trades.filter((trade) => trade.profit !== null);
  const byProfit = (keyOf: (trade: TradeRow) => string | null): AttributionRow[] =>
    rowsBy(closed, keyOf).toSorted((a, b) => b.profit - a.profit);
  const isOfMany = trades.some(({ strategy }) => strategy !== undefined);
  return {
    ...(isOfMany ? { strategy: byProfit(({ strategy = null }) => strategy) } : {}),
    market: byProfit(({ market }) => market),
    side: byProfit(({ side }) => side),
    setup: byProfit(({ setup }) => setup),
    exitReason: byProfit(({ exitReason }) => exitReason),
    entryHour: rowsBy(closed, ({ entryTime }) => hourOf(entryTime)).toSorted((a, b) => (a.name! < b.name! ? -1 : 1)),
  };
}

/** Times before 1970 are negative. */
function hourOf(time: number): string {
  return String(((Math.floor(time / HOUR_MS) % 24) + 24) % 24).padStart(2, '0');
}

function rowsBy(closed: readonly TradeRow[], keyOf: (trade: TradeRow) => string | null): AttributionRow[] {
  return [...Map.groupBy(closed, keyOf)].map(([name, rows]) => {
    let wins = 0;
    let profit = 0;
    let fees = 0;
    let carry = 0;
    let percent = 0;
    for (const row of rows) {
      if (row.profit! > 0) wins += 1;
      profit += row.profit!;
      fees += row.fees;
      carry += row.carry;
      percent += row.profitPct!;
    }
    const exits = rows.length;
    return { name, exits, winRatePct: (wins / exits) * 100, profit, fees, carry, averagePct: percent / exits };
  });
}
