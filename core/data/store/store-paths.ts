import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SeriesKey } from './series-key.ts';

/** Where a series is. */
export interface SeriesPaths {
  readonly folder: string;
  /** What its versions are; replaced as a whole. */
  readonly manifest: string;
  /** A file a version; never changed. */
  readonly versions: string;
  /** Rows, an archive and a cache a block; never changed. */
  readonly blocks: string;
  /** Which files of the cache are as they were when they were last checked. */
  readonly stamps: string;
  /** Held by who writes; outside of the folder, as it outlives the series. */
  readonly lock: string;
}

export function seriesPaths(root: string, key: SeriesKey): SeriesPaths {
  // A colon stands in no name of a folder on Windows.
  const name = key.timeframe === null ? key.kind : `${key.kind}-${key.timeframe.replaceAll(':', '_')}`;
  const folder = join(marketFolder(root, key.venue, key.market), name);
  const id = createHash('sha256')
    .update(JSON.stringify([key.venue, key.market, name]))
    .digest('hex')
    .slice(0, 20);
  return {
    folder,
    manifest: join(folder, 'manifest.json'),
    versions: join(folder, 'versions'),
    blocks: join(folder, 'blocks'),
    stamps: join(folder, 'stamps.json'),
    lock: join(root, '.locks', `${id}.lock`),
  };
}

export const marketFolder = (root: string, venue: string, market: string): string =>
  join(root, safeName(venue, VENUE), safeName(market, MARKET));
export const factsFile = (root: string, venue: string, market: string): string => join(marketFolder(root, venue, market), 'facts.json');
/** What is on its way out. */
export const removedFolder = (root: string): string => join(root, '.removed');

const VENUE = /^[a-z0-9]{1,40}$/;
const MARKET = /^[A-Z0-9]{1,32}(?:\/[A-Z0-9]{1,32}(?::[A-Z0-9]{1,32})?)?$/;
/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * The name of a folder for whatever name a venue gives: usual ones as they are (`BTC-USDT`, `BTC-USDT_USDT`), all others with a hash of the whole name, so that
 * no two share a folder on a disk that takes `a` for `A`, none is too long and none leads out of the store.
 */
function safeName(name: string, usual: RegExp): string {
  if (usual.test(name) && !DEVICE.test(name)) return name.replace('/', '-').replace(':', '_');
  const readable = name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `${readable}~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
