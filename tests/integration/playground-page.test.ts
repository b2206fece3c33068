import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PlaygroundServer, startPlayground } from '#core/http/start-playground.ts';
import { buildPage } from '../setup/built-page.ts';
import { chromiumPath } from '../setup/chromium.ts';
import { serveFiles, type StaticServer } from '../setup/static-server.ts';
import { candles, HOUR, statements } from './cli-fixtures.ts';
import { strat } from './cli-in-process.ts';
import { ROOT } from './cli-process.ts';

const browserPath = chromiumPath();
/** Other tests may be at work on the same machine. */
const PATIENT = { timeout: 30_000 };
const CROSS = readFileSync(join(ROOT, 'strategies/sma-cross/sma-cross.strat'), 'utf8');

interface Visit {
  readonly page: Page;
  /** Console output of any kind, faults of the page, and refusals of its content policy. */
  readonly messages: string[];
  /** All addresses asked for. */
  readonly asked: string[];
}

/** What the worker made, as plain values. */
interface Answer {
  readonly document: Record<string, unknown>;
  readonly equity: readonly number[];
}

/** A document without figures. */
const told = (document: Record<string, unknown>): unknown => ({ ...document, metrics: null, significance: null, timing: null });

/** Run in the page: a paste of a text into the editor. */
const PASTE = `(pasted) => {
  const content = document.querySelector('.editor-box').shadowRoot.querySelector('.cm-content');
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', pasted);
  content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}`;
/** Run in the page: a file dropped onto the editor. */
const DROP = `({ name, text }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name));
  document.querySelector('.editor-box').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, composed: true }));
}`;
/** Run in the page: a question to a worker of its own. */
const ASK_WORKER = `async ({ url, ask }) => {
  const worker = new Worker(url, { type: 'module' });
  const answer = new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => (data.ok ? resolve(data.answer) : reject(new Error(data.error))));
    worker.addEventListener('error', () => reject(new Error('the worker does not load')));
  });
  worker.postMessage({ id: 1, question: 'run', ask });
  const { run } = await answer;
  worker.terminate();
  return { document: run.document, equity: [...run.equity] };
}`;
/** Run in the page: what can be used or looked at and has no name. */
const NAMELESS = `[...document.querySelectorAll('input, select, button, [role=img]')]
  .filter((element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join('');
    return ((element.ariaLabel ?? '') + labels + (element.textContent ?? '')).trim() === '';
  })
  .map((element) => element.outerHTML)`;

/** Skipped without a Chromium; STRAT_TEST_INSTALL=1 installs one. STRAT_KEEP_PICTURES=DIR keeps the screenshots for a look. */
describe.skipIf(browserPath === null)('the playground in a browser', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'strat-playground-'));
  const pictures = process.env['STRAT_KEEP_PICTURES'] ?? folder;
  let built: string;
  let server: PlaygroundServer;
  let elsewhere: StaticServer;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    built = join(buildPage(folder), 'playground');
    server = await startPlayground(built, 0);
    elsewhere = await serveFiles(built);
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterEach(async () => {
    await context?.close();
  });
  afterAll(async () => {
    await browser?.close();
    await elsewhere?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A reader who was never here. */
  async function visit(url = server.url, width = 1440, colorScheme: 'light' | 'dark' = 'light'): Promise<Visit> {
    context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const messages: string[] = [];
    const asked: string[] = [];
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url);
    await page.getByTestId('hash').waitFor();
    return { page, messages, asked };
  }

  const hashOf = async (page: Page): Promise<string | null> => page.getByTestId('hash').textContent();
  const editor = (page: Page) => page.getByRole('textbox', { name: 'Strategy' });
  /** Writes the whole text anew, as one who pastes. */
  async function write(page: Page, text: string): Promise<void> {
    await editor(page).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.evaluate(`(${PASTE})(${JSON.stringify(text)})`);
  }
  const fresh = async (page: Page): Promise<void> => page.locator('.run-parts:not(.stale)').waitFor();

  /** `strat backtest ... --json` of the text. */
  async function backtest(text: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
    const file = join(folder, 'playground.strat');
    writeFileSync(file, text);
    const { code, out, err } = await strat('backtest', file, ...args, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as Record<string, unknown>;
  }

  test.for([
    ['wide, light', 1440, 'light'],
    ['phone, dark', 375, 'dark'],
  ] as const)('%s: a strategy, its trades, no message, no foreign request, no sideways scrolling', async ([name, width, scheme]) => {
    const { page, messages, asked } = await visit(server.url, width, scheme);
    await page.getByLabel('Examples').selectOption({ label: 'MACD trend' });
    await fresh(page);
    await page.locator('.trade-row').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(scheme === 'dark' ? 'rgb(18, 21, 25)' : 'rgb(247, 247, 245)');
    // Words of the compiler's scanner have their colours.
    expect(await page.locator('.look-keyword').count()).toBeGreaterThan(5);
    await page.screenshot({ path: join(pictures, `playground-${name.replace(', ', '-')}.png`), fullPage: true });
    expect(messages).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
  });

  test('an error is underlined and listed, leads to its place, and goes when it is mended', async () => {
    const { page, messages } = await visit();
    const before = await hashOf(page);
    await write(page, statements('enter long when closee > close[1]'));
    await page.locator('.cm-lintRange-error').waitFor();
    const found = page.getByRole('list', { name: 'Errors and warnings' }).getByRole('button');
    expect(await found.first().textContent()).toMatch(/error E\d{4} line 4.*closee.*close/);
    await page.screenshot({ path: join(pictures, 'playground-error.png') });
    // What was there stays, and is said to be old.
    expect(await page.locator('.run-parts.stale').count()).toBe(1);
    expect(await hashOf(page)).toBe(before);
    await found.first().click();
    await page.keyboard.type('close');
    await page.locator('.finding-none').waitFor();
    await fresh(page);
    expect(await page.locator('.cm-lintRange-error').count()).toBe(0);
    expect(await hashOf(page)).not.toBe(before);
    await page.locator('.trade-row').first().waitFor();
    expect(messages).toEqual([]);
  });

  test('what one begins to type is offered, and a word tells what it is', async () => {
    const { page, messages } = await visit();
    await write(page, 'strat 1\nstrategy "help"\ntrade BTC/USDT on 1h\nlet mean = sma(close, 20)\nenter long when close > me');
    await page.keyboard.press('ControlOrMeta+Space');
    const offered = page.locator('.cm-tooltip-autocomplete li', { hasText: /^mean/ });
    await offered.waitFor();
    // A list that has just opened leaves keys to the text, for 75 ms.
    await page.waitForTimeout(100);
    await page.keyboard.press('Enter');
    await expect.poll(async () => page.locator('.cm-line').last().textContent(), PATIENT).toBe('enter long when close > mean');
    await page.locator('.look-function', { hasText: 'sma' }).hover();
    await page.locator('.hover-text', { hasText: 'sma(' }).waitFor();
    await page.screenshot({ path: join(pictures, 'playground-help.png') });
    expect(messages).toEqual([]);
  });

  test('a slider runs the strategy anew; what it shows is what the command line makes of it', async () => {
    const { page } = await visit();
    await page.getByLabel('Examples').selectOption({ label: 'SMA cross' });
    await fresh(page);
    const before = await hashOf(page);
    const slider = page.getByRole('slider', { name: 'fast' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('20');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => hashOf(page), PATIENT).not.toBe(before);
    await fresh(page);
    expect(await slider.getAttribute('aria-valuetext')).toBe('25');
    const document = await backtest(CROSS, '--synthetic', '1', '--bars', '5000', '--set', 'fast=25');
    expect(await hashOf(page)).toBe(document['resultHash']);
    await page.getByRole('button', { name: 'As written' }).click();
    await expect.poll(async () => hashOf(page), PATIENT).toBe(before);
  });

  test('a link brings strategy, market and params to another browser', async () => {
    const { page } = await visit();
    await page.getByLabel('Examples').selectOption({ label: 'SMA cross' });
    await page.getByLabel('Market').selectOption('range');
    await page.getByLabel('Seed').fill('77');
    await page.getByRole('slider', { name: 'slow' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => page.getByRole('slider', { name: 'slow' }).getAttribute('aria-valuetext'), PATIENT).toBe('70');
    await fresh(page);
    const result = await hashOf(page);
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('The link with the strategy is in the address bar').waitFor();
    const link = page.url();
    expect(link).toContain('#1=');
    await context.close();
    const other = await visit(link);
    expect(await hashOf(other.page)).toBe(result);
    expect(await other.page.getByLabel('Seed').inputValue()).toBe('77');
    // As soon as something is changed, that is what a reload finds, and who comes back without the link.
    await other.page.getByLabel('Seed').fill('78');
    await expect.poll(async () => hashOf(other.page), PATIENT).not.toBe(result);
    expect(other.page.url()).toBe(server.url);
    await other.page.goto('about:blank');
    await other.page.goto(server.url);
    await expect.poll(async () => other.page.getByLabel('Seed').inputValue(), PATIENT).toBe('78');
    await other.page.getByRole('slider', { name: 'slow' }).waitFor();
    expect(await other.page.getByRole('slider', { name: 'slow' }).getAttribute('aria-valuetext')).toMatch(/^(70)?$/);
  });

  test('candles of a file stay in the page and give what the command line gives', async () => {
    const { page, messages, asked } = await visit();
    const name = 'binance_BTC-USDT_1h.csv';
    const text = candles(900, HOUR);
    writeFileSync(join(folder, name), text);
    await write(page, CROSS);
    await page.evaluate(`(${DROP})(${JSON.stringify({ name, text })})`);
    await page.locator('.market-form .badge', { hasText: name }).waitFor();
    await fresh(page);
    const document = await backtest(CROSS, '--data', join(folder, name));
    await expect.poll(async () => hashOf(page), PATIENT).toBe(document['resultHash']);
    await page.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
    await page.getByRole('alert').filter({ hasText: 'there is no column "timestamp"' }).waitFor();
    await page.getByRole('button', { name: 'Back to generated markets' }).click();
    await page.getByRole('button', { name: 'Another market' }).waitFor();
    await fresh(page);
    expect(messages).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
  });

  test('the worker gives the document of the command line, and every value of the equity, bit for bit', async () => {
    const { page } = await visit();
    const file = readdirSync(join(built, 'assets')).find((name) => name.startsWith('worker-'))!;
    const name = 'macd-trend';
    const text = readFileSync(join(ROOT, `strategies/${name}/${name}.strat`), 'utf8');
    const ask = {
      request: { text, file: '', market: { source: 'synthetic', seed: 9, bars: 3000, kind: 'mixed', timeframe: null } },
      moved: [],
    };
    const { document, equity } = await page.evaluate<Answer>(
      `(${ASK_WORKER})(${JSON.stringify({ url: `${server.url}assets/${file}`, ask })})`,
    );
    const csv = join(folder, 'equity.csv');
    const expected = await backtest(text, '--synthetic', '9', '--bars', '3000', '--equity', csv);
    const strategy = { ...(expected['strategy'] as object), file: 'playground.strat' };
    // Logarithms and powers, which some figures are made with, may differ by a bit between engines of JavaScript; nothing else does.
    expect(told(document)).toEqual(told({ ...expected, strategy }));
    for (const [figure, value] of Object.entries(expected['metrics'] as Record<string, number | null>))
      expect((document['metrics'] as typeof expected)[figure] ?? 0, figure).toBeCloseTo(value ?? 0, 9);
    const column = readFileSync(csv, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[2]));
    expect(equity.slice(-column.length)).toEqual(column);
  });

  test('works from any host of files, under a policy of its own', async () => {
    const { page, messages, asked } = await visit(`${elsewhere.url}#1=%3Cscript%3E`);
    // A link that is none is refused in words, and left.
    await page.getByText('The link is damaged').waitFor();
    await page.getByRole('button', { name: 'OK' }).click();
    expect(await page.getByText('The link is damaged').count()).toBe(0);
    expect(page.url()).toBe(elsewhere.url);
    expect(await page.locator('.trade-row').count()).toBeGreaterThan(3);
    expect(messages).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(elsewhere.url))).toEqual([]);
    // Nothing leaves the page even if something in it tried.
    const tried = await page.evaluate(`fetch('${elsewhere.url}icon.svg').then(() => 'sent', () => 'refused')`);
    expect(tried).toBe('refused');
  });

  test('is used with the keyboard alone, and everything in it has a name', async () => {
    const { page } = await visit();
    await page.getByLabel('Examples').focus();
    const stops: string[] = [];
    for (let at = 0; at < 12; at++) {
      await page.keyboard.press('Tab');
      stops.push(
        String(
          await page.evaluate('document.activeElement.shadowRoot?.activeElement?.ariaLabel ?? document.activeElement.innerText ?? ""'),
        ),
      );
    }
    // Through the editor, not into it for good.
    expect(stops).toEqual(expect.arrayContaining(['Format', 'Share', 'Strategy', 'Another market']));
    const nameless = await page.evaluate(NAMELESS);
    expect(nameless).toEqual([]);
  });
});
