import type { CallExpression } from './call-arguments.ts';
import type { OrderCall } from './orders.ts';
import type { Said } from './said.ts';
import type { ScriptRunner } from './script-runner.ts';
import { MONEY, PRICE, type Unit } from './said.ts';

const ENTRY = ['id', 'direction', 'qty', 'limit', 'stop', 'oca_name', 'oca_type', 'comment', 'alert_message', 'disable_alert'];
const OLD_ENTRY = ['id', 'direction', 'qty', 'limit', 'stop', 'oca_name', 'oca_type', 'comment', 'when'];

const PARAMS: Readonly<Record<OrderCall['call'], readonly string[]>> = {
  entry: ENTRY,
  order: ENTRY,
  exit: [
    'id',
    'from_entry',
    'qty',
    'qty_percent',
    'profit',
    'limit',
    'loss',
    'stop',
    'trail_price',
    'trail_points',
    'trail_offset',
    'oca_name',
    'comment',
  ],
  close: ['id', 'comment', 'qty', 'qty_percent', 'alert_message', 'immediately'],
  close_all: ['comment', 'alert_message', 'immediately'],
  cancel: ['id'],
  cancel_all: [],
};

/** As versions before 5 order them. */
const OLD_PARAMS: Readonly<Partial<Record<OrderCall['call'], readonly string[]>>> = {
  entry: OLD_ENTRY,
  order: OLD_ENTRY,
  close: ['id', 'when', 'comment', 'qty', 'qty_percent'],
  close_all: ['when', 'comment'],
  cancel: ['id', 'when'],
  cancel_all: ['when'],
};

/** What a strategy tells of an open trade; with one entry at a time it is that of the position. */
const OF_TRADE: Readonly<Record<string, readonly [word: string, unit: Unit]>> = {
  'strategy.opentrades.entry_price': ['entry.price', PRICE],
  'strategy.opentrades.profit': ['position.pnl', MONEY],
};

/** A call of `strategy.`: orders are collected, with what must hold for them; values of trades are those of the position. */
export function runStrategyCall(runner: ScriptRunner, call: CallExpression, comments: readonly string[]): Said {
  const { say } = runner;
  const name = call.callee.slice('strategy.'.length);
  if (name.startsWith('risk.')) {
    runner.risks.push({
      line: call.line,
      column: call.column,
      rule: name.slice('risk.'.length),
      args: call.args.map(({ value }) => runner.evaluate(value)),
    });
    return say.nothing;
  }
  if (call.callee === 'strategy.opentrades.entry_bar_index') {
    const bars = say.word('position.bars', { kind: 'number', unit: { quote: 0, base: 0, bars: 1 }, mayBeNa: true, usesAccount: true });
    return say.sum('-', say.word('bar_index', { kind: 'number', unit: { quote: 0, base: 0, bars: 1 } }), bars);
  }
  const trade = Object.hasOwn(OF_TRADE, call.callee) ? OF_TRADE[call.callee]! : null;
  if (trade !== null) return say.word(trade[0], { kind: 'number', unit: trade[1], mayBeNa: true, usesAccount: true });
  if (!Object.hasOwn(PARAMS, name))
    return runner.refuse(call, `${call.callee}(...)`, 'strat does not tell it; position.* and trades.* are what rules know');
  const kind = name as OrderCall['call'];
  const params = (runner.version <= 4 ? OLD_PARAMS[kind] : undefined) ?? PARAMS[kind];
  const args = new Map<string, Said>();
  let place = 0;
  for (const { name: given, value } of call.args) {
    const key = given ?? params[place];
    if (given === null) place += 1;
    if (key !== undefined) args.set(key, runner.evaluate(value));
  }
  const when = args.get('when');
  const guard = when === undefined ? runner.guard : say.logic('and', runner.guard, when);
  const id = args.get('id');
  runner.orders.push({ line: call.line, column: call.column, call: kind, guard, id: id?.op === 'text' ? id.text : null, args, comments });
  return say.nothing;
}
