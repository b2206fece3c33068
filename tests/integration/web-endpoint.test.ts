import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpEndpoint, startHttp } from '#core/http/start-http.ts';
import type { PluginLog } from '#core/ports/plugin-log.ts';
import { createFakeBot, type FakeBot } from '../../web/dev/fake-bot.ts';
import { buildPage } from '../setup/built-page.ts';
import { chromiumPath } from '../setup/chromium.ts';

const browserPath = chromiumPath();
const silent: PluginLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The page with the bot's own endpoint: its checks of requests, its content policy, its event stream. Only the bot is made up. */
describe.skipIf(browserPath === null)('the page served by the control endpoint', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'strat-web-endpoint-'));
  const tokenFile = join(folder, 'http.token');
  let page: string;
  let bot: FakeBot;
  let endpoint: HttpEndpoint;
  let browser: Browser;
  const serve = (control: FakeBot, port: number): Promise<HttpEndpoint> =>
    startHttp({ control, host: '127.0.0.1', port, tokenFile, pageFolder: page, log: silent });

  beforeAll(async () => {
    page = buildPage(folder);
    bot = createFakeBot({ history: 2000, oldTrades: 500, startedAt: Date.now() });
    endpoint = await serve(bot, 0);
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(async () => {
    await browser?.close();
    await endpoint?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('shows the bot, follows it, commands it, and survives its restart', async () => {
    const tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const messages: string[] = [];
    tab.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    tab.on('pageerror', (error) => messages.push(error.message));
    await tab.goto(endpoint.url);
    await tab.locator('.connection-live').waitFor();
    await tab.locator('.trade-row').first().waitFor();
    const card = tab.locator('[data-strategy="rsi-dip"]');
    const shownEquity = () => card.locator('.big').textContent();
    const textOf = (of: FakeBot) =>
      (of.strategies()[1]?.equity ?? 0).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    for (let i = 0; i < 50; i += 1) bot.step();
    await expect.poll(shownEquity).toBe(textOf(bot));

    await card.getByRole('button', { name: 'Pause' }).click();
    await tab.getByRole('dialog').getByLabel('Token', { exact: true }).fill(readFileSync(tokenFile, 'utf8'));
    await tab.keyboard.press('Enter');
    await card.locator('.state-paused').waitFor();
    expect(bot.strategies().map(({ state }) => state)).toEqual(['running', 'paused']);
    await tab.getByRole('button', { name: 'Reload config' }).click();
    await tab.getByText('Nothing changed.', { exact: true }).waitFor();
    await tab.getByRole('button', { name: 'Resume all' }).click();
    await card.locator('.state-running').waitFor();
    expect(messages).toEqual([]);

    await endpoint.close();
    await tab.locator('.connection-stopped').waitFor();
    bot = createFakeBot({ history: 2100, oldTrades: 500, startedAt: Date.now() + 1 });
    endpoint = await serve(bot, Number(new URL(endpoint.url).port));
    await tab.locator('.connection-live').waitFor();
    bot.step();
    await expect.poll(shownEquity).toBe(textOf(bot));
    // While the bot was away the browser reports each try; nothing else is wrong.
    expect(messages.filter((message) => !message.includes('net::ERR'))).toEqual([]);
    await tab.close();
  });
});
