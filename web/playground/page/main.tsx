import '../../src/styles/tokens.css';
import '../../src/styles/base.css';
import './playground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { askedWorker } from './ask-worker.ts';
import { EXAMPLES } from './examples.ts';
import { keep, keptState } from './kept-state.ts';
import { openPlayground } from './session.ts';
import { DEFAULT_MARKET, type SharedState } from './shared-state.ts';
import { stateOf } from './share-link.ts';

const root = document.querySelector('#page');
if (root === null) throw new Error('index.html has no #page');

const startWorker = (): Worker => new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
const first: SharedState = { text: EXAMPLES[0]?.text ?? '', market: DEFAULT_MARKET, moved: [] };
const linked = await stateOf(location.hash);
const session = openPlayground({ editor: askedWorker(startWorker), runner: askedWorker(startWorker) }, linked ?? keptState() ?? first);

const DAMAGED = 'The link is damaged, or not one of this page: what you had before is shown.';
const leaveLink = (): void => history.replaceState(null, '', location.pathname);
if (linked === null) leaveLink();

// What a link brought is kept, and the link left, as soon as the reader changes something of it.
let seen = session.state.get();
session.state.subscribe(() => {
  const now = session.state.get();
  if (now.text === seen.text && now.market === seen.market && now.moved === seen.moved) return;
  seen = now;
  keep(now);
  if (location.hash !== '') leaveLink();
});
// A link that is pasted into the address of the open page.
addEventListener('hashchange', () => {
  void stateOf(location.hash).then((state) => {
    if (state === undefined || state === null) return;
    seen = { ...session.state.get(), ...state };
    session.open(state);
  });
});

createRoot(root).render(
  <StrictMode>
    <App session={session} greeting={linked === null ? DAMAGED : null} />
  </StrictMode>,
);
