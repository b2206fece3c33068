import { expect, test } from 'vitest';
import { CODES } from './codes.ts';
import { diagnostic } from './diagnostic.ts';
import { tidy } from './tidy.ts';

const entries = Object.entries(CODES);

test('every code stands under its own name, with its severity', () => {
  for (const [key, info] of entries) {
    expect(info.code).toBe(key);
    expect(info.severity).toBe(key.startsWith('W') ? 'warning' : 'error');
  }
});

test('all groups of the reference are there, without gaps', () => {
  const groups: readonly [string, number][] = [
    ['E01', 11],
    ['E02', 11],
    ['E03', 14],
    ['E04', 6],
    ['E05', 13],
    ['E06', 5],
    ['E07', 4],
    ['E08', 1],
    ['W06', 1],
    ['W09', 13],
  ];
  const expected = groups.flatMap(([group, count]) => Array.from({ length: count }, (_, i) => `${group}${String(i + 1).padStart(2, '0')}`));
  // Late data and missing models have errors of their own: E1002 and E1003 are not given again.
  expected.push('E1001', 'E1004', 'E1005');
  expect(Object.keys(CODES).toSorted()).toEqual(expected.toSorted());
});

test('texts are in words of a trader', () => {
  for (const [, info] of entries) {
    for (const text of [info.title, info.meaning, info.fix]) {
      expect(text).not.toMatch(/\btoken|\bparser?\b|\bgrammar|\bsyntax|\bCST\b|\bAST\b/i);
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(5);
    }
  }
});

test('findings are sorted, said once a place, and errors end at 100', () => {
  const at = (start: number) => ({ start, end: start + 1 });
  const many = Array.from({ length: 150 }, (_, i) => diagnostic('E0201', at(1000 - i), 'm'));
  const warnings = [diagnostic('W0902', at(2000), 'm'), diagnostic('W0902', at(2000), 'again'), diagnostic('W0903', at(2000), 'm')];
  const result = tidy([...many, ...warnings]);
  expect(result.filter((finding) => finding.severity === 'error')).toHaveLength(100);
  expect(result.filter((finding) => finding.severity === 'warning').map((finding) => finding.code)).toEqual(['W0902', 'W0903']);
  expect(result.map((finding) => finding.span.start)).toEqual(result.map((finding) => finding.span.start).toSorted((a, b) => a - b));
  expect(result[0]?.span.start).toBe(851);
});
