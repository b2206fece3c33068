/** The process of a `ToolDesk`: answers the one request that it is sent. */
import process from 'node:process';
import type { ToolRequest } from '#core/ports/language-tools.ts';
import { answerTool, type ToolStrategy } from './answer-tool.ts';

interface Job {
  readonly request: ToolRequest;
  readonly strategy: ToolStrategy | null;
}

process.once('message', (job: Job) => {
  void answerTool(job.request, job.strategy).then((answer) => process.send?.(answer, () => process.disconnect?.()));
});

// The bot is gone: nobody waits for the answer.
process.once('disconnect', () => process.exit());
