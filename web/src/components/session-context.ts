import { createContext, useContext, useSyncExternalStore } from 'react';
import type { BotSession } from '../state/bot-session.ts';
import type { PageState } from '../state/page-state.ts';

export const SessionContext = createContext<BotSession | null>(null);

export function useSession(): BotSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('no SessionContext above this component');
  return session;
}

/** A part of the state; the component is drawn again when `select` gives another reference. `select` makes no new objects. */
export function usePage<T>(select: (page: PageState) => T): T {
  const { store } = useSession();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
