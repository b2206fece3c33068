import { isJsonObject, type JsonObject, type JsonValue } from '#core/model/strict-json.ts';

/** A figure of both results; null = na, or not there in one of them. */
export interface ComparedMetric {
  readonly name: string;
  readonly a: number | null;
  readonly b: number | null;
  /** b - a. */
  readonly difference: number | null;
}

/** An entry of the trade list as far as a comparison needs it. */
export interface ComparedTrade {
  /** Of several on one account; '' where there is one. */
  readonly strategy: string;
  readonly market: string;
  readonly side: string;
  readonly entryTime: string;
  readonly exitTime: string | null;
  readonly exitReason: string;
  readonly profit: number | null;
}

export interface Comparison {
  /** What was put in: strategy, parameters, data, settings, version. Texts of both, null where one has none. */
  readonly inputs: readonly { readonly name: string; readonly a: string | null; readonly b: string | null }[];
  readonly isSameResult: boolean;
  readonly metrics: readonly ComparedMetric[];
  readonly trades: {
    /** With the same market, side, entry and exit. */
    readonly common: number;
    /** The same entry with another exit, or in other parts. */
    readonly changed: readonly { readonly a: ComparedTrade; readonly b: ComparedTrade }[];
    /** Only in the first: they vanish. */
    readonly onlyA: readonly ComparedTrade[];
    /** Only in the second: they appear. */
    readonly onlyB: readonly ComparedTrade[];
  };
}

/** Compares two documents of `strat backtest --json`, whatever version wrote them: what one of them lacks is na. */
export function compareResults(a: JsonObject, b: JsonObject): Comparison {
  return {
    inputs: comparedInputs(a, b),
    isSameResult: a['resultHash'] !== undefined && a['resultHash'] === b['resultHash'],
    metrics: comparedMetrics(objectOf(a['metrics']), objectOf(b['metrics'])),
    trades: comparedTrades(tradesOf(a), tradesOf(b)),
  };
}

function comparedInputs(a: JsonObject, b: JsonObject): Comparison['inputs'] {
  const [first, second] = [inputsOf(a), inputsOf(b)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((name) => ({ name, a: first.get(name) ?? null, b: second.get(name) ?? null }))
    .filter((input) => input.a !== input.b);
}

/** Everything that a result says of what went in, by name. */
function inputsOf(result: JsonObject): Map<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, value: JsonValue | undefined): void => {
    if (isJsonObject(value)) for (const [key, item] of Object.entries(value)) add(`${name} ${key}`.trim(), item);
    else if (value !== undefined) found.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  };
  add('version', result['engine']);
  const strategy = objectOf(result['strategy']);
  add('strategy', strategy['name']);
  add('strategy SHA-256', strategy['sha256']);
  add('param', result['params']);
  for (const one of listOf(result['strategies']).map(objectOf)) {
    const label = `strategy ${textOf(one['label'])}`;
    add(`${label} SHA-256`, one['sha256']);
    add(`${label} param`, one['params']);
    add(`${label} markets`, one['markets']);
  }
  const addSource = (name: string, source: JsonValue): void => {
    const { market, timeframe, sha256 } = objectOf(source);
    add(name, `${textOf(market)} ${textOf(timeframe)}, SHA-256 ${textOf(sha256)}`);
  };
  for (const [i, source] of listOf(result['data']).entries()) {
    const name = `data ${i + 1}`;
    addSource(name, source);
    const { detail, ask, mark, depth, stock, caps, delisted } = objectOf(source);
    if (detail !== undefined) addSource(`${name} detail`, detail);
    if (ask !== undefined) addSource(`${name} ask`, ask);
    if (mark !== undefined) addSource(`${name} mark`, mark);
    if (depth !== undefined) addSource(`${name} depth`, depth);
    if (stock !== undefined) add(`${name} factors SHA-256`, objectOf(stock)['sha256']);
    if (caps !== undefined) add(`${name} capitalisations SHA-256`, objectOf(caps)['sha256']);
    add(`${name} delisted`, delisted);
  }
  add('', result['settings']);
  return found;
}

function comparedMetrics(a: JsonObject, b: JsonObject): ComparedMetric[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => {
    const [first, second] = [numberOf(a[name]), numberOf(b[name])];
    return { name, a: first, b: second, difference: first === null || second === null ? null : second - first };
  });
}

function comparedTrades(a: readonly ComparedTrade[], b: readonly ComparedTrade[]): Comparison['trades'] {
  const left = new TradeShelf(b);
  // Equal ones first, so that a part of a position is not taken for a change of another part.
  const others = a.filter((trade) => left.take(trade, true) === null);
  const changed: { a: ComparedTrade; b: ComparedTrade }[] = [];
  const onlyA: ComparedTrade[] = [];
  for (const trade of others) {
    const other = left.take(trade, false);
    if (other === null) onlyA.push(trade);
    else changed.push({ a: trade, b: other });
  }
  return { common: a.length - others.length, changed, onlyA, onlyB: left.rest() };
}

/** Trades that are taken one by one, by their entry. */
class TradeShelf {
  readonly #all: readonly ComparedTrade[];
  readonly #byEntry: Map<string, ComparedTrade[]>;

  constructor(trades: readonly ComparedTrade[]) {
    this.#all = trades;
    this.#byEntry = Map.groupBy(trades, entryOf);
  }

  take(like: ComparedTrade, isSameExit: boolean): ComparedTrade | null {
    const same = this.#byEntry.get(entryOf(like)) ?? [];
    const at = isSameExit ? same.findIndex(({ exitTime }) => exitTime === like.exitTime) : 0;
    return same.length > 0 && at >= 0 ? same.splice(at, 1)[0]! : null;
  }

  /** What nobody took, in the order of the list. */
  rest(): ComparedTrade[] {
    const left = new Set([...this.#byEntry.values()].flat());
    return this.#all.filter((trade) => left.has(trade));
  }
}

const entryOf = ({ strategy, market, side, entryTime }: ComparedTrade): string => `${strategy} ${market} ${side} ${entryTime}`;

function tradesOf(result: JsonObject): ComparedTrade[] {
  return listOf(result['trades']).map((row) => {
    const { strategy, market, side, entryTime, exitTime, exitReason, profit } = objectOf(row);
    return {
      strategy: textOf(strategy),
      market: textOf(market),
      side: textOf(side),
      entryTime: textOf(entryTime),
      exitTime: typeof exitTime === 'string' ? exitTime : null,
      exitReason: textOf(exitReason),
      profit: numberOf(profit),
    };
  });
}

const EMPTY: JsonObject = {};
const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : EMPTY);
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? (value as readonly JsonValue[]) : []);
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null);
