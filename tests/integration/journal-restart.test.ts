import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '#core/runtime/journal/journal-file.ts';
import { restoreAccount } from '#core/runtime/paper/restore-account.ts';
import { BUSY_STRATEGY, backtestEssence, essences, gappyFile, onFile, prepared, runPaper, temporaryFolder } from './paper-runs.ts';

const BARS = 40;
const JOURNAL = 'paper/busy/journal.jsonl';

interface Run {
  readonly folder: string;
  readonly file: string;
  readonly journal: Buffer;
  /** Offsets at which a record ends. */
  readonly ends: readonly number[];
  readonly expected: object;
}

/** An uninterrupted run, and its journal to cut. */
async function wholeRun(): Promise<Run> {
  const folder = temporaryFolder();
  const file = gappyFile(folder, BARS);
  const strategy = prepared(BUSY_STRATEGY, 'busy.strat');
  const home = join(folder, 'whole');
  const [expected = {}] = essences(await runPaper(home, [onFile(strategy, file)]));
  const journal = readFileSync(join(home, JOURNAL));
  const ends: number[] = [];
  for (let at = journal.indexOf(0x0a); at >= 0; at = journal.indexOf(0x0a, at + 1)) ends.push(at + 1);
  return { folder, file, journal, ends, expected };
}

/** Runs to the end; gives the result, after replaying the journal that this left behind gives the same account. */
async function continued(home: string, file: string): Promise<object> {
  const [outcome] = await runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)]);
  const journal = openJournal(join(home, JOURNAL), () => 0);
  const restored = restoreAccount(journal);
  journal.close();
  expect(restored?.account.outcome()).toEqual(outcome?.strategy.account.outcome());
  return essences(outcome === undefined ? [] : [outcome])[0] ?? {};
}

function homeWith(folder: string, name: string, journal: Uint8Array): string {
  const home = join(folder, name);
  mkdirSync(dirname(join(home, JOURNAL)), { recursive: true });
  writeFileSync(join(home, JOURNAL), journal);
  return home;
}

/** Several at a time: most of each is the start of a process. */
async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

describe('a bot that continues from its journal', () => {
  it('ends as an uninterrupted one, after whichever record the journal ended', async () => {
    const { folder, file, journal, ends, expected } = await wholeRun();
    const types = journal
      .toString()
      .trim()
      .split('\n')
      .map((line) => /"type":"(\w+)"/.exec(line)?.[1]);
    // Otherwise the cuts below would miss a kind of place.
    expect(new Set(types)).toEqual(new Set(['start', 'bar', 'log', 'decision', 'stop']));
    expect(expected).toEqual(await backtestEssence(prepared(BUSY_STRATEGY, 'busy.strat'), file));
    expect(expected).toMatchObject({ metrics: { tradeCount: expect.toSatisfy((count: number) => count >= 5) } });
    await inBatches([0, ...ends], async (end) => {
      const home = homeWith(folder, `cut-${end}`, journal.subarray(0, end));
      expect([end, await continued(home, file)]).toEqual([end, expected]);
    });
  });

  it('ends as an uninterrupted one, wherever in a line the journal was cut', async () => {
    const { folder, file, journal, ends, expected } = await wholeRun();
    // A place in every tenth line, early, in the middle and late.
    const cuts = ends
      .slice(0, -1)
      .flatMap((end, line) => (line % 10 === 3 ? [end + 1, Math.floor((end + ends[line + 1]!) / 2), ends[line + 1]! - 1] : []));
    await inBatches(cuts, async (cut) => {
      const home = homeWith(folder, `torn-${cut}`, journal.subarray(0, cut));
      expect([cut, await continued(home, file)]).toEqual([cut, expected]);
    });
  });

  it('ends as an uninterrupted one when it was stopped after every third bar', async () => {
    const { folder, file, expected } = await wholeRun();
    const home = join(folder, 'often');
    const strategy = prepared(BUSY_STRATEGY, 'busy.strat');
    for (let bars = 3; bars < BARS; bars += 3) await runPaper(home, [onFile(strategy, file)], { stopAfter: bars });
    expect(essences(await runPaper(home, [onFile(strategy, file)]))).toEqual([expected]);
  });

  it('only tells its result again once the replay is over', async () => {
    const { folder, file, expected } = await wholeRun();
    expect(essences(await runPaper(join(folder, 'whole'), [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)]))).toEqual([expected]);
  });
});

describe('a journal that does not fit', () => {
  /** The journal with one line changed, its checksum made right again. */
  async function refusal(pick: RegExp, change: (line: string) => string): Promise<unknown> {
    const { crc32 } = await import('node:zlib');
    const { folder, file, journal } = await wholeRun();
    const lines = journal.toString().split(/(?<=\n)/);
    const at = lines.findIndex((line) => pick.test(line));
    const body = change(lines[at]!).replace(/,"crc":\d+\}\n$/, '');
    lines[at] = `${body},"crc":${crc32(body)}}\n`;
    const home = homeWith(folder, 'changed', Buffer.from(lines.join('')));
    return runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)]).then(
      () => 'nothing was refused',
      (error: unknown) => error,
    );
  }

  it('is refused when a fill has another price than the broker gives', async () => {
    expect(await refusal(/"type":"log"/, (line) => line.replace(/"price":(\d)/, '"price":1$1'))).toMatchObject({
      code: 'JOURNAL_MISMATCH',
      data: { reason: 'the fills differ' },
    });
  });

  it('is refused when an order is missing that was filled', async () => {
    expect(await refusal(/"entryRule":/, (line) => line.replace(/"entryRule":\d,/, ''))).toMatchObject({ code: 'JOURNAL_MISMATCH' });
  });

  it('is refused when a bar has another number', async () => {
    expect(await refusal(/"type":"bar"/, (line) => line.replace('"bar":0', '"bar":1'))).toMatchObject({
      code: 'JOURNAL_MISMATCH',
      data: { line: 2 },
    });
  });

  it('is refused when a field has no number', async () => {
    expect(await refusal(/"type":"bar"/, (line) => line.replace(/"close":[\d.]+/, '"close":null'))).toMatchObject({
      code: 'JOURNAL_DAMAGED',
      data: { line: 2 },
    });
  });
});

describe('a start that differs from the one before', () => {
  it('goes on with account and position when the rules change, which decide from the next bar on', async () => {
    const { folder, file, journal } = await wholeRun();
    const half = journal.subarray(0, journal.indexOf('"type":"bar","data":{"bar":20'));
    const home = homeWith(folder, 'changed', half.subarray(0, half.lastIndexOf(0x0a) + 1));
    const before = readFileSync(join(home, JOURNAL), 'utf8');
    // Rules that never enter: what is open then is closed by the rule that stayed, or by its stop.
    const quiet = prepared(BUSY_STRATEGY.replaceAll('enter when', 'enter when close < 0 and'), 'busy.strat');
    const [outcome] = await runPaper(home, [onFile(quiet, file)]);
    expect(outcome?.strategy.notes.join()).toMatch(
      /continuing from bar 20 of .*the strategy file changed: account and position go on, the new rules decide from bar 20/,
    );
    const after = readFileSync(join(home, JOURNAL), 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(/^[^\n]*"type":"start"/);
    const entries = [...after.matchAll(/\{"kind":1,"bar":(\d+)/g)].map(([, bar]) => Number(bar));
    expect(entries.length).toBeGreaterThan(0);
    // The order of bar 19 was the old rules' and fills on bar 20.
    expect(Math.max(...entries)).toBeLessThanOrEqual(20);
    expect(outcome?.strategy.account.position).toBe(0);
  });

  it('says which params changed', async () => {
    const { folder, file } = await wholeRun();
    const home = join(folder, 'params');
    await runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)], { stopAfter: 10 });
    const [outcome] = await runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat', { fast: '3' }), file)]);
    expect(outcome?.strategy.notes.join()).toContain('its params changed');
  });

  it.each([
    ['another feed', BUSY_STRATEGY, 12, 'the feed'],
    ['another market', BUSY_STRATEGY.replace('BTC/USDT', 'ETH/USDT'), 11, 'the market'],
    ['another timeframe', BUSY_STRATEGY.replace('on 1h', 'on 4h'), 11, 'bars of'],
    ['another strategy', BUSY_STRATEGY.replace('"Busy"', '"Other"'), 11, 'the strategy'],
  ])('is refused with %s, and the journal stays as it is', async (_, text, seed, what) => {
    const { folder, journal } = await wholeRun();
    cpSync(join(folder, 'whole'), join(folder, 'other'), { recursive: true });
    const file = gappyFile(folder, BARS, seed);
    await expect(runPaper(join(folder, 'other'), [onFile(prepared(text, 'busy.strat'), file)])).rejects.toMatchObject({
      code: 'JOURNAL_OTHER',
      data: { what },
    });
    expect(readFileSync(join(folder, 'other', JOURNAL))).toEqual(journal);
  });
});
