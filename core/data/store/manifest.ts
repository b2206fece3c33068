import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StratError } from '#core/errors/strat-error.ts';
import { unreadable } from '#core/files/file-error.ts';
import type { Block } from './block.ts';
import { type SeriesKey, seriesName } from './series-key.ts';
import type { SeriesEntry, SeriesVersion, VersionRef } from './series-store.ts';
import type { SeriesPaths } from './store-paths.ts';

const FORMAT = 'strat.series/1';

/** What a series is: its versions, newest last. The newest one is current. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly key: SeriesKey;
  readonly versions: readonly SeriesVersion[];
}

/** What of a manifest's file is the rows of a version. */
interface VersionFile {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly digest: string;
  readonly blocks: readonly Block[];
}

export const newManifest = (key: SeriesKey): Manifest => ({ format: FORMAT, key, versions: [] });
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;
export const versionFile = (paths: SeriesPaths, version: number): string => join(paths.versions, `${version}.json`);

export function versionText(version: number, digest: string, blocks: readonly Block[]): string {
  return `${JSON.stringify({ format: FORMAT, version, digest, blocks } satisfies VersionFile)}\n`;
}

/** Null where there is no series. @throws StratError STORE_DAMAGED */
export function readManifest(file: string): Manifest | null {
  const found = parsedFile(file);
  if (found === null) return null;
  if (
    !isObject(found) ||
    found['format'] !== FORMAT ||
    !isObject(found['key']) ||
    !Array.isArray(found['versions']) ||
    found['versions'].length === 0
  )
    throw damaged(file, `it is no "${FORMAT}"`);
  // Written by us as a whole and never by hand: its format says the rest.
  return found as unknown as Manifest;
}

/** The blocks of a version; null where its file is gone. @throws StratError STORE_DAMAGED */
export function readBlocks(file: string): readonly Block[] | null {
  const found = parsedFile(file);
  if (found === null) return null;
  if (!isObject(found) || found['format'] !== FORMAT || !Array.isArray(found['blocks'])) throw damaged(file, `it is no "${FORMAT}"`);
  return (found as unknown as VersionFile).blocks;
}

export const entryOf = (key: SeriesKey, version: SeriesVersion): SeriesEntry => ({ key, source: version.provenance.source, ...version });

/** @throws StratError STORE_MISSING */
export function versionOf({ key, versions }: Manifest, ref: VersionRef | undefined): SeriesVersion {
  if (ref === undefined) return versions.at(-1)!;
  const text = String(ref);
  const found =
    versions.find(({ version }) => String(version) === text) ??
    versions.find(({ pins }) => pins.includes(text)) ??
    (/^[0-9a-f]{8,64}$/.test(text) ? versions.findLast(({ digest }) => digest.startsWith(text)) : undefined);
  if (found !== undefined) return found;
  const known = versions.map(({ version, pins }) => [version, ...pins].join(' = ')).join(', ');
  throw new StratError('STORE_MISSING', { what: `version ${text} of ${seriesName(key)}`, hint: `Those that are kept: ${known}` });
}

export const damaged = (file: string, reason: string, cause?: unknown): StratError =>
  new StratError('STORE_DAMAGED', { file, reason }, { cause });

function parsedFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw unreadable(file, error);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed ?? undefined;
  } catch (error) {
    throw damaged(file, 'it is no JSON', error);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
