/** The operator's token, for this tab only: never in a URL, never in localStorage, gone when the tab closes. */
export interface TokenStore {
  readonly get: () => string | null;
  readonly set: (token: string) => void;
  readonly forget: () => void;
}

const KEY = 'strat.token';

export function createTokenStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): TokenStore {
  return {
    get: () => storage.getItem(KEY),
    set: (token) => storage.setItem(KEY, token.trim()),
    forget: () => storage.removeItem(KEY),
  };
}
