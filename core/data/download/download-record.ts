import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { replaceDurably } from '#core/files/durable-file.ts';
import { isRecord } from '#core/model/record.ts';
import { type SeriesKey, seriesName } from '../store/series-key.ts';
import { joined, type Span } from './missing-bars.ts';

const FORMAT = 'strat.download/1';
const FOLDER = '.downloads';

/** What is known of a series besides its rows. */
export interface DownloadRecord {
  /** Bars that the venue does not have: it was asked twice. */
  readonly holes: readonly Span[];
  /** Of rows without a grid: times in which all were asked for. */
  readonly covered: readonly Span[];
}

const NOTHING: DownloadRecord = { holes: [], covered: [] };

/**
 * Notes of downloads, beside the series of a store. They only save requests: without them, or with those of another process in their place, something is asked
 * for once more. So a note that cannot be read counts as none.
 */
export class DownloadRecords {
  readonly #folder: string;

  constructor(store: string) {
    this.#folder = join(store, FOLDER);
  }

  read(key: SeriesKey): DownloadRecord {
    const found = readJson(this.#file(seriesName(key)));
    if (found?.['series'] !== seriesName(key)) return NOTHING;
    return { holes: spansOf(found['holes']), covered: spansOf(found['covered']) };
  }

  /** Adds to what is noted. @throws what the file system throws */
  add(key: SeriesKey, { holes = [], covered = [] }: Partial<DownloadRecord>): void {
    const before = this.read(key);
    const after = { holes: joined([...before.holes, ...holes]), covered: joined([...before.covered, ...covered]) };
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    this.#write(seriesName(key), {
      series: seriesName(key),
      holes: after.holes.map(({ from, to }) => [from, to]),
      covered: after.covered.map(({ from, to }) => [from, to]),
    });
  }

  /** Of a series that was removed: what it had no bars of may be asked for again. */
  forget(key: SeriesKey): void {
    rmSync(this.#file(seriesName(key)), { force: true });
  }

  /** Until when a venue does not want to be asked, ms since the epoch; 0: nothing is known. */
  bannedUntil(venue: string): number {
    const until = readJson(this.#file(`ban ${venue}`))?.['until'];
    return typeof until === 'number' ? until : 0;
  }

  noteBan(venue: string, until: number): void {
    try {
      this.#write(`ban ${venue}`, { venue, until });
    } catch {
      // It holds for this process all the same.
    }
  }

  #file(name: string): string {
    return join(this.#folder, `${createHash('sha256').update(name).digest('hex').slice(0, 20)}.json`);
  }

  #write(name: string, content: Readonly<Record<string, unknown>>): void {
    const file = this.#file(name);
    mkdirSync(dirname(file), { recursive: true });
    replaceDurably(file, `${JSON.stringify({ format: FORMAT, ...content })}\n`);
  }
}

function readJson(file: string): Readonly<Record<string, unknown>> | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(found) && found['format'] === FORMAT ? found : null;
  } catch {
    return null;
  }
}

function spansOf(value: unknown): readonly Span[] {
  if (!Array.isArray(value)) return [];
  const spans = value.flatMap((span: unknown) => {
    const ends: readonly unknown[] = Array.isArray(span) ? span : [];
    const [from, to] = ends;
    return typeof from === 'number' && typeof to === 'number' && from < to ? [{ from, to }] : [];
  });
  return joined(spans);
}
