import { controlCommand } from '../control-command.ts';

export const resumeCommand = controlCommand(
  'resume',
  'let a paused strategy trade again',
  'Entries are allowed again from the next bar on.',
);
