import { isHidden } from '#dsl/grammar/characters.ts';
import type { ImportTarget } from './bound-call.ts';
import type { Header } from './header.ts';
import { Loops } from './loops.ts';
import { onSide } from './one-side.ts';
import { SaidPrinter } from './print-said.ts';
import { ProgramNames } from './program-names.ts';
import type { Remarks } from './report.ts';
import { quoted, type RuleContext } from './rule-parts.ts';
import { riskLines, Rules } from './rules.ts';
import { type Definition, isPlainUnit, MONEY, PRICE, QUANTITY, type Said, sameUnit } from './said.ts';
import { numberText } from './said-store.ts';
import type { ScriptRunner } from './script-runner.ts';

/** The program of a script that was run, before it is put into the style; null: it enters nothing. */
export function writeProgram(runner: ScriptRunner, header: Header, target: ImportTarget, remarks: Remarks): string | null {
  return new ProgramWriter(runner, header, target, remarks).write();
}

class ProgramWriter {
  readonly #runner: ScriptRunner;
  readonly #header: Header;
  readonly #target: ImportTarget;
  readonly #remarks: Remarks;
  readonly #loops: Loops;
  readonly #used = new Set<Definition>();
  readonly #seen = new Set<Said>();
  readonly #names = new Map<Definition, string>();
  readonly #words = new ProgramNames();
  #usesKnown = false;
  readonly #sessions = new Set<string>();
  readonly #printer = new SaidPrinter((definition) => this.#nameOf(definition));

  constructor(runner: ScriptRunner, header: Header, target: ImportTarget, remarks: Remarks) {
    this.#runner = runner;
    this.#header = header;
    this.#target = target;
    this.#remarks = remarks;
    this.#loops = new Loops(runner.names.variables, runner.say, remarks);
    for (const session of runner.sessions) this.#words.give(session.name, 'nothing');
    // Params keep their names; series make way for them.
    for (const param of runner.params) this.#nameOf(param);
  }

  write(): string | null {
    const { say, orders, risks } = this.#runner;
    const context: RuleContext = {
      say,
      remarks: this.#remarks,
      printer: this.#printer,
      header: this.#header,
      target: this.#target,
      settle: (said) => this.#loops.settle(said),
      named: signalNames(this.#runner, (said) => this.#loops.settle(said)),
      use: (said) => this.#use(said),
    };
    const rules = new Rules(context, orders, risks);
    const trading = rules.statements();
    if (trading.length === 0) return null;
    const limits = riskLines(context, risks);
    const charts = this.#charts();
    const [params, lets] = this.#definitions();
    const sides = rules.sides.length === 2 ? 'both' : rules.sides[0]!;
    const { market, timeframe } = this.#target;
    return [
      ...this.#comments(this.#runner.preamble),
      'strat 1',
      `strategy ${quoted(this.#header.title)}`,
      `trade ${market} on ${timeframe.name} side ${sides}`,
      ...this.#money(),
      ...section(params),
      ...section(this.#runner.sessions.filter(({ name }) => this.#sessions.has(name)).map(sessionText)),
      ...section(
        this.#usesKnown
          ? [
              '## an unknown condition counts as false, as in Pine',
              'def known(condition: condition) = if condition is na then false else condition',
            ]
          : [],
      ),
      ...section(lets),
      ...section(trading),
      ...section(limits.length === 0 ? [] : [`risk { ${limits.join(' ')} }`]),
      ...section(charts),
    ]
      .map(visible)
      .join('\n');
  }

  /** Pine's defaults cost nothing, strat's do: what a fill costs is always said. */
  #money(): readonly string[] {
    const { capital, commission, margin } = this.#header;
    const leverage = margin > 0 && margin < 100 ? ` leverage ${numberText(Math.round(10_000 / margin) / 100)}` : '';
    const rate = commission.kind === 'percent' ? numberText(commission.value) : '0';
    return [
      `account { capital ${numberText(capital)} ${this.#target.quote}${leverage} }`,
      `costs { maker ${rate}% taker ${rate}% slippage 0% }`,
    ];
  }

  #charts(): readonly string[] {
    const { say, charts } = this.#runner;
    return charts.slice(0, 64).flatMap(({ call, value, text, color, isBelow }) => {
      const said = onSide(this.#loops.settle(value), 'long', 'entering', say);
      if (said.kind === 'unsaid' || said.isSided || value.isSided) return [];
      if (call === 'plot') {
        if (said.kind !== 'number' || said.rate === 'const')
          return said.op === 'number' ? [`plot ${said.text}${asText(text)}${inColor(color)}`] : [];
        return [`plot ${this.#printer.text(this.#use(said))}${asText(text)}${inColor(color)}`];
      }
      if (said.kind !== 'condition' || said.op === 'truth') return [];
      const condition = this.#printer.text(this.#use(said));
      if (call === 'notify') return [`notify ${quoted(text ?? 'alert')} when ${condition}`];
      return [
        `mark ${isBelow ? 'below' : 'above'} when ${condition}${text === null || text.trim() === '' ? '' : ` text ${quoted(text)}`}${inColor(color)}`,
      ];
    });
  }

  /** Lines of the params and series that something uses, in the order of the script as far as their own needs allow. */
  #definitions(): readonly [params: readonly string[], lets: readonly string[]] {
    const byPlace = [...this.#used].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column || a.id - b.id);
    const ordered: Definition[] = [];
    const done = new Set<Definition>();
    const visit = (definition: Definition): void => {
      if (done.has(definition)) return;
      done.add(definition);
      for (const value of [definition.value, definition.start])
        if (value !== null) for (const needed of definitionsIn(value)) visit(needed);
      ordered.push(definition);
    };
    for (const definition of byPlace) visit(definition);
    for (const definition of ordered) this.#nameOf(definition);
    const params = ordered.filter(({ value }) => value === null);
    const lets = ordered.filter(({ value }) => value !== null);
    return [
      params.flatMap((param) => [...this.#comments(param.comments), `param ${this.#nameOf(param)} ${param.statement}`]),
      lets.flatMap((definition) => [...this.#comments(definition.comments), this.#letText(definition)]),
    ];
  }

  #letText(definition: Definition): string {
    const { value, start } = definition;
    const [, type] = definition.wish.split(': ');
    const written = type ?? (start === null ? null : typeOf(value!, start));
    const head = `let ${this.#nameOf(definition)}${written === null ? '' : `: ${written}`} = ${this.#printer.text(value!)}`;
    return start === null ? head : `${head} start ${this.#printer.text(start)}`;
  }

  #nameOf(definition: Definition): string {
    const known = this.#names.get(definition);
    if (known !== undefined) return known;
    const name = this.#words.give(definition.wish.split(':')[0]!, definition.value?.kind ?? 'number');
    this.#names.set(definition, name);
    return name;
  }

  #use(said: Said): Said {
    if (this.#seen.has(said)) return said;
    this.#seen.add(said);
    if (said.op === 'ref' || said.op === 'option') {
      this.#used.add(said.definition);
      // Of the values of one variable the last has its name.
      if (said.definition.start !== null) this.#nameOf(said.definition);
      for (const value of [said.definition.value, said.definition.start]) if (value !== null) this.#use(value);
    }
    if (said.op === 'call' && said.name === 'known') this.#usesKnown = true;
    if (said.op === 'word') this.#sessions.add(said.text);
    for (const arg of said.args) this.#use(arg);
    return said;
  }

  #comments(comments: readonly string[]): readonly string[] {
    return comments.map((comment) => `# ${comment}`.trimEnd());
  }
}

/** Conditions of entries on two sides stand in two rules each, an entry and the exit of the other side: they are named after their orders. */
function signalNames({ say, orders }: ScriptRunner, settle: (said: Said) => Said): (condition: Said) => Said {
  const names = new Map<Said, Said>();
  const uses = new Map<Said, number>();
  const entries = orders.filter(({ call }) => call === 'entry' || call === 'order');
  const isBothSides = new Set(entries.map(({ args }) => args.get('direction') ?? args.get('long'))).size > 1;
  for (const { guard, call } of orders) {
    const isEntry = call === 'entry' || call === 'order';
    uses.set(settle(guard), (uses.get(settle(guard)) ?? 0) + (isEntry && isBothSides ? 2 : 1));
  }
  for (const order of entries) {
    const guard = settle(order.guard);
    const isResting = ['stop', 'limit'].some((name) => order.args.has(name));
    const isShort = guard.size < 4 || guard.isSided || guard.kind !== 'condition';
    if (isShort || names.has(guard) || uses.get(guard)! < (isResting ? 3 : 2)) continue;
    names.set(guard, say.ref(say.definition(order.id ?? 'signal', order, [], guard)));
  }
  return (condition) => names.get(condition) ?? condition;
}

const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);
const asText = (text: string | null): string => (text === null || text.trim() === '' ? '' : ` as ${quoted(text)}`);
const inColor = (color: string | null): string => (color === null ? '' : ` color ${color}`);

function* definitionsIn(said: Said): Iterable<Definition> {
  if (said.op === 'ref' || said.op === 'option') yield said.definition;
  for (const arg of said.args) yield* definitionsIn(arg);
}

const isBare = (said: Said): boolean =>
  said.op === 'number' || said.kind === 'na' || (said.op === 'choice' && isBare(said.args[1]!) && isBare(said.args[2]!));

/** A series that starts with a number without a unit, or with na, says what it is. */
function typeOf(value: Said, start: Said): string | null {
  if (value.kind === 'condition') return start.kind === 'na' ? 'condition' : null;
  if (!isBare(start) || value.kind !== 'number') return null;
  if (sameUnit(value.unit, PRICE)) return 'price';
  if (sameUnit(value.unit, QUANTITY)) return 'quantity';
  return sameUnit(value.unit, MONEY) ? 'money' : isPlainUnit(value.unit) ? 'number' : null;
}

function sessionText({
  name,
  hours,
  days,
  zone,
}: {
  name: string;
  hours: string;
  days: readonly string[] | null;
  zone: string | null;
}): string {
  return `session ${name} {\nhours ${hours}\n${zone === null ? '' : `zone ${quoted(zone)}\n`}${days === null ? '' : `days ${days.join(', ')}\n`}}`;
}

/** Comments of strangers may hold what the language refuses. */
function visible(line: string): string {
  return Array.from(line.replace(/\t/g, ' '))
    .filter((char) => char === '\n' || !isHidden(char))
    .join('');
}
