import type { NumberedEvent } from '#core/ports/bot-control.ts';
import { helloEvent, numberedEvent } from './answers.ts';
import { createEventText, type StreamMessage } from './event-text.ts';

/** `stopped`: several tries in a row failed; the stream goes on trying at a slower pace. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'stopped';

export interface StreamListener {
  readonly event: (event: NumberedEvent) => void;
  readonly state: (state: ConnectionState) => void;
  /** The connection stands, for the first time or again. */
  readonly open: () => void;
  /** Events were missed: what is shown must be loaded anew. `restarted` = because the bot is another process now. */
  readonly gap: (restarted: boolean) => void;
  /** An event that the page cannot read; the stream goes on. */
  readonly unreadable: (reason: string) => void;
}

export interface StreamPace {
  /** Wait before the try after the n-th failure in a row (n from 1), ms. */
  readonly waitMs: (failures: number) => number;
  /** Failures in a row after which the bot counts as stopped. */
  readonly patience: number;
  /** A connection without a byte for this long is taken down and made anew; the bot sends a comment more often than this. */
  readonly silenceMs: number;
}

export const STREAM_PACE: StreamPace = {
  waitMs: (failures) => Math.min(10_000, 500 * 2 ** (failures - 1)),
  patience: 4,
  silenceMs: 60_000,
};

/**
 * Reads the event stream of the bot and keeps reading it through broken connections, asking for what it missed by Last-Event-ID.
 * The first connection asks from 0, for the bot's recent past, which fills the log. Not EventSource: that one gives up on any
 * answer but 200, and tells neither why nor where it stands.
 * @returns ends the stream
 */
export function openEventStream(url: string, listener: StreamListener, pace: StreamPace = STREAM_PACE): () => void {
  const ended = new AbortController();
  let last: number | null = null;
  let startedAt: number | null = null;
  let failures = 0;

  /** Numbers have no holes within one process. */
  const place = (seq: number): void => {
    if (last !== null && seq !== last + 1) listener.gap(false);
    last = seq;
  };

  const take = ({ event, id, data }: StreamMessage): void => {
    try {
      const value: unknown = JSON.parse(data);
      if (event === 'hello') {
        const hello = helloEvent(value, 'event hello');
        const restarted = startedAt !== null && startedAt !== hello.startedAt;
        if (last !== null && (restarted || !hello.complete)) {
          last = null;
          listener.gap(restarted);
        }
        startedAt = hello.startedAt;
      } else if (event === 'bye') {
        // Said by a bot that stops in order: no need to find out by trying.
        failures = pace.patience - 1;
      } else if (event === 'message') {
        if (id !== null && /^\d+$/.test(id)) place(Number(id));
        const known = numberedEvent(value);
        if (known !== null) listener.event(known);
      }
    } catch (error) {
      listener.unreadable(error instanceof Error ? error.message : String(error));
    }
  };

  const read = async (): Promise<void> => {
    const attempt = new AbortController();
    const signal = AbortSignal.any([ended.signal, attempt.signal]);
    let silence = setTimeout(() => attempt.abort(), pace.silenceMs);
    try {
      const headers = { accept: 'text/event-stream', 'last-event-id': String(last ?? 0) };
      const response = await fetch(url, { headers, signal, cache: 'no-store' });
      if (!response.ok || response.body === null) {
        last = null;
        await response.body?.cancel();
        return;
      }
      listener.state('live');
      listener.open();
      failures = 0;
      const cut = createEventText();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => attempt.abort(), pace.silenceMs);
        for (const message of cut(part.value)) take(message);
      }
    } finally {
      clearTimeout(silence);
    }
  };

  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        await read();
      } catch {
        // A lost connection and a bot that is not there look alike: try again.
      }
      if (ended.signal.aborted) return;
      failures += 1;
      listener.state(failures >= pace.patience ? 'stopped' : 'reconnecting');
      await new Promise((resolve) => setTimeout(resolve, pace.waitMs(failures)));
    }
  };
  void run();
  return () => ended.abort();
}
