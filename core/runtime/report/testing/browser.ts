import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface View {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/** What a page did while it was shown. */
export interface Visit {
  /** Console output and browser log of level warning or error, content policy violations among them. */
  readonly messages: readonly string[];
  /** Every address asked for except the page itself and data: addresses. */
  readonly requests: readonly string[];
  /** Width of the content and of the window: a larger first means that the page scrolls sideways. */
  readonly contentWidth: number;
  readonly windowWidth: number;
  readonly background: string;
  /** From the start of the navigation to the end of the load event. */
  readonly loadMs: number;
  /** PNG, base64. */
  readonly screenshot: string;
}

/** Messages of the protocol are read by name only, whatever they are. */
function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Shows a file in a headless browser at a window size, over the DevTools protocol, without any network. */
export async function visit(browser: string, file: string, view: View): Promise<Visit> {
  const folder = mkdtempSync(join(tmpdir(), 'strat-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-sync',
    '--disable-dev-shm-usage',
  ];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--host-resolver-rules=MAP * ~NOTFOUND'];
  const child = spawn(browser, [...flags, ...quiet, `--user-data-dir=${folder}`, '--remote-debugging-port=0', 'about:blank'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const session = await openSession(await pageAddress(folder));
    try {
      return await look(session, `file://${file}`, view);
    } finally {
      session.close();
    }
  } finally {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function pageAddress(folder: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    try {
      const [port] = readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n');
      const targets: unknown = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
      for (const target of Array.isArray(targets) ? targets : []) {
        if (property(target, 'type') === 'page') return String(property(target, 'webSocketDebuggerUrl'));
      }
    } catch {
      // Not up yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the browser did not start within 30 s');
}

interface Session {
  readonly events: unknown[];
  call(method: string, params?: object): Promise<unknown>;
  close(): void;
}

async function openSession(address: string): Promise<Session> {
  const socket = new WebSocket(address);
  const events: unknown[] = [];
  const waiting = new Map<unknown, (result: unknown) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('no connection to the browser')));
  });
  socket.addEventListener('message', ({ data }) => {
    const message: unknown = JSON.parse(String(data));
    const id = property(message, 'id');
    if (id === undefined) events.push(message);
    else waiting.get(id)?.(property(message, 'result'));
  });
  let last = 0;
  return {
    events,
    call(method, params = {}) {
      last += 1;
      const id = last;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
      return promise;
    },
    close: () => socket.close(),
  };
}

const MESSAGE_EVENTS: ReadonlySet<string> = new Set(['Log.entryAdded', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown']);

async function look(session: Session, url: string, view: View): Promise<Visit> {
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await session.call(`${domain}.enable`);
  await session.call('Emulation.setDeviceMetricsOverride', {
    width: view.width,
    height: view.height,
    deviceScaleFactor: 1,
    mobile: view.width < 600,
  });
  await session.call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: view.scheme }] });
  await session.call('Page.navigate', { url });
  while (!session.events.some((event) => property(event, 'method') === 'Page.loadEventFired'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  // Requests that the parser starts late, such as a page icon, come after the load event.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await session.call('Runtime.evaluate', { expression, returnByValue: true });
    return property(property(answer, 'result'), 'value');
  };
  const loadMs = Number(await evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"));
  // What is out of sight too, as for someone who has scrolled through all of it.
  await evaluate(
    "for (const sheet of document.styleSheets) sheet.insertRule('*{content-visibility:visible!important}', sheet.cssRules.length)",
  );
  const contentWidth = Number(await evaluate('document.documentElement.scrollWidth'));
  const windowWidth = Number(await evaluate('document.documentElement.clientWidth'));
  const background = String(await evaluate('getComputedStyle(document.body).backgroundColor'));
  const picture = await session.call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
  const messages: string[] = [];
  const requests: string[] = [];
  for (const event of session.events) {
    const method = String(property(event, 'method'));
    const params = property(event, 'params');
    if (MESSAGE_EVENTS.has(method)) messages.push(JSON.stringify(params));
    if (method !== 'Network.requestWillBeSent') continue;
    const asked = String(property(property(params, 'request'), 'url'));
    if (asked !== url && !asked.startsWith('data:')) requests.push(asked);
  }
  return { messages, requests, contentWidth, windowWidth, background, loadMs, screenshot: String(property(picture, 'data')) };
}
