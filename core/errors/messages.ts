/**
 * Every error that strat throws on purpose, with the text a user sees: what was found, where, what to do.
 * docs/errors.md has one section per code; a test keeps both equal. `{name}` is a slot, filled from the error's data.
 */
export const MESSAGES = {
  USAGE: '{reason}. {hint}',
  FILE_UNREADABLE: 'Cannot read "{file}": {reason}. Check the path and its permissions',
  INTERNAL: 'A fault of strat itself: {reason}. Please report it with the log',
} as const;
