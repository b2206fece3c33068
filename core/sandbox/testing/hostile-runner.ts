/** A runner that has been taken over: its start text names how it misbehaves on each `decide`. For tests. */
import { Socket } from 'node:net';
import type { ROW_TAIL } from '#core/model/trade-plan.ts';
import { bytesOf, createFrameReader, encodeFrame, FRAME } from '../frames.ts';
import { parseRunnerStart } from '../runner-start.ts';

const done = bytesOf(Float64Array.of(0));
/** A row of the mean strategy: three values, and its tail. */
const row = (tail: Partial<Record<keyof typeof ROW_TAIL, number>> = {}): Uint8Array =>
  bytesOf(Float64Array.of(0, 0, 0, tail.pluginsFlagged ?? 0, tail.pluginsDisabled ?? 0));

const answers = new Map<string, (seq: number) => Buffer>([
  ['noise', () => Buffer.from('ff0fdeadbeef'.repeat(50), 'hex')],
  ['announces 4 GB', () => Buffer.from('060000000200000000ffffff', 'hex')],
  ['unasked answer', (seq) => encodeFrame(FRAME.decision, seq + 7, row())],
  ['other kind of answer', (seq) => encodeFrame(FRAME.done, seq, done)],
  ['unknown kind', (seq) => encodeFrame(99, seq, done)],
  ['short row', (seq) => encodeFrame(FRAME.decision, seq, row().subarray(8))],
  ['odd bytes', (seq) => encodeFrame(FRAME.decision, seq, row().subarray(3))],
  ['plugins off the table', (seq) => encodeFrame(FRAME.decision, seq, row({ pluginsFlagged: 1e300 }))],
  ['plugins that are no number', (seq) => encodeFrame(FRAME.decision, seq, row({ pluginsDisabled: Number.NaN }))],
  ['error with control characters', (seq) => encodeFrame(FRAME.failed, seq, Buffer.from('\u001B[2Jgone\n\u202Eevil'))],
  ['half an answer', (seq) => encodeFrame(FRAME.decision, seq, row()).subarray(0, 20)],
]);

function main(): void {
  const channel = new Socket({ fd: 3, readable: true, writable: true });
  channel.on('close', () => process.kill(process.pid, 'SIGKILL'));
  const reader = createFrameReader(2 ** 20);
  let manner = '';
  channel.on('data', (chunk: Buffer) => {
    for (const { type, seq, payload } of reader.push(chunk) ?? []) {
      if (type === FRAME.start) manner = parseRunnerStart(payload.toString('utf8')).strategy.text;
      if (type !== FRAME.decide) channel.write(encodeFrame(FRAME.done, seq, done));
      else if (manner === 'exits') process.exit(7);
      else channel.write(answers.get(manner)?.(seq) ?? Buffer.alloc(0));
    }
  });
}

main();
