import { PROTECTION_FILLS } from '#core/engine/log-rows.ts';
import { runStrategies } from '#core/runtime/backtest.ts';
import { explain } from '#core/runtime/explain/explain.ts';
import type { StrategyOnMarkets } from '#core/runtime/portfolio/strategy-on-markets.ts';
import { explainedExpressions } from '#dsl/tools/explain/rule-conditions.ts';
import type { Command, CommandIo } from '../command.ts';
import { usage } from '../command-line.ts';
import { interruptibleRun } from '../interruptible.ts';
import { timeOf } from '../option-values.ts';
import { MODEL_OPTIONS, openSimulation, RUN_OPTIONS, type Simulation } from '../simulation-input.ts';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'say why a bar traded, or why it did not',
  usage: 'explain FILE... [--data PATH | --market SERIES | --synthetic SEED] --at TIME [OPTIONS]',
  description:
    'Runs the strategy up to a bar and shows each rule there: each part of its condition with its value, and what kept it from acting, or made it act. What is named is tried: the bar is run again with it taken away, and it is told only where that changes what the rule does.\n\nA rule decides at the close of a bar and its order fills from the next one on: --at trade:3 is the bar at whose close the third trade was decided. What the options of strat backtest change of decisions they change here.',
  options: [
    {
      name: 'at',
      value: 'TIME',
      help: 'a time within the bar (UTC), last, trade:N (the bar at whose close the entry of trade N was decided; trade:last), or exit:N (the bar that decided its end, or met its stop or target)',
    },
    { name: 'show', value: 'MARKET', isMany: true, help: 'a market or basket of those that are traded (all)' },
    ...RUN_OPTIONS,
    { name: 'json', help: 'print one JSON document' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'strat explain my.strat --data binance_BTC-USDT_1h.csv.gz --at 2024-03-05T14:00',
    'strat explain my.strat --data binance_BTC-USDT_1h.csv.gz --at trade:last',
    'strat explain my.strat --synthetic 1 --at last --json',
  ],
  async run(input, io) {
    const asked = input.value('at');
    if (asked === undefined) throw usage('--at says which bar is to be explained, and is missing', explainCommand);
    const moment = momentOf(asked);
    const run = await openSimulation(explainCommand, input, io, { watchValues: explainedExpressions });
    if (run === null) return 1;
    try {
      const at = await timeOfMoment(moment, run, io);
      const only = input.values('show');
      const document = await interruptibleRun(run.strategies, io, async (limits) =>
        explain({
          strategies: run.strategies,
          at,
          only: only.length === 0 ? null : only,
          rules: run.rules,
          ...(run.account === undefined ? {} : { currency: run.account.currency }),
          limits,
        }),
      );
      if (input.flag('json')) {
        const { jsonText } = await import('../render/json-text.ts');
        io.out(jsonText(document));
      } else {
        const { renderExplanation } = await import('../render/explain-text.ts');
        io.out(renderExplanation(document, { color: io.color, width: io.isTerminal ? io.width : Infinity }));
      }
      return 0;
    } finally {
      await run.close();
    }
  },
};

/** A bar as the user names it. `place`: of trades in the order of their entries, from 1; null = the last. */
type Moment =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'entry' | 'exit'; readonly place: number | null };

function momentOf(text: string): Moment {
  if (text === 'last') return { kind: 'last' };
  const trade = /^(trade|entry|exit):(\d{1,9}|last)$/.exec(text);
  if (trade !== null) {
    const place = trade[2] === 'last' ? null : Number(trade[2]);
    return { kind: trade[1] === 'exit' ? 'exit' : 'entry', place };
  }
  if (!/^\d{4}-/.test(text))
    throw usage(`--at takes a time such as 2024-01-31T14:00 (UTC), last, trade:3 or exit:3, found "${text}"`, explainCommand);
  return { kind: 'time', ms: timeOf(explainCommand, 'at', text) };
}

/** Open time of the bar, ms. */
async function timeOfMoment(moment: Moment, run: Simulation, io: CommandIo): Promise<number> {
  if (moment.kind === 'time') return moment.ms;
  const series = run.strategies.flatMap(({ markets }) => markets);
  if (moment.kind === 'last') return Math.max(...series.map(({ columns }) => columns.time.at(-1)!));
  const { document } = await interruptibleRun(run.strategies, io, async (limits) =>
    runStrategies(run.strategies, { ...limits, seed: null }, {}, run.rules, run.account),
  );
  const trades = document.trades.filter(({ exitTime }) => moment.kind === 'entry' || exitTime !== null);
  const trade = moment.place === null ? trades.at(-1) : trades[moment.place - 1];
  if (trade === undefined) {
    const found = trades.length === 0 ? 'the run has none' : `the run has ${trades.length}`;
    throw usage(`There is no ${moment.kind === 'exit' ? 'closed trade' : 'trade'} ${moment.place ?? 'at all'}: ${found}`, explainCommand);
  }
  const filled = Date.parse(moment.kind === 'entry' ? trade.entryTime : trade.exitTime!);
  return decisionBefore(run.strategies, trade.market, filled, moment.kind === 'exit' && meetsBar(trade.exitReason));
}

/** Ends that no close decides: what was ordered before meets the bar. */
const meetsBar = (reason: string): boolean => reason === 'take' || PROTECTION_FILLS.has(reason);

/** The bar that tells why: the one before the fill, as a market order fills at the open behind the close that decided it, or that of the fill. */
function decisionBefore(strategies: readonly StrategyOnMarkets[], market: string, filled: number, isInBar: boolean): number {
  const data = strategies.flatMap(({ markets }) => markets).find((one) => one.market === market)!;
  const { time } = data.columns;
  const at = time.findLastIndex((open) => open <= filled);
  return time[Math.max(0, isInBar ? at : at - 1)]!;
}
