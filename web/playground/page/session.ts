import type { MovedParam } from '#core/runtime/playground/param-texts.ts';
import { createStore, type Store } from '../../src/state/store.ts';
import type { FoundFinding, Inspection, RunAnswer } from '../messages.ts';
import { type AskedWorker, Ended } from './ask-worker.ts';
import type { EditorHelp } from './editor-help.ts';
import type { DroppedFile } from './candle-file.ts';
import type { SharedState, SyntheticMarket } from './shared-state.ts';

export interface PlaygroundState extends SharedState {
  /** Candles in the place of the generated market. */
  readonly file: DroppedFile | null;
  /** Of the text as it was when it was last looked at; null before the first time. */
  readonly inspection: Inspection | null;
  /** The last run; `isStale`: something has changed since. */
  readonly answer: RunAnswer | null;
  readonly isStale: boolean;
  readonly isRunning: boolean;
  /** Why there is no newer run, in words. */
  readonly problem: string | null;
}

/** What the page can do. Every change leads to a check and a run by itself. */
export interface PlaygroundSession {
  readonly state: Store<PlaygroundState>;
  readonly edit: (text: string) => void;
  readonly choose: (market: SyntheticMarket) => void;
  readonly drop: (file: DroppedFile | null) => void;
  readonly move: (moved: MovedParam) => void;
  /** All params as the strategy says. */
  readonly reset: () => void;
  /** Another strategy: params go back to what it says. */
  readonly open: (state: Partial<SharedState> & Pick<SharedState, 'text'>) => void;
  /** False when the text cannot be formatted, because it has errors. */
  readonly format: () => Promise<boolean>;
  readonly help: EditorHelp;
}

/** While somebody types nothing is asked. */
const TYPING_MS = 150;
/** A run that is still at it after this time gives way to the next one. */
const PATIENCE_MS = 400;
export const LIMIT_MS = 10_000;

interface Workers {
  /** Looks at texts. */
  readonly editor: AskedWorker;
  /** Runs strategies: ended when one takes too long. */
  readonly runner: AskedWorker;
}

export function openPlayground({ editor, runner }: Workers, initial: SharedState): PlaygroundSession {
  const state = createStore<PlaygroundState>({
    ...initial,
    file: null,
    inspection: null,
    answer: null,
    isStale: true,
    isRunning: false,
    problem: null,
  });
  const set = (change: Partial<PlaygroundState>): void => state.update((before) => ({ ...before, ...change }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the changes: what was asked before the last one is not shown. */
  let change = 0;
  let startedAt: number | null = null;
  let isWaiting = false;

  const changed = (what: Partial<PlaygroundState>, delayMs: number): void => {
    change += 1;
    set({ ...what, isStale: true });
    clearTimeout(timer);
    timer = setTimeout(() => void look(), delayMs);
  };

  const look = async (): Promise<void> => {
    const asked = change;
    const { text } = state.get();
    let inspection;
    try {
      inspection = await editor.ask('inspect', { text });
    } catch (error) {
      set({ problem: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (asked !== change) return;
    const isWrong = inspection.params === null;
    set({ inspection, ...(isWrong ? { problem: null } : {}) });
    if (isWrong) {
      if (startedAt !== null) runner.end();
      return;
    }
    await run();
  };

  const run = async (): Promise<void> => {
    if (startedAt !== null) {
      // One at a time; the newest state is run as soon as there is room.
      isWaiting = true;
      const leftMs = startedAt + PATIENCE_MS - performance.now();
      setTimeout(() => isWaiting && runner.end(), Math.max(0, leftMs));
      return;
    }
    isWaiting = false;
    startedAt = performance.now();
    const asked = change;
    const { text, market, file, moved } = state.get();
    const choice =
      file === null ? { source: 'synthetic' as const, ...market } : { source: 'candles' as const, ...file, timeframe: market.timeframe };
    set({ isRunning: true });
    let isOver = false;
    const limit = setTimeout(() => {
      isOver = true;
      runner.end();
    }, LIMIT_MS);
    try {
      const answer = await runner.ask('run', { request: { text, file: '', market: choice }, moved });
      if (!isWaiting)
        set({
          answer: answer.run === null ? state.get().answer : answer,
          problem: problemOf(answer.findings),
          isStale: asked !== change || answer.run === null,
        });
    } catch (error) {
      if (isOver)
        set({
          problem: `The run took more than ${LIMIT_MS / 1000} seconds and was ended. Choose fewer bars, or run it on the command line: strat backtest`,
        });
      else if (!(error instanceof Ended)) set({ problem: error instanceof Error ? error.message : String(error) });
    } finally {
      clearTimeout(limit);
      startedAt = null;
      set({ isRunning: false });
    }
    if (isWaiting) await run();
  };

  changed({}, 0);
  return {
    state,
    edit: (text) => changed({ text }, TYPING_MS),
    choose: (market) => changed({ market }, 0),
    drop: (file) => changed({ file }, 0),
    move(moved) {
      const others = state.get().moved.filter(({ name }) => name !== moved.name);
      changed({ moved: [...others, moved] }, 0);
    },
    reset: () => changed({ moved: [] }, 0),
    open: (opened) => changed({ moved: [], ...opened }, 0),
    help: {
      complete: async (text, at) => answerOr(editor.ask('complete', { text, at })),
      hover: async (text, at) => answerOr(editor.ask('hover', { text, at })),
    },
    async format() {
      const { text } = state.get();
      const formatted = await editor.ask('format', { text });
      if (formatted.text === null) return false;
      if (formatted.text !== text && state.get().text === text) changed({ text: formatted.text }, 0);
      return true;
    },
  };
}

/** Help that fails is no help; what is wrong with the text is told elsewhere. */
async function answerOr<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch(() => null);
}

function problemOf([first]: readonly FoundFinding[]): string | null {
  return first === undefined ? null : `${first.code}: ${first.message}${first.hint === null ? '' : `. ${first.hint}`}`;
}
