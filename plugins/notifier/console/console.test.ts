import { describe, expect, test } from 'vitest';
import type { Notification } from 'strat/ports/notifier';
import { notifierContract } from 'strat/testkit/notifier-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { setup } from './console.ts';

notifierContract({
  create: async () => {
    const { context, lines, end } = pluginSurroundings({ id: 'notifier/console' });
    const instance = setup({ least: 'info' }, context);
    return {
      instance,
      lines,
      arrived: () => lines.map(({ fields }) => ({ key: String(fields['key']), title: String(fields['title']) })),
      end: async () => end(),
    };
  },
});

const notification: Notification = {
  key: 'k',
  level: 'warning',
  strategy: 'alpha',
  title: 'T',
  text: 'two\r\nlines \u001b[31mred',
  time: 0,
};
const signal = new AbortController().signal;

describe('the console notifier', () => {
  test('writes one plain line: no line break, no escape sequence', async () => {
    const { context, lines } = pluginSurroundings();
    await setup({ least: 'info' }, context).port.notify(notification, signal);
    expect(lines).toEqual([
      { level: 'warn', message: 'notification', fields: { key: 'k', strategy: 'alpha', title: 'T', text: 'two / lines ?[31mred' } },
    ]);
  });

  test('leaves out what is below its level', async () => {
    const { context, lines } = pluginSurroundings();
    await setup({ least: 'error' }, context).port.notify(notification, signal);
    expect(lines).toEqual([]);
  });
});
