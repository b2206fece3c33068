import { isWholeMultiple } from '#core/model/timeframe.ts';
import { argumentAt, type CallExpression } from './call-arguments.ts';
import type { PineExpression } from './pine-nodes.ts';
import type { Said } from './said.ts';
import type { ScriptRunner } from './script-runner.ts';
import { marketOfTicker, readTimeframe } from './timeframes.ts';

const LOOKS_AHEAD = 'it looks ahead: lookahead_on without [1] shows a bar before it has closed; no strategy can have traded on that';

/** `request.security(symbol, timeframe, expression)`: the expression on a longer chart, or of another market, as of its last closed bar. */
export function runSecurity(runner: ScriptRunner, call: CallExpression): Said {
  const { say } = runner;
  const give = (reason: string): Said => runner.refuse(call, `${call.callee}(...)`, reason);
  const [symbol, timeframe, expression] = [
    argumentAt(call, 'symbol', 0),
    argumentAt(call, 'timeframe', 1) ?? argumentAt(call, 'resolution', 1),
    argumentAt(call, 'expression', 2),
  ];
  if (symbol === null || timeframe === null || expression === null) return give('its symbol, timeframe or expression is missing');
  const ticker = runner.evaluate(symbol);
  const length = runner.evaluate(timeframe);
  if (ticker.kind === 'unsaid' || length.kind === 'unsaid') return ticker.kind === 'unsaid' ? ticker : length;
  if (ticker.op !== 'text' || length.op !== 'text') return give('its symbol and timeframe must be plain texts');
  const lookahead = argumentAt(call, 'lookahead', 4);
  const isAhead =
    lookahead !== null &&
    ((lookahead.kind === 'Name' && lookahead.name === 'barmerge.lookahead_on') || (lookahead.kind === 'Boolean' && lookahead.value));
  const shown = isAhead ? oneBarLater(expression) : expression;
  if (shown === null) return give(LOOKS_AHEAD);
  const market = ticker.text === '' ? null : marketOfTicker(ticker.text);
  if (ticker.text !== '' && market === null)
    return give(`which market "${ticker.text.slice(0, 40)}" is cannot be told; write "... of ETH/USDT"`);
  const value = runner.evaluate(shown);
  if (value.kind === 'unsaid') return value;
  if (value.usesAccount || value.args.some(({ usesAccount }) => usesAccount))
    return give('what the account holds exists on the traded chart only');
  const { timeframe: traded } = runner.target;
  const read = length.text === '' ? traded : readTimeframe(length.text);
  if (read === null) return give(`"${length.text.slice(0, 20)}" is no timeframe`);
  if (read.stepMs < traded.stepMs)
    return give(
      `${read.name} is shorter than the traded ${traded.name}; other charts are longer ones: import it with --timeframe ${read.name}`,
    );
  if (!isWholeMultiple(read, traded)) return give(`${read.name} is no whole multiple of the traded ${traded.name}`);
  if (isAhead)
    runner.remarks.changed(
      call,
      `${call.callee}(...)`,
      `the last closed bar of ${read.name}, as [1] with lookahead_on; on the bar that closes the longer one strat sees it already`,
    );
  const on = (said: Said): Said => {
    const moved = read.stepMs === traded.stepMs ? said : say.on(said, read.name);
    return market === null || market === runner.target.market ? moved : say.of(moved, market);
  };
  return value.kind === 'tuple' ? say.tuple(value.args.map(on)) : on(value);
}

/** `x[1]` with lookahead_on is the x of the last closed bar; null where it would be that of a bar that has not closed. */
function oneBarLater(expression: PineExpression): PineExpression | null {
  if (expression.kind === 'Past' && expression.bars.kind === 'Number' && Number(expression.bars.text) >= 1) {
    const bars = Number(expression.bars.text) - 1;
    return bars === 0 ? expression.of : { ...expression, bars: { ...expression.bars, text: String(bars) } };
  }
  if (expression.kind !== 'Tuple') return null;
  const items = expression.items.map(oneBarLater);
  return items.includes(null) ? null : { ...expression, items: items as PineExpression[] };
}
