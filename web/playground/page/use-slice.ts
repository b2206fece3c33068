import { useSyncExternalStore } from 'react';
import type { PlaygroundSession, PlaygroundState } from './session.ts';

/** A part of the page's state; the component is drawn anew when that part is another. */
export function useSlice<T>({ state }: PlaygroundSession, part: (state: PlaygroundState) => T): T {
  return useSyncExternalStore(state.subscribe, () => part(state.get()));
}
