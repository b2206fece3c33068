import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFakeBot, type FakeBot } from '../../web/dev/fake-bot.ts';
import { type FakeServer, startFakeServer } from '../../web/dev/fake-server.ts';
import { buildPage } from '../setup/built-page.ts';
import { chromiumPath } from '../setup/chromium.ts';

const browserPath = chromiumPath();
const TOKEN = 'the token of the test';

interface Visit {
  readonly page: Page;
  /** Console output of any kind, faults of the page, and refusals of its content policy. */
  readonly messages: string[];
  /** Addresses asked for that are not the bot's. */
  readonly foreign: string[];
}

/** Skipped without a Chromium; STRAT_TEST_INSTALL=1 installs one. STRAT_KEEP_PICTURES=DIR keeps the screenshots for a look. */
describe.skipIf(browserPath === null)('the page in a browser', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'strat-web-'));
  const pictures = process.env['STRAT_KEEP_PICTURES'] ?? folder;
  let bot: FakeBot;
  let server: FakeServer;
  let browser: Browser;

  beforeAll(async () => {
    const built = buildPage(folder);
    bot = createFakeBot({ history: 5000, oldTrades: 10_000, startedAt: Date.now() });
    server = await startFakeServer({ bot, page: built, token: TOKEN, port: 0 });
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function visit(width = 1440, height = 900, colorScheme: 'light' | 'dark' = 'light', hash = ''): Promise<Visit> {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    const messages: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.url}/`)) foreign.push(request.url());
    });
    await page.goto(`${server.url}/${hash}`);
    await page.locator('.connection-live').waitFor();
    await page.locator('.trade-row').first().waitFor();
    return { page, messages, foreign };
  }
  const card = (page: Page, id: string) => page.locator(`[data-strategy="${id}"]`);

  test.for([
    ['wide, light', 1440, 'light'],
    ['wide, dark', 1440, 'dark'],
    ['phone, light', 375, 'light'],
    ['phone, dark', 375, 'dark'],
  ] as const)('%s: two strategies, no message, no foreign request, no sideways scrolling', async ([name, width, scheme]) => {
    const { page, messages, foreign } = await visit(width, 812, scheme);
    for (const id of ['sma-cross', 'rsi-dip']) await card(page, id).waitFor();
    expect(await page.locator('.mode').textContent()).toContain('PAPER');
    expect(await page.locator('header .synthetic').textContent()).toBe('SYNTHETIC');
    // Each chart is drawn, soon after its card is there: somewhere on its canvas is more than one colour.
    for (const chart of await page.locator('.chart').all()) {
      const colours = (): Promise<number> =>
        chart.evaluate((box) => {
          const canvas = [...box.querySelectorAll('canvas')].toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
          const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size;
        });
      await expect.poll(colours).toBeGreaterThan(5);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(scheme === 'dark' ? 'rgb(18, 21, 25)' : 'rgb(247, 247, 245)');
    await page.screenshot({ path: join(pictures, `page-${name.replace(', ', '-')}.png`), fullPage: true });
    expect(messages).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });

  test('a watcher that sees messages and foreign requests', async () => {
    const { page, messages, foreign } = await visit();
    await page.evaluate("console.log('hello'); document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x.png' }))");
    await expect.poll(() => messages.join('\n')).toContain('hello');
    // Its content policy stops the request before it is one.
    await expect.poll(() => [...messages, ...foreign].join('\n')).toContain('127.0.0.1:9/x.png');
    await page.close();
  });

  test('live bars, trades and log lines arrive', async () => {
    const { page, messages } = await visit();
    const equity = card(page, 'sma-cross').locator('.big');
    const before = await equity.textContent();
    const trades = bot.trades(null).length;
    while (bot.trades(null).length < trades + 2) bot.step();
    bot.emit({ type: 'log', level: 'warning', strategy: null, time: Date.now(), text: 'the feed is <b>slow</b>' });
    await expect.poll(() => equity.textContent()).not.toBe(before);
    const expected = bot.strategies()[0]?.equity ?? 0;
    await expect
      .poll(() => equity.textContent())
      .toBe(expected.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
    const newest = bot.trades(null).reduce((last, trade) => Math.max(last, trade.exitTime ?? 0), 0);
    const shown = new Date(newest).toISOString().slice(0, 16).replace('T', ' ');
    await expect.poll(() => page.locator('.trade-row time').first().textContent()).toBe(shown);
    // As text, not as markup.
    await page.getByText('the feed is <b>slow</b>').waitFor();
    expect(messages).toEqual([]);
    await page.close();
  });

  test('10,000 trades are rows only where they are looked at', async () => {
    const { page } = await visit();
    expect(bot.trades(null).length).toBeGreaterThan(10_000);
    await expect.poll(() => page.locator('.trade-table h2').textContent()).toBe('Trades 10,000');
    expect(await page.locator('.trade-row').count()).toBeLessThan(60);
    await page.locator('.trade-table-box').evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.locator('.trade-row[aria-rowindex="10001"]').waitFor();
    expect(await page.locator('.trade-row').count()).toBeLessThan(60);
    await page.getByRole('button', { name: 'Profit' }).click();
    const best = Math.max(...bot.trades(null).map(({ profit }) => profit ?? 0));
    await page.locator('.trade-table-box').evaluate((box) => box.scrollTo(0, 0));
    const sign = best.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    await expect.poll(() => page.locator('.trade-row').first().locator('td').nth(2).textContent()).toBe(`+${sign}`);
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toContain('Profit');
    await page.close();
  });

  test('pause asks for the token once, refuses a wrong one, and works with the right one', async () => {
    const { page, messages } = await visit();
    await card(page, 'sma-cross').getByRole('button', { name: 'Pause' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('http.token').waitFor();
    await page.screenshot({ path: join(pictures, 'page-token.png') });
    await dialog.getByLabel('Token', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    expect(bot.strategies()[0]?.state).toBe('running');
    await dialog.getByLabel('Token', { exact: true }).fill(TOKEN);
    await page.keyboard.press('Enter');
    await card(page, 'sma-cross').locator('.state-paused').waitFor();
    expect(bot.strategies().map(({ state }) => state)).toEqual(['paused', 'running']);
    expect(await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, location.href.includes('token')]")).toEqual([
      0,
      1,
      '',
      false,
    ]);
    await card(page, 'sma-cross').getByRole('button', { name: 'Resume' }).click();
    await card(page, 'sma-cross').locator('.state-running').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    // The browser itself reports the answer 401 to the wrong token.
    expect(messages.filter((message) => !message.includes('401'))).toEqual([]);
    await page.close();
  });

  test('flatten asks first, Escape means no, and the keyboard does it all', async () => {
    const { page } = await visit();
    await page.evaluate(`sessionStorage.setItem('strat.token', ${JSON.stringify(TOKEN)})`);
    const flatten = card(page, 'rsi-dip').getByRole('button', { name: 'Flatten' });
    await flatten.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Flatten rsi-dip?').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(bot.strategies()[1]?.state).toBe('running');
    await flatten.focus();
    await page.keyboard.press('Enter');
    await page.screenshot({ path: join(pictures, 'page-confirm.png') });
    // The safe answer has the focus; the other one is a Tab away.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await card(page, 'rsi-dip').locator('.state-paused').waitFor();
    bot.resume(null);
    await page.close();
  });

  test('a broken connection comes back without a reload, and misses nothing', async () => {
    const { page } = await visit();
    const trades = bot.trades(null).length;
    server.dropStreams();
    while (bot.trades(null).length < trades + 1) bot.step();
    const equity = (bot.strategies()[1]?.equity ?? 0).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    await expect.poll(() => card(page, 'rsi-dip').locator('.big').textContent(), { timeout: 10_000 }).toBe(equity);
    await page.locator('.connection-live').waitFor();
    await page.close();
  });

  test('the address chooses the strategy, and the cards change it', async () => {
    const { page } = await visit(1440, 900, 'light', '#/strategies/rsi-dip');
    await page.locator('.chart-panel h2', { hasText: 'ETH' }).waitFor();
    await card(page, 'sma-cross').getByRole('link').click();
    await page.locator('.chart-panel h2', { hasText: 'BTC' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/strategies/sma-cross');
    await page.goBack();
    await page.locator('.chart-panel h2', { hasText: 'ETH' }).waitFor();
    await page.getByLabel('Whose equity').selectOption('rsi-dip');
    await page.locator('[aria-label^="Equity curve"][aria-label*="capital 10,000.00"]').waitFor();
    await page.close();
  });
});
