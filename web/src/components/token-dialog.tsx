import { useId, useState } from 'react';
import { Modal } from './modal.tsx';

interface TokenDialogProps {
  /** What the bot said to the last token; null when none was tried. */
  readonly refusal: string | null;
  readonly answer: (token: string | null) => void;
}

/** Asks for the operator's token, once a tab. */
export function TokenDialog({ refusal, answer }: TokenDialogProps) {
  const [token, setToken] = useState('');
  const field = useId();
  const help = useId();
  return (
    <Modal title="The bot's token" cancel={() => answer(null)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') answer(token);
        }}
      >
        {refusal !== null && (
          <p role="alert" className="bad-text">
            {refusal}
          </p>
        )}
        <p id={help}>
          Changing what the bot does needs its token. The bot made it at its first start; it is in the file <code>http.token</code> of the
          state folder: <code>.strat/</code> beside the config, or what <code>STRAT_HOME</code> says. It is kept in this tab only, until you
          close it.
        </p>
        <label htmlFor={field}>Token</label>
        <input
          id={field}
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={help}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <div className="modal-buttons">
          <button type="button" onClick={() => answer(null)}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={token.trim() === ''}>
            Use token
          </button>
        </div>
      </form>
    </Modal>
  );
}
