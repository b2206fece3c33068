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
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' ? 'unknown reason' : code);
}

/** What the operating system refused, in words. The system's own error is kept as the cause. */
export function unreadable(file: string, error: unknown): StratError {
  return new StratError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
}

export function unwritable(file: string, error: unknown): StratError {
  const isFolderMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return new StratError(
    'FILE_UNWRITABLE',
    { file, reason: isFolderMissing ? 'the folder does not exist' : reasonOf(error) },
    { cause: error },
  );
}
