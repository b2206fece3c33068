import { describe, expect, test } from 'vitest';
import { explainError } from './explain-error.ts';
import { StratError } from './strat-error.ts';

describe('explainError', () => {
  test('gives the message and every cause, without a stack', () => {
    const error = new StratError(
      'FILE_UNREADABLE',
      { file: 'a.csv', reason: 'the disk failed' },
      { cause: new Error('read failed', { cause: new Error('EIO') }) },
    );
    expect(explainError(error)).toBe(
      'Cannot read "a.csv": the disk failed. Check the path and its permissions\n  because: read failed\n  because: EIO',
    );
  });

  test('leaves out a cause that says nothing new', () => {
    expect(explainError(new Error('open failed: EACCES', { cause: new Error('EACCES') }))).toBe('open failed: EACCES');
  });

  test('ends on causes that go in a circle and on endless ones', () => {
    const circle = new Error('a');
    circle.cause = new Error('b', { cause: circle });
    expect(explainError(circle)).toBe('a\n  because: b');
    let chain = new Error('0');
    for (let i = 1; i < 100; i++) chain = new Error(`link ${i}.`, { cause: chain });
    expect(explainError(chain).split('\n').length).toBeLessThan(20);
  });

  test.for([
    { thrown: 'a text', said: 'a text' },
    { thrown: undefined, said: 'an unknown failure (undefined)' },
    { thrown: { a: 1 }, said: 'an unknown failure (object)' },
    { thrown: new TypeError(''), said: 'TypeError' },
  ])('says something about $thrown', ({ thrown, said }) => expect(explainError(thrown)).toBe(said));

  test('shows no secret', () => {
    expect(explainError(new Error('GET https://u:hunter2@h/x', { cause: new Error('apiKey=abc123') }))).toBe(
      'GET https://[redacted]@h/x\n  because: apiKey=[redacted]',
    );
  });
});
