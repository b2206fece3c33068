import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseMarket } from '#core/model/market.ts';
import { parseTimeframe } from '#core/model/timeframe.ts';
import { type ImportRequest, NOTHING_SAID } from '../import-request.ts';
import { readSeries, type WholeSeries } from '../read-series.ts';
import { zipBytes } from './zip-bytes.ts';

type Said = Partial<Omit<ImportRequest, 'market' | 'timeframe'>> & { readonly market?: string; readonly timeframe?: string };

const requestOf = ({ market, timeframe, ...said }: Said): ImportRequest => ({
  ...NOTHING_SAID,
  ...said,
  market: market === undefined ? null : parseMarket(market),
  timeframe: timeframe === undefined ? null : parseTimeframe(timeframe),
});

/** For tests of the import: a folder, and readers of files in it. */
export function importPlaces(): {
  /** To be called when the tests are over. */
  readonly remove: () => void;
  readonly file: (name: string, content: string | Uint8Array) => string;
  readonly zip: (name: string, members: Readonly<Record<string, string>>) => string;
  readonly all: (path: string, said?: Said) => Promise<readonly WholeSeries[]>;
  readonly one: (path: string, said?: Said) => Promise<WholeSeries>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'strat-import-'));
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const all = (path: string, said: Said = {}): Promise<readonly WholeSeries[]> => readSeries(path, requestOf(said), 'key');
  return {
    file,
    zip: (name, members) =>
      file(name, zipBytes(Object.entries(members).map(([member, text]) => ({ name: member, content: Buffer.from(text) })))),
    all,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    one: async (path, said) => {
      const found = await all(path, said);
      if (found.length !== 1) throw new Error(`${found.length} series in ${path}`);
      return found[0]!;
    },
  };
}

/** `venue market kind timeframe` of a series. */
export const keyText = ({ series }: WholeSeries): string =>
  [series.venue, series.market?.name, series.kind, ...(series.timeframe === null ? [] : [series.timeframe.name])].join(' ');

/** A row as a list, its time as ISO 8601. */
export function rowOf({ rows }: WholeSeries, at: number): readonly (string | number)[] {
  const { time, ...rest } = rows.columns;
  return [new Date(time!.at(at)!).toISOString(), ...Object.values(rest).map((column) => column.at(at)!)];
}

export const notesOf = ({ series }: WholeSeries): string => series.notes.map(({ kind, text }) => `${kind}: ${text}`).join('\n');
