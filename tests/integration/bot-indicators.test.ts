/** Indicator plugins in a running bot: loaded by an edit of the config and of the lock file alone, and faulty ones that stop nobody. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODE, MANIFEST, writePlugin } from '#core/indicators/testing/plugin-files.ts';
import { temporaryFolder } from './paper-runs.ts';
import { bot, script } from './running-bot.ts';

const MARKET = 'exchanges: { market: { use: exchange/sim, seed: 5, speed: 100 } }';

const strategyWith = (use: string, value: string): string => `strat 1
strategy "With a plugin"
trade BTC/USDT on 1h
${use}
let line = ${value}
enter long when close crosses above line
exit long when close crosses below line
size 10% of equity
stop 5%
`;

test(
  'what create-module makes outside the repository is taken once it is pinned; an edit of it is refused until it is pinned again',
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    const outside = join(temporaryFolder(), 'my plugins');
    const config = (strategies: string): string =>
      `plugins: { folders: ["${outside}"] }\n${MARKET}\nstrategies: [{ file: one.strat, exchange: market }${strategies}]\n`;
    const running = await bot(folder, config(''));
    for (const [kind, id] of [
      ['indicator', 'my-mean'],
      ['indicator-module', 'my-stretch'],
    ] as const)
      expect(script(folder, 'scripts/create-module.ts', kind, id, '--dir', outside)).toMatchObject({ code: 0 });
    writeFileSync(
      join(folder, 'mean.strat'),
      strategyWith('use indicator my_mean from "plugin:@local/my-mean"', 'my_mean(length: 5).value'),
    );
    writeFileSync(
      join(folder, 'stretch.strat'),
      strategyWith('use indicator my_stretch from "plugin:@local/my-stretch"', 'close / (1 + my_stretch(length: 5))'),
    );
    const both = config(', { file: mean.strat, exchange: market }, { file: stretch.strat, exchange: market }');

    running.configure(both);
    await running.says('Config refused');
    expect(running.output()).toContain('E0703');
    expect((await running.strategy('one'))?.state).toBe('running');

    expect(script(folder, 'bin/strat.js', 'plugin', 'lock', '--config', 'strat.yaml')).toMatchObject({ code: 0 });
    // The bot sees the lock file change.
    await running.says('Config taken');
    await running.trades('mean');
    await running.trades('stretch');

    const code = join(outside, 'indicator/my-mean/my-mean.js');
    writeFileSync(
      `${code}.new`,
      readFileSync(code, 'utf8').replace('out[0] = sum / params.length;', 'out[0] = (1 * sum) / params.length;'),
    );
    renameSync(`${code}.new`, code);
    await running.says('Config refused', 2);
    expect(running.output()).toContain('E0704');
    await running.trades('mean');
    expect(script(folder, 'bin/strat.js', 'plugin', 'lock', '--config', 'strat.yaml')).toMatchObject({ code: 0 });
    await running.says('mean goes on with the new rules');
    await running.trades('mean');
    expect(await running.health()).toMatchObject({ status: 200, body: { problems: [] } });
    expect(await running.doctor()).toMatchObject({ code: 0, output: expect.stringContaining('No problems found.') });
    expect(await running.stop()).toBe(0);
  },
);

/** Behaves while it is tried, and then ... */
const later = (what: string): object => ({
  'mean.js': `export function init(params, state) {} export function step(params, state, input, out) {
  state[0] += 1;
  out[0] = input[0];
  if (state[0] > 300) { ${what} }
}`,
});

test(
  'one that hangs, one that lies and one that is broken: their strategies do not trade on them, all is named, the others go on',
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    const mine = join(folder, 'mine');
    const faulty = { hangs: later('for (let i = 0; i < 1e9; i++) out[0] = i;'), lies: later('out[0] = 1 / (state[0] - state[0]);') };
    for (const [id, files] of Object.entries(faulty)) {
      writePlugin(mine, id, { manifest: { ...MANIFEST, name: `@acme/${id}`, state: 1 }, files: files as Record<string, string> });
      writeFileSync(
        join(folder, `${id}.strat`),
        strategyWith(`use indicator ${id} from "plugin:@acme/${id}"`, `${id}(close, length: 3).value`),
      );
    }
    writePlugin(mine, 'broken', { manifest: `{ "strat": 1, "name": "@acme/broken", "name": "@acme/twice" }`, files: { 'mean.js': CODE } });
    writePlugin(mine, 'throws', {
      manifest: { ...MANIFEST, name: '@acme/throws' },
      files: { 'mean.js': CODE.replace('let sum = 0;', 'throw 1;') },
    });
    const strategies = ['one', ...Object.keys(faulty)].map((id) => `{ file: ${id}.strat, exchange: market }`).join(', ');
    const config = `plugins: { folders: [mine] }\n${MARKET}\nstrategies: [${strategies}]\n`;
    writeFileSync(join(folder, 'strat.yaml'), config);
    // What it kept outside of its state would be a leak: there is no place for it.
    writePlugin(mine, 'leaks', {
      manifest: { ...MANIFEST, name: '@acme/leaks' },
      files: { 'mean.js': `const kept = [];\n${CODE.replace('let sum = 0;', 'kept.push(input[0]); let sum = 0;')}` },
    });
    // The others cannot be pinned.
    const lock = script(folder, 'bin/strat.js', 'plugin', 'lock');
    expect(lock.code).toBe(1);
    expect(lock.output).toContain('@acme/throws: mean.js, line 3');
    expect(lock.output).toContain('@acme/leaks: mean.js, line 1');

    const running = await bot(folder, config);
    await running.trades('one', 400);
    for (const id of Object.keys(faulty)) await running.trades(id, 20);
    const wanted = [
      { part: 'plugin @acme/hangs', text: expect.stringMatching(/^E1005 in hangs: it ran out of fuel/) as string },
      { part: 'plugin @acme/lies', text: expect.stringMatching(/^E1005 in lies: it gave an infinite value/) as string },
      { part: 'indicator/broken', text: expect.stringContaining('manifest.json') as string },
    ];
    await expect
      .poll(async () => (await running.health()).body.problems, { timeout: 30_000, interval: 200 })
      .toEqual(expect.arrayContaining(wanted));
    for (const id of Object.keys(faulty)) expect(running.log()).toMatch(new RegExp(`"code":"E1005".*"@acme/${id}"`));
    const { code, output } = await running.doctor();
    expect(code).toBe(1);
    for (const id of ['broken', 'throws', 'leaks']) expect(output).toMatch(new RegExp(`! .*(@acme|indicator)/${id}`));
    for (const id of ['one', ...Object.keys(faulty)]) expect((await running.strategy(id))?.state, id).toBe('running');
    await running.trades('one');
    expect(await running.stop()).toBe(0);
  },
);
