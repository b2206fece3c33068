import { BoundCall, CannotSay, type ImportTarget, type PineFunction } from './bound-call.ts';
import { CallRunner } from './call-runner.ts';
import type { Header } from './header.ts';
import type { ChartCall, OrderCall, RiskCall } from './orders.ts';
import { builtinName } from './pine-names.ts';
import type { IfStatement, LoopStatement, PineExpression, PineScript, PineStatement, Place, SwitchStatement } from './pine-nodes.ts';
import type { Remarks } from './report.ts';
import type { Definition, Said } from './said.ts';
import { isDirection, type SaidBuilder } from './said-builder.ts';
import { NOWHERE, ScriptTooLarge } from './said-store.ts';
import { type FunctionStatement, type Likeness, ScriptNames } from './script-names.ts';
import { foreignReason, GROUP_NAMES, hasJump, isNothing, isSimple } from './statement-facts.ts';

/** Turns of unrolled loops, and calls within calls: what is above is refused. */
const MAX_TURNS = 2000;
const MAX_LOOP = 100;
const MAX_CALLS = 24;
const MAX_STEPS = 200_000;
const MAX_BLOCKS = 100;

/** Times of day of a script's `time(..., session)`. */
export interface PineSession {
  readonly name: string;
  readonly hours: string;
  /** `mon..fri`, or null for every day. */
  readonly days: readonly string[] | null;
  readonly zone: string | null;
}

/**
 * Runs a script once, for a bar that stands for all: what it computes becomes values in the words of strat, `if` becomes a choice between them, and what a variable
 * was a bar before stays open until its last value is known. Calls that trade are collected, each with the conditions that lead to it.
 */
export class ScriptRunner {
  readonly say: SaidBuilder;
  readonly remarks: Remarks;
  readonly target: ImportTarget;
  readonly version: number;
  header: Header | null = null;
  isIndicator = false;
  readonly orders: OrderCall[] = [];
  readonly risks: RiskCall[] = [];
  readonly charts: ChartCall[] = [];
  readonly sessions: PineSession[] = [];
  readonly params: Definition[] = [];
  /** Comments before the header. */
  preamble: readonly string[] = [];
  readonly #calls: CallRunner;
  readonly names: ScriptNames;
  /** What must be true for the statement at hand to run. */
  #path: Said[] = [];
  #turns = 0;
  #callDepth = 0;
  #steps = 0;
  #depth = 0;
  /** The variable that the value at hand is declared as, and its comments. */
  hint: { readonly name: string; readonly comments: readonly string[] } | null = null;

  /** @param likeness what variables turned out to be in an earlier run, by their number: Pine declares a price as 0.0 */
  constructor(script: PineScript, say: SaidBuilder, remarks: Remarks, target: ImportTarget, likeness: readonly Likeness[] = []) {
    this.say = say;
    this.remarks = remarks;
    this.target = target;
    this.version = script.version ?? 1;
    this.names = new ScriptNames(say, likeness);
    this.#calls = new CallRunner(this);
    for (const statement of script.statements) this.#run(statement);
    say.place = NOWHERE;
  }

  /** Whether the statement at hand runs on some bars only. */
  get isConditional(): boolean {
    return this.#path.some(({ rate }) => rate === 'series');
  }

  get guard(): Said {
    return this.say.all(this.#path);
  }

  define(name: string, value: Said, place: Place, comments: readonly string[]): Said {
    if (isDirection(value)) {
      const condition = this.define(name, value.args[0]!, place, comments);
      return this.say.choice(condition, value.args[1]!, value.args[2]!);
    }
    if (isSimple(value) || value.isSided) return value;
    return this.say.ref(this.say.definition(name, place, comments, value));
  }

  /** A construct that cannot be said: told once, and everything that needs it is left out. */
  refuse(place: Place, construct: string, reason: string): Said {
    this.remarks.dropped(place, construct, reason);
    return this.say.unsaid(place);
  }

  /** Drawings are told by their number of calls, not one by one. */
  refuseDrawing(call: Extract<PineExpression, { kind: 'Call' }>): Said {
    this.remarks.dropped(call, `${call.callee}(...)`, 'a drawing; charts of strat show plot and mark');
    return this.say.nothing;
  }

  /** A series that goes on from what it was a bar before. */
  accumulator(name: string, place: Place, first: Said): { readonly before: Said; readonly set: (value: Said) => Said } {
    const variable = this.names.add(name, first, place, [], first);
    return {
      before: this.names.before(variable, this.say.number(1), first),
      set: (value) => {
        variable.value = this.say.ref(this.say.definition(name, place, [], value));
        return variable.value;
      },
    };
  }

  evaluate(expression: PineExpression): Said {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new ScriptTooLarge();
    if (this.#depth > 400) return this.refuse(expression, 'this expression', 'it is nested too deep');
    this.#depth += 1;
    try {
      return this.#value(expression);
    } finally {
      this.#depth -= 1;
    }
  }

  /** Calls a function of the table. */
  apply(call: Extract<PineExpression, { kind: 'Call' }>, { params, make }: PineFunction, args?: ReadonlyMap<string, Said>): Said {
    const list: Said[] = [];
    const named = new Map(args);
    if (args === undefined) {
      for (const { name, value } of call.args) {
        const said = this.evaluate(value);
        if (name === null) list.push(said);
        else named.set(name, said);
      }
      for (const [at, said] of list.entries()) if (params[at] !== undefined) named.set(params[at], said);
    }
    const lost = [...list, ...named.values()].find(({ kind }) => kind === 'unsaid');
    if (lost !== undefined) return lost;
    const strange = params.length === 0 ? undefined : [...named.keys()].find((name) => !params.includes(name));
    if (strange !== undefined) return this.refuse(call, `${call.callee}(...)`, `it has no argument "${strange}" that strat knows`);
    const all = params.map((name) => named.get(name)).filter((said) => said !== undefined);
    try {
      return make(new BoundCall(call, call.callee, named, params.length === 0 ? list : all, this.say, this.remarks));
    } catch (error) {
      if (!(error instanceof CannotSay)) throw error;
      return this.refuse(call, `${call.callee}(...)`, error.message);
    }
  }

  callUser(statement: FunctionStatement, call: Extract<PineExpression, { kind: 'Call' }>): Said {
    if (this.#callDepth >= MAX_CALLS) return this.refuse(call, `${call.callee}(...)`, 'functions call each other too deep');
    const given = new Map<string, Said>();
    let at = 0;
    for (const { name, value } of call.args) {
      const said = this.evaluate(value);
      given.set(name ?? statement.parameters[at]?.name ?? '', said);
      if (name === null) at += 1;
    }
    this.#callDepth += 1;
    const value = this.names.inside('function', () => {
      for (const parameter of statement.parameters) {
        const said = given.get(parameter.name) ?? (parameter.default === null ? null : this.evaluate(parameter.default));
        if (said === null) return this.refuse(call, `${call.callee}(...)`, `its argument "${parameter.name}" is missing`);
        this.names.declare(parameter.name, said, call, []);
      }
      return this.#block(statement.body);
    });
    this.#callDepth -= 1;
    return value;
  }

  #value(expression: PineExpression): Said {
    const { say } = this;
    switch (expression.kind) {
      case 'Number':
        return say.number(Number(expression.text));
      case 'Text':
        return say.text(expression.text);
      case 'Color':
        return say.color();
      case 'Boolean':
        return say.truth(expression.value);
      case 'Name':
        return this.#name(expression);
      case 'Member':
        return this.refuse(expression, `.${expression.name}`, 'strat has no objects with fields');
      case 'Call':
        return this.#calls.run(expression);
      case 'Past':
        return this.#past(expression);
      case 'Unary': {
        const value = this.evaluate(expression.value);
        if (expression.operator === 'not') return say.not(value);
        return expression.operator === '-' ? say.minus(say.numeric(value)) : value;
      }
      case 'Binary':
        return this.#binary(expression);
      case 'Choice':
        return say.choice(this.evaluate(expression.condition), this.evaluate(expression.then), this.evaluate(expression.otherwise));
      case 'Tuple':
        return say.tuple(expression.items.map((item) => this.evaluate(item)));
      case 'If':
        return this.#if(expression.statement);
      case 'Switch':
        return this.#switch(expression.statement);
      case 'Loop':
        return this.#loop(expression.statement);
    }
  }

  #name(expression: Extract<PineExpression, { kind: 'Name' }>): Said {
    const { name } = expression;
    const known = this.names.variable(name);
    if (known !== null) return known.value;
    const builtin = builtinName(name, this.say, this.target, this.header?.capital ?? 1_000_000);
    if (builtin !== null) return builtin;
    const what = name.includes('.') ? 'strat has nothing for it' : 'the script does not say what it is';
    return this.refuse(expression, name.slice(0, 60), what);
  }

  #past(expression: Extract<PineExpression, { kind: 'Past' }>): Said {
    const bars = this.evaluate(expression.bars);
    if (bars.kind === 'unsaid') return bars;
    if (bars.rate === 'series')
      return this.refuse(expression, '[...]', 'how many bars back it looks changes from bar to bar; in strat it is a constant or param');
    if (bars.op === 'number' && !(bars.value >= 0 && bars.value <= 5000))
      return this.refuse(expression, '[...]', 'strat looks 0 to 5000 bars back');
    const known = expression.of.kind === 'Name' ? this.names.variable(expression.of.name) : null;
    if (known === null) {
      const of = this.evaluate(expression.of);
      if (of.isSided) return this.refuse(expression, 'strategy.position_size[...]', 'strat does not remember the side of a position');
      return this.say.past(of, bars);
    }
    const { value } = known;
    if (value.kind === 'unsaid' || (bars.op === 'number' && bars.value === 0)) return value;
    if (value.isSided) return this.refuse(expression, `${known.name}[...]`, 'strat does not remember the side of a position');
    return this.names.before(known, bars, value.kind === 'na' && known.first.kind !== 'na' ? known.first : value);
  }

  #binary(expression: Extract<PineExpression, { kind: 'Binary' }>): Said {
    const { say } = this;
    const { operator } = expression;
    const [left, right] = [this.evaluate(expression.left), this.evaluate(expression.right)];
    if (operator === 'and' || operator === 'or') return say.logic(operator, left, right);
    const odd = [left, right].find(({ kind }) => kind === 'tuple' || kind === 'nothing' || kind === 'session');
    if (odd !== undefined) return this.refuse(expression, operator, 'one side is no value that can be computed with');
    if (operator === '%') {
      const [a, b] = [say.numeric(left), say.numeric(right)];
      if (a.op === 'number' && b.op === 'number' && b.value !== 0) return say.number(a.value % b.value);
      return say.call('mod', [a, b], { kind: 'number', unit: a.unit });
    }
    if (operator === '+' || operator === '-') return say.sum(operator, left, right);
    if (operator === '*' || operator === '/') return say.product(operator, left, right);
    return say.compare(operator, left, right);
  }

  /** Runs the statements of a block in names of its own. @returns the value of the last */
  #block(statements: readonly PineStatement[]): Said {
    return this.names.inside('block', () => {
      let last = this.say.nothing;
      for (const statement of statements) last = this.#run(statement);
      return last;
    });
  }

  #run(statement: PineStatement): Said {
    const { say } = this;
    say.place = { line: statement.line, column: statement.column };
    switch (statement.kind) {
      case 'Declare':
        return this.#declaration(statement);
      case 'DeclareTuple':
        return this.#tuple(statement);
      case 'Assign': {
        const known = this.names.variable(statement.name);
        const value = this.evaluate(statement.value);
        if (known === null) return this.refuse(statement, `${statement.name} := ...`, 'the script does not declare it');
        this.names.set(known, this.define(known.name, value, statement, statement.comments));
        return known.value;
      }
      case 'Function':
        this.names.addFunction(statement);
        return say.nothing;
      case 'Expression':
        this.#calls.comments = statement.comments;
        return this.evaluate(statement.value);
      case 'If':
        this.#calls.comments = statement.comments;
        return this.#if(statement);
      case 'Switch':
        return this.#switch(statement);
      case 'Loop':
        return this.#loop(statement);
      case 'Jump':
        return this.refuse(statement, statement.word, 'strat has no loops to leave');
      case 'Foreign':
        return this.refuse(statement, `${statement.word} ${statement.name}`, foreignReason(statement.word));
    }
  }

  #declaration(statement: Extract<PineStatement, { kind: 'Declare' }>): Said {
    const { say } = this;
    const { name, keeps, comments } = statement;
    this.hint = { name, comments };
    const value = this.evaluate(statement.value);
    this.hint = null;
    if (keeps === 'varip') this.remarks.changed(statement, `varip ${name}`, 'it changes at the close of a bar, as var does');
    if (keeps === null || this.names.isNextFixed)
      return this.names.declare(name, this.define(name, value, statement, comments), statement, comments).value;
    const variable = this.names.declare(name, value, statement, comments, value);
    if (value.kind !== 'unsaid' && value.kind !== 'nothing' && value.kind !== 'tuple') {
      variable.value = this.names.before(variable, say.number(1), value);
    }
    return variable.value;
  }

  #tuple(statement: Extract<PineStatement, { kind: 'DeclareTuple' }>): Said {
    const { say } = this;
    const value = this.evaluate(statement.value);
    const items = value.kind === 'tuple' ? this.#named(value.args, statement) : [];
    for (const [at, name] of statement.names.entries()) {
      let item = items[at];
      if (item === undefined)
        item = value.kind === 'unsaid' ? value : this.refuse(statement, `[${name}]`, 'what is on the right has no such part');
      this.names.declare(name, this.define(name, item, statement, []), statement, []);
    }
    return say.nothing;
  }

  /** Groups that several names are taken from, such as `macd(...)`, get a name of their own. */
  #named(items: readonly Said[], statement: Extract<PineStatement, { kind: 'DeclareTuple' }>): readonly Said[] {
    const groups = new Map<Said, Said>();
    const named = (said: Said): Said => {
      const [of] = said.args;
      if (said.op === 'choice') return this.say.rebuilt(said, [named(of!), said.args[1]!, said.args[2]!]);
      if (said.op === 'on' || said.op === 'of') return this.say.rebuilt(said, [named(of!)]);
      if (said.op !== 'member' || of!.op !== 'call') return said;
      const group = groups.get(of!) ?? this.define(GROUP_NAMES[of!.name] ?? of!.name, of!, statement, statement.comments);
      groups.set(of!, group);
      return this.say.rebuilt(said, [group]);
    };
    return items.map(named);
  }

  #if({ condition, then, otherwise, ...place }: IfStatement): Said {
    const asked = this.#condition(condition);
    return this.#branches(
      asked,
      () => this.#block(then),
      () => this.#block(otherwise),
      place,
    );
  }

  /** A condition that several statements will need gets a name only where it had one. */
  #condition(expression: PineExpression): Said {
    return this.say.condition(this.evaluate(expression));
  }

  #branches(condition: Said, then: () => Said, otherwise: () => Said, place: Place): Said {
    const { say } = this;
    if (condition.op === 'truth') return condition.value ? then() : otherwise();
    if (this.names.openBranches >= MAX_BLOCKS) return this.refuse(place, 'if', 'blocks are nested too deep');
    const inBranch = (asked: Said, run: () => Said): ReturnType<ScriptNames['branch']> => {
      this.#path.push(asked);
      const result = this.names.branch(run);
      this.#path.pop();
      return result;
    };
    const yes = inBranch(condition, then);
    const no = inBranch(condition.kind === 'unsaid' ? condition : say.not(condition), otherwise);
    for (const variable of new Set([...yes.changed.keys(), ...no.changed.keys()])) {
      const before = variable.value;
      const [a, b] = [yes.changed.get(variable) ?? before, no.changed.get(variable) ?? before];
      if (a === b) this.names.set(variable, a);
      else if (isNothing(a) || isNothing(b)) this.names.set(variable, a);
      else this.names.set(variable, this.define(variable.name, say.choice(condition, a, b), variable.place, variable.comments));
    }
    const values = [yes.value, no.value];
    if (values.some((value) => value.kind === 'tuple')) return this.#tupleOf(condition, values);
    if (values.every(isNothing)) return say.nothing;
    return say.choice(condition, ...(values.map((value) => (isNothing(value) ? say.na : value)) as [Said, Said]));
  }

  #tupleOf(condition: Said, [yes, no]: readonly Said[]): Said {
    const count = Math.max(yes!.args.length, no!.args.length);
    const part = (said: Said, at: number): Said => (said.kind === 'tuple' ? (said.args[at] ?? this.say.na) : this.say.na);
    return this.say.tuple(Array.from({ length: count }, (_, at) => this.say.choice(condition, part(yes!, at), part(no!, at))));
  }

  #switch({ subject, cases, ...place }: SwitchStatement): Said {
    const about = subject === null ? null : this.evaluate(subject);
    const from = (at: number): Said => {
      const entry = cases[at];
      if (entry === undefined) return this.say.nothing;
      if (entry.when === null) return this.#block(entry.body);
      const when = this.evaluate(entry.when);
      const asked = about === null ? this.say.condition(when) : this.say.compare('==', about, when);
      return this.#branches(
        asked,
        () => this.#block(entry.body),
        () => from(at + 1),
        place,
      );
    };
    return from(0);
  }

  /** A loop of few turns is written out; others have no words in strat. */
  #loop(statement: LoopStatement): Said {
    const { say } = this;
    const { counter, body, word } = statement;
    const give = (reason: string): Said => {
      this.#lose(body, statement);
      return this.refuse(statement, word, reason);
    };
    if (counter === null)
      return give(
        'strat has no loops; sum, highest, count, any, all, value_when and series that read their own past do what they are used for',
      );
    const [from, to] = [this.evaluate(counter.from), this.evaluate(counter.to)];
    const by = counter.by === null ? say.number(1) : this.evaluate(counter.by);
    if (from.op !== 'number' || to.op !== 'number' || by.op !== 'number')
      return give(
        'its length is no plain number, so it cannot be written out; sum, highest, count and the like take a param as their length',
      );
    const step = Math.abs(by.value) * (to.value < from.value ? -1 : 1);
    const turns = step === 0 ? Infinity : Math.floor((to.value - from.value) / step) + 1;
    this.#turns += turns;
    if (turns > MAX_LOOP || this.#turns > MAX_TURNS) return give(`it has more than ${MAX_LOOP} turns, too many to write out`);
    if (hasJump(body)) return give('it is left by break or continue');
    let last = say.nothing;
    for (let turn = 0; turn < turns; turn++) {
      last = this.names.inside('block', () => {
        this.names.declare(counter.name, say.number(from.value + turn * step), statement, []);
        return this.#block(body);
      });
    }
    return last;
  }

  /** What a block that cannot be run would have changed is not known from there on. */
  #lose(body: readonly PineStatement[], place: Place): void {
    for (const statement of body) {
      if (statement.kind === 'Assign') {
        const known = this.names.variable(statement.name);
        if (known !== null) this.names.set(known, this.say.unsaid(place));
      } else if (statement.kind === 'If') {
        this.#lose(statement.then, place);
        this.#lose(statement.otherwise, place);
      } else if (statement.kind === 'Switch') for (const { body: inner } of statement.cases) this.#lose(inner, place);
      else if (statement.kind === 'Loop') this.#lose(statement.body, place);
      else if (statement.kind === 'Expression' && statement.value.kind === 'Call' && statement.value.callee.startsWith('strategy.'))
        this.remarks.dropped(statement, `${statement.value.callee}(...)`, `it stands in the loop of line ${place.line}`);
    }
  }
}
