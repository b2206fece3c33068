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
  /** None of it keeps the process from ending any more, nor what is opened later. */
  readonly letGo: () => void;
}

export interface LeftBehind {
  readonly belongings: () => Belongings;
  readonly close: () => void;
}

interface Opened {
  readonly kind: string;
  readonly resource: object;
}

interface Owner {
  readonly opened: Map<number, Opened>;
  isGone: boolean;
}

function letGo(resource: object): void {
  if ('unref' in resource && typeof resource.unref === 'function') Reflect.apply(resource.unref, resource, []);
}

/** Idle connections and timers that do not keep a process alive are the business of pools; repeating timers never are. */
function countsAsOpen(resource: object): boolean {
  if ('_repeat' in resource && typeof resource._repeat === 'number') return true;
  return !('hasRef' in resource) || typeof resource.hasRef !== 'function' || resource.hasRef.call(resource) === true;
}

/** Watches what the code of plugins opens. It costs a call for each timer and connection of the process. */
export function watchLeftBehind(): LeftBehind {
  const current = new AsyncLocalStorage<Owner>();
  const owners = new Map<number, Map<number, Opened>>();
  const hook = createHook({
    init(id, type, _trigger, resource: object) {
      const kind = KINDS.get(type);
      const owner = kind === undefined ? undefined : current.getStore();
      if (kind === undefined || owner === undefined) return;
      owner.opened.set(id, { kind, resource });
      owners.set(id, owner.opened);
      // It is not yet whole.
      if (owner.isGone) queueMicrotask(() => letGo(resource));
    },
    destroy(id) {
      owners.get(id)?.delete(id);
      owners.delete(id);
    },
    trackPromises: false,
  }).enable();
  return {
    belongings: () => {
      const owner: Owner = { opened: new Map(), isGone: false };
      return {
        during: (step) => current.run(owner, step),
        left: () => {
          const open = [...owner.opened.values()].filter(({ resource }) => countsAsOpen(resource));
          const groups = Map.groupBy(open, ({ kind }) => kind);
          return [...groups].map(([kind, { length }]) => `${length} ${kind}${length === 1 ? '' : pluralOf(kind)}`).join(', ');
        },
        letGo: () => {
          owner.isGone = true;
          for (const { resource } of owner.opened.values()) letGo(resource);
        },
      };
    },
    close: () => {
      // What is left may open more, which is to be let go as well.
      if (owners.size === 0) hook.disable();
    },
  };
}

const pluralOf = (kind: string): string => (/(?:s|ch)$/.test(kind) ? 'es' : 's');
