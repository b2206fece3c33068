/**
 * `npm run soak [-- --seconds 120 | --minutes 30]`: ten strategies at 500 bars a second through the BotHost in a process of its own. Prints a
 * table and exits with 1 when memory or descriptors grew by more than the bounds below, when bars were lost, or when it fell behind.
 *
 * Nothing in memory may grow with the number of bars: the bounds do not depend on how long it runs. On the disk the history grows by 168 bytes
 * a bar and strategy, the journals do not. Reads /proc, so it runs on Linux only.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SoakEnd, SoakMessage, SoakSample } from '../tests/soak/soak-bot.ts';
import { BARS_PER_SECOND, soakConfig } from './soak-config.ts';

const MB = 1024 * 1024;
/** MB by which memory may be above that after the first third: what garbage collectors put off, in the bot and in all ten runners together. */
const MAX_GROWTH_MB = { bot: 48, runners: 10 * 8 };
const MIN_SHARE_OF_SPEED = 0.98;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, minutes: { type: 'string' }, every: { type: 'string' } } });
const seconds = values.minutes === undefined ? Number(values.seconds ?? 120) : Number(values.minutes) * 60;
const everyMs = 1000 * Number(values.every ?? Math.max(5, seconds / 24));
if (!(seconds >= 15) || !(everyMs > 0))
  throw new Error('npm run soak -- [--seconds N | --minutes N] [--every SECONDS], at least 15 seconds');

const home = mkdtempSync(join(tmpdir(), 'strat-soak-'));
writeFileSync(join(home, 'strat.yaml'), soakConfig());
const bot = fork(new URL('../tests/soak/soak-bot.ts', import.meta.url), [home], { execArgv: ['--expose-gc', ...process.execArgv] });
const running = Promise.withResolvers<string>();
const ended = Promise.withResolvers<Extract<SoakMessage, { type: 'end' }>>();
let sampled = Promise.withResolvers<SoakSample>();
bot.on('message', (message: SoakMessage) => {
  if (message.type === 'running') running.resolve(message.url);
  else if (message.type === 'sample') sampled.resolve(message.sample);
  else ended.resolve(message);
});
const gone = new Promise<never>((_, reject) => {
  bot.on('exit', (code, signal) => reject(new Error(`the bot ended by itself: ${code ?? signal ?? 'unknown reason'}`)));
});
gone.catch(() => undefined);

async function ask(what: 'sample' | 'settle'): Promise<SoakSample> {
  sampled = Promise.withResolvers();
  bot.send(what);
  return Promise.race([sampled.promise, gone]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
/** Time of processors between two samples, in percent of one. */
const load = (from: SoakSample, to: SoakSample, part: 'botCpuMs' | 'runnerCpuMs'): number =>
  ((to[part] - from[part]) * 100) / (to.at - from.at);
const rate = (from: SoakSample, to: SoakSample): number =>
  (Math.min(...to.bars.map((bars, at) => bars - from.bars[at]!)) * 1000) / (to.at - from.at);

function print(cells: readonly (string | number)[]): void {
  console.log(cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 1 : 0) : cell).padStart(10)).join(''));
}

/** What memory grew by, told; a fault when it is over the bound. */
function growthFault(part: 'bot' | 'runners', grownMb: number): readonly string[] {
  const bound = MAX_GROWTH_MB[part];
  console.log(`  ${part.padEnd(8)} ${grownMb < 0 ? '' : '+'}${grownMb.toFixed(0)} MB, bound ${bound} MB`);
  return grownMb > bound ? [`the memory of the ${part} grew by ${grownMb.toFixed(0)} MB, the bound is ${bound} MB`] : [];
}

function faultsOf(from: SoakSample, to: SoakSample, ends: readonly SoakEnd[], problems: readonly string[]): readonly string[] {
  const speed = rate(from, to);
  console.log(`\nAfter the first third, in ${sum(to.bars) - sum(from.bars)} bars of strategies:`);
  const grown = [...growthFault('bot', to.botRss - from.botRss), ...growthFault('runners', to.runnerRss - from.runnerRss)];
  console.log(
    `  descriptors ${from.descriptors} -> ${to.descriptors}; the slowest strategy got ${speed.toFixed(1)} of ${BARS_PER_SECOND} bars/s`,
  );
  return [
    ...grown,
    ...(to.descriptors > from.descriptors ? [`${to.descriptors - from.descriptors} descriptors more`] : []),
    ...(to.runners === from.runners ? [] : [`${from.runners} runner processes became ${to.runners}`]),
    ...(speed < BARS_PER_SECOND * MIN_SHARE_OF_SPEED ? [`it fell behind: ${speed.toFixed(1)} bars/s`] : []),
    ...ends.filter(({ wrong }) => wrong !== null).map(({ id, wrong }) => `${id}: bar ${wrong} is not the feed's`),
    ...ends.filter(({ undecided }) => undecided > 0).map(({ id, undecided }) => `${id}: ${undecided} bars without a decision`),
    ...ends.filter(({ error }) => error !== null).map(({ id, error }) => `${id}: ${error}`),
    ...ends.filter(({ bars }, at) => bars < to.bars[at]!).map(({ id }) => `${id}: lost bars that it had`),
    ...problems,
  ];
}

async function soak(): Promise<readonly string[]> {
  const url = await Promise.race([running.promise, gone]);
  print(['s', 'bars/s', 'bot MB', 'heap MB', 'buffer MB', 'runner MB', 'fds', 'bot %', 'runner %', 'p99 ms', 'max ms']);
  let last = await ask('sample');
  const begun = last.at;
  let warm: SoakSample | null = null;
  for (;;) {
    await Promise.race([pause(everyMs), gone]);
    const at = last.at - begun + everyMs;
    const isWarm = warm === null && at >= (seconds * 1000) / 3;
    const isLast = at >= seconds * 1000;
    const now = await ask(isWarm || isLast ? 'settle' : 'sample');
    // An operator looks at it all the while.
    await Promise.all(
      ['status', 'trades', 'candles?strategy=sma-cross-a'].map(async (path) => (await fetch(`${url}/api/v1/${path}`)).text()),
    );
    print([
      (now.at - begun) / 1000,
      rate(last, now),
      now.botRss,
      now.heap,
      now.buffers,
      now.runnerRss,
      String(now.descriptors),
      load(last, now, 'botCpuMs'),
      load(last, now, 'runnerCpuMs'),
      now.delayP99,
      now.delayMax,
    ]);
    last = now;
    if (isWarm) warm = now;
    if (isLast) break;
  }
  bot.send('stop');
  const { ends, problems } = await Promise.race([ended.promise, gone]);
  const [journals = 0, history = 0] = [['journal.jsonl'], ['bars.f64', 'fills.f64']].map((files) =>
    sum(ends.flatMap(({ id }) => files.map((file) => statSync(join(home, '.strat/paper', id, file)).size))),
  );
  const bars = sum(ends.map((end) => end.bars));
  console.log(`\nBars: ${ends.map((end) => `${end.id} ${end.bars}`).join(', ')}`);
  console.log(
    `On the disk: journals ${(journals / MB).toFixed(0)} MB, history ${(history / MB).toFixed(0)} MB (${(history / bars).toFixed(0)} bytes a bar)`,
  );
  return faultsOf(warm ?? last, last, ends, problems);
}

try {
  const faults = await soak();
  console.log(faults.length === 0 ? 'Held.' : `Failed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  bot.kill();
  rmSync(home, { recursive: true, force: true });
}
