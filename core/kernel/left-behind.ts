import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** Things of the system that stay open until somebody closes them. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Timeout', 'timer'],
  ['TCPWRAP', 'connection'],
  ['PIPEWRAP', 'pipe'],
  ['TCPSERVERWRAP', 'server'],
  ['PIPESERVERWRAP', 'server'],
  ['UDPWRAP', 'UDP socket'],
  ['PROCESSWRAP', 'child process'],
  ['WORKER', 'worker thread'],
  ['FSEVENTWRAP', 'file watch'],
  ['STATWATCHER', 'file watch'],
  ['SIGNALWRAP', 'signal handler'],
]);

/** What one plugin opened and did not close yet. */
export interface Belongings {
  /** Calls `step`; what it opens, then or later, belongs here. */
  readonly during: <T>(step: () => T) => T;
  /** What is open now, as text: `2 timers, 1 connection`; empty when there is nothing. */
  readonly left: () => string;
}

export interface LeftBehind {
  readonly belongings: () => Belongings;
  readonly close: () => void;
}

interface Opened {
  readonly kind: string;
  readonly resource: object;
}

/** Idle connections and timers that do not keep a process alive are the business of pools; repeating timers never are. */
function countsAsOpen(resource: object): boolean {
  if ('_repeat' in resource && typeof resource._repeat === 'number') return true;
  return !('hasRef' in resource) || typeof resource.hasRef !== 'function' || resource.hasRef.call(resource) === true;
}

/** Watches what the code of plugins opens. It costs a call for each timer and connection of the process. */
export function watchLeftBehind(): LeftBehind {
  const owner = new AsyncLocalStorage<Map<number, Opened>>();
  const owners = new Map<number, Map<number, Opened>>();
  const hook = createHook({
    init(id, type, _trigger, resource: object) {
      const kind = KINDS.get(type);
      const opened = kind === undefined ? undefined : owner.getStore();
      if (kind === undefined || opened === undefined) return;
      opened.set(id, { kind, resource });
      owners.set(id, opened);
    },
    destroy(id) {
      owners.get(id)?.delete(id);
      owners.delete(id);
    },
    trackPromises: false,
  }).enable();
  return {
    belongings: () => {
      const opened = new Map<number, Opened>();
      return {
        during: (step) => owner.run(opened, step),
        left: () => {
          const open = [...opened.values()].filter(({ resource }) => countsAsOpen(resource));
          const groups = Map.groupBy(open, ({ kind }) => kind);
          return [...groups].map(([kind, { length }]) => `${length} ${kind}${length === 1 ? '' : pluralOf(kind)}`).join(', ');
        },
      };
    },
    close: () => {
      hook.disable();
      owners.clear();
    },
  };
}

const pluralOf = (kind: string): string => (/(?:s|ch)$/.test(kind) ? 'es' : 's');
