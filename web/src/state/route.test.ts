import { expect, test } from 'vitest';
import { parseRoute, routeHash } from './route.ts';

test.for(['', '#', '#/', '#/nowhere', '#/strategies', '#/strategies/', '#/strategies/%zz'])('%s is the overview', (hash) => {
  expect(parseRoute(hash)).toEqual({ page: 'overview' });
});

test.for(['sma-cross', 'a/b', 'ünï ?#%'])('the address of strategy %s leads back to it', (id) => {
  expect(parseRoute(routeHash({ page: 'strategy', id }))).toEqual({ page: 'strategy', id });
});
