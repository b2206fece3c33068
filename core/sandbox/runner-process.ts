/**
 * Entry of a runner process: one strategy in one isolate, fed bar by bar. Everything it knows came through its pipe. The isolate runs on a thread of its own,
 * so that this thread always sees the pipe close.
 */
import { StratError } from '#core/errors/strat-error.ts';
import type { Decider } from './decider.ts';
import { createDecider } from './decider.ts';
import { serveFrames } from './frame-server.ts';
import { bytesOf, doublesOf, FRAME } from './frames.ts';
import { parseRunnerStart } from './runner-start.ts';

const MAX_REQUEST_BYTES = 64 * 2 ** 20;
const done = (value: number): { readonly type: number; readonly payload: Uint8Array } => ({
  type: FRAME.done,
  payload: bytesOf(Float64Array.of(value)),
});

function main(): void {
  let decider: Decider | undefined;

  serveFrames({
    maxRequestBytes: MAX_REQUEST_BYTES,
    pulse: () => 0,
    answer: async ({ type, payload }) => {
      if (type === FRAME.start && decider === undefined) {
        const { strategy, params, settings, limits } = parseRunnerStart(payload.toString('utf8'));
        decider = createDecider(strategy, { params, settings, limits });
        return done(0);
      }
      const values = doublesOf(payload);
      if (decider !== undefined && values !== undefined) {
        if (type === FRAME.decide) return { type: FRAME.decision, payload: bytesOf(await decider.decideRow(values)) };
        if (type === FRAME.history) {
          await decider.catchUp(values);
          return done(decider.bars());
        }
      }
      throw new StratError('INTERNAL', { reason: 'a request that a runner does not know' });
    },
  });
}

main();
