import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', 'tests/fixtures/**', 'web/dist/**'];
const setupFiles = ['tests/setup/fast-check-seed.ts'];

/** .ci/run reads the counts from here. */
const report = process.env['STRAT_TEST_REPORT'] ?? '';

/** Whoever asks for more cases waits for them. */
const propertyTimeoutMs = process.env['STRAT_FC_RUNS'] === undefined ? 120_000 : 4 * 3_600_000;

/** Four projects, told apart by file name and folder: `npx vitest run --project unit`. */
export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['tests/setup/cache-home.ts'],
    pool: 'forks',
    // Half of the time is waiting for bots and other processes; the default leaves a core free, of two one.
    maxWorkers: '100%',
    allowOnly: false,
    reporters: report === '' ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{core,dsl,plugins,scripts,bench,strategies,templates,web}/**/*.test.ts'],
          // Indicators have names only when they are made of a template; tests/integration/scaffold.test.ts runs what was made.
          exclude: [...never, '**/*.prop.test.ts', 'templates/indicator*/**'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'property',
          include: ['{core,dsl,plugins,scripts,tests}/**/*.prop.test.ts'],
          exclude: never,
          setupFiles,
          testTimeout: propertyTimeoutMs,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/**/*.test.ts'],
          exclude: [...never, '**/*.prop.test.ts', 'tests/architecture/**'],
          setupFiles,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'architecture',
          include: ['tests/architecture/**/*.test.ts'],
          exclude: [...never, '**/*.prop.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
