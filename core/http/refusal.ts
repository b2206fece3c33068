import { nearest } from '#core/model/nearest-word.ts';
import type { ErrorAnswer } from './schemas/bot-schemas.ts';

/** Every code an error of the API can have, with its HTTP status. docs/http.md lists them; a test keeps both equal. */
export const REFUSALS = {
  HOST_REFUSED: 403,
  ORIGIN_REFUSED: 403,
  TOKEN_IN_URL: 400,
  TOKEN_MISSING: 401,
  TOKEN_WRONG: 401,
  TOO_MANY_ATTEMPTS: 429,
  BODY_TYPE: 415,
  BODY_TOO_LARGE: 413,
  BODY_NOT_JSON: 400,
  BODY_INVALID: 400,
  QUERY_INVALID: 400,
  URL_INVALID: 400,
  ROUTE_UNKNOWN: 404,
  METHOD_WRONG: 405,
  STRATEGY_UNKNOWN: 404,
  COMMAND_REFUSED: 409,
  TOOL_INPUT: 422,
  TOOL_BUSY: 503,
  TOOL_FAILED: 500,
  TOO_MANY_STREAMS: 503,
  INTERNAL: 500,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Why a request is not served: what was found, and what to do. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly hint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function refusal(code: RefusalCode, message: string, hint: string, headers: Refusal['headers'] = {}): Refusal {
  return { code, message, hint, headers };
}

export const refusalBody = ({ code, message, hint }: Refusal): ErrorAnswer => ({ error: { code, message, hint } });

/** "Did you mean ...?" for a slip of the pen, else the other hint. */
export function slipHint(word: string, candidates: readonly string[], otherwise: string): string {
  const found = nearest(word, candidates);
  return found === null ? otherwise : `Did you mean ${found.word}?`;
}
