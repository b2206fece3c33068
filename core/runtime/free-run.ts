import { openRegisters } from '#core/engine/broker-registers.ts';
import { settingsArray } from '#core/engine/simulation-settings.ts';
import { openTradingRegisters } from '#core/engine/trading/registers.ts';
import type { FurtherColumns } from '#core/model/chart-column.ts';
import type { BacktestInput } from '#core/sandbox/isolate.ts';
import { furtherColumns } from './further-columns.ts';
import type { MarketData } from './market-data.ts';
import type { PreparedStrategy } from './prepare-strategy.ts';

/** Whether only the host can run it, bar by bar: it alone knows of splits, asks, marks, books, nights and the end of a market. */
export function needsSteps({ settings }: PreparedStrategy, { stock, ask, mark, depth, isDelisted }: MarketData): boolean {
  return (
    stock !== undefined ||
    ask !== undefined ||
    mark !== undefined ||
    depth !== undefined ||
    isDelisted === true ||
    settings.swap !== undefined
  );
}

/** What the emitted function of a strategy gets for a run over all bars in one call. */
export function freeInput(prepared: PreparedStrategy, data: MarketData): BacktestInput & { readonly further: FurtherColumns } {
  const { compiled, params, settings } = prepared;
  const { columns, fromIndex, detail } = data;
  const further = furtherColumns(prepared, data);
  const rows = columns.time.length;
  const firstBar = Math.max(prepared.warmUpBars, fromIndex);
  const { plan, engine } = compiled;
  const registers = engine === null ? openRegisters(settings.capital) : openTradingRegisters(plan, settings.capital);
  return { columns, further, inner: detail?.inner, params, settings: settingsArray(settings, firstBar, rows), registers };
}
