import { expect, test } from 'vitest';
import { fileName } from './file-name.ts';

test.for([
  ['b.csv', 'b.csv'],
  ['a/b.csv', 'b.csv'],
  ['/a.d/b', 'b'],
  ['C:\\data\\b.csv', 'b.csv'],
  ['a/', ''],
  ['', ''],
])('the last part of "%s" is "%s"', ([path, name]) => expect(fileName(path!)).toBe(name));
