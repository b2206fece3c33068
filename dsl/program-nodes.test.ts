import { describe, expect, it } from 'vitest';
import { createCompiler } from './compile.ts';
import { mapNodes, nodesOf } from './program-nodes.ts';
import type { Program } from './program.ts';

/** Every statement and clause that holds a value, so that every field of a program that is a node is there. */
const SOURCE = `strat 1
strategy "all"
trade universe on 1h
universe { quote USDT filter volume > 1 rank by roc(close, 90) hold top 5 weight inverse natr(20) }
basket pair { buy BTC/USDT weight 1 sell ETH/USDT weight 2 }
long {
  enter when rank(roc(close, 9)) < 3 at limit low good for 3 bars else market after 2 bars with confidence 0.5 reason "at {close:2}"
  enter when close < open at stop high limit high + 1 atr good until 15:30
  exit 50% when close < open at limit high reason "{open}"
  add 50% when close > last_fill max 3 times scale 1.4 at limit low
  add 100 USDT every 2% against max 6 times
  size risk 1% of equity max 30% of equity min 10 USDT
  stop 2 atr moving closing limit 10bp
  take 40% at 1R, rest at highest(high, 20)
  trail 3 atr from highest(high, 22) after 1R step 0.5%
  breakeven after 1R plus 0.1%
  timeout 10 bars when position.r < 0.5
  cooldown 5 bars after loss
  cancel when close > open
}
setup quarter long { enter when close > open size kelly fraction 0.25 over 100 trades stop 5% }
short { enter pair when close < open size 10% of equity stop 5% exit pair when close > open }
risk { max position 25% of equity max loss 3% per day then flatten and pause 1d max drawdown 15% block long when close > open }
notify "{symbol} at {close:2}" when close > open
plot close
mark above when close > open text "{low}"
`;

function compiled(): Program {
  const { program, diagnostics } = createCompiler().compile(SOURCE);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

/** Paths of the numbers in a value that are `wanted`; places in lists are `*`. */
function pathsOf(value: unknown, isWanted: (found: unknown) => boolean, path = ''): readonly string[] {
  if (isWanted(value)) return [path];
  if (typeof value !== 'object' || value === null) return [];
  const parts: readonly (readonly [string, unknown])[] = Array.isArray(value) ? value.map((item) => ['*', item]) : Object.entries(value);
  return [...new Set(parts.flatMap(([key, part]) => pathsOf(part, isWanted, path === '' ? key : `${path}.${key}`)))];
}

const MOVED = -7;
/** Sides, places in lists, kinds of amounts, times and places in the text: numbers that are no nodes. */
const PLAIN = /(^|\.)(side|sides\.\*|setup|basket|oco|kind|share|digits|span\.start|span\.end|goodUntilMinutes|stepMs)$/;

/** Where numbers are left that `mapNodes` should have replaced by MOVED. */
function untranslated(mapped: object): readonly string[] {
  return pathsOf({ ...mapped, graph: null, columns: null, exposure: null }, (found) => typeof found === 'number' && found !== MOVED).filter(
    (path) => !PLAIN.test(path),
  );
}

describe('the nodes of a program', () => {
  const program = compiled();

  it('are translated wherever a number is one', () => {
    const mapped = mapNodes(program, () => MOVED);
    expect(untranslated(mapped)).toEqual([]);
    const [first, ...others] = mapped.entries;
    const forgotten = { ...first!, block: { ...first!.block, timeouts: [{ bars: 3, when: MOVED }] } };
    expect(untranslated({ ...mapped, entries: [forgotten, ...others] })).toEqual(['entries.*.block.timeouts.*.bars']);
  });

  it('are all that the graph of a finished program is made for', () => {
    const count = program.graph.nodes.length;
    for (const id of nodesOf(program)) expect(id).toBeLessThan(count);
    const roots = new Set(nodesOf(program));
    const used = new Set(program.graph.nodes.flatMap(({ args }) => args));
    for (const id of program.graph.nodes.keys()) expect([id, roots.has(id) || used.has(id)]).toEqual([id, true]);
  });

  it('stay as they are under the identity', () => {
    expect(mapNodes(program, (id) => id)).toEqual(program);
  });
});
