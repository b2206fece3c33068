import { existsSync, readFileSync } from 'node:fs';
import { decodeLine } from '../journal/journal-line.ts';
import { readStart } from '../journal/journal-record.ts';
import { readSnapshot } from '../journal/snapshot-record.ts';

/** Where the live feeds of an account began, ms by their markets, as its journal says; empty where there is none. What is wrong with a journal says who opens it. */
export function feedBegins(journalFile: string): Map<string, number> {
  const start = firstStart(journalFile);
  const feeds = [...(start?.others ?? []), ...(start?.markets ?? [])];
  return new Map(feeds.flatMap(({ market, feed }) => (feed.kind === 'live' ? [[market, feed.from] as const] : [])));
}

function firstStart(journalFile: string): ReturnType<typeof readStart> {
  if (!existsSync(journalFile)) return undefined;
  const bytes = readFileSync(journalFile);
  const line = decodeLine(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(0x0a))), undefined);
  if ('kind' in line) return undefined;
  return line.type === 'snapshot' ? readSnapshot(line.data)?.start : readStart(line.data);
}
