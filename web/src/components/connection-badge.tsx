import type { ConnectionState } from '../api/event-stream.ts';

const TEXTS: Readonly<Record<ConnectionState, readonly [text: string, title: string]>> = {
  connecting: ['connecting', 'The first connection is being made'],
  live: ['live', 'Events of the bot arrive as they happen'],
  reconnecting: ['reconnecting', 'The connection broke; the page is making it anew'],
  stopped: ['bot stopped', 'The bot does not answer; the page goes on trying'],
};

/** Whether what is shown is current. */
export function ConnectionBadge({ connection }: { readonly connection: ConnectionState }) {
  const [text, title] = TEXTS[connection];
  return (
    <span className={`badge connection-${connection}`} role="status" title={title}>
      <span className="dot" aria-hidden="true" />
      {text}
    </span>
  );
}
