import '../../src/styles/tokens.css';
import '../../src/styles/base.css';
import './playground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { askedWorker } from './ask-worker.ts';
import { EXAMPLES } from './examples.ts';
import { followChanges, leaveLink } from './follow-changes.ts';
import { keptState } from './kept-state.ts';
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
if (linked === null) leaveLink();
followChanges(session);

createRoot(root).render(
  <StrictMode>
    <App session={session} greeting={linked === null ? DAMAGED : null} />
  </StrictMode>,
);
