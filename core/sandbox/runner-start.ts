import { StratError } from '#core/errors/strat-error.ts';
import type { ChartColumn } from '#core/model/chart-column.ts';
import type { CompiledStrategy } from '#core/model/strategy-abi.ts';
import { bytesOf, doublesOf } from './frames.ts';
import type { IsolateLimits } from './sandbox-error.ts';

/** What a runner is told first. */
export interface RunnerStart {
  readonly strategy: CompiledStrategy;
  readonly params: Float64Array;
  /** In SETTING order. */
  readonly settings: Float64Array;
  readonly limits: IsolateLimits;
}

/** As JSON, doubles as base64 of their bytes so that NaN and all bits survive. */
export function runnerStartText({ strategy, params, settings, limits }: RunnerStart): string {
  const base64 = (values: Float64Array): string => Buffer.from(bytesOf(values)).toString('base64');
  return JSON.stringify({
    text: strategy.text,
    stateSlots: strategy.stateSlots,
    paramCount: strategy.paramCount,
    lookBack: strategy.lookBack,
    columns: strategy.columns,
    plan: strategy.plan,
    engine: strategy.engine,
    params: base64(params),
    settings: base64(settings),
    memoryMb: limits.memoryMb,
    timeoutMs: limits.timeoutMs,
  });
}

/** @throws StratError INTERNAL when a field is missing or of another kind. */
export function parseRunnerStart(text: string): RunnerStart {
  const parsed: unknown = JSON.parse(text);
  const fields = new Map<string, unknown>(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  const wrong = (name: string): never => {
    throw new StratError('INTERNAL', { reason: `a runner was started without a proper ${name}` });
  };
  const words = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : wrong(name);
  };
  const number = (name: string): number => {
    const value = fields.get(name);
    return typeof value === 'number' ? value : wrong(name);
  };
  const doubles = (name: string): Float64Array => doublesOf(Buffer.from(words(name), 'base64')) ?? wrong(name);
  const columns = (): readonly ChartColumn[] => {
    const value = fields.get('columns');
    return Array.isArray(value) ? (value as readonly ChartColumn[]) : wrong('columns');
  };
  /** The parent's own: it is not looked at further. */
  const object = (name: string): object => {
    const value = fields.get(name);
    return typeof value === 'object' && value !== null ? value : wrong(name);
  };
  return {
    strategy: {
      text: words('text'),
      stateSlots: number('stateSlots'),
      paramCount: number('paramCount'),
      lookBack: number('lookBack'),
      columns: columns(),
      plan: object('plan') as CompiledStrategy['plan'],
      engine: fields.get('engine') === null ? null : (object('engine') as CompiledStrategy['engine']),
    },
    params: doubles('params'),
    settings: doubles('settings'),
    limits: { memoryMb: number('memoryMb'), timeoutMs: number('timeoutMs') },
  };
}
