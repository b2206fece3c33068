import { controlCommand } from '../control-command.ts';

export const pauseCommand = controlCommand(
  'pause',
  'let a running strategy enter nothing more',
  'A paused strategy opens no position and adds to none; exits and stops go on as before.',
);
