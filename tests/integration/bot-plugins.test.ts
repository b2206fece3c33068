import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, temporaryFolder } from './paper-runs.ts';
import { bot, type Running, script } from './running-bot.ts';

const FAULTY = join(ROOT, 'tests/fixtures/plugins/faulty');

const MARKET = 'market: { use: exchange/sim, seed: 5, speed: 100 }';
const ONE = '{ file: one.strat, exchange: market }';

describe('what create-module makes outside the repository, loaded by an edit of the config alone', () => {
  test('a running bot takes a strategy, an exchange, a risk rule and a notifier, one after the other', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    const outside = join(temporaryFolder(), 'my plugins');
    const { configure, says, output, get, strategy, trades, log, health, doctor, stop } = await bot(
      folder,
      `exchanges: { ${MARKET} }\nstrategies: [${ONE}]\n`,
    );
    const startedAt = async (): Promise<unknown> => ((await get('status')).body as { readonly startedAt: number }).startedAt;
    const started = await startedAt();
    const create = (kind: string): void =>
      expect(script(folder, 'scripts/create-module.ts', kind, 'mine', '--dir', outside)).toMatchObject({ code: 0 });
    const taken = (): number => output().split('Config taken').length;
    const take = async (config: string): Promise<void> => {
      const times = taken();
      configure(config);
      await says('Config taken', times);
    };
    const config = (mine: string, rest = '', venue = ''): string =>
      `plugins: { folders: ["${outside}"] }\nexchanges: { ${MARKET}${venue} }\n${rest}strategies: [${ONE}${mine}]\n`;
    const file = join(outside, 'strategies/mine/mine.strat');

    create('strategy');
    await take(config(`, { file: "${file}", exchange: market }`));
    expect(await strategy('mine')).toMatchObject({ state: 'running', market: 'BTC/USDT', params: { fast: 10, slow: 40 } });
    await trades('mine');

    create('exchange');
    const venue = ', venue: { use: exchange/mine, speed: 200 }';
    const onVenue = `, { file: "${file}", id: sawtooth, exchange: venue }`;
    await take(config(onVenue, '', venue));
    await trades('sawtooth');
    // Its template is a saw tooth between 100 and 119, a price that the generated market of "one" never has.
    const price = (await strategy('sawtooth'))?.markets[0]?.lastBar?.close ?? Number.NaN;
    expect(price).toBeGreaterThanOrEqual(100);
    expect(price).toBeLessThanOrEqual(119);
    expect(await strategy('mine')).toBeUndefined();

    create('risk');
    await take(config('', 'risk: [{ use: risk/mine, maxQty: 0.001 }]\n'));
    expect((await get('config')).body).toMatchObject({ config: { risk: [{ use: 'risk/mine', maxQty: 0.001 }] } });

    create('notifier');
    await take(config('', 'risk: [{ use: risk/mine, maxQty: 0.001 }]\nnotifiers: [{ use: notifier/mine, prefix: hello there }]\n'));
    // A fill after that: the rule cut it, and the notifier tells of it through the log.
    await expect.poll(log, { timeout: 60_000, interval: 200 }).toMatch(/"plugin":"notifier\/mine".*hello there: one: (buy|sell)/);
    await expect.poll(log, { timeout: 60_000, interval: 200 }).toMatch(/risk\/mine: cut to 0\.001/);
    const trade = async (): Promise<number | undefined> => {
      const { body } = await get('trades?strategy=one');
      return (body as { readonly trades: readonly { readonly qty: number }[] }).trades.at(-1)?.qty;
    };
    await expect.poll(trade, { timeout: 60_000, interval: 200 }).toBe(0.001);

    expect(await health()).toMatchObject({ status: 200, body: { status: 'ok', problems: [] } });
    expect(await doctor()).toMatchObject({ code: 0, output: expect.stringContaining('No problems found.') });
    expect(await startedAt(), 'it was never restarted').toBe(started);
    expect(await stop()).toBe(0);
  });
});

describe('a throwing, a hanging and a lying plugin, put into the config of a running bot', () => {
  const FAULTS = ['throws', 'hangs', 'lies'] as const;
  const config = (rest: string, exchanges = '', strategies = ''): string =>
    `plugins: { folders: ["${FAULTY}"] }\nexchanges: { ${MARKET}${exchanges} }\n${rest}strategies: [${ONE}${strategies}]\n`;
  /** Health, doctor and log name each of the plugins. */
  async function named({ health, doctor, log }: Running, ids: readonly string[]): Promise<void> {
    const diagnosis = doctor();
    await expect
      .poll(async () => (await health()).body.problems.map(({ part }) => part), { timeout: 30_000, interval: 200 })
      .toEqual(expect.arrayContaining([...ids]));
    expect((await health()).status).toBe(503);
    for (const id of ids) expect(log(), id).toMatch(new RegExp(`"level":"error".*"plugin":"${id}"|"plugin":"${id}".*"level":"error"`));
    const { code, output } = await diagnosis;
    expect(code).toBe(1);
    for (const id of ids) expect(output, id).toMatch(new RegExp(`! Plugin "${id}"`));
    expect(output).not.toContain('abc123');
    expect(log()).not.toContain('abc123');
  }

  test('exchanges: their strategies fail, the others go on', { timeout: 90_000 }, async () => {
    const running = await bot(temporaryFolder(), config(''));
    running.configure(
      config(
        '',
        FAULTS.map((fault) => `, ${fault}: { use: exchange/${fault} }`).join(''),
        FAULTS.map((fault) => `, { file: one.strat, id: on-${fault}, exchange: ${fault} }`).join(''),
      ),
    );
    await running.trades('one', 200);
    await named(
      running,
      FAULTS.map((fault) => `exchange/${fault}`),
    );
    const { problems } = (await running.health()).body;
    expect(problems).toContainEqual({ part: 'on-throws', text: expect.stringContaining('the exchange "throws" does not run') });
    expect(problems).toContainEqual({ part: 'on-lies', text: expect.stringContaining('not after the bar before it') });
    await running.trades('one');
    expect(await running.strategy('one')).toMatchObject({ state: 'running' });
    expect(await running.stop()).toBe(1);
  });

  test('notifiers: nobody is told through them, and everything goes on', { timeout: 90_000 }, async () => {
    const running = await bot(temporaryFolder(), config(''));
    running.configure(config(`notifiers: [${[...FAULTS, 'fails'].map((fault) => `{ use: notifier/${fault} }`).join(', ')}]\n`));
    await running.trades('one', 200);
    await named(
      running,
      FAULTS.map((fault) => `notifier/${fault}`),
    );
    // One that starts and then fails on every message is found out by the first.
    await expect
      .poll(async () => (await running.health()).body.problems, { timeout: 30_000, interval: 200 })
      .toContainEqual({ part: 'notifier/fails', text: expect.stringContaining('nobody there') });
    await running.trades('one');
    expect(await running.stop()).toBe(0);
  });

  test('risk rules: one that does not run takes no entries, one that raises quantities raises none', { timeout: 120_000 }, async () => {
    const running = await bot(temporaryFolder(), config(''));
    running.configure(config(`risk: [${FAULTS.map((fault) => `{ use: risk/${fault} }`).join(', ')}]\n`));
    // One of them hangs in its start for ten seconds: nobody waits for it.
    await expect.poll(running.log, { timeout: 20_000, interval: 50 }).toMatch(/"plugin":"risk\/throws"/);
    const { bars = 0 } = (await running.strategy('one')) ?? {};
    await running.trades('one', 300);
    expect(running.output()).not.toContain('Config taken');
    expect(bars).toBeGreaterThan(0);
    await running.says('Config taken');
    await running.trades('one', 200);
    await expect.poll(running.log, { timeout: 60_000, interval: 200 }).toMatch(/risk\/throws: does not run: no entries until it does/);
    running.configure(config('risk: [{ use: risk/lies }]\n'));
    await running.says('Config taken', 2);
    // A strategy that takes a tenth of its equity takes a tenth, although the rule says ten times as much.
    await expect
      .poll(async () => (await running.health()).body.problems, { timeout: 60_000, interval: 200 })
      .toContainEqual({ part: 'risk/lies', text: expect.stringContaining('it raised the quantity') });
    running.configure(config(`risk: [${FAULTS.map((fault) => `{ use: risk/${fault} }`).join(', ')}]\n`));
    await running.says('Config taken', 3);
    await named(
      running,
      FAULTS.filter((fault) => fault !== 'lies').map((fault) => `risk/${fault}`),
    );
    expect((await running.doctor()).output).toMatch(/! Plugin "risk\/lies"/);
    await running.trades('one');
    expect(await running.strategy('one')).toMatchObject({ state: 'running' });
    expect(await running.stop()).toBe(0);
  });
});

test(
  'a leaking plugin of each kind, taken out of the config of a running bot, is named, and everything goes on',
  { timeout: 90_000 },
  async () => {
    const config = (rest: string, exchanges = ''): string =>
      `plugins: { folders: ["${FAULTY}"] }\nexchanges: { ${MARKET}${exchanges} }\n${rest}strategies: [${ONE}]\n`;
    const leaking = config('risk: [{ use: risk/leaks }]\nnotifiers: [{ use: notifier/leaks }]\n', ', leaks: { use: exchange/leaks }');
    const { configure, says, trades, health, log, doctor, strategy, stop } = await bot(temporaryFolder(), leaking);
    await trades('one');
    const { code, output } = await doctor();
    expect(code).toBe(1);
    configure(config(''));
    await says('Config taken');
    const { problems } = (await health()).body;
    for (const id of ['exchange/leaks', 'risk/leaks', 'notifier/leaks']) {
      const text = `Plugin "${id}" was stopped and left something behind: 1 timer`;
      expect(problems).toContainEqual({ part: id, text: expect.stringContaining(text) as string });
      expect(output).toContain(`! ${text}`);
      expect(log()).toMatch(new RegExp(`"plugin":"${id}".*left something behind|left something behind.*"plugin":"${id}"`));
    }
    await trades('one');
    expect(await strategy('one')).toMatchObject({ state: 'running' });
    expect(await stop()).toBe(0);
  },
);
