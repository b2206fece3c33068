import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contractSuite } from './contract-case.ts';

export interface StrategyContractOptions {
  /** The `.strat` file. */
  readonly file: string;
  /** Whether it trades on the generated markets of the contract; then a strategy that never enters fails. */
  readonly trades?: boolean;
}

const STRAT = join(import.meta.dirname, '../../bin/strat.js');
const SEED = '11';
const BARS = 4000;
const FEWER = 2500;

/** What every strategy holds, seen from outside: by the commands that a user gives. */
export function strategyContract(options: StrategyContractOptions): void {
  contractSuite('the strategy contract', strategyCases(options));
}

interface Trade {
  readonly exitTime: string | null;
  readonly exitReason: string;
}
interface Result {
  readonly resultHash: string;
  readonly trades: readonly Trade[];
  readonly data: readonly { readonly to: string }[];
}

export function strategyCases({ file, trades = false }: StrategyContractOptions): readonly ContractCase[] {
  const backtest = async (bars: number): Promise<Result> => {
    const { stdout, stderr, code } = await strat(['backtest', file, '--synthetic', SEED, '--bars', String(bars), '--json']);
    expect(code, `strat said: ${stderr}`).toBe(0);
    return JSON.parse(stdout) as Result;
  };
  return [
    {
      name: 'has no findings',
      run: async () => {
        const { stdout, code } = await strat(['check', file, '--json']);
        expect(JSON.parse(stdout)).toEqual([]);
        expect(code).toBe(0);
      },
    },
    ...(existsSync(file.replace(/\.strat$/, '.test.yaml'))
      ? [
          {
            name: 'passes the tests beside it',
            run: async () => {
              const { stdout, stderr, code } = await strat(['test', file]);
              expect(code, `strat said: ${stdout}${stderr}`).toBe(0);
            },
          },
        ]
      : []),
    {
      name: 'gives the same result twice',
      run: async () => {
        const [one, two] = [await backtest(FEWER), await backtest(FEWER)];
        expect(two.resultHash).toBe(one.resultHash);
        if (trades) expect(one.trades.length).toBeGreaterThan(0);
      },
    },
    {
      name: 'decides the same on the bars of the past when more bars come',
      run: async () => {
        const [short, long] = [await backtest(FEWER), await backtest(BARS)];
        const end = short.data[0]?.to ?? '';
        const closed = ({ trades: all }: Result): readonly Trade[] => all.filter(({ exitTime }) => exitTime !== null && exitTime < end);
        expect(closed(long)).toEqual(closed(short));
      },
    },
  ];
}

async function strat(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  const { promise, resolve } = Promise.withResolvers<{ stdout: string; stderr: string; code: number }>();
  execFile(process.execPath, [STRAT, ...args], { maxBuffer: 1 << 27 }, (error, stdout, stderr) => {
    resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code ?? 3) });
  });
  return promise;
}
