import { serveFrames } from '../frame-server.ts';
import { bytesOf, FRAME } from '../frames.ts';

/** Says that all went well, and gives three doubles for whatever it is asked. */
serveFrames({
  maxRequestBytes: 2 ** 28,
  pulse: () => 0,
  answer: async ({ type }) =>
    type === FRAME.result
      ? { type: FRAME.result, payload: bytesOf(Float64Array.of(1, 2, 3)) }
      : { type: FRAME.done, payload: bytesOf(Float64Array.of(0)) },
});
