import { StratError } from 'strat/errors';
import type { Notification } from 'strat/ports/notifier';
import type { PluginContext } from 'strat/ports/plugin';
import type { WebhookConfig } from './schema.ts';

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;

type Attempt =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'again' | 'refused'; readonly reason: string; readonly waitMs: number };

/**
 * Sends one notification, with retries: after a lost connection, a timeout, 429 and 5xx; other answers are final. Waits double
 * from half a second, up to 30 s, each between half and the whole of it; `Retry-After` is kept to within that limit.
 * No error and no log line holds the address: it often is the secret.
 * @throws StratError PLUGIN_INVALID when the address is none or an environment variable of the headers is not set
 */
export function createDelivery(
  config: WebhookConfig,
  context: PluginContext,
): (notification: Notification, signal: AbortSignal) => Promise<void> {
  const { clock, log, id, jitter } = context;
  const url = addressOf(config.url, id);
  const headers = headersOf(config, context);
  return async (notification, signal) => {
    const body = JSON.stringify(notification);
    for (let attempt = 1; ; attempt++) {
      const result = await post(
        url,
        { ...headers, 'idempotency-key': headerText(notification.key) },
        body,
        config.timeoutMs,
        signal,
        clock,
      );
      if (result.outcome === 'delivered') return;
      if (result.outcome === 'refused' || attempt >= config.attempts || signal.aborted) {
        const reason = `${result.reason}, attempt ${attempt} of ${config.attempts}`;
        throw new StratError('PLUGIN_FAILED', { plugin: id, phase: 'notify', reason });
      }
      log.debug({ attempt, reason: result.reason }, 'webhook attempt failed');
      const backoff = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MOST_WAIT_MS);
      await clock.sleep(Math.min(Math.max(backoff * (0.5 + jitter() / 2), result.waitMs), MOST_WAIT_MS), signal);
    }
  };
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
  signal: AbortSignal,
  clock: PluginContext['clock'],
): Promise<Attempt> {
  const stop = new AbortController();
  const answered = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  let isLate = false;
  const limit = clock.sleep(timeoutMs, answered.signal).then(() => {
    isLate = !answered.signal.aborted;
    stop.abort();
  });
  try {
    // A redirect could lead anywhere, with the headers.
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: stop.signal });
    await response.body?.cancel();
    if (response.ok) return { outcome: 'delivered' };
    const isPassing = response.status === 429 || response.status >= 500;
    const after = Number(response.headers.get('retry-after') ?? '0');
    const waitMs = Number.isFinite(after) && after > 0 ? after * 1000 : 0;
    return { outcome: isPassing ? 'again' : 'refused', reason: `the receiver answered ${response.status}`, waitMs };
  } catch (error) {
    const reason = isLate ? `no answer within ${timeoutMs} ms` : signal.aborted ? 'it was stopped' : `no connection (${codeOf(error)})`;
    return { outcome: 'again', reason, waitMs: 0 };
  } finally {
    signal.removeEventListener('abort', onAbort);
    answered.abort();
    await limit;
  }
}

/** `ECONNREFUSED`; the message of a failed fetch may hold the address, its code never does. */
function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? code : 'it broke off';
}

function addressOf(text: string, id: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '') return url;
  const reason = 'it must be an http or https address without a user name; put credentials into a header';
  throw new StratError('PLUGIN_INVALID', { plugin: id, key: 'url', reason });
}

function headersOf(config: WebhookConfig, { id, environment }: PluginContext): Readonly<Record<string, string>> {
  const named = Object.entries(config.headers).map(([name, variable]) => {
    const value = environment(variable);
    if (value === undefined) {
      const reason = `the environment variable ${variable} is not set`;
      throw new StratError('PLUGIN_INVALID', { plugin: id, key: `headers.${name}`, reason });
    }
    if (/[^\t\x20-\x7e]/.test(value)) {
      const reason = `the environment variable ${variable} holds characters that no header may have`;
      throw new StratError('PLUGIN_INVALID', { plugin: id, key: `headers.${name}`, reason });
    }
    return [name.toLowerCase(), value] as const;
  });
  return { 'content-type': 'application/json', 'user-agent': 'strat', ...Object.fromEntries(named) };
}

const headerText = (text: string): string => text.replace(/[^\x21-\x7e]/g, '_').slice(0, 200);
