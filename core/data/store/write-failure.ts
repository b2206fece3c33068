import { StratError } from '#core/errors/strat-error.ts';
import { codeOf, fileReason, writeReason } from '#core/files/file-error.ts';
import { type SeriesKey, seriesName } from './series-key.ts';

/** The disk is full, the user's share of it is used up, or a file may not grow any more. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const FULL_TEXT = /no space left|quota exceeded|file too large/i;

/** What stopped a write, for the user. What was thrown on purpose stays as it is. */
export function writeFailure(key: SeriesKey, folder: string, error: unknown): unknown {
  if (error instanceof StratError || (error instanceof Error && error.name === 'AbortError')) return error;
  const text = error instanceof Error ? error.message : '';
  if (FULL.has(codeOf(error)) || FULL_TEXT.test(text))
    return new StratError(
      'STORE_FULL',
      { series: seriesName(key), folder, reason: FULL.has(codeOf(error)) ? fileReason(error) : 'the disk is full' },
      { cause: error },
    );
  const reason = codeOf(error) === 'unknown reason' && text !== '' ? text.split('\n')[0]! : writeReason(error);
  return new StratError('FILE_UNWRITABLE', { file: folder, reason }, { cause: error });
}
