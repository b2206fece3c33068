import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { notRunFindings, notRunYet, type RunMode } from './not-run-yet.ts';

const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';
const RULES = 'enter long when close > open\nsize 1 BTC\nstop 5%\n';

function toldOf(lines: string): readonly string[] {
  const source = `${HEAD}${lines}`;
  const { program, diagnostics } = compiler.compile(source);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return notRunYet(program).map(({ construct, span }) => `${construct}: ${source.slice(span.start, span.end).split('\n')[0]}`);
}

describe('what does not run yet', () => {
  it('is nothing of what runs', () => {
    expect(
      toldOf(`account { capital 100 USDT }\ncosts { maker 0.1% funding false }\nlong {
        enter when close crosses above sma(close, 20) with confidence 0.5 reason "why" exit 50% when close < open
        size risk 1% of equity times confidence max 10% of equity stop 2 atr stop at low trail 3 atr from high after 1R }
        plot rsi(14)\nobjective maximize sharpe`),
    ).toEqual([]);
    expect(
      toldOf(`session ny { hours 09:30..16:00 zone "America/New_York" }
        long { enter when ny.active and hour < 12 and close > sma(close, 9) on 4h and close of ETH/USDT > open of ETH/USDT on 1d and quote_volume > 1 USDT
        size 1 BTC stop 5% }`),
    ).toEqual([]);
  });

  it.each<[lines: string, expected: readonly string[]]>([
    ['take 50% at 2R', ['"take": 50% at 2R']],
    ['breakeven after 1R', ['"breakeven": breakeven after 1R']],
    ['timeout 10 bars', ['"timeout": timeout 10 bars']],
    ['cooldown 1d', ['"cooldown": cooldown 1d']],
    ['cancel when close < open', ['"cancel": cancel when close < open']],
    ['add 50% when close > open max 2 times', ['"add": add 50% when close > open max 2 times']],
    ['stop 1% moving closing', ['"stop ... moving": stop 1% moving closing', '"stop ... closing": stop 1% moving closing']],
    ['stop 1% limit 1bp', ['"stop ... limit": stop 1% limit 1bp']],
    ['trail 1% step 1bp', ['"trail ... step": trail 1% step 1bp']],
    ['trail 1R', ['a trail in R: trail 1R']],
    ['enter long when close < open at limit low', ['"at limit": enter long when close < open at limit low']],
    ['exit long when close < open at stop low limit low', ['"at stop ... limit": exit long when close < open at stop low limit low']],
    ['exit long when close < open reason "{close}"', ['{...} in a reason: exit long when close < open reason "{close}"']],
    ['oco { enter long when close < open }', ['"oco": enter long when close < open']],
    [
      'setup s long { enter when close < open size kelly stop 1% }',
      ['"setup": setup s long { enter when close < open size kelly stop 1% }', '"size kelly": enter when close < open'],
    ],
    ['basket p { buy BTC/USDT }', ['"basket": basket p { buy BTC/USDT }']],
    ['risk { max orders 4 per day }', ['"risk": max orders 4 per day']],
    ['notify "x"', ['"notify": notify "x"']],
    ['mark above when close > open', ['"mark": mark above when close > open']],
    ['account { leverage 2 }', ['"leverage": account { leverage 2 }']],
    ['costs { funding true }', ['"funding": costs { funding true }']],
  ])('%s', (lines, expected) => {
    expect(toldOf(`${RULES}${lines}`)).toEqual(expected);
  });

  it('is told once, where it stands first, in the order of the text', () => {
    expect(
      toldOf(
        `${RULES}timeout 5 bars\nlong { enter when close < open take at 1R timeout 9 bars }\nshort { enter when close > open take at 2R }`,
      ),
    ).toEqual(['"timeout": timeout 5 bars', '"take": at 1R']);
  });

  const refusedBy = (lines: string, mode: RunMode): readonly string[] =>
    notRunFindings(compiler.compile(`${HEAD}${RULES}${lines}`).program!, mode).map(
      ({ code, severity, message }) => `${code} ${severity} ${message}`,
    );
  const ALL = 'basket pair { buy BTC/USDT weight 1 sell ETH/USDT weight 1 }\nnotify "x"\nmark above when close > open\ntake at 1R';

  it.each<[mode: RunMode, refused: readonly string[]]>([
    ['backtest', ['"basket" is part of edition 1, but this version does not run it yet']],
    [
      'ruled',
      [
        '"basket" is part of edition 1, but this version does not run it yet',
        '"take" is part of edition 1, but this version does not run it under the risk rules of a config yet',
      ],
    ],
    [
      'paper',
      [
        '"basket" is part of edition 1, but this version does not run it yet',
        '"notify" is part of edition 1, but this version does not run it on paper yet',
        '"mark" is part of edition 1, but this version does not run it on paper yet',
        '"take" is part of edition 1, but this version runs it in backtests only',
      ],
    ],
  ])('is refused with E0801 where it does not run: %s', (mode, refused) => {
    expect(refusedBy(ALL, mode)).toEqual(refused.map((message) => `E0801 error ${message}`));
    expect(refusedBy('', mode)).toEqual([]);
  });
});
