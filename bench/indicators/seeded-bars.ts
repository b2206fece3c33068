import { type Columns, sharedColumns } from '#core/model/columns.ts';

/** Seeded synthetic minutes: a walk of four small steps a bar around 30,000, prices in cents. */
export function seededBars(rows: number): Columns {
  let seed = 0x9e3779b9 | 0;
  const random = (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const cents = (price: number): number => Math.round(price * 100) / 100;
  const columns = sharedColumns(rows);
  let way = 0;
  for (let i = 0; i < rows; i += 1) {
    const open = 30_000 * Math.exp(way);
    let [high, low, close] = [open, open, open];
    for (let step = 0; step < 4; step += 1) {
      way += 0.0003 * normal() - 2e-6 * way;
      close = 30_000 * Math.exp(way);
      high = Math.max(high, close);
      low = Math.min(low, close);
    }
    columns.time[i] = 1_577_836_800_000 + i * 60_000;
    columns.open[i] = cents(open);
    columns.high[i] = cents(high);
    columns.low[i] = cents(low);
    columns.close[i] = cents(close);
    columns.volume[i] = cents(5 + 20 * random() * random());
  }
  return columns;
}
