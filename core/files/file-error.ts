import { StratError } from '#core/errors/strat-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EEXIST: 'another file has its name',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file may not be so large here',
  EIO: 'the disk failed',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links go in a circle',
  EMFILE: 'too many files are open',
};

/** Code of an error of the operating system, such as `ENOENT`. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason');

/** What the operating system refused, in words. */
export const fileReason = (error: unknown): string => REASONS[codeOf(error)] ?? codeOf(error);

/** The same of something that was to be written: what is missing then is the folder. */
export const writeReason = (error: unknown): string => (codeOf(error) === 'ENOENT' ? 'the folder does not exist' : fileReason(error));

/** The system's own error is kept as the cause. */
export function unreadable(file: string, error: unknown): StratError<'FILE_UNREADABLE'> {
  return new StratError('FILE_UNREADABLE', { file, reason: fileReason(error) }, { cause: error });
}

export function unwritable(file: string, error: unknown): StratError<'FILE_UNWRITABLE'> {
  return new StratError('FILE_UNWRITABLE', { file, reason: writeReason(error) }, { cause: error });
}
