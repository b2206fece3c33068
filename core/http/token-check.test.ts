import { describe, expect, test } from 'vitest';
import { TokenCheck } from './token-check.ts';

describe('TokenCheck', () => {
  const right = 'Bearer secret-token';
  const checkAt = (clock: { now: number }): TokenCheck => new TokenCheck('secret-token', '.strat/http.token', () => clock.now);

  test.for([right, 'bearer secret-token', 'BEARER   secret-token '])('takes %j', (header) => {
    expect(checkAt({ now: 0 }).refuse(header)).toBe(null);
  });

  test.for([
    undefined,
    '',
    'secret-token',
    'Bearer',
    'Bearer  ',
    'Bearer secret-token x',
    'Bearer secret-tokeN',
    'Bearer secret-toke',
    'Token secret-token',
  ])('refuses %j and names the file', (header) => {
    const refused = checkAt({ now: 0 }).refuse(header);
    expect(refused?.code).toMatch(/^TOKEN_(MISSING|WRONG)$/);
    expect(refused?.hint).toContain('.strat/http.token');
    expect(JSON.stringify(refused)).not.toContain('secret-token');
  });

  test('limits failures to ten in any minute; the right token passes meanwhile', () => {
    const clock = { now: 0 };
    const check = checkAt(clock);
    const fail = (now: number): string => {
      clock.now = now;
      return check.refuse('Bearer wrong')?.code ?? 'passed';
    };
    for (let i = 0; i < 10; i++) expect(fail(i * 1000)).toBe('TOKEN_WRONG');
    expect(fail(30_000)).toBe('TOO_MANY_ATTEMPTS');
    expect(check.refuse('Bearer wrong')?.headers['Retry-After']).toBe('30');
    expect(check.refuse(right)).toBe(null);
    expect(fail(59_999)).toBe('TOO_MANY_ATTEMPTS');
    // the failure of second 0 is a minute old, the one of second 1 is not
    expect(fail(60_000)).toBe('TOKEN_WRONG');
    expect(fail(60_001)).toBe('TOO_MANY_ATTEMPTS');
    expect(fail(200_000)).toBe('TOKEN_WRONG');
  });
});
