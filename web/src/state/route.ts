/** What the address after `#` asks for. A new page of the dashboard is a new member here and a case in app.tsx. */
export type Route = { readonly page: 'overview' } | { readonly page: 'strategy'; readonly id: string };

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#?\/?/, '').split('/');
  if (page !== 'strategies' || id === undefined || id === '') return { page: 'overview' };
  try {
    return { page: 'strategy', id: decodeURIComponent(id) };
  } catch {
    return { page: 'overview' };
  }
}

export function routeHash(route: Route): string {
  return route.page === 'overview' ? '#/' : `#/strategies/${encodeURIComponent(route.id)}`;
}
