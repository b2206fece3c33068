import { StratError } from '#core/errors/strat-error.ts';
import { hasDigit } from '#core/model/digits.ts';
import { LOG, LOG_FIELDS, LOG_KIND } from '#core/model/strategy-abi.ts';

export type FillKind =
  | 'entry'
  | 'add'
  | 'exit'
  | 'stop'
  | 'trail'
  | 'breakeven'
  | 'take'
  | 'timeout'
  | 'end'
  | 'flatten'
  | 'liquidation'
  | 'rebalance'
  | 'delisting';
/** Fills of levels that guard a position: no decision made them. */
export const PROTECTION_FILLS: ReadonlySet<string> = new Set<FillKind>(['stop', 'trail', 'breakeven', 'liquidation']);
export type ChargeKind = 'funding' | 'borrow' | 'covered' | 'dividend' | 'swap';
export type EngineEventKind =
  | 'droppedInvalid'
  | 'droppedTooSmall'
  | 'cutToCash'
  | 'limited'
  | 'refusedPostOnly'
  | 'ambiguous'
  | 'limitActed'
  | 'bankrupt'
  | 'fundingUnknown'
  | 'partFilled';
export type PluginEventKind = 'flagged' | 'disabled';

const FILL_KINDS: ReadonlyMap<number, FillKind> = new Map([
  [LOG_KIND.entry, 'entry'],
  [LOG_KIND.exit, 'exit'],
  [LOG_KIND.stop, 'stop'],
  [LOG_KIND.trail, 'trail'],
  [LOG_KIND.end, 'end'],
  [LOG_KIND.flatten, 'flatten'],
  [LOG_KIND.take, 'take'],
  [LOG_KIND.breakeven, 'breakeven'],
  [LOG_KIND.timeout, 'timeout'],
  [LOG_KIND.add, 'add'],
  [LOG_KIND.liquidation, 'liquidation'],
  [LOG_KIND.rebalance, 'rebalance'],
  [LOG_KIND.delisting, 'delisting'],
]);
const CHARGE_KINDS: ReadonlyMap<number, ChargeKind> = new Map([
  [LOG_KIND.funding, 'funding'],
  [LOG_KIND.borrow, 'borrow'],
  [LOG_KIND.covered, 'covered'],
  [LOG_KIND.dividend, 'dividend'],
  [LOG_KIND.swap, 'swap'],
]);
const EVENT_KINDS: ReadonlyMap<number, EngineEventKind> = new Map([
  [LOG_KIND.droppedInvalid, 'droppedInvalid'],
  [LOG_KIND.droppedTooSmall, 'droppedTooSmall'],
  [LOG_KIND.cutToCash, 'cutToCash'],
  [LOG_KIND.limited, 'limited'],
  [LOG_KIND.refusedPostOnly, 'refusedPostOnly'],
  [LOG_KIND.ambiguous, 'ambiguous'],
  [LOG_KIND.limitActed, 'limitActed'],
  [LOG_KIND.bankrupt, 'bankrupt'],
  [LOG_KIND.fundingUnknown, 'fundingUnknown'],
  [LOG_KIND.partFilled, 'partFilled'],
]);
const PLUGIN_KINDS: ReadonlyMap<number, PluginEventKind> = new Map([
  [LOG_KIND.pluginFlagged, 'flagged'],
  [LOG_KIND.pluginDisabled, 'disabled'],
]);

/** An execution. Prices in quote per base, `fee` in quote. */
export interface Fill {
  readonly type: 'fill';
  readonly kind: FillKind;
  /** Index of the bar in which it happened. */
  readonly bar: number;
  /** Signed base units: + bought, - sold. */
  readonly qty: number;
  readonly price: number;
  /** The price before slippage. */
  readonly refPrice: number;
  readonly fee: number;
  /** Index of the entry rule (kind `entry`) or exit rule (kind `exit`), in file order; -1 for levels and the end of the data. */
  readonly rule: number;
  /** The values in the text of the rule's reason, at the bar of the signal; left out: it has none. */
  readonly said?: readonly number[];
  /** The account's currency for one of the quote, then; left out: they are the same. */
  readonly rate?: number;
}

/** Money that holding a position costs: what longs pay to shorts, what is borrowed; or a loss that the venue bears. */
export interface Charge {
  readonly type: 'charge';
  readonly kind: ChargeKind;
  readonly bar: number;
  /** The position that it is for, signed base units. */
  readonly qty: number;
  /** Quote units; negative = received. */
  readonly cost: number;
  /** As of a fill. */
  readonly rate?: number;
}

/** Something that happened to an order instead of a full fill (E1001). */
export interface EngineEvent {
  readonly type: 'event';
  readonly kind: EngineEventKind;
  readonly bar: number;
  /** Quantity that was wanted, in base units; null = it had none. */
  readonly qty: number | null;
  readonly price: number;
  readonly rule: number;
  /** As of a fill. */
  readonly rate?: number;
}

/** E1005: plugins gave an infinite value for the first time, or were disabled for the rest of the run. */
export interface PluginEvent {
  readonly type: 'plugin';
  readonly kind: PluginEventKind;
  readonly bar: number;
  /** Which uses, by their order in the graph. */
  readonly uses: readonly number[];
}

/** What moves money. */
export type Booking = Fill | Charge;
export type LogRow = Booking | EngineEvent | PluginEvent;

/**
 * Reads the rows of a run's log (LOG layout), in the order in which they happened.
 * @param rates a row: the account's currency for one of the quote; left out: they are the same
 * @throws StratError INTERNAL when the length is no whole number of rows or a kind is unknown: the log is written by strat only
 */
export function logRows(log: Float64Array, rates?: Float64Array): LogRow[] {
  if (log.length % LOG_FIELDS !== 0) {
    throw new StratError('INTERNAL', { reason: `a log of ${log.length} numbers is no whole number of rows of ${LOG_FIELDS}` });
  }
  const rows: LogRow[] = [];
  let said: number[] = [];
  for (let at = 0; at < log.length; at += LOG_FIELDS) {
    const code = log[at + LOG.kind]!;
    const bar = log[at + LOG.bar]!;
    const qty = log[at + LOG.qty]!;
    const price = log[at + LOG.price]!;
    const rule = log[at + LOG.rule]!;
    const fillKind = FILL_KINDS.get(code);
    const eventKind = EVENT_KINDS.get(code);
    const chargeKind = CHARGE_KINDS.get(code);
    const pluginKind = PLUGIN_KINDS.get(code);
    const rated = rates === undefined ? {} : { rate: rates[at / LOG_FIELDS]! };
    if (fillKind !== undefined) {
      const fill = {
        type: 'fill',
        kind: fillKind,
        bar,
        qty,
        price,
        refPrice: log[at + LOG.refPrice]!,
        fee: log[at + LOG.fee]!,
        rule,
        ...rated,
      } as const;
      rows.push(said.length === 0 ? fill : { ...fill, said });
      said = [];
    } else if (code === LOG_KIND.said) {
      said.push(price);
    } else if (chargeKind !== undefined) {
      rows.push({ type: 'charge', kind: chargeKind, bar, qty, cost: log[at + LOG.fee]!, ...rated });
    } else if (eventKind !== undefined) {
      rows.push({ type: 'event', kind: eventKind, bar, qty: Number.isNaN(qty) ? null : qty, price, rule, ...rated });
    } else if (pluginKind !== undefined) {
      rows.push({ type: 'plugin', kind: pluginKind, bar, uses: placesIn(rule) });
    } else {
      throw new StratError('INTERNAL', { reason: `log row ${at / LOG_FIELDS} has the unknown kind ${code}` });
    }
  }
  return rows;
}

/** Whether a LOG_KIND is that of a fill. */
export function isFillKind(kind: number): boolean {
  return FILL_KINDS.has(kind);
}

/** The fills of a log, in order. */
export function fillsOf(log: Float64Array, rates?: Float64Array): Fill[] {
  return logRows(log, rates).filter((row) => row.type === 'fill');
}

/** The fills and charges of a log, in order. */
export function bookingsOf(log: Float64Array, rates?: Float64Array): Booking[] {
  return logRows(log, rates).filter((row) => row.type === 'fill' || row.type === 'charge');
}

/** The events of a log, in order. */
export function eventsOf(log: Float64Array): EngineEvent[] {
  return logRows(log).filter((row) => row.type === 'event');
}

/** The plugin events of a log, in order. */
export function pluginEventsOf(log: Float64Array): PluginEvent[] {
  return logRows(log).filter((row) => row.type === 'plugin');
}

/** Places of the ones in the binary digits of a whole number below 2^32, lowest first. */
function placesIn(digits: number): readonly number[] {
  return Array.from({ length: 32 }, (_, place) => place).filter((place) => hasDigit(digits, place));
}
