import type { CommandIo, ExitCode } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { ProgressLine } from '../progress-line.ts';

/** What reads for long: how far it is, as a share of what is read then, and whether it is to stop. */
export interface Watch {
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Work that shows how far it is and ends at Ctrl-C. @param left what is so then: `nothing was written` */
export async function stoppable(io: CommandIo, left: string, work: (watch: Watch) => Promise<ExitCode>): Promise<ExitCode> {
  const progress = new ProgressLine(io, 1);
  try {
    return await interruptible(async (signal) => work({ signal, onShare: (share) => (share < 1 ? progress.show(share) : progress.end()) }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    progress.end();
    io.err(`Stopped; ${left}\n`);
    return 130;
  } finally {
    progress.end();
  }
}
