import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompletionRequest, DocumentFormattingRequest, HoverRequest } from 'vscode-languageserver/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applied, LspClient } from './lsp-client.ts';

/** Every feature of `strat lsp`, asked for by a client of the protocol over stdio. `|` in a text is where the cursor is. */
const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';
const BODY = `${HEAD}param fast = 12 in 6..18\n## How fast it moves.\nlet pace = roc(close, fast)\nlet m = macd()\nenter long when pace > 1% and m.hist rises\nsize 10% of equity\nstop 2 atr\n`;

const folder = mkdtempSync(join(tmpdir(), 'strat-lsp-'));
const client = new LspClient();

beforeAll(async () => {
  await client.start(folder);
});
afterAll(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

let files = 0;
const open = (text: string): Promise<string> => client.open(join(folder, `f${++files}.strat`), text);

async function cursorIn(text: string): Promise<ReturnType<LspClient['at']>> {
  const offset = text.indexOf('|');
  const uri = await open(text.replace('|', ''));
  return client.at(uri, offset);
}

async function hoverOn(text: string): Promise<string> {
  const answer = await client.connection.sendRequest(HoverRequest.type, await cursorIn(text));
  const contents = answer?.contents ?? '';
  return typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

async function completeAt(text: string): Promise<readonly string[]> {
  const answer = await client.connection.sendRequest(CompletionRequest.type, await cursorIn(text));
  return (Array.isArray(answer) ? answer : (answer?.items ?? [])).map(({ label }) => label);
}

describe('diagnostics', () => {
  it('come with code, place, hint and the page about the code', async () => {
    const text = BODY.replace('fast)', 'fats)');
    const uri = await open(text);
    const [found, ...more] = await client.diagnostics(uri);
    expect(more.filter(({ severity }) => severity === 1)).toEqual([]);
    expect(found).toMatchObject({
      code: 'E0201',
      severity: 1,
      source: 'strat',
      range: { start: { line: 5, character: 22 }, end: { line: 5, character: 26 } },
    });
    expect(found?.message).toBe('I do not know "fats"\ndid you mean fast?');
    expect(found?.codeDescription?.href).toMatch(/^file:.*docs\/errors\.md#e0201$/);
  });

  it('follow edits, counted in UTF-16 over CR LF and tabs', async () => {
    const text = BODY.replaceAll('\n', '\r\n').replace('## How', '##\t\u{1F680} How');
    const uri = await open(text);
    expect(await client.diagnostics(uri)).toEqual([]);
    const at = text.indexOf('10%');
    await client.edit(uri, at, at + 3, '10');
    expect((await client.diagnostics(uri)).map(({ code, range }) => [code, range.start])).toEqual([['E0313', { line: 8, character: 8 }]]);
    await client.edit(uri, at, at + 2, '10%');
    expect(await client.diagnostics(uri)).toEqual([]);
  });

  it('mark what is not used', async () => {
    const uri = await open(BODY.replace('m.hist rises', 'close rises'));
    const found = await client.diagnostics(uri);
    expect(found.map(({ code, severity, tags }) => [code, severity, tags])).toEqual([['W0902', 2, [1]]]);
  });
});

describe('hover', () => {
  it('tells kind, look-back and doc of a name', async () => {
    expect(await hoverOn(BODY.replace('pace > 1%', 'pa|ce > 1%'))).toBe(
      '```strat\nlet pace = roc(close, fast)\n```\n\na percent; series, known after 12 bars\n\nHow fast it moves.',
    );
  });

  it('tells of params and groups', async () => {
    expect(await hoverOn(BODY.replace('close, fast)', 'close, fas|t)'))).toContain('a number; fixed before the run');
    expect(await hoverOn(BODY.replace('m.hist', '|m.hist'))).toContain('- `.signal`: a price in USDT');
    // 26 bars for the slow average, 9 for that of the signal.
    expect(await hoverOn(BODY.replace('m.hist', 'm.h|ist'))).toContain('a price in USDT; series, known after 33 bars');
  });

  it('tells of built-in functions and words', async () => {
    const text = await hoverOn(BODY.replace('roc(', 'r|oc('));
    expect(text).toContain('roc(source = close, length: length = 1)');
    expect(text).toContain('a percent; series, known after 12 bars');
    expect(await hoverOn(BODY.replace('size 10%', 's|ize 10%'))).toContain('How much an entry trades.');
    expect(await hoverOn(BODY.replace('close, fast', 'cl|ose, fast'))).toContain('Price at which the bar closed.');
  });

  it('says nothing in comments and texts', async () => {
    expect(await hoverOn(BODY.replace('fast it', 'fa|st it'))).toBe('');
    expect(await hoverOn(BODY.replace('"x"', '"|x"'))).toBe('');
  });
});

describe('completion', () => {
  it('takes the words of the grammar, names in scope and their members', async () => {
    const after = (text: string): string => `${BODY}${text}`;
    expect(await completeAt(after('size 5% of |'))).toEqual(expect.arrayContaining(['equity', 'cash', 'position']));
    expect(await completeAt(after('exit long when m.|'))).toEqual(['line', 'signal', 'hist']);
    expect(await completeAt(after('exit long when pa|'))).toEqual(expect.arrayContaining(['pace', 'fast', 'rsi', 'close', 'not']));
    expect(await completeAt(after('exit long when close crosses |'))).toEqual(expect.arrayContaining(['above', 'below', 'pace']));
    expect(await completeAt(after('exit long when rsi(14) on |'))).toEqual(['1h', '2h', '4h', '6h', '12h', '1d', '3d', '1w', '1mo']);
    expect(await completeAt(after('stop 2 |'))).toEqual(expect.arrayContaining(['atr', 'ticks', 'USDT', 'moving']));
  });

  it('writes functions with a place for their arguments', async () => {
    const answer = await client.connection.sendRequest(CompletionRequest.type, await cursorIn(`${BODY}exit long when rs|`));
    const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
    expect(items.find(({ label }) => label === 'rsi')).toMatchObject({
      detail: 'rsi(source = close, length: length = 14)',
      insertTextFormat: 2,
      textEdit: { newText: 'rsi($0)', range: { start: { line: 10, character: 15 }, end: { line: 10, character: 17 } } },
    });
  });
});

it('formatting edits as little as it can', async () => {
  const text = BODY.replaceAll('\n', '\r\n').replace('size 10%', 'size   10%');
  const uri = await open(text);
  const options = { tabSize: 2, insertSpaces: true };
  const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
  expect(edits).toHaveLength(1);
  expect(edits![0]!.newText.length).toBeLessThan(3);
  expect(applied(text, edits!)).toBe(BODY.replaceAll('\n', '\r\n'));
});
