import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sliceColumns } from '#core/model/columns.ts';
import { LOG } from '#core/model/strategy-abi.ts';
import { openJournal } from '#core/runtime/journal/journal-file.ts';
import { barData, decisionData } from '#core/runtime/journal/journal-record.ts';
import { openPaperStrategy, outcomeOf, type PaperStrategy } from '#core/runtime/paper/open-paper-strategy.ts';
import { restoreAccount } from '#core/runtime/paper/restore-account.ts';
import type { RunOutcome } from '#core/runtime/result-document.ts';
import { openStateFolder } from '#core/runtime/paper/state-folder.ts';
import {
  BUSY_STRATEGY,
  backtestEssence,
  essences,
  gappyFile,
  onFile,
  openPaper,
  prepared,
  runPaper,
  temporaryFolder,
} from './paper-runs.ts';

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
async function continued(home: string, file: string, options: { readonly journalBytes?: number } = {}): Promise<object> {
  const [outcome] = await runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)], options);
  const { journal, content } = openJournal(join(home, JOURNAL), () => 0);
  const restored = restoreAccount(join(home, JOURNAL), content.lines);
  journal.close();
  for (const history of restored?.histories ?? []) history.close();
  expect(restored?.histories[0]!.outcome(null)).toEqual(outcome === undefined ? null : outcomeOf(outcome.strategy));
  expect(restored?.account.registers()).toEqual(outcome?.strategy.account.registers());
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

  it('pays the funding of the data as a backtest does, however often it was stopped', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, BARS);
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    const rates = lines.map((line, at) => `${line},${at % 5 === 0 ? '' : ((at % 7) - 3) / 1000}`);
    writeFileSync(file, `${[`${head},funding_rate`, ...rates].join('\n')}\n`);
    const text = BUSY_STRATEGY.replace('long {', 'costs { funding true }\nlong {');
    const strategy = prepared(text, 'busy.strat');
    const expected = await backtestEssence(strategy, file);
    expect(expected).toMatchObject({ metrics: { funding: expect.toSatisfy((paid: number) => paid !== 0) } });
    const home = join(folder, 'home');
    for (let bars = 3; bars < BARS; bars += 3) await runPaper(home, [onFile(strategy, file)], { stopAfter: bars });
    expect(essences(await runPaper(home, [onFile(strategy, file)]))).toEqual([expected]);
  });

  it('only tells its result again once the replay is over', async () => {
    const { folder, file, expected } = await wholeRun();
    expect(essences(await runPaper(join(folder, 'whole'), [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)]))).toEqual([expected]);
  });
});

/** Compacts every three bars or so. */
const OFTEN = { journalBytes: 900 };
const BARS_FILE = 'paper/busy/bars.f64';
const FILLS_FILE = 'paper/busy/fills.f64';

/** What lay on the disk after each bar of a run whose journal was compacted often. */
interface DiskState {
  readonly home: string;
  readonly journal: Buffer;
  /** Number of the journal's first record: another one after each snapshot. */
  readonly first: number;
  /** Of the account that went on. */
  readonly bars: number;
  readonly registers: Float64Array;
}

interface CompactedRun {
  readonly folder: string;
  readonly file: string;
  readonly expected: object;
  readonly states: readonly DiskState[];
  readonly outcome: RunOutcome;
}

async function compactedRun(): Promise<CompactedRun> {
  const folder = temporaryFolder();
  const file = gappyFile(folder, BARS);
  const home = join(folder, 'whole');
  const states: DiskState[] = [];
  const { bot, run } = openPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)], {
    ...OFTEN,
    onEvent: ({ type }) => {
      if (type === 'bar') keep();
    },
  });
  const [strategy] = bot.strategies;
  const { account } = strategy!;
  const keep = (): void => {
    const copy = join(folder, `state-${states.length}`);
    cpSync(join(home, 'paper'), join(copy, 'paper'), { recursive: true });
    const journal = readFileSync(join(copy, JOURNAL));
    states.push({
      home: copy,
      journal,
      first: Number(/"seq":(\d+)/.exec(journal.toString())?.[1]),
      bars: account.steps,
      registers: account.registers(),
    });
  };
  const outcomes = await run();
  keep();
  return { folder, file, expected: essences(outcomes)[0] ?? {}, states, outcome: outcomeOf(strategy!) };
}

/** The account that a start finds on the disk is the one that went on, its history the beginning of the whole one. */
function expectRestored(home: string, { bars, registers }: DiskState, whole: RunOutcome): void {
  const { journal, content } = openJournal(join(home, JOURNAL), () => 0);
  journal.close();
  const restored = restoreAccount(join(home, JOURNAL), content.lines)!;
  const [history] = restored.histories;
  history!.close();
  expect([restored.account.steps, restored.account.awaitsDecision]).toEqual([bars, false]);
  expect(restored.account.registers()).toEqual(registers);
  const { columns, equity, log } = history!.outcome(null);
  expect(columns).toEqual(sliceColumns(whole.columns, 0, bars));
  expect(equity).toEqual(whole.equity.slice(0, bars));
  expect(log).toEqual(whole.log.slice(0, log.length));
  expect(whole.log[log.length + LOG.bar] ?? Infinity).toBeGreaterThanOrEqual(bars);
}

const everyFifth = <T>(items: readonly T[]): readonly T[] => items.filter((_, at) => at % 5 === 3);

describe('a bot whose journal is compacted', () => {
  it('has the result of one whose journal is not, however often, and a journal that does not grow', async () => {
    const { folder, file, expected, states } = await compactedRun();
    expect(expected).toEqual(await backtestEssence(prepared(BUSY_STRATEGY, 'busy.strat'), file));
    expect(new Set(states.map(({ first }) => first)).size).toBeGreaterThan(8);
    // Behind a snapshot stand records of so many bytes, and what one bar brings.
    const behind = states.filter(({ first }) => first > 0).map(({ journal }) => journal.length - journal.indexOf('\n'));
    expect(Math.max(...behind)).toBeLessThan(OFTEN.journalBytes + 1500);
    expect(await continued(join(folder, 'whole'), file, OFTEN)).toEqual(expected);
  });

  it('ends as an uninterrupted one, after whichever bar it was killed', async () => {
    const { file, expected, states, outcome } = await compactedRun();
    for (const state of states) expectRestored(state.home, state, outcome);
    await inBatches(everyFifth(states), async ({ home }) => expect([home, await continued(home, file, OFTEN)]).toEqual([home, expected]));
  });

  it('ends as an uninterrupted one when a power failure left any part of what was not durable', async () => {
    const { folder, file, expected, states, outcome } = await compactedRun();
    const turns = states.flatMap((state, at) => {
      const next = states[at + 1];
      return next !== undefined && next.first !== state.first ? [{ before: state, after: next }] : [];
    });
    expect(turns.length).toBeGreaterThan(8);
    const crashes: { readonly name: string; readonly home: string; readonly state: DiskState }[] = [];
    const crash = (name: string, from: DiskState, change: (home: string) => void, state = from): void => {
      const home = join(folder, `crash-${crashes.length}`);
      cpSync(from.home, home, { recursive: true });
      change(home);
      crashes.push({ name, home, state });
    };
    for (const [turn, { before, after }] of turns.entries()) {
      const snapshot = after.journal.subarray(0, after.journal.indexOf(0x0a) + 1);
      const part = Math.floor((snapshot.length * (turn + 1)) / turns.length);
      crash(`snapshot ${turn} was written to its byte ${part} and had no name yet`, before, (home) =>
        writeFileSync(join(home, `${JOURNAL}.new`), snapshot.subarray(0, part)),
      );
      // The history is durable before the snapshot counts on it; the old journal counts on less.
      crash(
        `the history was durable, snapshot ${turn} not there`,
        after,
        (home) => writeFileSync(join(home, JOURNAL), before.journal),
        before,
      );
      crash(`nothing but snapshot ${turn} was there`, after, (home) => writeFileSync(join(home, JOURNAL), snapshot), before);
      crash(`behind the history of snapshot ${turn} was rubbish`, after, (home) => {
        appendFileSync(join(home, BARS_FILE), Buffer.alloc(37 * turn, turn));
        appendFileSync(join(home, FILLS_FILE), Buffer.alloc(91 * turn));
      });
    }
    for (const { home, state } of crashes) expectRestored(home, state, outcome);
    await inBatches(everyFifth(crashes), async ({ name, home }) =>
      expect([name, await continued(home, file, OFTEN)]).toEqual([name, expected]),
    );
  });

  it('closes its position when a person wanted it closed before the bot stopped, also across a snapshot', async () => {
    const folder = temporaryFolder();
    const state = openStateFolder(join(folder, 'home'), () => 0);
    const { prepared: strategy, feed } = onFile(prepared(BUSY_STRATEGY, 'busy.strat'), gappyFile(folder, BARS));
    const open = (): PaperStrategy => openPaperStrategy(state, strategy, [feed], () => 0);
    const flags: boolean[] = [];
    for (const isCompacted of [false, true]) {
      const one = open();
      const index = one.account.steps;
      one.record.control(true, true);
      if (isCompacted) {
        one.account.openBars([{ ...feed.bar(index)!, fundingRate: Number.NaN }]);
        one.record.append([{ type: 'bar', data: barData([{ market: 0, index, bar: feed.bar(index)!, fundingRate: Number.NaN }], true) }]);
        one.account.takeDecisions([{ market: 0, row: null }]);
        one.record.histories[0]!.addBar(feed.bar(index)!, one.account.row(), one.account.equity);
        await one.record.compact(one.account);
      }
      one.record.close();
      const next = open();
      flags.push(next.flattening.has(0));
      next.record.close();
    }
    expect(flags).toEqual([true, true]);
    const { account, record } = open();
    account.openBars([{ ...feed.bar(1)!, fundingRate: Number.NaN }]);
    const review = { isFlatten: true, isClosed: false, isResumed: false, allowed: null };
    record.append([
      { type: 'bar', data: barData([{ market: 0, index: 1, bar: feed.bar(1)!, fundingRate: Number.NaN }], true) },
      { type: 'decision', data: decisionData([{ market: 0, index: 1, row: null, missing: 'none', review }], true) },
    ]);
    record.close();
    const last = open();
    expect(last.flattening.size).toBe(0);
    last.record.close();
    state.close();
  });

  it('goes on paused when it was paused before the snapshot', async () => {
    const folder = temporaryFolder();
    const file = gappyFile(folder, BARS);
    const state = openStateFolder(join(folder, 'home'), () => 0);
    const { prepared: strategy, feed } = onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file);
    const open = (): PaperStrategy => openPaperStrategy(state, strategy, [feed], () => 0);
    const first = open();
    first.account.openBars([{ ...feed.bar(0)!, fundingRate: Number.NaN }]);
    first.record.append([{ type: 'bar', data: barData([{ market: 0, index: 0, bar: feed.bar(0)!, fundingRate: Number.NaN }], true) }]);
    first.record.control(true);
    first.account.takeDecisions([{ market: 0, row: null }]);
    first.record.histories[0]!.addBar(feed.bar(0)!, first.account.row(), first.account.equity);
    await first.record.compact(first.account);
    first.record.close();
    const second = open();
    expect([second.isPaused, second.isMixed, second.account.steps]).toEqual([true, false, 1]);
    second.record.control(false);
    await second.record.compact(second.account);
    second.record.close();
    const third = open();
    expect(third.isPaused).toBe(false);
    third.record.close();
    state.close();
  });

  it('knows rules that traded before a snapshot', async () => {
    const { file, states } = await compactedRun();
    const { home } = states[20]!;
    const quiet = prepared(BUSY_STRATEGY.replace('stop 0.6%', 'stop 0.7%'), 'busy.strat');
    const [outcome] = await runPaper(home, [onFile(quiet, file)], OFTEN);
    expect(outcome?.strategy.isMixed).toBe(true);
    const [again] = await runPaper(home, [onFile(quiet, file)], OFTEN);
    expect(again?.strategy.isMixed).toBe(true);
  });

  it.each([
    ['a row of its bars is missing', BARS_FILE, (bytes: Buffer) => bytes.subarray(0, -1)],
    ['a byte of its bars is another', BARS_FILE, (bytes: Buffer) => bytes.fill(bytes[200]! ^ 1, 200, 201)],
    ['a byte of its fills is another', FILLS_FILE, (bytes: Buffer) => bytes.fill(bytes[20]! ^ 1, 20, 21)],
    ['its fills are gone', FILLS_FILE, () => Buffer.alloc(0)],
  ])('is refused when %s, and nothing is changed', async (_, name, change) => {
    const { file, states } = await compactedRun();
    const state = states.findLast((one, at) => one.first !== states[at - 1]?.first)!;
    const bytes = readFileSync(join(state.home, name));
    const changed = Buffer.from(change(Buffer.from(bytes)));
    writeFileSync(join(state.home, name), changed);
    await expect(runPaper(state.home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)])).rejects.toMatchObject({
      code: 'HISTORY_DAMAGED',
      data: { file: join(state.home, name) },
    });
    expect(readFileSync(join(state.home, name))).toEqual(changed);
    expect(readFileSync(join(state.home, JOURNAL))).toEqual(state.journal);
  });
});

describe('a journal that does not fit', () => {
  /** The journal with one line changed, its checksum made right again. */
  async function refusal(pick: (lines: readonly string[]) => number, change: (line: string) => string): Promise<unknown> {
    const { crc32 } = await import('node:zlib');
    const { folder, file, journal } = await wholeRun();
    const lines = journal.toString().split(/(?<=\n)/);
    const at = pick(lines);
    const body = change(lines[at]!).replace(/,"crc":\d+\}\n$/, '');
    lines[at] = `${body},"crc":${crc32(body)}}\n`;
    const home = homeWith(folder, 'changed', Buffer.from(lines.join('')));
    return runPaper(home, [onFile(prepared(BUSY_STRATEGY, 'busy.strat'), file)]).then(
      () => 'nothing was refused',
      (error: unknown) => error,
    );
  }

  const first =
    (type: string) =>
    (lines: readonly string[]): number =>
      lines.findIndex((line) => line.includes(`"type":"${type}"`));

  it('is refused when a fill has another price than the engine gives', async () => {
    expect(await refusal(first('log'), (line) => line.replace(/"price":(\d)/, '"price":1$1'))).toMatchObject({
      code: 'JOURNAL_MISMATCH',
      data: { reason: 'the fills differ' },
    });
  });

  it('is refused when an order is missing that was filled', async () => {
    const nothingFires = (line: string): string =>
      line.replace(/"values":\[([^\]]*)\]/, (_, values: string) => `"values":[${values.split(',').fill('0').join(',')}]`);
    const ordering = (lines: readonly string[]): number =>
      lines.slice(0, first('log')(lines)).findLastIndex((line) => line.includes('"type":"decision"'));
    expect(await refusal(ordering, nothingFires)).toMatchObject({ code: 'JOURNAL_MISMATCH' });
  });

  it('is refused when a decision has not the values of its rules', async () => {
    expect(await refusal(first('decision'), (line) => line.replace('"values":[', '"values":[1,'))).toMatchObject({
      code: 'JOURNAL_MISMATCH',
      data: { reason: expect.stringMatching(/^the decision on bar 0 has \d+ values$/) },
    });
  });

  it.each(['"plan":{}', '"plan":null', '"plan":{"valueCount":1,"blocks":7}'])('is refused with rules that are none: %s', async (plan) => {
    expect(await refusal(first('start'), (line) => line.replace(/"plan":\{.*\}(?=\})/, plan))).toMatchObject({ code: 'JOURNAL_DAMAGED' });
  });

  it.each([
    ['guards', (line: string) => line.replace(/"guards":\[[^\]]*\]/, '"guards":null')],
    ['timeouts', (line: string) => line.replace(/"timeouts":\[[^\]]*\]/, '"timeouts":7')],
    [
      'an exit',
      (line: string) => line.replace(/"exits":\[\{[^{]*\{[^}]*\}/, '"exits":[{"side":1,"when":0,"fraction":0,"setup":null,"order":null'),
    ],
  ])('is refused when its rules lack %s', async (_, change) => {
    expect(await refusal(first('start'), change)).toMatchObject({ code: 'JOURNAL_MISMATCH' });
  });

  it('is refused when a bar has another number', async () => {
    expect(await refusal(first('bar'), (line) => line.replace('"bar":0', '"bar":1'))).toMatchObject({
      code: 'JOURNAL_MISMATCH',
      data: { line: 2 },
    });
  });

  it('is refused when a field has no number', async () => {
    expect(await refusal(first('bar'), (line) => line.replace(/"close":[\d.]+/, '"close":null'))).toMatchObject({
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
    expect(outcome?.strategy.account.position()).toBe(0);
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
