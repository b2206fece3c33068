import { expect, test } from 'vitest';
import { KNOWN_CALENDARS } from '#core/runtime/known-calendars.ts';
import { createCompiler } from '#dsl/compile.ts';

const compiler = createCompiler();

test.each<[settings: string, found: readonly (readonly [code: string, at: string, hint: string])[]]>([
  ['zone "America/New_York" holidays "nyse"', []],
  ['zone "UTC"', []],
  ['zone "Asia/Calcutta" holidays "xetra"', []],
  ['zone "America/New_Yrok"', [['E0206', '"America/New_Yrok"', 'did you mean America/New_York?']]],
  ['zone "Mars/Olympus"', [['E0206', '"Mars/Olympus"', 'write one of the time zone database, such as America/New_York, or UTC']]],
  ['holidays "nysse"', [['E0206', '"nysse"', 'did you mean nyse?']]],
  ['holidays "lunar-new-year"', [['E0206', '"lunar-new-year"', 'the calendars are: lse, nyse, target, xetra']]],
  ['holidays "constructor"', [['E0206', '"constructor"', 'the calendars are: lse, nyse, target, xetra']]],
])('a session with %s', (settings, found) => {
  const source = `strat 1 strategy "x" trade BTC/USDT on 1h
    session ny { hours 09:30..16:00 ${settings} }
    enter long when ny.active and close > open size 1 BTC stop 5%`;
  const { diagnostics, program } = compiler.compile(source, { calendars: KNOWN_CALENDARS });
  expect(diagnostics.map(({ code, span, hint }) => [code, source.slice(span.start, span.end), hint])).toEqual(found);
  expect(program === null).toBe(found.length > 0);
});

test('a strategy that is an input names calendars that there are', () => {
  const input = `strat 1 strategy "y" trade BTC/USDT on 1h session ny { zone "Europe/Lodnon" } enter long when ny.active size 1 BTC stop 5%`;
  const source = 'strat 1 strategy "x" trade BTC/USDT on 1h use strategy y from "./y.strat" enter long when y.is_long size 1 BTC stop 5%';
  const modules = (): { readonly ok: true; readonly id: string; readonly text: string } => ({ ok: true, id: 'y', text: input });
  const { diagnostics } = compiler.compile(source, { modules, calendars: KNOWN_CALENDARS });
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.message).toContain('Europe/Lodnon');
});
