import { describe, expect, onTestFinished, test } from 'vitest';
import type { Discovery, FoundPlugin } from '#core/kernel/discover.ts';
import { watchLeftBehind } from '#core/kernel/left-behind.ts';
import { type ChangeSteps, createLifecycle, type Lifecycle, type PluginWish } from '#core/kernel/lifecycle.ts';
import { createVirtualClock } from '#core/testkit/virtual-clock.ts';

interface Part {
  readonly requires?: readonly string[];
  readonly version?: string;
  readonly fails?: 'setup' | 'start' | 'stop';
}

/** A lifecycle over plugins that write down what happens to them. */
function stage(): {
  readonly told: string[];
  readonly lifecycle: Lifecycle;
  readonly found: (parts: Readonly<Record<string, Part>>) => Discovery;
} {
  const told: string[] = [];
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const leftBehind = watchLeftBehind();
  onTestFinished(leftBehind.close);
  const lifecycle = createLifecycle({
    clock: createVirtualClock(),
    log: () => log,
    folder: '/',
    dataFolder: null,
    environment: () => undefined,
    budgetMs: 1000,
    leftBehind,
  });
  const act = (id: string, step: string, fails: Part['fails']) => async (): Promise<void> => {
    told.push(`${step} ${id}`);
    if (fails === step) throw new Error(`${id} does not ${step}`);
  };
  const pluginOf = (id: string, { requires = [], version = '1', fails }: Part): FoundPlugin => ({
    folder: `/${id}`,
    isOwn: false,
    version,
    importMs: 0,
    manifest: {
      id,
      kind: 'risk',
      api: 1,
      summary: 'A test',
      capabilities: [],
      requires,
      config: {},
      load: async () => ({
        setup: (config: unknown) => {
          told.push(`setup ${id} ${JSON.stringify(config)}`);
          if (fails === 'setup') throw new Error(`${id} does not set up`);
          const port = { afterBar: () => null, review: () => ({ qty: 0, reason: null }) };
          return { port, start: act(id, 'start', fails), stop: act(id, 'stop', fails) };
        },
      }),
    },
  });
  return {
    told,
    lifecycle,
    found: (parts) => ({
      plugins: new Map(Object.entries(parts).map(([id, part]) => [id, pluginOf(id, part)])),
      schemas: new Map(),
      problems: [],
    }),
  };
}
const wish = (id: string, config: unknown = {}): PluginWish => ({ name: id, id, config });
const states = (lifecycle: Lifecycle): Record<string, string> =>
  Object.fromEntries(lifecycle.status().map(({ name, state }) => [name, state]));
const starts = (told: readonly string[]): readonly string[] => told.filter((line) => line.startsWith('start') || line.startsWith('stop'));

describe('the lifecycle', () => {
  test('starts in order of what plugins require and stops in reverse', async () => {
    const { told, lifecycle, found } = stage();
    const discovery = found({ 'risk/a': { requires: ['risk/c'] }, 'risk/b': {}, 'risk/c': { requires: ['risk/b'] } });
    await lifecycle.apply(discovery, [wish('risk/a'), wish('risk/b'), wish('risk/c')]);
    await lifecycle.stop();
    expect(starts(told)).toEqual(['start risk/b', 'start risk/c', 'start risk/a', 'stop risk/a', 'stop risk/c', 'stop risk/b']);
  });

  test('gives ports in the order of the config, whatever started first', async () => {
    const { lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': { requires: ['risk/b'] }, 'risk/b': {} }), [wish('risk/a'), wish('risk/b')]);
    expect([...lifecycle.ports('risk').keys()]).toEqual(['risk/a', 'risk/b']);
    expect(lifecycle.ports('exchange').size).toBe(0);
  });

  test('runs one plugin twice under two names', async () => {
    const { told, lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': {} }), [
      { name: 'first', id: 'risk/a', config: { n: 1 } },
      { name: 'second', id: 'risk/a', config: { n: 2 } },
    ]);
    expect(told).toEqual(['setup risk/a {"n":1}', 'start risk/a', 'setup risk/a {"n":2}', 'start risk/a']);
    expect([...lifecycle.ports('risk').keys()]).toEqual(['first', 'second']);
  });

  test.for(['setup', 'start'] as const)('a failing %s takes along those that require it, and no other', async (fails) => {
    const { lifecycle, found } = stage();
    const discovery = found({ 'risk/a': { fails }, 'risk/b': { requires: ['risk/a'] }, 'risk/c': { requires: ['risk/b'] }, 'risk/d': {} });
    await lifecycle.apply(
      discovery,
      ['risk/a', 'risk/b', 'risk/c', 'risk/d'].map((id) => wish(id)),
    );
    expect(states(lifecycle)).toEqual({ 'risk/a': 'failed', 'risk/b': 'blocked', 'risk/c': 'blocked', 'risk/d': 'running' });
    expect(lifecycle.problems().map(({ plugin, code, key }) => `${plugin} ${code} ${key}`)).toEqual([
      'risk/a PLUGIN_FAILED null',
      'risk/b PLUGIN_BLOCKED requires',
      'risk/c PLUGIN_BLOCKED requires',
    ]);
    expect(lifecycle.problems()[1]?.text).toContain('it requires "risk/a", which is not running');
  });

  test('stops a plugin whose start failed, and goes on when a stop fails', async () => {
    const { told, lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': { fails: 'start' }, 'risk/b': { fails: 'stop' }, 'risk/c': {} }), [
      wish('risk/a'),
      wish('risk/b'),
      wish('risk/c'),
    ]);
    await lifecycle.stop();
    expect(starts(told)).toEqual(['start risk/a', 'stop risk/a', 'start risk/b', 'start risk/c', 'stop risk/c', 'stop risk/b']);
    expect(lifecycle.problems().map(({ plugin, phase }) => `${plugin} ${phase}`)).toContain('risk/b stop');
  });

  test('names a circle, a missing plugin and one that the config leaves out', async () => {
    const { lifecycle, found } = stage();
    const discovery = found({
      'risk/a': { requires: ['risk/b'] },
      'risk/b': { requires: ['risk/a'] },
      'risk/c': { requires: ['risk/zzz'] },
      'risk/d': { requires: ['risk/e'] },
      'risk/e': {},
      'risk/f': {},
    });
    await lifecycle.apply(
      discovery,
      ['risk/a', 'risk/b', 'risk/c', 'risk/d', 'risk/f', 'risk/typo'].map((id) => wish(id)),
    );
    expect(states(lifecycle)).toMatchObject({
      'risk/a': 'blocked',
      'risk/b': 'blocked',
      'risk/c': 'blocked',
      'risk/d': 'blocked',
      'risk/f': 'running',
    });
    const texts = lifecycle
      .problems()
      .map(({ text }) => text)
      .join('\n');
    expect(texts).toContain('risk/a -> risk/b -> risk/a');
    expect(texts).toContain('Plugin "risk/zzz", required by "risk/c", is not installed');
    expect(texts).toContain('Plugin "risk/e", required by "risk/d", is not installed. It is there, but the config does not name it');
    expect(texts).toContain('Plugin "risk/typo", named in the config, is not installed. There are risk/a');
  });

  test('a reload touches what changed and what requires it, nothing else', async () => {
    const { told, lifecycle, found } = stage();
    const parts = { 'risk/a': {}, 'risk/b': { requires: ['risk/a'] }, 'risk/c': {}, 'risk/d': {} };
    await lifecycle.apply(
      found(parts),
      ['risk/a', 'risk/b', 'risk/c'].map((id) => wish(id)),
    );
    told.length = 0;
    await lifecycle.apply(
      found(parts),
      ['risk/a', 'risk/b', 'risk/c'].map((id) => wish(id)),
    );
    expect(told).toEqual([]);
    await lifecycle.apply(found(parts), [wish('risk/a', { n: 2 }), wish('risk/b'), wish('risk/d')]);
    expect(starts(told)).toEqual(['start risk/a', 'start risk/d', 'stop risk/b', 'start risk/b', 'stop risk/c', 'stop risk/a']);
    told.length = 0;
    await lifecycle.apply(found({ ...parts, 'risk/d': { version: '2' } }), [wish('risk/a', { n: 2 }), wish('risk/b'), wish('risk/d')]);
    expect(starts(told)).toEqual(['start risk/d', 'stop risk/d']);
  });

  test('a change that does not start is put back as it was, and named', async () => {
    const { told, lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': {}, 'risk/b': { requires: ['risk/a'] } }), [wish('risk/a', { n: 1 }), wish('risk/b')]);
    told.length = 0;
    await lifecycle.apply(found({ 'risk/a': { fails: 'setup', version: '2' }, 'risk/b': { requires: ['risk/a'] } }), [
      wish('risk/a', { n: 2 }),
      wish('risk/b'),
    ]);
    expect(states(lifecycle)).toEqual({ 'risk/a': 'running', 'risk/b': 'running' });
    expect(told.filter((line) => line.startsWith('setup risk/a'))).toEqual(['setup risk/a {"n":2}']);
    expect(starts(told)).not.toContain('stop risk/a');
    expect(lifecycle.problems().map(({ text }) => text)).toEqual([
      'Plugin "risk/a" failed in setup: risk/a does not set up. What ran before goes on',
    ]);
  });

  test('a changed plugin that holds something for itself stops first, and is put back as it was when it does not start', async () => {
    const { told, lifecycle, found } = stage();
    const parts = { 'risk/a': {}, 'risk/b': { requires: ['risk/a'] } };
    await lifecycle.apply(found(parts), [wish('risk/a'), wish('risk/b', { n: 1 })]);
    told.length = 0;
    await lifecycle.apply(found({ ...parts, 'risk/b': { requires: ['risk/a'], fails: 'start', version: '2' } }), [
      wish('risk/a'),
      wish('risk/b', { n: 2 }),
    ]);
    expect(states(lifecycle)).toEqual({ 'risk/a': 'running', 'risk/b': 'running' });
    expect(told.filter((line) => line.endsWith('b') || line.startsWith('setup'))).toEqual([
      'stop risk/b',
      'setup risk/b {"n":2}',
      'start risk/b',
      'stop risk/b',
      'setup risk/b {"n":1}',
      'start risk/b',
    ]);
    expect(lifecycle.problems().map(({ text }) => text)).toEqual([
      expect.stringMatching(/risk\/b does not start. What ran before goes on$/),
    ]);
  });

  test('rules change under those who use them: started before they leave, stopped after they are back', async () => {
    const { told, lifecycle, found } = stage();
    const discovery = found({ 'risk/a': { fails: 'stop' }, 'risk/b': { fails: 'start' }, 'risk/c': {} });
    const asked = (step: string): void => void told.push(`${step}: ${[...lifecycle.ports('risk').keys()].join(' ')}`);
    const steps: ChangeSteps = { leave: async () => asked('leave'), enter: async () => asked('enter') };
    await lifecycle.apply(discovery, [wish('risk/a', { n: 1 })]);
    told.length = 0;
    await lifecycle.apply(discovery, [wish('risk/a', { n: 2 }), wish('risk/b'), wish('risk/c')], steps);
    expect(told.filter((line) => !line.startsWith('setup'))).toEqual([
      'start risk/a',
      'start risk/b',
      'stop risk/b',
      'start risk/c',
      'leave: risk/a',
      'enter: risk/a risk/c',
      'stop risk/a',
    ]);
    expect(lifecycle.problems().map(({ plugin, phase }) => `${plugin} ${phase}`)).toEqual(['risk/a stop', 'risk/b start']);
  });

  test('a manifest that is broken while its plugin runs changes nothing', async () => {
    const { told, lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': {} }), [wish('risk/a')]);
    told.length = 0;
    const problem = { plugin: 'risk/a', phase: 'discovery', key: 'manifest', code: 'PLUGIN_INVALID', text: 'broken' } as const;
    await lifecycle.apply({ ...found({}), problems: [problem] }, [wish('risk/a')]);
    expect(states(lifecycle)).toEqual({ 'risk/a': 'running' });
    expect(told).toEqual([]);
    expect(lifecycle.problems()).toEqual([]);
  });

  test('a reload tries a failed plugin again', async () => {
    const { lifecycle, found } = stage();
    await lifecycle.apply(found({ 'risk/a': { fails: 'start' } }), [wish('risk/a')]);
    await lifecycle.apply(found({ 'risk/a': {} }), [wish('risk/a')]);
    expect(states(lifecycle)).toEqual({ 'risk/a': 'running' });
    expect(lifecycle.problems()).toEqual([]);
  });
});
