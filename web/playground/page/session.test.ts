import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Question, Questions, RunAnswer, ShownParam } from '../messages.ts';
import { type AskedWorker, Ended } from './ask-worker.ts';
import { openPlayground, type PlaygroundSession } from './session.ts';
import { DEFAULT_MARKET } from './shared-state.ts';

/** A worker whose answers the test gives, when it likes. */
interface HeldWorker extends AskedWorker {
  readonly asked: {
    readonly question: Question;
    readonly ask: Questions[Question]['ask'];
    readonly answer: (answer: unknown) => void;
    readonly fail: (error: Error) => void;
  }[];
  readonly ended: () => number;
}

function heldWorker(): HeldWorker {
  const asked: HeldWorker['asked'] = [];
  let ended = 0;
  return {
    asked,
    ended: () => ended,
    ask: (async (question: Question, ask: Questions[Question]['ask']) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked.push({ question, ask, answer: resolve, fail: reject });
      return promise;
    }) as AskedWorker['ask'],
    end() {
      ended += 1;
      for (const { fail } of asked) fail(new Ended());
    },
  };
}

const good = { looks: [], findings: [], params: [] as readonly ShownParam[], timeframe: '1h' };
const answerOf = (name: string): RunAnswer => ({ run: { name } as never, findings: [], metrics: [], values: {}, tookMs: 1 });
const tick = async (ms = 0): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

describe('the session of the playground', () => {
  let editor: HeldWorker;
  let runner: HeldWorker;
  let session: PlaygroundSession;
  const nameOf = (): unknown => (session.state.get().answer?.run as { name?: string } | null | undefined)?.name;

  beforeEach(async () => {
    vi.useFakeTimers();
    editor = heldWorker();
    runner = heldWorker();
    session = openPlayground({ editor, runner }, { text: 'one', market: DEFAULT_MARKET, moved: [] });
    await tick();
    editor.asked[0]!.answer(good);
    await tick();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('checks, runs and shows', async () => {
    expect(editor.asked.map(({ ask }) => ask)).toEqual([{ text: 'one' }]);
    expect(session.state.get()).toMatchObject({ isRunning: true, isStale: true });
    runner.asked[0]!.answer(answerOf('first'));
    await tick();
    expect(session.state.get()).toMatchObject({ isRunning: false, isStale: false, problem: null });
    expect(nameOf()).toBe('first');
  });

  test('asks once for what is typed in one go', async () => {
    for (const text of ['on', 'o', 'ot', 'oth']) session.edit(text);
    await tick(149);
    expect(editor.asked).toHaveLength(1);
    await tick(1);
    expect(editor.asked.slice(1).map(({ ask }) => ask)).toEqual([{ text: 'oth' }]);
  });

  test('runs nothing that does not compile, and keeps the last result', async () => {
    runner.asked[0]!.answer(answerOf('first'));
    await tick();
    session.edit('wrong');
    await tick(150);
    editor.asked[1]!.answer({ ...good, params: null });
    await tick();
    expect(runner.asked).toHaveLength(1);
    expect(nameOf()).toBe('first');
    expect(session.state.get().isStale).toBe(true);
  });

  test('a change while a run is under way is run after it, the last one only', async () => {
    for (const seed of [2, 3]) {
      session.choose({ ...DEFAULT_MARKET, seed });
      await tick();
      editor.asked.at(-1)!.answer(good);
      await tick();
    }
    expect(runner.asked).toHaveLength(1);
    runner.asked[0]!.answer(answerOf('old'));
    await tick();
    expect(nameOf()).toBeUndefined();
    expect(runner.asked).toHaveLength(2);
    expect(runner.asked[1]!.ask).toMatchObject({ request: { market: { seed: 3 } } });
  });

  test('a run that takes its time gives way to a change', async () => {
    await tick(1000);
    session.choose({ ...DEFAULT_MARKET, seed: 2 });
    await tick();
    editor.asked[1]!.answer(good);
    await tick();
    expect(runner.ended()).toBe(1);
    expect(runner.asked).toHaveLength(2);
    runner.asked[1]!.answer(answerOf('second'));
    await tick();
    expect(nameOf()).toBe('second');
    expect(session.state.get().problem).toBeNull();
  });

  test('a run that never ends is ended, and that is said', async () => {
    await tick(9_999);
    expect(session.state.get().problem).toBeNull();
    await tick(1);
    expect(runner.ended()).toBe(1);
    expect(session.state.get()).toMatchObject({ isRunning: false, isStale: true });
    expect(session.state.get().problem).toMatch(/more than 10 seconds and was ended/);
    session.choose({ ...DEFAULT_MARKET, bars: 100 });
    await tick();
    editor.asked[1]!.answer(good);
    await tick();
    runner.asked[1]!.answer(answerOf('shorter'));
    await tick();
    expect(session.state.get().problem).toBeNull();
    expect(nameOf()).toBe('shorter');
  });

  test('a fault of a run is told in its words', async () => {
    runner.asked[0]!.fail(new Error('there is no column "timestamp"'));
    await tick();
    expect(session.state.get().problem).toBe('there is no column "timestamp"');
  });

  test('moved params go with the run, and back', async () => {
    session.move({ name: 'fast', value: 5 });
    session.move({ name: 'fast', value: 6 });
    expect(session.state.get().moved).toEqual([{ name: 'fast', value: 6 }]);
    session.reset();
    expect(session.state.get().moved).toEqual([]);
  });

  test('formatting gives the text of the worker, unless the text has changed meanwhile', async () => {
    const formatted = session.format();
    editor.asked[1]!.answer({ text: 'tidy' });
    expect(await formatted).toBe(true);
    expect(session.state.get().text).toBe('tidy');
    const wrong = session.format();
    editor.asked.at(-1)!.answer({ text: null });
    expect(await wrong).toBe(false);
    expect(session.state.get().text).toBe('tidy');
    const late = session.format();
    session.edit('typed');
    editor.asked.findLast(({ question }) => question === 'format')!.answer({ text: 'tidier' });
    await late;
    expect(session.state.get().text).toBe('typed');
  });
});
