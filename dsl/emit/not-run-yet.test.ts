import { describe, expect, it } from 'vitest';
import { createCompiler } from '#dsl/compile.ts';
import { notRunFindings, notRunYet } from './not-run-yet.ts';

const compiler = createCompiler();
const HEAD = 'strat 1\nstrategy "x"\ntrade BTC/USDT on 1h\n';
const RULES = 'enter long when close > open\nsize 1 BTC\nstop 5%\n';

function toldOf(lines: string, head = HEAD): readonly string[] {
  const source = `${head}${lines}`;
  const { program, diagnostics } = compiler.compile(source);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return notRunYet(program).map(({ construct, span }) => `${construct}: ${source.slice(span.start, span.end).split('\n')[0]}`);
}

describe('what does not run yet', () => {
  it('is nothing of what runs', () => {
    expect(
      toldOf(`account { capital 100 USDT }\ncosts { maker 0.1% funding false }\nlong {
        enter when close crosses above sma(close, 20) with confidence 0.5 reason "why {close:2}" exit 50% when close < open
        size risk 1% of equity times confidence max 10% of equity stop 2 atr stop at low trail 3 atr from high after 1R }
        plot rsi(14)\nmark above when close > open text "{close}"\nobjective maximize sharpe`),
    ).toEqual([]);
    expect(
      toldOf(`session ny { hours 09:30..16:00 zone "America/New_York" }
        long { enter when ny.active and hour < 12 and close > sma(close, 9) on 4h and close of ETH/USDT > open of ETH/USDT on 1d and quote_volume > 1 USDT
        size 1 BTC stop 5% }`),
    ).toEqual([]);
  });

  it('is nothing that the engine trades', () => {
    expect(
      toldOf(`account { leverage 2 margin isolated }\ncosts { borrow 3% funding true }\nrisk { max orders 4 per day }
        setup s long { enter when close < open at limit low size kelly stop 1% limit 1bp stop 2% moving closing cancel when close > open }
        oco { enter short when close < open at stop low enter long when close > open at stop high }
        size 1 BTC stop 3%
        short { size 1 BTC stop 5% trail 1R step 1bp take 50% at 2R breakeven after 1R timeout 10 bars cooldown 1d
        add 50% when close > open max 2 times exit 50% when close < open at stop low limit low }`),
    ).toEqual([]);
  });

  const BASKET = 'basket p { buy BTC/USDT sell ETH/USDT }\n';

  it('is a basket whose adds would rest, and one beside a universe', () => {
    const rules = 'enter long p when close > open\nsize 1000 USDT\nadd 50% every 2% against max 2 times\n';
    expect(toldOf(`${BASKET}${rules}`)).toEqual(['"add ... every" of a basket: enter long p when close > open']);
    const universe = 'universe { quote USDT }\n';
    expect(toldOf(`${universe}${RULES.replace('1 BTC', '10% of equity')}${BASKET}`, HEAD.replace('BTC/USDT', 'universe'))).toEqual([
      `"basket" beside a universe: ${BASKET.trim()}`,
    ]);
    expect(toldOf(`${BASKET}${rules.replace('every 2% against', 'when close > open')}`)).toEqual([]);
  });

  it('is refused with E0801', () => {
    const refusedBy = (head: string): readonly string[] =>
      notRunFindings(compiler.compile(`${head}${RULES}`).program!).map(({ code, severity, message }) => `${code} ${severity} ${message}`);
    const inverse = HEAD.replace('BTC/USDT', 'BTC/USD:BTC');
    expect(refusedBy(`${inverse}basket p { buy BTC/USD:BTC sell BTC/USD:BTC-261225 }\nenter short p when close < open\n`)).toEqual([
      'E0801 error "basket" of inverse perpetuals is part of edition 1, but this version does not run it yet',
    ]);
    expect([refusedBy(inverse), refusedBy(HEAD)]).toEqual([[], []]);
  });
});
