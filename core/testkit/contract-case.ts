import { describe, expect, test } from 'vitest';

/** One thing that a contract demands. `run` rejects with what was found when the part does not hold it. */
export interface ContractCase {
  /** A fact in the present tense. */
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Makes a suite of the cases of a contract. */
export function contractSuite(title: string, cases: readonly ContractCase[]): void {
  // oxlint-disable-next-line vitest/valid-title -- it is one: the title of the contract
  describe(title, () => {
    test.for(cases.map(({ name, run }) => ({ name, run })))('$name', async ({ run }) => {
      expect(await run()).toBeUndefined();
    });
  });
}

/** Names of the cases that a part does not hold: for tests of the contracts themselves. */
export async function brokenCases(cases: readonly ContractCase[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch {
      broken.push(name);
    }
  }
  return broken;
}
