import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from '#dsl/grammar/parse.ts';
import type { Setting, SourceFile, Statement } from './nodes.ts';

const SOURCE = readFileSync(join(import.meta.dirname, '../grammar/fixtures/every-statement.strat'), 'utf8');

function read(source: string): SourceFile {
  const { file, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  if (file === null) throw new Error('no file');
  return file;
}

const file = read(SOURCE);

function all<K extends Statement['kind']>(kind: K): Extract<Statement, { readonly kind: K }>[] {
  const isKind = (item: Statement): item is Extract<Statement, { readonly kind: K }> => item.kind === kind;
  return file.statements
    .flatMap((item): Statement[] => (item.kind === 'Side' || item.kind === 'Setup' ? [item, ...item.body] : [item]))
    .filter(isKind);
}

function settings(kind: 'Account' | 'Costs' | 'Grid'): readonly Setting[] {
  return file.statements.flatMap((item) => (item.kind === kind ? item.settings : []));
}

const name = (text: string) => ({ kind: 'Name', text });
const number = (value: number) => ({ kind: 'Number', value });

describe('statements', () => {
  test('heading', () => {
    expect(file.edition?.value).toBe(1);
    expect(file.heading).toMatchObject({ what: 'strategy', title: { value: 'every statement' } });
    expect(file.heading.settings.map((item) => item.name.text)).toEqual(['author', 'version']);
  });

  test('use', () => {
    expect(all('Use')).toMatchObject([
      {
        what: 'functions',
        imports: [
          { name: { text: 'helper' }, alias: null },
          { name: { text: 'other' }, alias: { text: 'renamed' } },
        ],
        from: { value: './lib/helper.strat' },
        bindings: [],
      },
      { what: 'indicator', from: { value: 'plugin:@acme/fisher' } },
      {
        what: 'strategy',
        bindings: [
          { name: { text: 'fast' }, value: number(20) },
          { name: { text: 'slow' }, value: number(100) },
        ],
      },
      { what: 'model', bindings: [{ name: { text: 'r1' } }, { name: { text: 'r2' } }] },
      { what: 'calendar', imports: [{ name: { text: 'holidays' } }] },
    ]);
  });

  test('trade, account, costs, grid', () => {
    expect(all('Trade')).toMatchObject([{ universe: null, timeframe: { ms: 900_000 }, side: { value: 'both' } }]);
    expect(all('Trade')[0]?.markets.map((market) => market.text)).toEqual([
      'BTC/USDT:USDT',
      '1000PEPE/USDT:USDT',
      'BRK.B',
      'BTC/USDT:USDT-261225',
    ]);
    expect(settings('Account')).toMatchObject([{ name: { text: 'capital' }, value: { kind: 'Value' } }, {}, {}]);
    expect(settings('Costs')).toHaveLength(3);
    expect(settings('Grid')).toHaveLength(2);
    expect(read('strat 1 strategy "x" trade universe on 1d').statements).toMatchObject([
      { kind: 'Trade', markets: [], universe: { start: 27, end: 35 } },
    ]);
  });

  test('param, require, let', () => {
    expect(all('Param')).toMatchObject([
      {
        doc: 'how many bars\nback',
        name: { text: 'fast' },
        type: { name: 'length' },
        domain: { kind: 'Range', low: number(6), high: number(18) },
        step: number(2),
        label: { value: 'fast length' },
      },
      { doc: null, type: { name: 'duration' }, domain: { kind: 'Choice', list: { kind: 'List' } }, step: null, log: null, label: null },
      { value: { kind: 'Negate', operand: number(0.0015) }, domain: null },
    ]);
    expect(all('Param')[0]?.log).not.toBeNull();
    expect(all('Require')).toMatchObject([{ condition: { kind: 'Logic', operator: 'and' }, why: { value: 'levels do not fit' } }]);
    expect(all('Let')[0]).toMatchObject({ name: { text: 'base' }, type: { name: 'price' }, start: name('close') });
    expect(all('Let')[1]).toMatchObject({ type: null, start: null });
  });

  test('def', () => {
    expect(all('Def')).toMatchObject([
      {
        exported: {},
        parameters: [{ name: { text: 'a' }, type: { name: 'price' }, value: null }, { type: null, value: number(2) }, { value: null }],
        type: { name: 'number' },
        lets: [],
        result: { operator: '/' },
      },
      { exported: null, lets: [{ name: { text: 'up' } }, { name: { text: 'down' } }], result: { operator: '/' } },
    ]);
  });

  test('chart, session, regime, universe, basket', () => {
    expect(all('Chart')).toMatchObject([
      { market: null, timeframe: { count: 4, unit: 'h' }, lets: [{}] },
      { market: null, timeframe: name('wait') },
      { market: { text: 'ETH/USDT' }, timeframe: null },
      { market: { text: 'ETH/USDT' }, timeframe: { unit: 'd' } },
    ]);
    expect(all('Session')).toMatchObject([
      {
        settings: [
          { value: { kind: 'Range', low: { minutes: 570 }, high: { minutes: 960 } } },
          { value: { kind: 'Text' } },
          { value: { kind: 'Range', low: name('mon') } },
        ],
      },
    ]);
    expect(all('Regime')).toMatchObject([
      { start: { text: 'calm' }, transitions: [{ from: { text: 'calm' }, to: { text: 'wild' } }, { from: { text: 'any' } }] },
    ]);
    expect(all('Universe')[0]?.clauses.map((clause) => clause.kind)).toEqual([
      'Quote',
      'Include',
      'Exclude',
      'Filter',
      'Filter',
      'Rank',
      'Hold',
      'Weight',
      'Rebalance',
      'Refresh',
    ]);
    expect(all('Universe')[0]?.clauses[7]).toMatchObject({ mode: 'inverse', value: { kind: 'Call' } });
    expect(all('Basket')).toMatchObject([
      {
        legs: [
          { action: 'buy', weight: number(1) },
          { action: 'sell', weight: { kind: 'Call' } },
        ],
      },
    ]);
  });

  test('blocks, setups and oco', () => {
    expect(all('Side').map((block) => [block.side, block.body.length])).toEqual([
      ['long', 3],
      ['short', 21],
    ]);
    expect(all('Setup')).toMatchObject([{ name: { text: 'pullback' }, side: { side: 'long' }, body: [{ kind: 'Enter' }] }]);
    expect(all('Oco')).toMatchObject([
      {
        entries: [
          { side: { side: 'long' }, name: { text: 'pair' }, order: { type: 'stop', options: [{ kind: 'GoodUntilCancelled' }] } },
          { side: { side: 'short' }, name: null, order: null },
        ],
      },
    ]);
  });

  test('enter, exit, add', () => {
    expect(all('Enter')[0]).toMatchObject({
      side: null,
      condition: { kind: 'Crosses', direction: 'above' },
      order: {
        type: 'limit',
        price: name('spot'),
        limit: null,
        options: [{ kind: 'PostOnly' }, { kind: 'Ioc' }, { kind: 'Fok' }, { kind: 'GoodFor' }, { kind: 'ElseMarket' }],
      },
      confidence: number(0.5),
      reason: { value: 'limit' },
    });
    expect(all('Enter')[1]?.order).toMatchObject({
      type: 'stop',
      price: { operator: '-' },
      limit: { operator: '-' },
      options: [{ kind: 'GoodUntil', time: { minutes: 930 } }],
    });
    expect(all('Exit')).toMatchObject([
      { part: { value: 0.5 }, condition: { kind: 'Temporal' }, order: { type: 'market' }, reason: { value: 'half' } },
      { part: null, name: { text: 'pair' }, condition: { kind: 'Is', negated: true } },
    ]);
    expect(all('Add')).toMatchObject([
      { amount: null, trigger: { kind: 'When' }, max: number(3), scale: number(1.4), order: { type: 'market' } },
      { amount: { value: 1 }, trigger: { kind: 'Every', direction: 'against' }, max: number(6), scale: null },
      { amount: null, trigger: { kind: 'Every', distance: { kind: 'UnitAmount' }, direction: 'in_favor' }, max: null },
    ]);
  });

  test('size, stop, take, trail', () => {
    expect(all('Size')).toMatchObject([
      {
        rule: { kind: 'Risk', value: { kind: 'OfValue' } },
        times: name('confidence'),
        max: { kind: 'OfValue' },
        min: { kind: 'CurrencyAmount' },
      },
      { rule: { kind: 'Kelly', fraction: number(0.25), over: number(100) }, times: null, max: null, min: null },
      { rule: { kind: 'Volatility', target: { value: 0.2 }, over: { unit: 'bar' } } },
      { rule: { kind: 'Unit', value: { kind: 'OfValue' }, per: { unit: 'atr' } } },
      { rule: { kind: 'Amount', value: { unit: 'contract' } } },
    ]);
    expect(all('Stop')).toMatchObject([
      { at: null, moving: {}, closing: {}, limit: { unit: 'bp' } },
      { at: {}, value: name('base'), moving: null, closing: null, limit: null },
    ]);
    expect(all('Take')).toMatchObject([
      { legs: [{ share: { value: 0.4 }, at: { kind: 'RMultiple', value: 1.5 } }, { share: { kind: 'Rest' } }] },
      { legs: [{ share: { kind: 'All' } }] },
      { legs: [{ share: null }] },
    ]);
    expect(all('Trail')).toMatchObject([
      { distance: { unit: 'atr' }, from: { kind: 'Call' }, after: { value: 1 }, step: { unit: 'tick' }, closing: {}, moving: {} },
    ]);
  });

  test('breakeven, timeout, cooldown, cancel', () => {
    expect(all('Breakeven')).toMatchObject([{ after: { value: 1 }, plus: { value: 0.001 } }]);
    expect(all('Timeout')).toMatchObject([{ length: { unit: 'bar' }, condition: { kind: 'Comparison' } }]);
    expect(all('Cooldown')).toMatchObject([{ after: { value: 'stop' } }, { length: { unit: 'd' }, after: { value: 'exit' } }]);
    expect(all('Cancel')).toMatchObject([{ condition: { kind: 'Comparison' } }]);
  });

  test('risk', () => {
    expect(all('Risk')[0]?.rules).toMatchObject([
      {
        kind: 'Limit',
        name: { text: 'loss' },
        per: { text: 'day' },
        actions: [{ kind: 'Flatten' }, { kind: 'Pause', length: { unit: 'd' } }],
      },
      { kind: 'Limit', per: null, actions: [{ kind: 'Notify' }] },
      { kind: 'Limit', actions: [{ kind: 'Halt' }] },
      { kind: 'Guard', action: 'block', side: { side: 'long' } },
      { kind: 'Guard', action: 'flatten', side: null },
      { kind: 'Guard', action: 'halt', condition: { kind: 'Is' } },
    ]);
  });

  test('notify, plot, mark, objective', () => {
    expect(all('Notify')).toMatchObject([
      { via: { text: 'telegram' }, level: { text: 'warning' }, oncePer: { text: 'day' }, condition: { direction: 'either' } },
    ]);
    expect(all('Plot')).toMatchObject([
      { title: { value: 'side' }, color: { text: 'blue' }, pane: { value: 'lower' }, style: { text: 'line' } },
    ]);
    expect(all('Mark')).toMatchObject([{ where: 'below', text: { value: 'here' }, color: { text: 'red' } }]);
    expect(all('Objective')).toMatchObject([{ direction: 'maximize', metric: name('sortino'), condition: { kind: 'Temporal' } }]);
  });
});

test('texts are cut at their inserts', () => {
  const [notify] = read('strat 1 strategy "x" notify "a {b}\\n{c:2}}"').statements;
  expect(notify).toMatchObject({
    text: {
      value: 'a {b}\n{c:2}}',
      parts: ['a ', { name: 'b', digits: null, span: { start: 32, end: 33 } }, '\n', { name: 'c', digits: 2 }, '}'],
    },
  });
});

test('every statement starts at its first word, and its span is its text', () => {
  for (const statement of file.statements) {
    const text = SOURCE.slice(statement.span.start, statement.span.end);
    expect(text).toBe(text.trim());
    expect(SOURCE.slice(statement.word.start, statement.word.end)).toMatch(/^[a-z]+$/);
    expect(text.startsWith(SOURCE.slice(statement.word.start, statement.word.end)) || text.startsWith('export')).toBe(true);
  }
});

test('comments are kept with their places', () => {
  expect(file.comments.map((comment) => comment.doc)).toEqual([false, true, true]);
  for (const { span, text } of file.comments) expect(SOURCE.slice(span.start, span.end)).toBe(text);
});

test('a plain comment between a doc comment and a definition takes the doc away', () => {
  expect(read('strat 1 strategy "x"\n## doc\n# note\nlet a = 1').statements).toMatchObject([{ doc: null }]);
});
