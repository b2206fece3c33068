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
session.state.subscribe(() => keep(session.state.get()));
// A link that is pasted into the address of the open page.
addEventListener('hashchange', () => {
  void stateOf(location.hash).then((state) => {
    if (state !== null && state !== undefined) session.open(state);
  });
});

createRoot(root).render(
  <StrictMode>
    <App session={session} greeting={linked === null ? DAMAGED : null} />
  </StrictMode>,
);
