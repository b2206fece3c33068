import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '#core/http/control-client.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { STATUS_ANSWER } from '#core/http/schemas/bot-schemas.ts';
import { ORDERS_ANSWER } from '#core/http/schemas/strategy-schemas.ts';
import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { Command } from '../command.ts';
import { bodyOf, connect, CONTROL_OPTIONS, targetOf } from '../control-command.ts';
import { countOption } from '../option-values.ts';
import { jsonText } from '../render/json-text.ts';

const DEFAULT_WAIT_S = 30;
const POLL_MS = 200;

export const killCommand: Command = {
  name: 'kill',
  summary: 'the kill switch: close positions, then stop the strategies',
  usage: 'kill [ID] [OPTIONS]',
  description:
    'Flattens and stops everything, or the one strategy named: entries end at once, positions are closed at the next open, and each strategy is stopped when it is flat. ' +
    'A strategy that is not flat in time is not stopped, since a stopped one no longer watches its stop: it stays paused and closes its position as soon as its market moves, and the exit code is 3. ' +
    'Calling it again does no harm.',
  options: [
    { name: 'wait', value: 'SECONDS', help: `how long to wait for the positions to close (${DEFAULT_WAIT_S})` },
    { name: 'now', help: 'stop without closing: positions stay open and NOTHING watches their stops' },
    ...CONTROL_OPTIONS,
  ],
  examples: ['strat kill', 'strat kill sma-cross --wait 3600'],
  async run(input, io) {
    const target = targetOf(killCommand, input);
    const waitMs = (countOption(killCommand, input, 'wait') ?? DEFAULT_WAIT_S) * 1000;
    const client = connect(input, io);
    const outcome = await (input.flag('now') ? stopNow(client, target) : flattenAndStop(client, target, waitMs));
    if (input.flag('json')) io.out(jsonText(outcome));
    else for (const line of linesOf(outcome)) io.out(`${plainText(line, 1000)}\n`);
    return outcome.open.length === 0 ? 0 : 3;
  },
};

/** Ids by what became of them. `open`: still holds a position; with --now it was stopped all the same. */
interface KillOutcome {
  readonly stopped: readonly string[];
  readonly open: readonly string[];
  /** What the bot refused. */
  readonly notes: readonly string[];
}

async function flattenAndStop(client: ControlClient, target: string | null, waitMs: number): Promise<KillOutcome> {
  const notes: string[] = [];
  await attempt(notes, client, '/flatten', target);
  const end = performance.now() + waitMs;
  const stopped: string[] = [];
  const refused = new Set<string>();
  for (;;) {
    const { orders } = await client.get('/orders', ORDERS_ANSWER);
    const left = (await strategiesOf(client, target)).filter(({ id, state }) => state !== 'stopped' && !stopped.includes(id));
    // An entry that waits for the next open would fill after the position was looked at.
    const entering = new Set(orders.filter(({ purpose }) => purpose === 'entry').map(({ strategy }) => strategy));
    const open = left.filter((one) => holds(one) || entering.has(one.id)).map(({ id }) => id);
    for (const { id } of left) {
      if (open.includes(id) || refused.has(id)) continue;
      if (await attempt(notes, client, '/stop', id)) stopped.push(id);
      else refused.add(id);
    }
    if (open.length === 0 || performance.now() >= end) return { stopped, open, notes };
    await sleep(POLL_MS);
  }
}

async function stopNow(client: ControlClient, target: string | null): Promise<KillOutcome> {
  const before = await strategiesOf(client, target);
  const notes: string[] = [];
  const isDone = await attempt(notes, client, '/stop', target);
  const ids = (list: readonly StrategyStatus[]): string[] => list.map(({ id }) => id);
  return {
    stopped: isDone ? ids(before.filter(({ state }) => state !== 'stopped')) : [],
    open: ids(before.filter(holds)),
    notes,
  };
}

const holds = ({ markets }: StrategyStatus): boolean => markets.some(({ qty }) => qty !== 0);

async function strategiesOf(client: ControlClient, target: string | null): Promise<readonly StrategyStatus[]> {
  const { strategies } = await client.get('/status', STATUS_ANSWER);
  return strategies.filter(({ id }) => target === null || id === target);
}

/** A refusal for one (it has ended already) must not keep the others running. A strategy that does not exist is an error. */
async function attempt(notes: string[], client: ControlClient, path: string, target: string | null): Promise<boolean> {
  try {
    await client.post(path, bodyOf(target));
    return true;
  } catch (error) {
    const isKnown = target === null || (await strategiesOf(client, target)).length > 0;
    if (!(error instanceof StratError) || error.code !== 'BOT_REFUSED' || !isKnown) throw error;
    notes.push(error.message);
    return false;
  }
}

function linesOf({ stopped, open, notes }: KillOutcome): string[] {
  const names = (ids: readonly string[]): string => ids.join(', ');
  const isForced = open.some((id) => stopped.includes(id));
  return [
    ...notes,
    ...(stopped.length > 0 ? [`Stopped: ${names(stopped)}`] : []),
    ...(open.length > 0 && isForced ? [`OPEN POSITIONS that nothing watches any more: ${names(open)}`] : []),
    ...(open.length > 0 && !isForced
      ? [
          `Not flat yet, so paused and not stopped: ${names(open)}. They close at the next open; run "strat kill" again, with --wait SECONDS to wait longer`,
        ]
      : []),
    ...(stopped.length === 0 && open.length === 0 ? ['Nothing was running'] : []),
  ];
}
