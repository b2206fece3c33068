import type { Said } from './said.ts';
import type { Remarks } from './report.ts';
import type { Place } from './pine-nodes.ts';

/** What `strategy(...)` says. */
export interface Header extends Place {
  readonly title: string;
  readonly capital: number;
  readonly quantity: { readonly kind: 'fixed' | 'cash' | 'percent'; readonly value: number };
  readonly pyramiding: number;
  readonly commission: { readonly kind: 'percent' | 'order' | 'contract'; readonly value: number };
  readonly slippageTicks: number;
  /** Of a position's value, in percent: 100 is no leverage, 0 no check. */
  readonly margin: number;
}

export const HEADER_PARAMS = [
  'title',
  'shorttitle',
  'overlay',
  'format',
  'precision',
  'scale',
  'pyramiding',
  'calc_on_order_fills',
  'calc_on_every_tick',
  'max_bars_back',
  'backtest_fill_limits_assumption',
  'default_qty_type',
  'default_qty_value',
  'initial_capital',
  'currency',
  'slippage',
  'commission_type',
  'commission_value',
  'process_orders_on_close',
  'close_entries_rule',
  'margin_long',
  'margin_short',
] as const;

const number = (args: ReadonlyMap<string, Said>, name: string, otherwise: number): number => {
  const said = args.get(name);
  return said?.op === 'number' ? said.value : otherwise;
};
const text = (args: ReadonlyMap<string, Said>, name: string): string => {
  const said = args.get(name);
  return said?.op === 'text' ? said.text : '';
};
const isOn = (args: ReadonlyMap<string, Said>, name: string): boolean => {
  const said = args.get(name);
  return said?.op === 'truth' && said.value;
};

/** Settings of the header; those that a file cannot say become remarks on how to run it. */
export function readHeader(place: Place, args: ReadonlyMap<string, Said>, version: number, remarks: Remarks): Header {
  const tell = (name: string, words: string): void => remarks.run(place, `strategy(${name})`, words);
  if (isOn(args, 'process_orders_on_close')) tell('process_orders_on_close', 'run it with --fill-at close');
  if (isOn(args, 'calc_on_order_fills'))
    remarks.changed(place, 'strategy(calc_on_order_fills)', 'strat decides at the close of a bar, not at fills');
  if (isOn(args, 'calc_on_every_tick'))
    remarks.changed(place, 'strategy(calc_on_every_tick)', 'strat decides at the close of a bar, live as in a backtest');
  if (isOn(args, 'use_bar_magnifier')) tell('use_bar_magnifier', 'run it with --detail and finer candles');
  if (number(args, 'backtest_fill_limits_assumption', 0) > 0)
    remarks.changed(place, 'strategy(backtest_fill_limits_assumption)', 'a limit fills when the price goes through it by anything');
  if (text(args, 'close_entries_rule') === 'ANY')
    remarks.changed(place, 'strategy(close_entries_rule)', 'a position is one, its exits are shares of it');
  const slippageTicks = number(args, 'slippage', 0);
  if (slippageTicks > 0)
    tell(
      'slippage',
      `${slippageTicks} ticks a fill: run it with --slippage spread:Npips, N twice that in pips (of ten ticks ${numberOf((2 * slippageTicks) / 10)})`,
    );
  const commission = commissionOf(args);
  if (commission.kind !== 'percent' && commission.value > 0) {
    const words =
      commission.kind === 'contract'
        ? `run it with --fee unit:${commission.value}`
        : `${commission.value} an order: strat has no fee by the order; give a rate with --fee`;
    tell('commission_type', words);
  }
  const long = number(args, 'margin_long', 100);
  const short = number(args, 'margin_short', 100);
  if (long !== short)
    remarks.changed(place, 'strategy(margin_long, margin_short)', 'one leverage holds for both sides: that of margin_long');
  return {
    line: place.line,
    column: place.column,
    title: text(args, 'title') || 'Imported from Pine',
    capital: number(args, 'initial_capital', version >= 5 ? 1_000_000 : 100_000),
    quantity: quantityOf(args),
    pyramiding: number(args, 'pyramiding', 0),
    commission,
    slippageTicks,
    margin: long,
  };
}

const numberOf = (value: number): string => String(Math.round(value * 1000) / 1000);

function quantityOf(args: ReadonlyMap<string, Said>): Header['quantity'] {
  const kind = text(args, 'default_qty_type');
  const value = number(args, 'default_qty_value', 1);
  if (kind.endsWith('percent_of_equity')) return { kind: 'percent', value };
  return { kind: kind.endsWith('cash') ? 'cash' : 'fixed', value };
}

function commissionOf(args: ReadonlyMap<string, Said>): Header['commission'] {
  const kind = text(args, 'commission_type');
  const value = number(args, 'commission_value', 0);
  if (kind.endsWith('cash_per_order')) return { kind: 'order', value };
  return { kind: kind.endsWith('cash_per_contract') ? 'contract' : 'percent', value };
}
