import type { CallExpression } from './call-arguments.ts';
import type { Said } from './said.ts';
import { numberText } from './said-store.ts';
import type { ScriptRunner } from './script-runner.ts';

const PARAMS: Readonly<Record<string, readonly string[]>> = {
  int: ['defval', 'title', 'minval', 'maxval', 'step'],
  float: ['defval', 'title', 'minval', 'maxval', 'step'],
  price: ['defval', 'title'],
  bool: ['defval', 'title'],
  string: ['defval', 'title', 'options'],
  text_area: ['defval', 'title'],
  source: ['defval', 'title'],
  timeframe: ['defval', 'title', 'options'],
  session: ['defval', 'title', 'options'],
  symbol: ['defval', 'title'],
  time: ['defval', 'title'],
  color: ['defval', 'title'],
  enum: ['defval', 'title', 'options'],
};

/** An input: a param where it is a number, a switch or a choice; else it keeps its first value. */
export function runInput(runner: ScriptRunner, call: CallExpression): Said {
  const { say, hint } = runner;
  const kind = call.callee === 'input' ? 'input' : call.callee.slice('input.'.length);
  const names = kind === 'input' ? ['defval', 'title'] : Object.hasOwn(PARAMS, kind) ? PARAMS[kind]! : null;
  if (names === null) return runner.refuse(call, `${call.callee}(...)`, 'strat has no such input');
  const args = new Map<string, Said>();
  for (const [at, { name, value }] of call.args.entries()) {
    const key = name ?? names[at];
    if (key !== undefined) args.set(key, runner.evaluate(value));
  }
  const first = args.get('defval') ?? args.get('options')?.args[0];
  if (first === undefined) return runner.refuse(call, `${call.callee}(...)`, 'its first value is missing');
  if (first.kind === 'unsaid') return first;
  const title = args.get('title');
  const label = title?.op === 'text' && title.text.trim() !== '' ? title.text.trim() : null;
  const name = hint?.name ?? nameOf(label);
  const comments = hint?.comments ?? [];
  const param = (statement: string, further: readonly string[] = []): Said => {
    const definition = say.param(name, call, [...comments, ...further], labelled(statement, label, name));
    runner.params.push(definition);
    return say.ref(definition);
  };
  const options = args.get('options');
  if (first.op === 'truth') return say.compare('==', param(`= ${first.value ? 1 : 0} in [0, 1]`), say.number(1));
  if (first.op === 'number' && options?.kind === 'tuple') {
    const values = options.args.flatMap((option) => (option.op === 'number' ? [option.value] : []));
    const isIn = values.includes(first.value);
    return param(`= ${first.text}${isIn ? ` in [${values.map(numberText).join(', ')}]` : ''}`);
  }
  if (first.op === 'number') return param(`= ${first.text}${rangeOf(first.value, args)}`);
  if (first.op === 'text' && kind !== 'timeframe' && options?.kind === 'tuple') {
    const words = options.args.flatMap((option) => (option.op === 'text' ? [option.text] : []));
    const place = words.indexOf(first.text);
    if (place >= 0 && words.length > 1) {
      const meaning = words.map((word, at) => `${at} = ${word}`).join(', ');
      const ref = param(`= ${place} in [${words.map((_, at) => at).join(', ')}]`, [meaning]);
      return ref.op === 'ref' ? say.option(ref.definition, words) : ref;
    }
  }
  if (kind !== 'color' && first.kind !== 'color')
    runner.remarks.changed(
      call,
      `${call.callee}(...)`,
      `it is no param: params are numbers and lengths of time; its first value is used everywhere`,
    );
  return first;
}

/** A range only where both ends are given and hold the first value, so that an optimiser has somewhere to look. */
function rangeOf(first: number, args: ReadonlyMap<string, Said>): string {
  const [low, high, step] = ['minval', 'maxval', 'step'].map((name) => {
    const said = args.get(name);
    return said?.op === 'number' ? said.value : null;
  }) as [number | null, number | null, number | null];
  if (low === null || high === null || !(low < high && low <= first && first <= high)) return '';
  const isFitting = step !== null && step > 0 && isWhole((high - low) / step) && isWhole((first - low) / step);
  return ` in ${numberText(low)}..${numberText(high)}${isFitting ? ` step ${numberText(step)}` : ''}`;
}

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-9;

/** A label that says more than the name does. */
function labelled(statement: string, label: string | null, name: string): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (label === null || plain(label) === plain(name)) return statement;
  return `${statement} label ${JSON.stringify(label.slice(0, 200))}`;
}

function nameOf(label: string | null): string {
  const words = (label ?? '').toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.join('_').slice(0, 40);
  return /^[a-z]/.test(name) ? name : 'input';
}
