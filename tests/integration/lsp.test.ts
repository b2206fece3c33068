import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  type Location,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applied, LspClient } from './lsp-client.ts';

/** Every feature of `strat lsp`, asked for by a client of the protocol over stdio. `|` in a text is where the cursor is. */
const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';
const BODY = `${HEAD}param fast = 12 in 6..18\n## How fast it moves.\nlet pace = roc(close, fast)\nlet m = macd()\nenter long when pace > 1% and m.hist rises\nsize 10% of equity\nstop 2 atr\n`;

const folder = mkdtempSync(join(tmpdir(), 'strat-lsp-'));
const client = new LspClient();

const serverInfo = client.start(folder);
beforeAll(async () => {
  await serverInfo;
});
afterAll(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

let files = 0;
const open = (text: string): Promise<string> => client.open(join(folder, `f${++files}.strat`), text);
const ask: typeof client.connection.sendRequest = client.connection.sendRequest.bind(client.connection);

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

describe('names', () => {
  const lineOf = (uri: string, { range }: Location): string => readFileSync(fileURLToPath(uri), 'utf8').split('\n')[range.start.line]!;
  const definition = async (text: string): Promise<Location> => {
    const answer = await ask(DefinitionRequest.type, await cursorIn(text));
    return answer as Location;
  };

  it('are found where they are defined: here, in the prelude, in a module', async () => {
    const here = await definition(BODY.replace('pace > 1%', 'pa|ce > 1%'));
    expect(here.range.start).toEqual({ line: 5, character: 4 });

    const prelude = await definition(BODY.replace('roc(', 'ro|c('));
    expect(lineOf(prelude.uri, prelude)).toMatch(/^export def roc\(/);
    expect(statSync(fileURLToPath(prelude.uri)).mode & 0o222).toBe(0);
    await client.open(prelude.uri, readFileSync(fileURLToPath(prelude.uri), 'utf8'));

    mkdirSync(join(folder, 'lib'), { recursive: true });
    writeFileSync(join(folder, 'lib/trend.strat'), 'strat 1\nmodule "trend"\n## A slow mean.\nexport def slow(x) = sma(x, 100)\n');
    const text = `${HEAD}use slow from "./lib/trend.strat"\nenter long when close > sl|ow(close)\nsize 10% of equity\nstop 2 atr\n`;
    const module = await definition(text);
    expect(lineOf(module.uri, module)).toBe('export def slow(x) = sma(x, 100)');
    expect(await hoverOn(text)).toContain('def slow(x)');
    expect(await hoverOn(text)).toContain('a price in USDT; series, known after 99 bars');
  });

  it('are found where they are used', async () => {
    const at = await cursorIn(BODY.replace('let pace', 'let pa|ce'));
    const lines = (all: readonly { range: Location['range'] }[] | null): number[] => (all ?? []).map(({ range }) => range.start.line);
    expect(lines(await ask(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } }))).toEqual([5, 7]);
    expect(lines(await ask(ReferencesRequest.type, { ...at, context: { includeDeclaration: false } }))).toEqual([7]);
    expect(lines(await ask(DocumentHighlightRequest.type, at))).toEqual([5, 7]);
  });

  it('are renamed everywhere, texts and arguments too', async () => {
    const text = `${HEAD}def gap(a, wide = 2) = a * wide\nlet g = gap(close, wide: 3)\nenter long when close > g reason "above {g:2}"\nsize 10% of equity\nstop 2 atr\n`;
    const renamed = async (marked: string, newName: string): Promise<string> => {
      const at = await cursorIn(marked);
      expect(await ask(PrepareRenameRequest.type, at)).toMatchObject({ placeholder: expect.any(String) });
      const edit = await ask(RenameRequest.type, { ...at, newName });
      return applied(text, edit!.changes![at.textDocument.uri]!);
    };
    expect(await renamed(text.replace('{g:2}', '{g|:2}'), 'limit_line')).toBe(
      text.replace('let g ', 'let limit_line ').replace('> g ', '> limit_line ').replace('{g:2}', '{limit_line:2}'),
    );
    expect(await renamed(text.replace('wide: 3', 'wi|de: 3'), 'factor')).toBe(text.replaceAll('wide', 'factor'));
  });

  it.each([
    ['fast', 'there is a param fast already'],
    ['close', 'close is a built-in name'],
    ['when', 'when is a word of the language and cannot be a name'],
    ['Pace', '"Pace" is no name: names start with a small letter and have letters, digits and _, at most 64'],
  ])('are not renamed to %s', async (newName, reason) => {
    const at = await cursorIn(BODY.replace('let pace', 'let pa|ce'));
    await expect(ask(RenameRequest.type, { ...at, newName })).rejects.toThrow(reason);
  });

  it('of built-ins are not renamed', async () => {
    expect(await ask(PrepareRenameRequest.type, await cursorIn(BODY.replace('roc(', 'ro|c(')))).toBeNull();
  });
});

it('signature help follows the arguments', async () => {
  const help = async (text: string): Promise<unknown> => {
    const answer = await ask(SignatureHelpRequest.type, await cursorIn(`${BODY}let x = ${text}`));
    return answer === null ? null : [answer.signatures[0]!.label, answer.activeParameter];
  };
  const bands = 'bbands(source = close, length: length = 20, width: number = 2) .upper .mid .lower .width .pct';
  expect(await help('bbands(|')).toEqual([bands, 0]);
  expect(await help('bbands(max(close, open), 20|')).toEqual([bands, 1]);
  expect(await help('bbands(width: |')).toEqual([bands, 2]);
  expect(await help('bbands(20) + |')).toBeNull();
});

describe('code actions', () => {
  const cured = async (text: string): Promise<string | null> => {
    const uri = await open(text);
    const [found] = (await client.diagnostics(uri)).filter(({ severity }) => severity! <= 2);
    const actions = await ask(CodeActionRequest.type, { textDocument: { uri }, range: found!.range, context: { diagnostics: [found!] } });
    const [action] = actions ?? [];
    return action === undefined || !('edit' in action) ? null : applied(text, action.edit?.changes?.[uri] ?? []);
  };

  it.each([
    ['a word like it', 'rsi(', 'rsj('],
    ['a clause like it', 'enter long when', 'enter long wehn'],
    ['a unit that is missing', 'pace > 1%', 'pace > 1'],
    ['a share of what', '10% of equity', '10%'],
    ['an operator', 'rsi(14) == 30', 'rsi(14) = 30'],
  ])('write %s', async (_, right, wrong) => {
    const text = `${HEAD}let pace = roc(close, 3)\nenter long when pace > 1% and not (rsi(14) == 30)\nsize 10% of equity\nstop 2 atr\n`;
    expect(text).toContain(right);
    expect(await cured(text.replace(right, wrong))).toBe(text);
  });

  it('remove what is not used, and add what is missing', async () => {
    const text = `${HEAD}enter long when close > open\nsize 10% of equity\nstop 2 atr\n`;
    expect(await cured(text.replace('enter', '## Nobody asks.\nlet unused = close\nenter'))).toBe(text);
    expect(await cured(`${HEAD}enter long when close > open\nsize risk 1% of equity\n`)).toBe(
      `${HEAD}enter long when close > open\nsize risk 1% of equity\nstop 2 atr\n`,
    );
  });
});

it('symbols, folds and semantic tokens', async () => {
  const text = `# one\n# two\n${BODY.replace('enter long', 'long {\n  enter')}exit when close < open\n}\n`;
  const uri = await open(text);
  const textDocument = { uri };
  const symbols = await ask(DocumentSymbolRequest.type, { textDocument });
  expect(symbols?.map(({ name }) => name)).toEqual(['trade BTC/USDT on 1h', 'fast', 'pace', 'm', 'long']);
  const folds = await ask(FoldingRangeRequest.type, { textDocument });
  expect(folds?.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
    [0, 1, 'comment'],
    [9, 14, undefined],
  ]);
  const { data } = (await ask(SemanticTokensRequest.type, { textDocument }))!;
  const { legend } = (await serverInfo).capabilities.semanticTokensProvider!;
  let [line, character] = [0, 0];
  const told = new Map<string, string>();
  const lines = text.split('\n');
  for (let at = 0; at < data.length; at += 5) {
    character = data[at] === 0 ? character + data[at + 1]! : data[at + 1]!;
    line += data[at]!;
    told.set(lines[line]!.slice(character, character + data[at + 2]!), legend.tokenTypes[data[at + 3]!]!);
  }
  expect(Object.fromEntries(told)).toMatchObject({
    '# one': 'comment',
    strategy: 'keyword',
    '"x"': 'string',
    'BTC/USDT': 'type',
    '1h': 'number',
    fast: 'parameter',
    pace: 'variable',
    roc: 'function',
    close: 'variable',
    hist: 'property',
    rises: 'keyword',
    atr: 'keyword',
    equity: 'variable',
    '10%': 'number',
  });
});

describe('hostile editors', () => {
  it('changes a hundred times a second of 256 KB: one check behind the last, requests are answered', async () => {
    const line = 'let pace = roc(close, 12)\n';
    const uri = await open(`${HEAD}# ${'x'.repeat(200)}\n${line}# ${'y'.repeat(255_000)}\n`);
    await client.diagnostics(uri);
    const before = client.publications;
    for (let change = 0; change < 200; change++)
      await client.edit(uri, HEAD.length + 2, HEAD.length + 2 + (change % 2), change % 2 === 0 ? 'z' : '');
    const hovers = Array.from({ length: 20 }, () => ask(HoverRequest.type, client.at(uri, HEAD.length + 210)));
    expect((await Promise.all(hovers)).every((answer) => answer !== null)).toBe(true);
    await client.diagnostics(uri);
    expect(client.publications - before).toBeLessThan(20);
  });

  it('reads nothing outside of the folder that is open', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'strat-out-'));
    writeFileSync(join(outside, 'lib.strat'), 'strat 1\nmodule "x"\nexport def f(x) = x\n');
    const text = (path: string): string => `${HEAD}use f from "${path}"\nenter long when f(close) > open\nsize 10% of equity\nstop 2 atr\n`;
    const uri = await client.open(join(outside, 'a.strat'), text('./lib.strat'));
    expect(
      (await client.diagnostics(uri)).map(({ code, message }) => [code, JSON.stringify(message).includes('outside of the folder')]),
    ).toEqual([['E0702', true]]);
    const other = await client.open(`untitled:one${files}`, text('./lib.strat'));
    expect((await client.diagnostics(other)).map(({ code }) => code)).toEqual(['E0702']);
    rmSync(outside, { recursive: true });
  });

  it('asks about a file that is too long, is not open, or is no text of the language', async () => {
    const long = await open('x'.repeat(300_000));
    expect((await client.diagnostics(long)).map(({ code }) => code)).toEqual(['E0108']);
    expect(await ask(CompletionRequest.type, client.at(long, 299_999))).toMatchObject({ items: [] });
    const nowhere = { textDocument: { uri: pathToFileURL(join(folder, 'none.strat')).href }, position: { line: 5, character: 5 } };
    expect(await ask(HoverRequest.type, nowhere)).toBeNull();
    const strange = await open('\u0000\uD800 "{{{ \u202E');
    expect(await ask(HoverRequest.type, client.at(strange, 2))).toBeNull();
    expect(client.log).toBe('');
  });
});

it('takes the text of a module from the editor where it is open there', async () => {
  const path = join(folder, 'open.strat');
  writeFileSync(path, 'strat 1\nmodule "x"\nexport def f(x) = x\n');
  const user = await open(`${HEAD}use f from "./open.strat"\nenter long when f(close) > open\nsize 10% of equity\nstop 2 atr\n`);
  expect(await client.diagnostics(user)).toEqual([]);
  const module = await client.open(path, 'strat 1\nmodule "x"\nexport def g(x) = x\n');
  await client.diagnostics(module);
  await client.edit(user, 0, 0, '# again\n');
  expect((await client.diagnostics(user)).map(({ code }) => code)).toEqual(['E0206']);
});

it('ends when the editor says so', async () => {
  const other = new LspClient();
  await other.start(null);
  expect(await other.stop()).toBe(0);
});
