import { expect, test } from 'vitest';
import { parseClosure } from './closure-text.ts';

test.each([
  ['12-26', { on: { kind: 'date', year: null, month: 12, day: 26 }, hours: null }],
  ['02-29', { on: { kind: 'date', year: null, month: 2, day: 29 }, hours: null }],
  ['2024-07-04 13:00-17:00', { on: { kind: 'date', year: 2024, month: 7, day: 4 }, hours: { from: 780, to: 1020 } }],
  ['friday 16:30-17:00', { on: { kind: 'weekday', weekday: 5 }, hours: { from: 990, to: 1020 } }],
  ['sunday', { on: { kind: 'weekday', weekday: 7 }, hours: null }],
  ['good-friday', { on: { kind: 'easter', days: -2 }, hours: null }],
  ['easter-monday 00:00-24:00', { on: { kind: 'easter', days: 1 }, hours: { from: 0, to: 1440 } }],
  ['16:50-17:10', { on: null, hours: { from: 1010, to: 1030 } }],
])('"%s"', (text, expected) => expect(parseClosure(text)).toEqual(expected));

test.each([
  '',
  ' ',
  '12-32',
  '13-01',
  '2023-02-29',
  'someday',
  '17:10-16:50',
  '17:00-17:00',
  '23:00-25:00',
  '16:60-17:00',
  '12-26 ',
  '12-2616:00-17:00',
  'friday16:00-17:00',
  '1:00-2:00',
  'friday 16:00',
])('"%s" is none', (text) => expect(parseClosure(text)).toBeNull());
