import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StratError } from '#core/errors/strat-error.ts';
import { dataSource } from '#core/runtime/backtest-document.ts';
import type { SweepHeader } from '#core/runtime/sweep/sweep-file.ts';
import type { SweepSpace } from '#core/runtime/sweep/sweep-space.ts';
import { STRAT_VERSION } from '#core/runtime/version.ts';
import { rateFiles } from '../account-money.ts';
import type { CommandInput } from '../command.ts';
import { factFiles } from '../market-facts.ts';
import type { Simulation } from '../simulation-input.ts';

/** What the results depend on. */
export function headerOf(input: CommandInput, { strategies, rules }: Simulation, { axes, drawn, count }: SweepSpace): SweepHeader {
  const [{ prepared, markets }] = strategies as readonly [Simulation['strategies'][number]];
  const { name, sha256, modules, models, plugins } = prepared.source;
  const config = input.value('config');
  const others = [...factFiles(input), ...rateFiles(input), ...(config === undefined ? [] : [config])];
  const swept = new Set(axes.map((axis) => axis.name));
  return {
    schema: 'strat.sweep/1',
    engine: STRAT_VERSION,
    strategy: { name, sha256, modules: [...modules, ...models, ...plugins].map((one) => JSON.stringify(one)) },
    data: markets
      .flatMap((data) => [data, ...data.others])
      .map((series) => {
        const { market, timeframe, rows, sha256: digest } = dataSource(series);
        return { market, timeframe, rows, sha256: digest };
      }),
    settings: {
      ...prepared.settings,
      from: markets.map(({ fromIndex }) => fromIndex),
      files: others.map(digestOf),
      rules: rules.map(({ id }) => id),
      currency: input.value('currency') ?? null,
      timeframe: input.value('timeframe') ?? null,
    },
    fixed: Object.fromEntries(prepared.program.params.filter((param) => !swept.has(param.name)).map((param) => [param.name, param.value])),
    axes: axes.map((axis) => ({ name: axis.name, values: axis.texts })),
    sample: drawn === null ? null : { size: count, seed: Number(input.value('seed') ?? 1) },
  };
}

function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    throw new StratError('FILE_UNREADABLE', { file, reason: 'it was there a moment ago' });
  }
}

/** A short text that is equal for equal headers. */
export const digestOfHeader = (header: SweepHeader): string => createHash('sha256').update(JSON.stringify(header)).digest('hex');
