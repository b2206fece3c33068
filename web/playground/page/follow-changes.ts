import { keep } from './kept-state.ts';
import type { PlaygroundSession } from './session.ts';
import { stateOf } from './share-link.ts';

/** The address without what a link brought. */
export const leaveLink = (): void => history.replaceState(null, '', location.pathname);

/**
 * Keeps what the reader makes. What a link brought is kept, and the link left, as soon as something of it is changed. A link that is pasted into the
 * address of the open page is opened.
 */
export function followChanges({ state, open }: PlaygroundSession): void {
  let seen = state.get();
  state.subscribe(() => {
    const now = state.get();
    if (now.text === seen.text && now.market === seen.market && now.moved === seen.moved) return;
    seen = now;
    keep(now);
    if (location.hash !== '') leaveLink();
  });
  addEventListener('hashchange', () => {
    void stateOf(location.hash).then((linked) => {
      if (linked === undefined || linked === null) return;
      seen = { ...state.get(), ...linked };
      open(linked);
    });
  });
}
