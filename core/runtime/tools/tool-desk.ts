import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ToolAnswer, ToolRequest } from '#core/ports/language-tools.ts';
import type { ToolStrategy } from './answer-tool.ts';

/** What one request may take; a year of minutes goes through every tool in a fraction of it. */
export interface ToolLimits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

const PROGRAM = fileURLToPath(new URL('tool-process.ts', import.meta.url));
const LIMITS: ToolLimits = { timeoutMs: 30_000, memoryMb: 512 };

/**
 * Answers requests for the tools of the language, one at a time and in a process of its own: whatever a source makes of the compiler, of a run or of V8, the bot
 * goes on trading.
 */
export class ToolDesk {
  readonly #limits: ToolLimits;
  #isBusy = false;

  constructor(limits: Partial<ToolLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** @param strategy the one that the request names; null where it names none */
  async answer(request: ToolRequest, strategy: ToolStrategy | null): Promise<ToolAnswer> {
    if (this.#isBusy) return { ok: false, code: 'BUSY', text: 'another request for a tool is under way', hint: 'Ask again in a moment' };
    this.#isBusy = true;
    try {
      return await this.#inProcess(request, strategy);
    } finally {
      this.#isBusy = false;
    }
  }

  async #inProcess(request: ToolRequest, strategy: ToolStrategy | null): Promise<ToolAnswer> {
    const { timeoutMs, memoryMb } = this.#limits;
    const child = fork(PROGRAM, {
      // Numbers, maps and columns as they are.
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${memoryMb}`],
      // No secret of the bot, and nothing of it on the bot's own streams; Ctrl-C is for the bot to hear.
      env: {},
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // A bot that ends does not wait for it, and it ends with the bot.
    child.unref();
    child.channel?.unref();
    const { promise, resolve } = Promise.withResolvers<ToolAnswer>();
    const failed = (text: string, hint: string): void => resolve({ ok: false, code: 'FAILED', text, hint });
    const timer = setTimeout(
      () => failed(`the tool did not end within ${timeoutMs / 1000} s`, 'Ask for less, or run the tool on a command line'),
      timeoutMs,
    );
    child.on('message', (answer) => resolve(answer as ToolAnswer));
    child.on('error', (error) => failed(`the tool could not be started: ${error.message}`, 'See the log of the bot'));
    child.on('exit', (code, signal) =>
      failed(`the tool ended without an answer (${signal ?? `code ${code}`})`, 'It may need more memory: run it on a command line'),
    );
    child.send({ request, strategy });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      child.kill('SIGKILL');
    }
  }
}
