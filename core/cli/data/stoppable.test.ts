import { expect, test } from 'vitest';
import type { CommandIo } from '../command.ts';
import { stoppable } from './stoppable.ts';

function recorded(): { readonly io: CommandIo; readonly said: string[] } {
  const said: string[] = [];
  const io = {
    out: () => undefined,
    err: (text: string) => void said.push(text),
    env: {},
    isTerminal: false,
    width: 80,
    color: false,
    showsProgress: false,
  };
  return { io, said };
}

test('Ctrl-C ends work that looks at its signal with 130, and says what is so then', async () => {
  const { io, said } = recorded();
  const code = await stoppable(io, 'nothing was written', async ({ signal }) => {
    process.emit('SIGINT');
    signal.throwIfAborted();
    return 0;
  });
  expect([code, said]).toEqual([130, ['Stopped; nothing was written\n']]);
});

test('other errors, and exit codes, go through', async () => {
  const { io, said } = recorded();
  await expect(stoppable(io, '', async () => Promise.reject(new RangeError('other')))).rejects.toThrow('other');
  expect([await stoppable(io, '', async () => 1), said]).toEqual([1, []]);
});
