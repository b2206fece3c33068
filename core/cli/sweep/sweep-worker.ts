/**
 * Entry of a process that runs sets of a sweep for the one that hands them out (core/runtime/sweep/trial-process.ts). Its first request is the command line of the
 * sweep, which it answers with a digest of what it found there; the others are sets. It has the rights of the user, as the sweep itself: it reads candles, store and plugins.
 */
import { StratError } from '#core/errors/strat-error.ts';
import { outcomeOf, outcomeText, type SetValues } from '#core/runtime/sweep/plain-trial.ts';
import { serveFrames } from '#core/sandbox/frame-server.ts';
import { FRAME } from '#core/sandbox/frames.ts';
import type { CommandIo } from '../command.ts';
import { parseCommandLine } from '../command-line.ts';
import { sweepCommand } from '../commands/sweep.ts';
import { ReadCandles } from '../read-candles.ts';
import { openSimulation } from '../simulation-input.ts';
import { sweepSpace } from '../sweep-axes.ts';
import { SetRunner } from './set-runner.ts';
import { digestOfHeader, headerOf } from './sweep-header.ts';

const MOST_REQUEST_BYTES = 2 ** 24;

/** @returns who runs the sets, and the digest of what the command line says */
async function start(words: readonly string[], env: CommandIo['env']): Promise<{ readonly runner: SetRunner; readonly digest: string }> {
  let told = '';
  const io: CommandIo = {
    out: () => undefined,
    err: (text) => void (told += text),
    width: 80,
    color: false,
    isTerminal: false,
    showsProgress: false,
    env,
  };
  const input = parseCommandLine(sweepCommand, words);
  const read = new ReadCandles();
  const simulation = await openSimulation(sweepCommand, input, io, { read });
  if (simulation === null) throw new StratError('INTERNAL', { reason: `the strategy does not compile any more: ${told}` });
  try {
    const space = sweepSpace(sweepCommand, input, simulation.strategies[0]!.prepared.program.params);
    return { runner: new SetRunner(sweepCommand, input, io, read), digest: digestOfHeader(headerOf(input, simulation, space)) };
  } finally {
    await simulation.close();
  }
}

function main(): void {
  let runner: SetRunner | undefined;
  serveFrames({
    maxRequestBytes: MOST_REQUEST_BYTES,
    pulse: () => 0,
    answer: async ({ type, payload }) => {
      const said: unknown = JSON.parse(payload.toString('utf8'));
      if (type === FRAME.start) {
        const started = await start(said as readonly string[], process.env);
        runner = started.runner;
        return { type: FRAME.result, payload: Buffer.from(started.digest) };
      }
      const ready = runner;
      if (type !== FRAME.run || ready === undefined)
        throw new StratError('INTERNAL', { reason: 'a request that a process of a sweep does not know' });
      const outcome = await outcomeOf(async () => ready.trial(said as SetValues));
      return { type: FRAME.result, payload: Buffer.from(outcomeText(outcome)) };
    },
  });
}

main();
