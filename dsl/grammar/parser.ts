import { isRecognitionException } from 'chevrotain';
import type { CstNode, IRecognitionException, IToken, Rule } from 'chevrotain';
import type { Diagnostic } from '#dsl/diagnostics/diagnostic.ts';
import { useKnownLookahead } from './known-lookahead.ts';
import { matchedBraces } from './limits.ts';
import { LOOKAHEAD } from './lookahead-table.ts';
import { isClauseWord, startsLine, startsStatement } from './statement-start.ts';
import { explain, missingBrace } from './syntax-error.ts';
import * as T from './tokens.ts';
import { TradingRules } from './trading-rules.ts';
import type { Failure } from './unexpected-word.ts';
import { ANY_NAME, STATEMENT_WORDS } from './words.ts';

const { W } = T;

/** Words that start statements at the top of a file, and in blocks of rules. */
export const AT_TOP = STATEMENT_WORDS.filter((word) => !['strat', 'strategy', 'module', 'return'].includes(word));
export const IN_BLOCK = ['let', 'enter', 'exit', 'add', 'size', 'stop', 'take', 'trail', 'breakeven', 'timeout', 'cooldown', 'cancel'];
/** Blocks that hold statements: when their first line is wrong, what is inside is still read. */
const OPEN_BLOCKS: ReadonlySet<string> = new Set(['long', 'short', 'setup', 'oco']);
const NAMING: ReadonlySet<string> = new Set(['let', 'param', 'def', 'session', 'regime', 'basket', 'setup']);
const MAX_ERRORS = 100;
/** In place of the index of a `{`: the one of the block that is missing, and the file, which has none. */
const NO_BRACE = -2;
const OF_FILE = -1;
/** Statements that may fail before the rest is left unread; some failures say nothing of their own, so this is more than the errors shown. */
const MAX_FAILURES = 500;

/** What a source became: the tree of the statements that parsed, the findings, and the names whose definitions did not parse. */
export interface ParseTree {
  readonly tree: CstNode;
  readonly diagnostics: readonly Diagnostic[];
  readonly brokenNames: ReadonlySet<string>;
}

/**
 * The file, its blocks, and the recovery: one error a statement, then on with the next statement word.
 *
 * Chevrotain's own recovery guesses (inserts, deletes, looks at follow sets); statements that start with a word of their own need no guess, so each one is
 * attempted alone and a failed one is left out of the tree.
 */
export class StratParser extends TradingRules {
  #source = '';
  #tokens: readonly IToken[] = [];
  #braces: ReadonlyMap<number, number> = new Map();
  /** Indexes of the `}` that have a `{`. */
  #closing: ReadonlySet<number> = new Set();
  #lexical: readonly number[] = [];
  #diagnostics: Diagnostic[] = [];
  #brokenNames = new Set<string>();
  /** Reserved words, and words in capitals, that someone tried to define: their uses are errors that only follow. */
  #brokenWords = new Set<string>();
  /** Closing braces that lost their opening one with a failed statement. */
  #orphans = 0;
  #statement = 0;
  #failures = 0;
  readonly #isRecorded: boolean;
  /** The grammar as Chevrotain records it, once someone asks: for what went wrong, and for what may come next. */
  #recorded: StratParser | null = null;

  /** @param analysis whether what may follow is `known` from the table, found by running every rule once (`recorded`), or also checked (`validated`) */
  constructor(analysis: 'known' | 'recorded' | 'validated' = 'known') {
    super(analysis !== 'validated');
    if (analysis === 'known') useKnownLookahead(this, LOOKAHEAD);
    else this.performSelfAnalysis();
    this.#isRecorded = analysis !== 'known';
  }

  override getGAstProductions(): Record<string, Rule> {
    if (this.#isRecorded) return super.getGAstProductions();
    this.#recorded ??= new StratParser('recorded');
    return this.#recorded.getGAstProductions();
  }

  /** Parses tokens that passed the limits. `lexical` are offsets of words already reported: nothing more is said about their statements. */
  read(source: string, tokens: readonly IToken[], lexical: readonly number[]): ParseTree {
    this.#source = source;
    this.#tokens = tokens;
    this.#braces = matchedBraces(tokens);
    this.#closing = new Set(this.#braces.values());
    this.#lexical = lexical;
    this.#diagnostics = [];
    this.#brokenNames = new Set();
    this.#brokenWords = new Set();
    this.#orphans = 0;
    this.#statement = 0;
    this.#failures = 0;
    this.comparisonEnd = -1;
    this.input = [...tokens];
    const tree = this.file();
    const result = { tree, diagnostics: this.#diagnostics, brokenNames: this.#brokenNames };
    this.input = [];
    this.#tokens = [];
    return result;
  }

  readonly file = this.RULE('file', () => {
    this.#attempt(() => this.SUBRULE(this.heading));
    do {
      this.MANY(() => this.#attempt(() => this.SUBRULE(this.statement)));
    } while (this.#goOn(AT_TOP, OF_FILE));
  });

  readonly heading = this.RULE('heading', () => {
    this.OPTION(() => {
      this.CONSUME(W.strat);
      this.CONSUME(T.NumberToken);
    });
    this.OR([{ ALT: () => this.CONSUME(W.strategy, { LABEL: 'what' }) }, { ALT: () => this.CONSUME(W.module, { LABEL: 'what' }) }]);
    this.CONSUME(T.TextToken);
    this.OPTION2(() => this.SUBRULE(this.settings));
  });

  readonly statement = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.useStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.tradeStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.settingsStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.paramStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.requireStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.defStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.chartStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.sessionStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.regimeStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.universeStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.basketStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.sideStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.setupStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.ocoStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.riskStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.notifyStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.plotStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.markStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.objectiveStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.blockItem, { LABEL: 'body' }) },
    ]);
  });

  readonly blockItem = this.RULE('blockItem', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.letStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.enterStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.exitStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.addStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.sizeStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.stopStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.takeStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.trailStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.breakevenStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.timeoutStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.cooldownStatement, { LABEL: 'body' }) },
      { ALT: () => this.SUBRULE(this.cancelStatement, { LABEL: 'body' }) },
    ]);
  });

  readonly sideStatement = this.RULE('sideStatement', () => {
    this.SUBRULE(this.sideWord);
    this.SUBRULE(this.block);
  });

  readonly setupStatement = this.RULE('setupStatement', () => {
    this.CONSUME(W.setup, { LABEL: 'word' });
    this.SUBRULE(this.definedName);
    this.SUBRULE(this.sideWord);
    this.SUBRULE(this.block);
  });

  readonly block = this.RULE('block', () => {
    const open = this.#openBlock(IN_BLOCK);
    do {
      this.MANY(() => this.#attempt(() => this.SUBRULE(this.blockItem)));
    } while (this.#goOn(IN_BLOCK, open));
    this.OPTION(() => this.CONSUME(T.RCurly));
  });

  readonly ocoStatement = this.RULE('ocoStatement', () => {
    this.CONSUME(W.oco, { LABEL: 'word' });
    const open = this.#openBlock(['enter']);
    do {
      this.MANY(() => this.#attempt(() => this.SUBRULE(this.enterStatement)));
    } while (this.#goOn(['enter'], open));
    this.OPTION(() => this.CONSUME(T.RCurly));
  });

  readonly chartStatement = this.RULE('chartStatement', () => {
    this.CONSUME(W.chart, { LABEL: 'word' });
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.market);
          this.OPTION(() => {
            this.CONSUME(W.on);
            this.SUBRULE(this.timeframe);
          });
        },
      },
      { ALT: () => this.SUBRULE2(this.timeframe) },
    ]);
    const open = this.#openBlock(['let']);
    do {
      this.MANY(() => this.#attempt(() => this.SUBRULE(this.letStatement)));
    } while (this.#goOn(['let'], open));
    this.OPTION2(() => this.CONSUME(T.RCurly));
  });

  /**
   * The `{` of a block that holds statements: its index. Where it is missing and what stands there belongs into the block, that is said and the block goes on:
   * -2 then.
   */
  #openBlock(statements: readonly string[]): number {
    const next = this.LA(1);
    if (!this.RECORDING_PHASE && next.tokenType !== T.LCurly && statements.includes(next.image)) {
      const at = this.#indexOf(next);
      const finding = this.#explained({ at, statement: at - 1, rule: 'block', expected: 'LCurly', statements }, []);
      if (!this.#lexical.some((offset) => offset < next.startOffset && offset >= (this.#tokens[at - 1]?.startOffset ?? 0)))
        this.#report(finding);
      return NO_BRACE;
    }
    return this.#indexOf(this.CONSUME(T.LCurly));
  }

  /** Index of a token in the list; binary search, only used at braces and errors. */
  #indexOf(token: IToken): number {
    if (this.RECORDING_PHASE || token.tokenType.name === 'EOF') return this.#tokens.length;
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tokens[middle]?.startOffset ?? Infinity) < token.startOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Runs one statement. When it fails: one diagnostic, then on to the next statement word. */
  #attempt(run: () => unknown): void {
    if (this.RECORDING_PHASE) {
      run();
      return;
    }
    const start = this.LA(1);
    try {
      run();
      this.#statement = start.startOffset;
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
      this.#recover(error, this.#indexOf(start));
    }
  }

  #recover(error: Error & Partial<IRecognitionException>, start: number): void {
    const at = this.#indexOf(this.LA(1));
    const stack = error.context?.ruleStack ?? [];
    const rule = stack.at(-1) ?? 'file';
    const expected = error.name === 'MismatchedTokenException' ? error.message : '';
    this.#fail(start, at, rule, expected, rule === 'heading' ? STATEMENT_WORDS : AT_TOP);
  }

  /** Says what is wrong at token `at` of the statement from token `start`, and skips to where the next statement can start. */
  #fail(start: number, at: number, rule: string | null, expected: string, statements: readonly string[]): void {
    const tokens = this.#tokens;
    const found = tokens[at];
    // behind a complete statement nothing of it is open
    const open = rule === null ? [] : this.#openBraces(start, at);
    const finding = this.#explained({ at, statement: start, rule, expected, statements }, open);
    let silent = false;
    let from = at;
    // a name in capitals is no name
    const isOdd = found?.tokenType === T.Upper || found?.tokenType === T.OddWord;
    if (found !== undefined && (finding.code === 'E0203' || (isOdd && rule === 'definedName'))) {
      this.#brokenWords.add(found.image);
      from = at + 1;
    } else if (found !== undefined && this.#brokenWords.has(found.image)) {
      silent = true;
      from = at + 1;
    } else if (found !== undefined && startsStatement(tokens, at)) {
      // a statement word where it cannot stand, or in the middle of a line, is a word misused; on a line of its own it starts the next statement
      if (rule === null || (finding.code === 'E0103' && !startsLine(this.#source, found))) from = at + 1;
    } else if (rule === null && (found?.tokenType === T.RCurly || T.isStatementWord(found?.image ?? ''))) {
      from = at + 1;
    } else if (isClauseWord(tokens[at + 1]) && !startsLine(this.#source, tokens[at + 1]!)) {
      // behind a misspelt word, as in: siez risk 1% of equity
      from = at + 2;
    }
    const next = this.#resume(rule === null ? at : start, from, finding.code === 'E0104' ? [] : open);
    const isEnd = tokens[next]?.tokenType === T.RCurly && !this.#closing.has(next);
    // The } of a { that is missing in the statement.
    if (expected === 'LCurly' || isEnd) this.#orphans++;
    const first = rule === null ? Math.min(this.#statement, found?.startOffset ?? Infinity) : (tokens[start]?.startOffset ?? 0);
    const last = tokens[next]?.startOffset ?? Infinity;
    const known = this.#lexical.some((offset) => offset >= first && offset < last);
    if (!silent && !known) this.#report(finding);
    const misread = finding.code === 'E0107';
    this.#noteNames(misread ? at : start, next, misread);
    this.#failures++;
    const target = this.#isFull() ? tokens.length : next;
    for (let i = this.#indexOf(this.LA(1)); i < target; i++) this.SKIP_TOKEN();
  }

  #explained(place: Pick<Failure, 'at' | 'statement' | 'rule' | 'expected' | 'statements'>, open: readonly number[]): Diagnostic {
    const found = this.#tokens[place.at];
    return explain({
      ...place,
      source: this.#source,
      tokens: this.#tokens,
      behindComparison: found !== undefined && found.startOffset === this.comparisonEnd,
      openBrace: open.some((index) => !this.#braces.has(index)),
    });
  }

  #isFull(): boolean {
    return this.#diagnostics.length >= MAX_ERRORS || this.#failures >= MAX_FAILURES;
  }

  #report(finding: Diagnostic): void {
    if (this.#diagnostics.length < MAX_ERRORS) this.#diagnostics.push(finding);
  }

  /** Indexes of the `{` between two tokens that are still open at the second one. */
  #openBraces(start: number, end: number): number[] {
    const open: number[] = [];
    for (let i = start; i < end; i++) {
      const type = this.#tokens[i]?.tokenType;
      if (type === T.LCurly) open.push(i);
      else if (type === T.RCurly) open.pop();
    }
    return open;
  }

  /** Index of the token to go on with: the next statement word, the brace that closes the block around, or the end. */
  #resume(start: number, from: number, open: readonly number[]): number {
    const tokens = this.#tokens;
    const opensBlock = OPEN_BLOCKS.has(tokens[start]?.image ?? '');
    const outer = open[0];
    const outerEnd = outer === undefined || opensBlock ? undefined : this.#braces.get(outer);
    if (outerEnd !== undefined) return this.#resume(outerEnd + 1, outerEnd + 1, []);
    let depth = open.length;
    let index = from;
    for (; index < tokens.length; index++) {
      const type = tokens[index]?.tokenType;
      if (startsStatement(tokens, index)) break;
      if (type === T.LCurly) {
        const end = this.#braces.get(index);
        if (end !== undefined && !opensBlock) index = end;
        else depth++;
      } else if (type === T.RCurly) {
        if (depth === 0) break;
        depth--;
      }
    }
    this.#orphans += depth;
    return index;
  }

  /** Names that the statements from token `start` on would have defined. `misread`: its first word was not understood. */
  #noteNames(start: number, end: number, misread: boolean): void {
    const tokens = this.#tokens;
    const words = tokens.slice(start, end);
    const isImport = words[0]?.tokenType === W.use || (misread && words.some(({ tokenType }) => tokenType === W.from));
    for (const [i, token] of words.entries()) {
      const isNamed = NAMING.has(words[i - 1]?.image ?? '');
      const isMeant = misread && (i === 1 || (i === 0 && (words[1]?.tokenType === T.Equals || words[1]?.tokenType === T.LCurly)));
      if (!this.isName(token)) {
        if (isNamed) this.#brokenNames.add(ANY_NAME);
      } else if ((isImport && token.tokenType !== W.as) || isNamed || isMeant) this.#brokenNames.add(token.image);
    }
    // It may have brought any name.
    if (isImport) this.#brokenNames.add(ANY_NAME);
  }

  /**
   * Decides behind a run of statements. False: the list ends here (end of the file, or its `}`). True: something else stood here, was reported and skipped.
   * `open` is the index of the list's `{`, or what stands for it.
   */
  #goOn(statements: readonly string[], open: number): boolean {
    if (this.RECORDING_PHASE) return false;
    const next = this.LA(1);
    const at = this.#indexOf(next);
    const inBlock = open !== OF_FILE;
    if (this.#isFull()) return false;
    if (at >= this.#tokens.length) {
      this.#missBrace(open, at);
      return false;
    }
    if (next.tokenType === T.RCurly) {
      if (inBlock) return false;
      if (this.#orphans > 0) {
        this.#orphans--;
        this.SKIP_TOKEN();
        return true;
      }
    } else if (inBlock && startsStatement(this.#tokens, at) && !this.#braces.has(open)) {
      this.#missBrace(open, at);
      return false;
    }
    const start = this.#startOfStatement(at);
    this.#fail(start, at, null, '', statements);
    return true;
  }

  /** Says before token `at` that a `}` is missing, unless something else is known to be wrong there: a `{` too many, or the word in its place. */
  #missBrace(open: number, at: number): void {
    if (open < 0 || this.#tokens[open + 1]?.tokenType === T.LCurly) return;
    const before = this.#tokens[at - 1];
    if (this.#diagnostics.at(-1)?.span.start === before?.startOffset) return;
    this.#reportOnce(missingBrace(before), at);
  }

  #reportOnce(finding: Diagnostic, at: number): void {
    const offset = this.#tokens[at - 1]?.startOffset ?? 0;
    const start = this.#tokens[this.#startOfStatement(at)]?.startOffset ?? 0;
    if (!this.#lexical.some((known) => known >= start && known <= offset)) this.#report(finding);
  }

  /** Index of the statement word that precedes a token. */
  #startOfStatement(at: number): number {
    for (let i = at - 1; i > 0; i--) if (startsStatement(this.#tokens, i)) return i;
    return 0;
  }
}
