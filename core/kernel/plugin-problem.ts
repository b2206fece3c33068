import { explainError } from '#core/errors/explain-error.ts';
import { type ErrorCode, type ErrorData, StratError } from '#core/errors/strat-error.ts';

export type PluginPhase = 'discovery' | 'config' | 'load' | 'setup' | 'start' | 'running' | 'stop';

/** What is wrong with one plugin, for doctor, health and log. */
export interface PluginProblem {
  /** `exchange/sim`; what its folder says when its manifest cannot be read. */
  readonly plugin: string;
  readonly phase: PluginPhase;
  /** Key of the manifest or of the config that is at fault; null when it is none of them. */
  readonly key: string | null;
  readonly code: ErrorCode;
  readonly text: string;
}

export function pluginProblem<C extends ErrorCode>(
  plugin: string,
  phase: PluginPhase,
  code: C,
  data: ErrorData<C>,
  key: string | null = null,
): PluginProblem {
  return { plugin, phase, key, code, text: new StratError(code, data).message };
}

/** The problem that an error of the plugin's code makes: its text without secrets, control characters and stack. */
export function problemOf(plugin: string, phase: PluginPhase, error: unknown, key: string | null = null): PluginProblem {
  if (isStratError(error) && error.code.startsWith('PLUGIN_'))
    return { plugin, phase, key, code: error.code, text: printable(error.message) };
  return pluginProblem(plugin, phase, 'PLUGIN_FAILED', { plugin, phase, reason: reasonOf(error) }, key);
}

/** `instanceof` alone forgets the code's type. */
export const isStratError = (error: unknown): error is StratError => error instanceof StratError;

const MAX_REASON = 500;

/** An error in one line that a terminal can show. */
export function reasonOf(error: unknown): string {
  return printable(explainError(error).replaceAll(/\s*\n\s*/g, '; '));
}

export function printable(text: string): string {
  const clean = text.replace(/\p{C}/gu, '?');
  return clean.length > MAX_REASON ? `${clean.slice(0, MAX_REASON)}...` : clean;
}
