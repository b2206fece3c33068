import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FreshRow, StepRow } from '../parts/isolate.ts';
import type { LimitRow } from '../parts/limit.ts';
import type { PeerRow } from '../parts/peers.ts';
import type { SweepResults } from '../parts/sweep.ts';
import type { Spread } from './spread.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const [BEGIN, END] = ['<!-- measured: npm run bench writes what follows -->', '<!-- end of measured -->'];

interface Head {
  readonly machine: string;
  readonly day: string;
}

/** Writes the tables of docs/performance.md anew from the results that there are. */
export function writePerformancePage(): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN) as [string, string];
  const after = rest.split(END)[1]!;
  const parts = [limitText(), growthText(), isolateText(), sweepText(), peersText()].filter((text) => text !== '');
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${parts.join('\n\n')}\n\n${END}${after}`);
}

function results(name: string): unknown {
  const file = `${RESULTS}${name}.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : null;
}

const headText = ({ machine, day }: Head): string => `${machine}; ${day}. Medians [least..most].`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const text = ({ median, min, max }: Spread): string => `${digits(median)} [${digits(min)}..${digits(max)}]`;
const count = (bars: number): string => bars.toLocaleString('en-US');

function limitText(): string {
  const found = results('limit') as (Head & { readonly rows: readonly LimitRow[] }) | null;
  if (found === null) return '';
  const rows = found.rows.map(({ program, bars, quiet, rounds, work, ms, ofC, ofCRunAlone, ofHandWritten }) => [
    program,
    count(bars),
    `${quiet} of ${rounds}`,
    `${count(work.trades)}${work.atTies === 0 ? '' : `, ${work.atTies} at ties`}`,
    text(ms.c),
    text(ms.all),
    text(ofC),
    (ms.c.min / ms.all.min).toFixed(2),
    text(ofCRunAlone),
    text(ofHandWritten),
  ]);
  const head = [
    'program',
    'bars',
    'quiet rounds',
    'equal trades',
    'C, ms',
    'strat, ms',
    'of C',
    'of C, least times',
    'of C, without the drawdown',
    'of JavaScript by hand',
  ];
  return `### Against C\n\n${headText(found)}\n\n${table(head, rows)}`;
}

function growthText(): string {
  const found = results('growth') as
    | (Head & {
        readonly bars: number;
        readonly rounds: number;
        readonly rows: readonly { readonly indicators: number; readonly nsPerBar: number }[];
      })
    | null;
  if (found === null) return '';
  const [first] = found.rows;
  const rows = found.rows.map(({ indicators, nsPerBar }) => [
    String(indicators),
    nsPerBar.toFixed(2),
    (nsPerBar / first!.nsPerBar).toFixed(2),
  ]);
  const said = `${found.machine}; ${found.day}. ${count(found.bars)} bars, least of ${found.rounds} rounds in turns.`;
  return `### Many indicators\n\n${said}\n\n${table(['indicators', 'ns a bar and indicator', 'of the first'], rows)}`;
}

function isolateText(): string {
  const found = results('isolate') as (Head & { readonly fresh: readonly FreshRow[]; readonly steps: readonly StepRow[] }) | null;
  if (found === null) return '';
  const fresh = found.fresh.map(({ program, bars, warmMs, freshMs, compiledMs, ratio }) => [
    program,
    count(bars),
    text(warmMs),
    text(freshMs),
    text(compiledMs),
    text(ratio),
    (freshMs.min / warmMs.min).toFixed(1),
  ]);
  const steps = found.steps.map(({ program, stepUs, emptyUs }) => [
    program,
    emptyUs.p50.toFixed(2),
    stepUs.p50.toFixed(2),
    (stepUs.p50 / emptyUs.p50).toFixed(2),
    stepUs.p99.toFixed(2),
    (stepUs.p99 / stepUs.p50).toFixed(2),
  ]);
  return [
    `### Fresh isolates and live steps\n\n${headText(found)}`,
    table(['program', 'bars', 'warm, ms', 'fresh isolate, ms', 'with the compiler, ms', 'fresh / warm', 'of least times'], fresh),
    table(['a bar alone', 'empty call p50, us', 'step p50, us', 'times', 'step p99, us', 'p99 / p50'], steps),
  ].join('\n\n');
}

function sweepText(): string {
  const found = results('sweep') as (Head & SweepResults) | null;
  if (found === null) return '';
  const { bars, rounds, quiet, trades, ms, cpuMs } = found;
  const least = (a: Spread, b: Spread): string => (a.min / b.min).toFixed(2);
  const rows = [
    ['C, one thread', text(ms.c), '', '', ''],
    ['two averages, two threads', text(ms.two), digits(cpuMs.two.min), `${text(found.cOverTwo)} of C`, least(ms.c, ms.two)],
    [
      'two averages, one thread',
      text(ms.one),
      digits(cpuMs.one.min),
      `two threads ${text(found.oneOverTwo)} times faster`,
      least(ms.one, ms.two),
    ],
    [
      'exits only, one thread',
      text(ms.once),
      digits(cpuMs.once.min),
      `${text(found.anewOverOnce)} times faster than the next`,
      least(ms.anew, ms.once),
    ],
    ['the same, everything computed for each set', text(ms.anew), digits(cpuMs.anew.min), '', ''],
  ];
  const said = `${headText(found)} 1,000 sets over ${count(bars)} bars, ${count(trades)} trades of the averages, ${quiet} quiet rounds of ${rounds}; whole sweeps with the start of their threads.`;
  const { long } = found;
  const longer = `Over ${count(long.bars)} bars, where the code of each thread has time to become what it will be (${long.rounds} rounds): two threads ${text(long.cOverTwo)} of C, and ${text(long.oneOverTwo)} times faster than one.`;
  return `### Sweeps\n\n${said}\n\n${table(['sets', 'ms', 'ms of processors, least', 'ratio', 'of least times'], rows)}\n\n${longer}`;
}

function peersText(): string {
  const found = results('peers') as
    | (Head & { readonly rows: readonly PeerRow[]; readonly missing: Readonly<Record<string, string>> })
    | null;
  if (found === null) return '';
  const rows = found.rows.map(({ peer, version, bars, rounds, trades, otherwise, peerMs, warm, fresh, whole }) => [
    `${peer} ${version}`,
    count(bars),
    String(rounds),
    count(trades),
    text(peerMs),
    text(warm),
    text(fresh),
    whole === undefined ? '' : text(whole.ratio),
    otherwise,
  ]);
  const head = [
    'engine',
    'bars',
    'rounds',
    'equal trades',
    'its ms',
    'strat is faster, warm',
    'in a fresh isolate',
    'as whole processes',
    'what it does otherwise',
  ];
  const missing = Object.entries(found.missing).map(([name, reason]) => `- ${name} was not run: ${reason}.`);
  return [`### Against other engines\n\n${headText(found)}`, table(head, rows), missing.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}
