import { dirname, join, resolve } from 'node:path';
import { readCheckedYaml } from '#core/config/checked-yaml.ts';
import { Findings, findingLine } from '#core/config/finding.ts';
import { parsePercent } from '#core/config/percent.ts';
import { childOf, type MapTree, nearestNode, pathText, type Place, type Step, type Tree } from '#core/config/tree.ts';
import { StratError } from '#core/errors/strat-error.ts';
import { readRegularFile } from '#core/files/regular-file.ts';
import { parseFee } from '#core/model/fee-text.ts';
import { parseMarket } from '#core/model/market.ts';
import type { Result } from '#core/model/result.ts';
import { parseSlippage } from '#core/model/slippage-text.ts';
import { dataPath } from '../data-path.ts';
import { SYNTHETIC_START } from '../synthetic-market-data.ts';
import { type FillLine, parseFillLine } from './fill-line.ts';
import { type NeverRule, WEEKDAYS } from './never-rule.ts';
import type { SentenceFault } from './sentence-fault.ts';
import type { Located, StrategyTest, TableText, TestFile, TestMarkets, TestSettings } from './test-file.ts';
import { TEST_SCHEMA } from './test-schema.ts';
import { parseValueLines, type ValueLine } from './value-line.ts';

export const TEST_SUFFIX = '.test.yaml';
const MAX_KB = 4096;
const DEFAULT_CAPITAL = 10_000;
const DEFAULT_BARS = 2000;
const MOST_SEEDS = 1000;

interface WrittenSettings {
  readonly capital?: number;
  readonly fee?: string;
  readonly slippage?: string;
  readonly timeframe?: string;
}

interface WrittenTest extends WrittenSettings {
  readonly name: string;
  readonly bars?: string | Readonly<Record<string, string>>;
  readonly start?: string;
  readonly data?: string | readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly seeds?: number | string;
  readonly length?: number;
  readonly fills?: string | readonly Readonly<Record<string, string>>[];
  readonly values?: readonly Readonly<Record<string, string>>[];
  readonly trades?: number;
  readonly never?: Readonly<Record<string, unknown>>;
}

interface WrittenFile extends WrittenSettings {
  readonly strategy?: string;
  readonly tests: readonly WrittenTest[];
}

/** The strategy that a file of tests stands beside. */
export const strategyBeside = (file: string): string => `${file.slice(0, -TEST_SUFFIX.length)}.strat`;

/** The tests beside a strategy. */
export const testsBeside = (strategy: string): string => `${strategy.replace(/\.strat$/, '')}${TEST_SUFFIX}`;

/** @throws StratError FILE_UNREADABLE, and as `testFileOf` */
export function readTestFile(file: string): TestFile {
  const read = readRegularFile(file, { maxKb: MAX_KB });
  if (!read.ok) throw new StratError('FILE_UNREADABLE', { file, reason: read.error });
  return testFileOf(file, read.value);
}

/**
 * The tests that a file holds.
 * @param file where it lies: paths in it begin there
 * @throws StratError TEST_INVALID with every fault at its place
 */
export function testFileOf(file: string, bytes: Uint8Array): TestFile {
  const findings = new Findings();
  const checked = readCheckedYaml<WrittenFile>(bytes, TEST_SCHEMA, findings);
  const tests = checked === null ? null : new FileReader(file, checked.tree, checked.text, findings).tests(checked.data);
  if (checked === null || tests === null || !findings.isEmpty)
    throw new StratError('TEST_INVALID', {
      file,
      list: findings
        .sorted()
        .map((finding) => findingLine(file, finding))
        .join('\n'),
    });
  const { strategy } = checked.data;
  return { file, strategy: strategy === undefined ? strategyBeside(file) : join(dirname(file), strategy), tests };
}

/** Sentences, tables and times of a file whose form is right. */
class FileReader {
  readonly #file: string;
  readonly #tree: MapTree;
  readonly #lines: readonly string[];
  readonly #findings: Findings;

  constructor(file: string, tree: MapTree, text: string, findings: Findings) {
    this.#file = file;
    this.#tree = tree;
    this.#lines = text.split('\n');
    this.#findings = findings;
  }

  tests(data: WrittenFile): readonly StrategyTest[] {
    const names = new Set<string>();
    return data.tests.map((written, place) => {
      const steps = ['tests', place];
      if (names.has(written.name))
        this.#add([...steps, 'name'], { message: 'another test has this name', hint: 'say what this one shows' });
      names.add(written.name);
      return this.#test(data, written, steps);
    });
  }

  #test(file: WrittenFile, written: WrittenTest, steps: readonly Step[]): StrategyTest {
    const fills = written.fills;
    if (typeof fills === 'string' && fills !== 'none')
      this.#add([...steps, 'fills'], {
        message: 'fills are a list, or none',
        hint: 'write each in a line of its own: - bar 31: buy 20 at open',
      });
    const test = {
      name: written.name,
      line: this.#place(steps).line ?? 0,
      settings: this.#settings(file, written, steps),
      markets: this.#markets(written, steps),
      fills: fills === undefined ? null : typeof fills === 'string' ? [] : this.#linesOf(fills, [...steps, 'fills'], this.#fill),
      values: this.#linesOf(written.values ?? [], [...steps, 'values'], this.#values),
      never: this.#never(written.never ?? {}, [...steps, 'never']),
      trades: written.trades === undefined ? null : { line: this.#place([...steps, 'trades']).line ?? 0, asks: written.trades },
    };
    if (test.fills === null && test.values.length === 0 && test.never.length === 0 && test.trades === null)
      this.#add(steps, { message: 'this test asks for nothing', hint: 'add "fills:", "values:", "trades:" or "never:"' });
    if (test.markets.kind === 'generated' && test.markets.seeds.length > 1 && (test.fills !== null || test.values.length > 0))
      this.#add([...steps, 'seeds'], {
        message: 'fills and values are those of one market',
        hint: 'give one seed, or keep "never:" alone',
      });
    return test;
  }

  readonly #fill = (where: string, text: string): Result<readonly FillLine[], SentenceFault> => {
    const line = parseFillLine(where, text);
    return line.ok ? { ok: true, value: [line.value] } : line;
  };
  readonly #values = (where: string, text: string): Result<readonly ValueLine[], SentenceFault> => parseValueLines(where, text);

  #linesOf<T>(
    written: readonly Readonly<Record<string, string>>[],
    steps: readonly Step[],
    parse: (where: string, text: string) => Result<readonly T[], SentenceFault>,
  ): readonly Located<T>[] {
    return written.flatMap((pair, place) => {
      const [where, text] = Object.entries(pair)[0]!;
      const at = [...steps, place];
      const parsed = parse(where, text);
      if (!parsed.ok) {
        this.#add(at, parsed.error);
        return [];
      }
      const line = this.#place(at).line ?? 0;
      return parsed.value.map((asks) => ({ line, asks }));
    });
  }

  #settings(file: WrittenSettings, test: WrittenSettings, steps: readonly Step[]): TestSettings {
    return {
      set: new Map([...this.#setOf([]), ...this.#setOf(steps)]),
      capital: test.capital ?? file.capital ?? DEFAULT_CAPITAL,
      fee: parseFee(test.fee ?? file.fee ?? '0%')!,
      slippage: parseSlippage(test.slippage ?? file.slippage ?? '0%')!,
      timeframe: test.timeframe ?? file.timeframe ?? null,
    };
  }

  /** Values as written: the compiler knows their kind. */
  #setOf(steps: readonly Step[]): readonly (readonly [string, string])[] {
    const set = childOf(nearestNode(this.#tree, steps), 'set');
    if (set?.kind !== 'map') return [];
    return [...set.entries].flatMap(([name, { node }]) => (node.kind === 'scalar' ? [[name, node.text] as const] : []));
  }

  #markets(written: WrittenTest, steps: readonly Step[]): TestMarkets {
    const { bars, data, seeds } = written;
    const given = [bars, data, seeds].filter((one) => one !== undefined).length;
    if (given !== 1)
      this.#add(steps, {
        message:
          given === 0 ? 'this test has no market' : 'this test has several markets: "bars:", "data:" and "seeds:" exclude each other',
        hint: 'give "bars:" with a table, "data:" with a file of candles, or "seeds:" for generated markets',
      });
    this.#refuseWithout(written, steps, 'start', bars === undefined, 'bars');
    this.#refuseWithout(written, steps, 'from', data === undefined, 'data');
    this.#refuseWithout(written, steps, 'to', data === undefined, 'data');
    this.#refuseWithout(written, steps, 'length', seeds === undefined, 'seeds');
    if (data !== undefined) {
      const paths = typeof data === 'string' ? [data] : data;
      return {
        kind: 'data',
        data: paths.map((path) => this.#fromHere(path)),
        from: this.#timeOf(written.from, [...steps, 'from']),
        to: this.#timeOf(written.to, [...steps, 'to']),
      };
    }
    if (seeds !== undefined)
      return { kind: 'generated', seeds: this.#seedsOf(seeds, [...steps, 'seeds']), bars: written.length ?? DEFAULT_BARS };
    return {
      kind: 'table',
      tables: this.#tables(bars, [...steps, 'bars']),
      start: this.#timeOf(written.start, [...steps, 'start']) ?? SYNTHETIC_START,
    };
  }

  #refuseWithout(written: WrittenTest, steps: readonly Step[], key: keyof WrittenTest, isWithout: boolean, other: string): void {
    if (written[key] !== undefined && isWithout)
      this.#add([...steps, key], { message: `"${key}:" belongs to "${other}:", which is not here`, hint: 'remove the line' });
  }

  #tables(bars: WrittenTest['bars'], steps: readonly Step[]): ReadonlyMap<string, TableText> {
    if (bars === undefined) return new Map();
    if (typeof bars === 'string') return new Map([['', this.#tableAt(bars, steps)]]);
    return new Map(
      Object.entries(bars).map(([market, text]) => {
        if (parseMarket(market) === null)
          this.#add([...steps, market], { message: `"${market.slice(0, 40)}" is no market`, hint: 'write BTC/USDT, or SPY' });
        return [market, this.#tableAt(text, [...steps, market])];
      }),
    );
  }

  /** A text behind `|` begins in the line after. */
  #tableAt(text: string, steps: readonly Step[]): TableText {
    const { line, column } = this.#place(steps);
    const sign = this.#lines[(line ?? 1) - 1]?.[(column ?? 1) - 1];
    return { text, line: (line ?? 1) + (sign === '|' || sign === '>' ? 1 : 0) };
  }

  #fromHere(path: string): string {
    const { forced, path: file } = dataPath(path);
    const from = resolve(file) === file ? file : join(dirname(this.#file), file);
    return forced === null ? from : `${forced.name}=${from}`;
  }

  #seedsOf(seeds: number | string, steps: readonly Step[]): readonly number[] {
    const match = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(String(seeds));
    const [first, last] = match === null ? [Number.NaN, Number.NaN] : [Number(match[1]), Number(match[2] ?? match[1])];
    const count = last - first + 1;
    if (count >= 1 && count <= MOST_SEEDS) return Array.from({ length: count }, (_, place) => first + place);
    this.#add(steps, {
      message: 'seeds are a whole number, or the first and the last',
      hint: `write 7, or 1..20; at most ${MOST_SEEDS} of them`,
    });
    return [];
  }

  #timeOf(text: string | undefined, steps: readonly Step[]): number | null {
    if (text === undefined) return null;
    const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?$/.exec(text);
    const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}:00Z`);
    if (!Number.isNaN(time)) return time;
    this.#add(steps, { message: 'this is no time', hint: 'write 2024-01-31 or 2024-01-31 09:30, in UTC' });
    return null;
  }

  #never(written: Readonly<Record<string, unknown>>, steps: readonly Step[]): readonly Located<NeverRule>[] {
    return Object.entries(written).flatMap(([kind, value]) => {
      const asks = ruleOf(kind as NeverRule['kind'], value);
      return asks === null ? [] : [{ line: this.#place([...steps, kind]).line ?? 0, asks }];
    });
  }

  /** Of a key, if the last step is one. */
  #place(steps: readonly Step[]): Place {
    const parent: Tree = nearestNode(this.#tree, steps.slice(0, -1));
    const last = steps.at(-1);
    const entry = parent.kind === 'map' && last !== undefined ? parent.entries.get(String(last)) : undefined;
    return entry?.node.kind === 'scalar' || entry === undefined ? nearestNode(this.#tree, steps).at : entry.keyAt;
  }

  #add(steps: readonly Step[], { message, hint }: SentenceFault): void {
    this.#findings.add('CONFIG_VALUE', this.#place(steps), pathText(steps), message, hint);
  }
}

/** null = it says nothing. The schema has checked the form. */
function ruleOf(kind: NeverRule['kind'], value: unknown): NeverRule | null {
  const text = `${kind}${value === true ? '' : `: ${Array.isArray(value) ? value.join(', ') : String(value)}`}`;
  switch (kind) {
    case 'risk above':
    case 'drawdown above':
    case 'position above':
    case 'exposure above':
      return { kind, text, share: parsePercent(String(value))! };
    case 'positions above':
    case 'hold longer than':
      return { kind, text, count: Number(value) };
    case 'open without a stop':
      return value === true ? { kind, text } : null;
    case 'trade on':
      return { kind, text, days: (value as readonly (typeof WEEKDAYS)[number][]).map((day) => WEEKDAYS.indexOf(day) + 1) };
    case 'enter when':
    case 'enter long when':
    case 'enter short when':
    case 'exit when':
    case 'exit long when':
    case 'exit short when':
      return { kind, text, source: String(value) };
    case 'hold when':
      return { kind, text, source: String(value) };
    default:
      return kind satisfies never;
  }
}
