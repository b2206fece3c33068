import { expect, test } from 'vitest';
import { notifierContract } from 'strat/testkit/notifier-contract';
import { pluginSurroundings } from 'strat/testkit/plugin-surroundings';
import { setup } from './__name__.ts';

notifierContract({
  create: () => {
    const { context, lines, end } = pluginSurroundings();
    return {
      instance: setup({ prefix: '' }, context),
      lines,
      // What the channel got: here the log, of which the prefix is cut off again.
      arrived: () => lines.map(({ fields }) => ({ key: String(fields['key']), title: String(fields['title']).slice(2) })),
      end: async () => end(),
    };
  },
});

test('begins each message with the prefix', async () => {
  const { context, lines } = pluginSurroundings();
  const { port } = setup({ prefix: 'my bot' }, context);
  await port.notify({ key: 'k', level: 'info', strategy: null, title: 'Hello', text: 'there', time: 0 }, context.signal);
  expect(lines[0]?.fields).toMatchObject({ title: 'my bot: Hello', text: 'there' });
});
