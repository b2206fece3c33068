import { expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { STATEMENT_WORDS } from '#dsl/grammar/words.ts';
import { BUILTIN_DOCS } from './builtin-docs.ts';
import { STATEMENT_DOCS } from './statement-docs.ts';

it('every built-in name that has no doc comment of its own has a line, and there are no others', () => {
  const names = [...createCompiler().builtins.names].flatMap(([name, builtin]) => {
    if (builtin.kind === 'definition') return [];
    return builtin.kind === 'members' ? [...builtin.members.keys()].map((member) => `${name}.${member}`) : [name];
  });
  expect(Object.keys(BUILTIN_DOCS).toSorted()).toEqual(names.toSorted());
});

it('every word that starts a statement has its form', () => {
  expect(Object.keys(STATEMENT_DOCS).toSorted()).toEqual([...STATEMENT_WORDS].toSorted());
  for (const [word, { form }] of Object.entries(STATEMENT_DOCS))
    expect([word, form.replace('export ', '')]).toEqual([word, expect.stringContaining(word === 'export' ? 'def' : word)]);
});
