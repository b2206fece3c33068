/** `npm start` as on a fresh clone, looked at in a browser: nothing of it is made up. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { chromiumPath } from '../setup/chromium.ts';
import { startStrat } from './paper-runs.ts';

const browserPath = chromiumPath();

/** Needs the page that `npm ci` builds. Skipped without a Chromium. */
test.skipIf(browserPath === null)(
  'the page of a bot without a config shows live candles and trades of two strategies; a request with the token pauses and resumes one',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strat-page-'));
    const strat = startStrat(['run'], folder);
    await strat.says('The page of the bot');
    const url = /The page of the bot: (\S+)/.exec(strat.output())?.[1] ?? '';
    const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    onTestFinished(async () => browser.close());
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(url);
    await page.locator('.connection-live').waitFor();
    expect(await page.locator('header .synthetic').textContent()).toBe('SYNTHETIC');

    const card = (id: string) => page.locator(`[data-strategy="${id}"]`);
    for (const id of ['sma-cross', 'rsi-reversion']) {
      const close = () => card(id).locator('.facts').textContent();
      const before = await close();
      await expect.poll(close, { timeout: 20_000, message: `${id} shows the next bars` }).not.toBe(before);
      const name = (await card(id).locator('h2').textContent()) ?? '';
      await page.locator('.trade-row', { hasText: name }).first().waitFor({ timeout: 60_000 });
    }

    const token = readFileSync(join(folder, '.strat/http.token'), 'utf8').trim();
    const command = async (name: string, authorization: string): Promise<number> => {
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await fetch(`${url.replace(/\/$/, '')}/api/v1/${name}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ strategy: 'sma-cross' }),
      });
      return answer.status;
    };
    expect(await command('pause', 'Bearer not-this-one')).toBe(401);
    expect(await command('pause', `Bearer ${token}`)).toBe(200);
    await card('sma-cross').locator('.state-paused').waitFor();
    await card('rsi-reversion').locator('.state-running').waitFor();
    expect(await command('resume', `Bearer ${token}`)).toBe(200);
    await card('sma-cross').locator('.state-running').waitFor();
    expect(messages).toEqual([]);
    strat.kill('SIGINT');
    expect((await strat.ended).code).toBe(0);
  },
);

const TWO = `strat 1
strategy "Two markets"
trade BTC/USDT, ETH/USDT on 1h
enter long when close / open > 0
size 20% of equity
stop 90%
`;

test.skipIf(browserPath === null)(
  'the page of a strategy of two markets shows the positions in both, and the chart of the one that is chosen',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strat-page-'));
    writeFileSync(join(folder, 'two.strat'), TWO);
    const strat = startStrat(['run', 'two.strat', '--sim', '4', '--speed', '20', '--port', '0'], folder);
    await strat.says('The page of the bot');
    const url = /The page of the bot: (\S+)/.exec(strat.output())?.[1] ?? '';
    const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    onTestFinished(async () => browser.close());
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(url);
    const positions = page.getByLabel('Open positions').locator('tbody tr');
    for (const [row, market] of ['BTC/USDT', 'ETH/USDT'].entries()) await positions.nth(row).getByText(market).waitFor();
    const chart = page.getByRole('img', { name: /^Candles of/ });
    const market = page.getByLabel('Market of the chart');
    const barOf = async (name: string): Promise<string> => {
      await market.selectOption(name);
      await expect
        .poll(async () => chart.getAttribute('aria-label'), { timeout: 10_000 })
        .toMatch(new RegExp(`^Candles of ${name}, 1h: [1-9]`));
      return (await page.locator('.bar-legend').textContent()) ?? '';
    };
    expect(await barOf('ETH/USDT')).not.toBe(await barOf('BTC/USDT'));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(messages).toEqual([]);
    strat.kill('SIGINT');
    expect((await strat.ended).code).toBe(0);
  },
);
