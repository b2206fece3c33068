import { MESSAGES } from './messages.ts';

export type ErrorCode = keyof typeof MESSAGES;
type Slots<M extends string> = M extends `${string}{${infer K}}${infer Rest}` ? K | Slots<Rest> : never;
export type ErrorData<C extends ErrorCode> = { readonly [K in Slots<(typeof MESSAGES)[C]>]: string | number };

/** An error thrown on purpose. `code` is stable and documented in docs/errors.md; `message` is for people; `cause` is kept. */
export class StratError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'StratError';
  readonly code: C;
  readonly data: ErrorData<C>;

  constructor(code: C, data: ErrorData<C>, options?: { readonly cause?: unknown }) {
    const slots: Readonly<Record<string, string | number>> = data;
    super(
      MESSAGES[code].replace(/\{(\w+)\}/g, (_, slot: string) => String(slots[slot])),
      options,
    );
    this.code = code;
    this.data = data;
  }
}

/** Whether this was thrown on purpose; unlike `instanceof` it keeps the types of `code` and `data`. */
export function isStratError(error: unknown): error is StratError {
  return error instanceof StratError;
}
