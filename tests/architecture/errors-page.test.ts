import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ADVICE } from '#core/errors/advice.ts';
import { MESSAGES } from '#core/errors/messages.ts';
import { CODES } from '#dsl/diagnostics/codes.ts';
import { checkedCommands, checkedExamples, errorsPage } from '../../scripts/gen-errors.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const headings = [...page.matchAll(/^### ([A-Z0-9_]+)/gm)].map((match) => match[1] ?? '');
const codes = [...Object.keys(MESSAGES), ...Object.keys(CODES)];

describe('docs/errors.md', () => {
  test('has one section for every code, and for nothing else', () => {
    expect(headings.toSorted()).toEqual(codes.toSorted());
    expect(codes.length).toBeGreaterThan(50);
  });

  test('is what scripts/gen-errors.ts writes (run it to bring the page up to date), which runs every example', async () => {
    expect(page).toBe(await errorsPage());
  });

  test('has no example that gives another code than its own, or whose correction gives one', async () => {
    const stop = { wrong: 'stop 2', right: 'stop 2%' };
    await expect(checkedExamples({ E0307: stop })).resolves.toBeDefined();
    await expect(checkedExamples({ E0106: stop })).rejects.toThrow('the example of E0106 is answered with E0307');
    await expect(checkedExamples({ E0307: { ...stop, wrong: 'stop 2%' } })).rejects.toThrow(
      'the example of E0307 is answered with nothing',
    );
    await expect(checkedExamples({ E0307: { ...stop, right: 'stop 3' } })).rejects.toThrow(
      'the corrected example of E0307 is answered with E0307',
    );
  });
});

describe('the commands of docs/errors.md', () => {
  const right = 'strat check my.strat';

  test('give their errors, and their corrections none', async () => {
    await expect(checkedCommands({ FILE_UNREADABLE: { wrong: 'strat check none.strat', right } })).resolves.toBeDefined();
    await expect(checkedCommands({ DATA_EMPTY: { wrong: 'strat check none.strat', right } })).rejects.toThrow(
      'the command of DATA_EMPTY says: Cannot read',
    );
    await expect(checkedCommands({ FILE_UNREADABLE: { wrong: right, right } })).rejects.toThrow('the command of FILE_UNREADABLE says:');
    await expect(
      checkedCommands({ FILE_UNREADABLE: { wrong: 'strat check none.strat', right: 'strat check none.strat' } }),
    ).rejects.toThrow('the corrected command of FILE_UNREADABLE says: Cannot read');
  });
});

describe('the tables of codes', () => {
  test('say of every error of the program what it means and what to do (core/errors/advice.ts)', () => {
    expect(Object.keys(MESSAGES).filter((code) => !(code in ADVICE))).toEqual([]);
  });

  test('give advice only for codes that exist', () => {
    expect(Object.keys(ADVICE).filter((code) => !(code in MESSAGES))).toEqual([]);
  });

  test('have keys that equal the codes, and one severity a letter', () => {
    for (const [key, { code, severity }] of Object.entries(CODES)) {
      expect(code).toBe(key);
      expect(severity).toBe(key.startsWith('W') ? 'warning' : 'error');
    }
  });

  test('end no message of the program with a full stop, so that causes can follow', () => {
    expect(Object.entries(MESSAGES).filter(([, message]) => message.endsWith('.'))).toEqual([]);
  });
});
