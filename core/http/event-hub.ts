import type { ServerResponse } from 'node:http';
import type { BotControl, NumberedEvent } from '#core/ports/bot-control.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import type { HelloEvent } from './schemas/bot-schemas.ts';

export interface StreamLimits {
  /** Between two comments that keep the connection open. */
  readonly heartbeatMs: number;
  /** What may wait for one client in this process, on top of the buffers of the system. */
  readonly maxQueuedBytes: number;
  readonly maxStreams: number;
}

export const STREAM_LIMITS: StreamLimits = { heartbeatMs: 15_000, maxQueuedBytes: 1_048_576, maxStreams: 32 };

/** Events kept for clients that come back. */
export const RING_SIZE = 1000;
/** Events of this time leave together: one write a client instead of one an event. */
const GATHER_MS = 20;
const RETRY_MS = 2000;
/** How long a client that was dropped may take to read why. */
const GRACE_MS = 5000;

interface Stream {
  readonly response: ServerResponse;
  readonly remote: string;
}

/**
 * Hands the bot's events to the clients that listen (Server-Sent Events: https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * What the bot calls only files the event; writing happens later, and a client that does not read is dropped.
 */
export class EventHub {
  readonly #control: BotControl;
  readonly #log: PluginLog;
  readonly #limits: StreamLimits;
  readonly #streams = new Set<Stream>();
  readonly #ring: NumberedEvent[] = [];
  #seq = 0;
  #pending: NumberedEvent[] = [];
  #timer: NodeJS.Timeout | null = null;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(control: BotControl, log: PluginLog, limits: StreamLimits) {
    this.#control = control;
    this.#log = log;
    this.#limits = limits;
    this.#unsubscribe = control.subscribe((event) => this.#take(event));
    this.#heartbeat = setInterval(() => this.#writeAll(': heartbeat\n\n'), limits.heartbeatMs);
    this.#heartbeat.unref();
  }

  get isFull(): boolean {
    return this.#streams.size >= this.#limits.maxStreams;
  }

  /** Opens a stream: `hello`, then what was missed since `lastSeq` (null: nothing), then what comes. */
  open(response: ServerResponse, lastSeq: number | null, remote: string): void {
    // What is gathered is in the ring as well: the others get it now, this one from the ring.
    this.#flush();
    const oldest = this.#ring[0]?.seq ?? this.#seq + 1;
    const complete = lastSeq === null || (lastSeq >= oldest - 1 && lastSeq <= this.#seq);
    const hello: HelloEvent = { version: this.#control.version, startedAt: this.#control.startedAt, seq: this.#seq, complete };
    const missed = lastSeq === null ? [] : complete ? this.#ring.filter((event) => event.seq > lastSeq) : this.#ring;
    // The connection ends with the stream.
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no', Connection: 'close' });
    response.write(`retry: ${RETRY_MS}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n${this.#frames(missed)}`);
    const stream = { response, remote };
    this.#streams.add(stream);
    // A broken connection is reported as an error on the response; nobody else listens for it.
    response.on('error', () => this.#streams.delete(stream));
    response.on('close', () => this.#streams.delete(stream));
  }

  /** Ends every stream. */
  close(): void {
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    this.#flush();
    for (const { response } of this.#streams) response.end('event: bye\ndata: {"reason":"the bot stops"}\n\n');
    this.#streams.clear();
  }

  /** Called by the bot in the middle of its work: files the event and returns. */
  #take(event: NumberedEvent): void {
    this.#seq = event.seq;
    this.#ring.push(event);
    if (this.#ring.length > RING_SIZE) this.#ring.shift();
    if (this.#streams.size === 0) return;
    this.#pending.push(event);
    if (this.#pending.length >= RING_SIZE) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const events = this.#pending;
    this.#pending = [];
    if (events.length > 0) this.#writeAll(this.#frames(events));
  }

  /** An event that cannot be written must not end the bot. */
  #frames(events: readonly NumberedEvent[]): string {
    try {
      return events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    } catch (error) {
      this.#log.error({ err: error }, 'events that cannot be written were left out of the stream');
      return '';
    }
  }

  #writeAll(text: string): void {
    for (const stream of this.#streams) {
      if (stream.response.writableLength > this.#limits.maxQueuedBytes) this.#drop(stream);
      else stream.response.write(text);
    }
  }

  #drop(stream: Stream): void {
    this.#streams.delete(stream);
    const { response, remote } = stream;
    const queuedBytes = response.writableLength;
    this.#log.warn({ remote, queuedBytes }, 'slow client of the event stream dropped');
    response.end(
      `event: dropped\ndata: ${JSON.stringify({ reason: `the client reads too slowly: ${queuedBytes} bytes wait for it` })}\n\n`,
    );
    setTimeout(() => response.destroy(), GRACE_MS).unref();
  }
}
