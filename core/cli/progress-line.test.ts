import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CommandIo } from './command.ts';
import { ProgressLine } from './progress-line.ts';

function recorder(showsProgress: boolean): { readonly io: CommandIo; readonly text: () => string } {
  let text = '';
  const io: CommandIo = {
    out: () => {
      throw new Error('progress is no result');
    },
    err: (part) => {
      text += part;
    },
    width: 80,
    color: false,
    isTerminal: false,
    showsProgress,
    env: {},
  };
  return { io, text: () => text };
}

test('a long run shows on a terminal how far it is, on one line that is removed at the end', async () => {
  const { io, text } = recorder(true);
  const line = new ProgressLine(io, 200);
  line.show(10);
  expect(text()).toBe('');
  await sleep(450);
  line.show(50);
  line.show(50);
  line.show(200);
  expect(text().split('\r').slice(1)).toEqual([expect.stringMatching(/^\[#{6}\.{18}\] 25 %/), expect.stringMatching(/^\[#{24}\] 100 %/)]);
  line.end();
  expect(text()).toMatch(/\r +\r$/);
  expect(text()).not.toContain('\n');
});

test('nothing is shown elsewhere', async () => {
  const { io, text } = recorder(false);
  const line = new ProgressLine(io, 200);
  await sleep(450);
  line.show(100);
  line.end();
  expect(text()).toBe('');
});
