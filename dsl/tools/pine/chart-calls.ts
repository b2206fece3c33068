import { colorName } from './chart-colors.ts';
import type { CallExpression } from './call-arguments.ts';
import type { PineExpression } from './pine-nodes.ts';
import type { Said } from './said.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Pictures on the chart that strat's charts do not have. */
export const DRAWINGS =
  /^(bgcolor|barcolor|fill|plotarrow|plotcandle|plotbar|linefill\.|label\.|line\.|box\.|table\.|polyline\.|chart\.point)/;

const PARAMS: Readonly<Record<string, readonly string[]>> = {
  plot: ['series', 'title', 'color', 'linewidth', 'style'],
  hline: ['price', 'title', 'color'],
  plotshape: ['series', 'title', 'style', 'location', 'color', 'offset', 'text'],
  plotchar: ['series', 'title', 'char', 'location', 'color', 'offset', 'text'],
  alertcondition: ['condition', 'title', 'message'],
  alert: ['message', 'freq'],
};

/** plot, plotshape, hline and alerts: lines, marks and messages of strat. null: the call is none of them. */
export function chartCall(runner: ScriptRunner, call: CallExpression): Said | null {
  const params = Object.hasOwn(PARAMS, call.callee) ? PARAMS[call.callee]! : null;
  if (params === null) return null;
  const { say } = runner;
  const args = new Map<string, PineExpression>();
  let place = 0;
  for (const { name, value } of call.args) {
    const key = name ?? params[place];
    if (name === null) place += 1;
    if (key !== undefined) args.set(key, value);
  }
  const textOf = (name: string): string | null => {
    const expression = args.get(name);
    return expression?.kind === 'Text' ? expression.text : null;
  };
  const colorOf = args.get('color');
  const color = colorOf === undefined ? null : colorName(colorOf);
  const subject = args.get(params[0]!);
  if (subject === undefined) return runner.refuse(call, `${call.callee}()`, 'what it shows is missing');
  if (call.callee === 'alert') {
    const text = textOf('message');
    if (text === null) return runner.refuse(call, 'alert(...)', 'its message is made at run time; write a notify with values in braces');
    runner.charts.push({ line: call.line, column: call.column, call: 'notify', value: runner.guard, text, color: null, isBelow: false });
    return say.nothing;
  }
  const value = runner.evaluate(subject);
  if (value.kind === 'unsaid') return say.nothing;
  const base = { line: call.line, column: call.column, color } as const;
  if (call.callee === 'plot' || call.callee === 'hline') {
    if (value.kind !== 'number' || value.isSided) return refuse(runner, call, 'it is no series of numbers that strat could draw');
    runner.charts.push({ ...base, call: 'plot', value, text: textOf('title'), isBelow: false });
  } else {
    const condition = say.condition(value);
    if (condition.kind !== 'condition') return refuse(runner, call, 'it shows no condition');
    const where = args.get('location');
    const isBelow = where?.kind === 'Name' && /below|bottom/.test(where.name);
    const isAlert = call.callee === 'alertcondition';
    const text = isAlert ? (textOf('message') ?? textOf('title')) : textOf('text');
    runner.charts.push({ ...base, call: isAlert ? 'notify' : 'mark', value: condition, text, isBelow });
  }
  return say.nothing;
}

function refuse(runner: ScriptRunner, call: CallExpression, reason: string): Said {
  runner.remarks.dropped(call, `${call.callee}(...)`, reason);
  return runner.say.nothing;
}
