import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { isStratError } from '#core/errors/strat-error.ts';
import type { MarketData } from '#core/runtime/market-data.ts';
import { plainText } from '#core/runtime/report/plain-text.ts';
import type { ComputedExpression } from '#core/runtime/series/compute-series.ts';
import { shownBars } from '#core/runtime/series/eval-document.ts';
import type { PreparedSeries } from '#core/runtime/series/prepare-series.ts';
import { timeText } from '#core/runtime/series/value-text.ts';
import { storedMarket } from '#core/runtime/stored-market.ts';
import { createCompiler } from '#dsl/compile.ts';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { didYouMean } from '#dsl/diagnostics/did-you-mean.ts';
import { LineMap } from '#dsl/diagnostics/line-map.ts';
import { parse } from '#dsl/grammar/parse.ts';
import { docParts } from '#dsl/prelude/doc-parts.ts';
import { BUILTIN_DOCS } from '#dsl/reference/builtin-docs.ts';
import { checkFile } from '#dsl/tools/language-server/checked-file.ts';
import { fileSymbols } from '#dsl/tools/language-server/file-symbols.ts';
import { functionAt, signatureText } from '#dsl/tools/language-server/function-shape.ts';
import type { Command, CommandIo } from '../command.ts';
import { errorText } from '../error-text.ts';
import { timeOf } from '../option-values.ts';
import { writeOutput } from '../output-files.ts';
import { wrapped } from '../render/aligned-table.ts';
import { findingsText } from '../render/findings-text.ts';
import { type Paint, painter } from '../render/paint.ts';
import { seriesChart } from '../render/series-chart.ts';
import { summaryTable } from '../render/series-table.ts';
import { studyFindings } from '../render/study-findings.ts';
import { type NameFile, SeriesSource, type SourceRequest } from '../series/series-source.ts';
import { readStrategyFile } from '../strategy-file.ts';
import { completed } from './completion.ts';
import { lineKind } from './line-kind.ts';
import { REPL_COMMANDS } from './repl-commands.ts';
import { joined, type KeptLine } from './repl-lines.ts';
import { skeleton } from './skeleton.ts';
import { valueLines } from './value-lines.ts';

/** What a line is answered with. */
export interface ReplAnswer {
  readonly text: string;
  /** It asked for something that is wrong. */
  readonly isWrong: boolean;
  /** It ends the session. */
  readonly isEnd?: true;
}

const CHART_BARS = 200;
const NO_FILE = 'strat 1\nstrategy "repl"\n';
const HEADING = 'the line';
const ABOVE = 'the lines above';

/** A conversation about values: lines that give names are kept, expressions answered, on the same candles. */
export class ReplSession {
  readonly #io: CommandIo;
  readonly #command: Command;
  readonly #paint: Paint;
  readonly #compiler = createCompiler();
  #request: SourceRequest;
  #source: SeriesSource;
  /** The strategy whose names are used. */
  #base: NameFile | null;
  #lines: readonly KeptLine[] = [];
  /** The moment whose bar is shown; null = the last bar. */
  #at: number | null = null;
  /** The last condition that was asked for: what a saved strategy enters on. */
  #condition: string | null = null;

  constructor(command: Command, request: SourceRequest, base: NameFile | null, io: CommandIo) {
    this.#command = command;
    this.#io = io;
    this.#request = request;
    this.#source = new SeriesSource(request, io);
    this.#base = base;
    this.#paint = painter(io.color);
  }

  /** What may stand at the end of a line, and the word that it takes the place of. */
  complete(line: string): [string[], string] {
    return completed(line, this.#above(), this.#compiler);
  }

  /** Never throws on what a user can type. */
  async answer(line: string): Promise<ReplAnswer> {
    try {
      const text = line.trim();
      switch (lineKind(text)) {
        case 'empty':
          return right('');
        case 'command':
          return await this.#order(text);
        case 'statement':
          return await this.#keep(text);
        case 'trading':
          return wrong('here nothing is traded: write the rule into a file (:save FILE begins one) and run strat backtest\n');
        case 'expression':
        case 'unfinished':
          return await this.#value(text);
      }
    } catch (error) {
      if (!isStratError(error)) throw error;
      return wrong(`${errorText(error)}\n`);
    }
  }

  /** Which candles these are. */
  async about(): Promise<ReplAnswer> {
    return this.#computing('close', async (prepared, data) => {
      const { time } = data.columns;
      const period = `${time.length} bars from ${timeText(time[0]!)} to ${timeText(time.at(-1)!)} UTC`;
      const notes = this.#source.warnings(prepared, data, null).map((note) => `note: ${plainText(note, Infinity)}\n`);
      return right(
        `${this.#paint.bold(`${data.market} ${data.timeframe.name}`)}: ${period}, ${plainText(basename(data.file))}\n${notes.join('')}`,
      );
    });
  }

  async #order(text: string): Promise<ReplAnswer> {
    const [, name = '', rest = ''] = /^(:\S*)\s*([^]*)$/.exec(text) ?? [];
    const need = (): string => {
      if (rest === '') throw new Missing(`${name} needs ${REPL_COMMANDS.find(([command]) => command === name)![1]}`);
      return rest;
    };
    try {
      switch (name) {
        case ':help':
          return right(REPL_COMMANDS.map(([command, argument, help]) => `${`${command} ${argument}`.padEnd(18)} ${help}\n`).join(''));
        case ':quit':
          return { ...right(''), isEnd: true };
        case ':list':
          return right(this.#lines.map((line) => `${line.text}\n`).join(''));
        case ':chart':
          return await this.#chart(need());
        case ':type':
          return await this.#type(need());
        case ':doc':
          return this.#doc(need());
        case ':data':
          return rest === '' ? await this.about() : await this.#data(rest.split(/\s+/));
        case ':at':
          return await this.#moveTo(need());
        case ':load':
          return await this.#load(need());
        case ':drop':
          return this.#drop(need());
        case ':save':
          return this.#save(need());
        default: {
          const names = REPL_COMMANDS.map(([command]) => command);
          return wrong(`there is no ${plainText(name, 20)}: ${didYouMean(name, names) ?? ':help tells what there is'}\n`);
        }
      }
    } catch (error) {
      if (error instanceof Missing) return wrong(`${error.message}\n`);
      throw error;
    }
  }

  /** The strategy and the lines, as one file. */
  #above(): string {
    const { market, timeframe } = this.#source.chart();
    return this.#file()?.text ?? `${NO_FILE}trade ${market} on ${timeframe}`;
  }

  /** What expressions are read with: the strategy and the lines below it. */
  #file(lines: readonly KeptLine[] = this.#lines): NameFile | null {
    if (this.#base === null && lines.length === 0) return null;
    const text = [this.#base?.text ?? NO_FILE, ...lines.map((line) => line.text)].join('\n');
    return { path: this.#base?.path ?? ABOVE, text };
  }

  async #computing(
    text: string,
    use: (prepared: PreparedSeries, data: MarketData, expression: ComputedExpression, at: number) => Promise<ReplAnswer> | ReplAnswer,
  ): Promise<ReplAnswer> {
    const file = this.#file();
    const prepared = await this.#source.prepare([text], file);
    if (!prepared.ok) return wrong(studyFindings(prepared.error, [text], file, this.#width, this.#paint));
    const data = await this.#source.candles(prepared.value, file);
    const at = shownBars(data, { last: 1, at: this.#at })[0];
    const { expressions, faults } = await this.#source.compute(prepared.value, data);
    const answer = await use(prepared.value, data, expressions[0]!, at);
    return { ...answer, text: answer.text + faults.map((fault) => `note: ${fault}\n`).join('') };
  }

  async #value(text: string): Promise<ReplAnswer> {
    return this.#computing(text, (_prepared, _data, expression, at) => {
      if (expression.results.some(({ kind }) => kind === 'condition') && expression.results.length === 1) this.#condition = expression.text;
      return right(valueLines(expression, at, this.#paint));
    });
  }

  async #chart(text: string): Promise<ReplAnswer> {
    return this.#computing(text, (_prepared, { columns, fromIndex }, expression, at) => {
      const bars = [Math.max(fromIndex, at + 1 - CHART_BARS), at + 1] as const;
      return right(seriesChart({ expressions: [expression], faults: [] }, columns, bars, this.#io.width, this.#paint));
    });
  }

  async #type(text: string): Promise<ReplAnswer> {
    return this.#computing(text, (_prepared, { fromIndex }, expression) =>
      right(summaryTable({ expressions: [expression] }, fromIndex, this.#width, this.#paint)),
    );
  }

  #doc(text: string): ReplAnswer {
    const name = text.replace(/\(.*$/, '').trim();
    const source = this.#above();
    const found = functionAt(checkFile(this.#compiler, source), name, source.length);
    const doc = found?.doc ?? BUILTIN_DOCS[name];
    if (found === null && doc === undefined)
      return wrong(
        `there is no text about ${plainText(name, 40)}: docs/reference has all functions, and :type tells the kind of a value\n`,
      );
    const heading = this.#paint.bold(found === null ? name : signatureText(found));
    return right(
      `${heading}\n${
        doc === undefined
          ? ''
          : docParts(doc)
              .flatMap((part) => wrapped(plainText(part, Infinity), Math.max(40, this.#width) - 2))
              .map((line) => `  ${line}\n`)
              .join('')
      }`,
    );
  }

  async #data(paths: readonly string[]): Promise<ReplAnswer> {
    const before = [this.#request, this.#source, this.#at] as const;
    const { seed: _, bars: __, ...request } = this.#request;
    // A file goes before a series of the store whose name it has.
    const series = paths.flatMap((text) => (existsSync(text) ? [] : (storedMarket(text) ?? []))).filter(({ market }) => market !== null);
    const texts = new Set(series.map(({ text }) => text));
    const stored = { ...request.stored, markets: series };
    this.#request = { ...request, stored, data: paths.filter((text) => !texts.has(text)) };
    this.#source = new SeriesSource(this.#request, this.#io);
    this.#at = null;
    let isRead = false;
    try {
      const answer = await this.about();
      isRead = !answer.isWrong;
      return answer;
    } finally {
      if (!isRead) [this.#request, this.#source, this.#at] = before;
    }
  }

  async #moveTo(text: string): Promise<ReplAnswer> {
    const before = this.#at;
    this.#at = text === 'last' ? null : timeOf(this.#command, 'at', text.replace(' ', 'T'));
    let isThere = false;
    try {
      const answer = await this.#computing('close', (_prepared, { columns }, _expression, at) =>
        right(`${timeText(columns.time[at]!)} UTC\n`),
      );
      isThere = !answer.isWrong;
      return answer;
    } finally {
      if (!isThere) this.#at = before;
    }
  }

  async #load(path: string): Promise<ReplAnswer> {
    const before = [this.#base, this.#lines] as const;
    [this.#base, this.#lines] = [{ path, text: readStrategyFile(path) }, []];
    const prepared = await this.#source.prepare(['close'], this.#base);
    if (prepared.ok) {
      const errors = prepared.value.unneeded.filter(({ severity }) => severity === 'error');
      const names = fileSymbols(parse(this.#base.text).file)
        .visibleAt(this.#base.text.length)
        .map(({ name }) => name);
      return right(
        `names: ${names.join(', ') || 'none'}\n${errors.length === 0 ? '' : findingsOf(path, this.#base.text, errors, this.#width, this.#paint)}`,
      );
    }
    const told = studyFindings(prepared.error, ['close'], this.#base, this.#width, this.#paint);
    [this.#base, this.#lines] = before;
    return wrong(told);
  }

  async #keep(text: string): Promise<ReplAnswer> {
    let first: ReplAnswer | null = null;
    for (const lines of joined(this.#lines, text)) {
      const found = await this.#mistakesIn(lines, text);
      if (found === null) {
        this.#lines = lines;
        const name = /^let\s+([a-z]\w*)/.exec(text)?.[1];
        return name === undefined ? right('') : this.#value(name);
      }
      first ??= found;
    }
    return first ?? right('');
  }

  /** What is wrong with the lines when `text` is one of them; null = nothing that was not wrong before. */
  async #mistakesIn(lines: readonly KeptLine[], text: string): Promise<ReplAnswer | null> {
    const file = this.#file(lines)!;
    const prepared = await this.#source.prepare(['0'], file);
    const found = (prepared.ok ? prepared.value.unneeded : prepared.error.file).filter(({ severity }) => severity === 'error');
    const start = (this.#base?.text ?? NO_FILE).length + 1;
    const ofLines = found.filter(({ span }) => span.start >= start);
    if (ofLines.length === 0) return null;
    const at = file.text.indexOf(text, start);
    const inside = ofLines.filter(({ span }) => span.start >= at && span.start <= at + text.length);
    const told = inside.map((finding) => ({ ...finding, span: { start: finding.span.start - at, end: finding.span.end - at } }));
    return wrong(
      told.length > 0
        ? findingsOf(HEADING, text, told, this.#width, this.#paint)
        : findingsOf(ABOVE, file.text, ofLines, this.#width, this.#paint),
    );
  }

  #drop(name: string): ReplAnswer {
    const lines = this.#lines.filter((line) => line.name !== name);
    if (lines.length === this.#lines.length) return wrong(`no line that is kept defines ${plainText(name, 40)}\n`);
    this.#lines = lines;
    return right('');
  }

  #save(path: string): ReplAnswer {
    if (existsSync(path)) return wrong(`${plainText(path, 200)} is there already: choose another name\n`);
    const parts = { base: this.#base?.text ?? null, lines: this.#lines, condition: this.#condition, name: basename(path, '.strat') };
    writeOutput(path, skeleton({ ...parts, ...this.#source.chart() }));
    return right(`${plainText(path, 200)} is written: strat check ${plainText(path, 200)}\n`);
  }

  get #width(): number {
    return this.#io.isTerminal ? this.#io.width : Infinity;
  }
}

/** An order without what it is about. */
class Missing extends Error {}

const right = (text: string): ReplAnswer => ({ text, isWrong: false });
const wrong = (text: string): ReplAnswer => ({ text, isWrong: true });

function findingsOf(file: string, text: string, diagnostics: readonly Diagnostic[], width: number, paint: Paint): string {
  return findingsText({ file, lines: new LineMap(text), diagnostics }, width, paint);
}
