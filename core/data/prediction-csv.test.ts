import { describe, expect, it } from 'vitest';
import { parsePredictions } from './prediction-csv.ts';

const parse = (text: string): ReturnType<typeof parsePredictions> => parsePredictions(Buffer.from(text));

describe('a file of predictions', () => {
  it('has a time and any of up, down and value, in any order', () => {
    const noon = Date.UTC(2024, 0, 31, 12);
    expect(parse(`value,timestamp,down\n-3.5,2024-01-31T12:00:00Z,0\n1e3,2024-01-31T13:00:00Z,1\n`)).toEqual({
      ok: true,
      value: { time: Float64Array.of(noon, noon + 3_600_000), up: null, down: Float64Array.of(0, 1), value: Float64Array.of(-3.5, 1000) },
    });
    expect(parse('\uFEFFtimestamp,up\r\n1704067200,0.25\r\n')).toMatchObject({
      ok: true,
      value: { time: Float64Array.of(1_704_067_200_000) },
    });
  });

  it('may say what the model was trained on, first and last day', () => {
    expect(parse('# trained 2019-01-01..2019-12-31\ntimestamp,up\n1704067200,0.25\n')).toMatchObject({
      ok: true,
      value: { up: Float64Array.of(0.25), trained: { from: Date.UTC(2019, 0, 1), to: Date.UTC(2020, 0, 1) } },
    });
  });

  it.each([
    ['', 'no predictions'],
    ['# trained 2019-01-01..2019-12-31\n', 'no predictions'],
    ['# trained 2019-01-01..2019-12-31', 'no predictions'],
    ['# trained 2019-12-31..2019-01-01\ntimestamp,up\n1704067200,0.5\n', 'what it was trained on is written'],
    ['# trained 2019-02-30..2019-12-31\ntimestamp,up\n1704067200,0.5\n', 'what it was trained on is written'],
    ['# made by hand\ntimestamp,up\n1704067200,0.5\n', 'its first line is "# made by hand"'],
    ['# trained 2019-01-01..2019-12-31\ntimestamp,up\nsoon,0.5\n', 'line 3 of its file: the time "soon" is none'],
    ['timestamp,up\n', 'no predictions'],
    ['timestamp,up\n\n \n', 'no predictions'],
    ['timestamp\n1704067200000\n', 'any of up, down, value'],
    ['up\n0.5\n', 'its header is'],
    ['timestamp,up,up\n1704067200000,0.5,0.5\n', 'its header is'],
    ['timestamp,up,label\n1704067200000,0.5,a\n', 'its header is'],
    ['1704067200000,0.5\n1704070800000,0.5\n', 'its header is'],
    ['timestamp,up\n1704067200000\n', 'line 2 of its file: 1 fields where the header has 2'],
    ['timestamp,up\n1704067200000,0.5\n\n1704070800000,0.5\n', 'line 3 of its file: 1 fields'],
    ['timestamp,up\nsoon,0.5\n', 'line 2 of its file: the time "soon" is none'],
    ['timestamp,up\n1704067200000,0.5\n1704070800,0.5\n', 'line 3 of its file: the time "1704070800" is not in milliseconds'],
    ['timestamp,up\n1704067200000,0.5\n1704067200000,0.6\n', 'line 3 of its file: the time "1704067200000" is not after the one before'],
    ['timestamp,up\n1704067200000,0.5\n1704063600000,0.6\n', 'is not after the one before'],
    ['timestamp,up\n2024-02-30,0.5\n', 'the time "2024-02-30"'],
    ['timestamp,up\n1704067200000,1.01\n', 'up is "1.01", not a chance from 0 to 1'],
    ['timestamp,down\n1704067200000,-0.01\n', 'down is "-0.01", not a chance'],
    ['timestamp,up\n1704067200000,NaN\n', 'up is "NaN", which is no finite number'],
    ['timestamp,up\n1704067200000,\n', 'which is no finite number'],
    ['timestamp,value\n1704067200000,1e999\n', 'value is "1e999", which is no finite number'],
    ['timestamp,value\n1704067200000,Infinity\n', 'which is no finite number'],
    ['timestamp,value\n1704067200000,0x10\n', 'which is no finite number'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parse(text)).toEqual({ ok: false, error: expect.stringContaining(reason) });
  });

  it('of any bytes throws nothing', () => {
    for (let seed = 0; seed < 200; seed++) {
      const bytes = Buffer.from(Array.from({ length: 80 }, (_, index) => (Math.imul(index + 7, seed * 2_654_435_761 + 97) >>> 13) & 255));
      expect(parsePredictions(Buffer.concat([Buffer.from('timestamp,up\n'), bytes])).ok).toBe(false);
    }
  });
});
