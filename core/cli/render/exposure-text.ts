import type { ExposureBound } from '#dsl/program.ts';

/** What the rules of a strategy allow at most, in one line: `at most 0.3 x equity at stake, 1% of equity lost in a trade (before gaps and slippage)`. */
export function exposureText({ leverage, lossPerTrade }: ExposureBound): string {
  const position = Number.isFinite(leverage)
    ? `positions of at most ${short(leverage)} x equity`
    : 'positions of no bounded size (a ceiling bounds it: size ... max 30% of equity)';
  const loss = Number.isFinite(lossPerTrade)
    ? `at most ${short(lossPerTrade * 100)}% of equity lost in a trade`
    : 'no bound on the loss of a trade (a stop in percent with a ceiling on the size bounds it)';
  return `allows ${position}, ${loss}; before gaps and slippage`;
}

const short = (x: number): string => String(Number(x.toPrecision(4)));
