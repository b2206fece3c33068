import { chartCall, DRAWINGS } from './chart-calls.ts';
import { HEADER_PARAMS, readHeader } from './header.ts';
import { runInput } from './inputs.ts';
import { BARE_FUNCTIONS, MATH_FUNCTIONS } from './math-functions.ts';
import type { CallExpression } from './call-arguments.ts';
import { own } from './pine-names.ts';
import type { Said } from './said.ts';
import type { ScriptRunner } from './script-runner.ts';
import { runSecurity } from './security.ts';
import { runStrategyCall } from './strategy-calls.ts';
import { TA_FUNCTIONS } from './ta-functions.ts';
import { runTime, runTimestamp } from './time-calls.ts';

/** Functions of the `ta.` table that remember bars: inside of an `if` Pine runs them on the bars of its branch only. */
const WITHOUT_MEMORY: ReadonlySet<string> = new Set(['tr']);
const SECURITY: ReadonlySet<string> = new Set(['request.security', 'security']);
const HEADER: ReadonlySet<string> = new Set(['strategy', 'indicator', 'study', 'library']);

/** Calls of Pine's own functions, by their names; the script's own go before them. */
export class CallRunner {
  readonly #runner: ScriptRunner;
  /** Of the statement at hand. */
  comments: readonly string[] = [];

  constructor(runner: ScriptRunner) {
    this.#runner = runner;
  }

  run(call: CallExpression): Said {
    const runner = this.#runner;
    const { say } = runner;
    const { callee } = call;
    const user = runner.names.userFunction(callee);
    if (user !== null) return runner.callUser(user, call);
    if (HEADER.has(callee)) return this.#header(call);
    if (callee === 'input' || callee.startsWith('input.')) return runInput(runner, call);
    if (SECURITY.has(callee)) return runSecurity(runner, call);
    if (callee.startsWith('strategy.')) return runStrategyCall(runner, call, this.comments);
    if (callee === 'time' || callee === 'time_close' || callee === 'timeframe.change') return runTime(runner, call);
    if (callee === 'timestamp') return runTimestamp(runner, call);
    const chart = chartCall(runner, call);
    if (chart !== null) return chart;
    if (DRAWINGS.test(callee)) return runner.refuseDrawing(call);
    if (callee.startsWith('color.') || callee === 'color') return say.color();
    if (callee.startsWith('str.') || callee === 'tostring' || callee === 'string') return say.text('');
    if (callee === 'runtime.error' || callee.startsWith('log.') || callee === 'max_bars_back') return say.nothing;
    const table =
      own(BARE_FUNCTIONS, callee) ?? own(MATH_FUNCTIONS, callee.replace(/^math\./, '')) ?? own(TA_FUNCTIONS, callee.replace(/^ta\./, ''));
    if (callee === 'ta.cum' || callee === 'cum') return this.#cum(call);
    if (table === null || (callee.includes('.') && !/^(ta|math)\.\w+$/.test(callee)))
      return runner.refuse(call, `${callee.slice(0, 60)}(...)`, reasonOf(callee));
    const isOfTa = own(TA_FUNCTIONS, callee.replace(/^ta\./, '')) === table;
    if (runner.isConditional && isOfTa && !WITHOUT_MEMORY.has(callee))
      runner.remarks.changed(
        call,
        `${callee}(...)`,
        'it stands in a branch: Pine computes it on the bars of the branch only, strat on every bar',
      );
    return runner.apply(call, table);
  }

  #header(call: CallExpression): Said {
    const runner = this.#runner;
    if (call.callee !== 'strategy') {
      runner.isIndicator = true;
      return runner.say.nothing;
    }
    const args = new Map<string, Said>();
    for (const [at, { name, value }] of call.args.entries()) {
      const key = name ?? HEADER_PARAMS[at];
      if (key !== undefined) args.set(key, runner.evaluate(value));
    }
    runner.header = readHeader(call, args, runner.version, runner.remarks);
    runner.preamble = this.comments;
    return runner.say.nothing;
  }

  /** A sum from the first bar on: a series that reads its own past. */
  #cum(call: CallExpression): Said {
    const runner = this.#runner;
    const { say } = runner;
    const source = call.args[0] === undefined ? null : runner.evaluate(call.args[0].value);
    if (source === null || source.kind !== 'number') return source ?? runner.refuse(call, 'ta.cum()', 'its source is missing');
    const total = runner.accumulator('total', call, say.inUnit(say.number(0), source.unit));
    return total.set(say.sum('+', total.before, say.nz(source, say.number(0))));
  }
}

function reasonOf(callee: string): string {
  if (callee.startsWith('request.')) return 'strat has no such data; a file of predictions (use model) can bring numbers of your own';
  if (/^(array|matrix|map)\./.test(callee))
    return 'strat has no lists that change; windows such as highest, median or percentile do most of what they are used for';
  if (callee === 'math.random') return 'strat has no random numbers: equal bars give equal trades';
  if (callee.startsWith('(value).')) return 'strat has no methods';
  if (callee.startsWith('ta.')) return 'strat has no such indicator; write it as a def, or as an indicator plugin (docs/indicators.md)';
  return 'strat has nothing for it';
}
