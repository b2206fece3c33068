import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { type CommandName, Refused } from '../api/bot-client.ts';
import type { TokenStore } from '../state/token-store.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { NoticeBar, type Notice } from './notice-bar.tsx';
import { useSession } from './session-context.ts';
import { TokenDialog } from './token-dialog.tsx';

/** What the operator asked for; `strategy` null = all. */
export interface Command {
  readonly name: CommandName;
  readonly strategy: string | null;
  /** How the target is called in dialogs. */
  readonly label: string;
}

type Dialog =
  | { readonly kind: 'confirm'; readonly command: Command; readonly answer: (yes: boolean) => void }
  | { readonly kind: 'token'; readonly refusal: string | null; readonly answer: (token: string | null) => void };

const CommandContext = createContext<((command: Command) => void) | null>(null);

/** Gives a command to the bot: asks for confirmation where it cannot be taken back, and for the token where it is not known. */
export function useCommand(): (command: Command) => void {
  const run = useContext(CommandContext);
  if (run === null) throw new Error('no CommandDesk above this component');
  return run;
}

/** Missing or wrong, and wrong too often. */
const TOKEN_REFUSED: ReadonlySet<number> = new Set([401, 429]);
const NEEDS_YES: ReadonlySet<CommandName> = new Set<CommandName>(['flatten', 'stop']);

export function CommandDesk({ tokens, children }: { readonly tokens: TokenStore; readonly children: ReactNode }) {
  const session = useSession();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);

  const run = useMemo(() => {
    const ask = <T,>(make: (answer: (value: T) => void) => Dialog): Promise<T> =>
      new Promise((resolve) => {
        setDialog(
          make((value) => {
            setDialog(null);
            resolve(value);
          }),
        );
      });
    const send = async (command: Command, refusal: string | null): Promise<void> => {
      let token = refusal === null ? tokens.get() : null;
      if (token === null) {
        token = await ask<string | null>((answer) => ({ kind: 'token', refusal, answer }));
        if (token === null) return;
        tokens.set(token);
      }
      try {
        const text = await session.client.command(command.name, command.strategy, token);
        setNotice({ bad: false, text: text === '' ? `${command.name}: done` : text });
        session.refresh();
      } catch (error) {
        if (error instanceof Refused && TOKEN_REFUSED.has(error.status)) {
          tokens.forget();
          await send(command, error.hint === null ? error.message : `${error.message}. ${error.hint}`);
          return;
        }
        const hint = error instanceof Refused && error.hint !== null ? ` ${error.hint}` : '';
        const reason = error instanceof TypeError ? 'the bot does not answer' : error instanceof Error ? error.message : String(error);
        setNotice({ bad: true, text: `${command.name}: ${reason}${hint}` });
      }
    };
    return (command: Command): void => {
      void (async () => {
        setNotice(null);
        if (NEEDS_YES.has(command.name) && !(await ask<boolean>((answer) => ({ kind: 'confirm', command, answer })))) return;
        await send(command, null);
      })();
    };
  }, [session, tokens]);

  return (
    <CommandContext value={run}>
      {children}
      {dialog?.kind === 'confirm' && <ConfirmDialog command={dialog.command} answer={dialog.answer} />}
      {dialog?.kind === 'token' && <TokenDialog refusal={dialog.refusal} answer={dialog.answer} />}
      <NoticeBar notice={notice} close={() => setNotice(null)} />
    </CommandContext>
  );
}
