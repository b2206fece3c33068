/** One message of a text/event-stream. */
export interface StreamMessage {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Cuts a text/event-stream into messages; chunks may end anywhere. Comments (heartbeats) give no message. */
export function createEventText(): (chunk: string) => StreamMessage[] {
  let rest = '';
  let event = 'message';
  let id: string | null = null;
  let data: string[] = [];
  const take = (line: string, messages: StreamMessage[]): void => {
    if (line === '') {
      if (data.length > 0) messages.push({ event, id, data: data.join('\n') });
      event = 'message';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  };
  return (chunk) => {
    const messages: StreamMessage[] = [];
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line, messages);
    return messages;
  };
}
