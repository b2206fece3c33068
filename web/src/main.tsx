import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBotClient } from './api/bot-client.ts';
import { App } from './app.tsx';
import { CommandDesk } from './components/command-desk.tsx';
import { SessionContext } from './components/session-context.ts';
import { openBotSession } from './state/bot-session.ts';
import { createTokenStore } from './state/token-store.ts';

const root = document.querySelector('#page');
if (root === null) throw new Error('index.html has no #page');
const session = openBotSession(createBotClient('/api/v1'));
createRoot(root).render(
  <StrictMode>
    <SessionContext value={session}>
      <CommandDesk tokens={createTokenStore(sessionStorage)}>
        <App />
      </CommandDesk>
    </SessionContext>
  </StrictMode>,
);
