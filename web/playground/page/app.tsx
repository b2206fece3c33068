import { useState } from 'react';
import { PageFooter } from '../../src/components/page-footer.tsx';
import { EditorPane } from './editor-pane.tsx';
import { EXAMPLES } from './examples.ts';
import { MarketForm } from './market-form.tsx';
import { ParamForm } from './param-form.tsx';
import { Results } from './results.tsx';
import type { PlaygroundSession } from './session.ts';
import { hashOf, MOST_HASH } from './share-link.ts';
import { useSlice } from './use-slice.ts';

interface AppProps {
  readonly session: PlaygroundSession;
  /** Something to say when the page opens: the link was damaged. */
  readonly greeting: string | null;
}

export function App({ session, greeting }: AppProps) {
  const [notice, setNotice] = useState(greeting);
  const isRunning = useSlice(session, (state) => state.isRunning);
  const format = async (): Promise<void> => {
    const isDone = await session.format();
    if (!isDone) setNotice('A strategy with mistakes in its form cannot be formatted: mend what is underlined first.');
  };
  const share = async (): Promise<void> => {
    const { text, market, moved, file } = session.state.get();
    const hash = await hashOf({ text, market, moved });
    if (hash.length > MOST_HASH) {
      setNotice('The strategy is too long for a link. Send its file.');
      return;
    }
    history.replaceState(null, '', hash);
    const left = file === null ? '' : ` ${file.name} is not part of it.`;
    const isCopied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    setNotice(`The link with the strategy is in the address bar${isCopied ? ', and copied' : ''}.${left}`);
  };
  return (
    <>
      <header className="playground-head">
        <h1>strat playground</h1>
        <select
          aria-label="Examples"
          value=""
          onChange={({ target }) => {
            const example = EXAMPLES.find(({ name }) => name === target.value);
            if (example !== undefined) session.open({ text: example.text });
          }}
        >
          <option value="" disabled>
            Examples …
          </option>
          {['Lessons', 'Strategies'].map((group) => (
            <optgroup key={group} label={group}>
              {EXAMPLES.filter((example) => example.group === group).map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <button type="button" onClick={() => void format()}>
          Format
        </button>
        <button type="button" onClick={() => void share()}>
          Share
        </button>
        <span className="soft" role="status">
          {isRunning ? 'running …' : ''}
        </span>
      </header>
      {notice !== null && (
        <p className="notice" role="status">
          {notice}{' '}
          <button type="button" onClick={() => setNotice(null)}>
            OK
          </button>
        </p>
      )}
      <main className="playground">
        <div className="left">
          <EditorPane session={session} />
          <ParamForm session={session} />
          <MarketForm session={session} />
        </div>
        <Results session={session} />
      </main>
      <PageFooter>Everything runs in this page; nothing is sent anywhere. The strategy is kept in this browser.</PageFooter>
    </>
  );
}
