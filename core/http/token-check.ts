import { createHash, timingSafeEqual } from 'node:crypto';
import { type Refusal, refusal } from './refusal.ts';

const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether a request brings the token. After ten wrong ones within a minute further wrong ones are told to wait. The right one
 * is served all the same: whoever guesses must not be able to keep the operator from stopping the bot, and 256 random bits
 * cannot be guessed at any rate.
 */
export class TokenCheck {
  readonly #expected: Buffer;
  readonly #hint: string;
  readonly #now: () => number;
  readonly #failures: number[] = [];

  constructor(token: string, tokenFile: string, now: () => number = () => performance.now()) {
    this.#expected = digest(token);
    this.#hint = `Send the header "Authorization: Bearer <token>"; the token is in ${tokenFile}`;
    this.#now = now;
  }

  /** Null when the token is right. Digests of equal length are compared in constant time, so the time tells nothing. */
  refuse(authorization: string | undefined): Refusal | null {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), this.#expected)) return null;
    const waitMs = this.#fail();
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      return refusal('TOO_MANY_ATTEMPTS', 'Too many requests without the right token', `Wait ${seconds} s. ${this.#hint}`, {
        'Retry-After': String(seconds),
      });
    }
    const headers = { 'WWW-Authenticate': 'Bearer realm="strat"' };
    if (given === undefined) return refusal('TOKEN_MISSING', 'This request needs the token', this.#hint, headers);
    return refusal('TOKEN_WRONG', 'The token is not the one of this bot', this.#hint, headers);
  }

  /** Notes a failure; gives how long to wait, 0 while there are few. */
  #fail(): number {
    const now = this.#now();
    while (this.#failures[0] !== undefined && this.#failures[0] <= now - WINDOW_MS) this.#failures.shift();
    const [oldest] = this.#failures;
    if (oldest !== undefined && this.#failures.length >= MAX_FAILURES) return oldest + WINDOW_MS - now;
    this.#failures.push(now);
    return 0;
  }
}
