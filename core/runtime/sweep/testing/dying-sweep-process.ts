/** Stands in for a process that runs sets: it says what is given to it as its answer to the start, and ends at the first set, as one that the system kills for its memory. */
import { serveFrames } from '#core/sandbox/frame-server.ts';
import { FRAME } from '#core/sandbox/frames.ts';

serveFrames({
  maxRequestBytes: 1024,
  pulse: () => 0,
  answer: async ({ type, payload }) => {
    if (type === FRAME.run) process.kill(process.pid, 'SIGKILL');
    return { type: FRAME.result, payload };
  },
});
