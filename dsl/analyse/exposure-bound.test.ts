import { describe, expect, it } from 'vitest';
import { SIZE } from '#core/model/strategy-abi.ts';
import type { Program, RiskLimit, StopRule, TradeBlock } from '../program.ts';
import { AT_MARKET } from '../program.ts';
import { exposureBound } from './exposure-bound.ts';

/** Nodes of these programs are their own values: node 5 is worth 5, node 0.02 is 2%. */
const exact = (id: number) => ({ low: id, high: id });
const SPAN = { start: 0, end: 0 };
const percent = (value: number): StopRule => ({ kind: 'percent', value, moving: false, closing: false, limit: null, span: SPAN });
const distance: StopRule = { kind: 'distance', value: 100, moving: false, closing: false, limit: null, span: SPAN };

const BLOCK: TradeBlock = {
  size: { kind: SIZE.equityShare, value: 0.1 },
  kellyTrades: null,
  max: null,
  min: null,
  stops: [],
  takes: [],
  trail: null,
  breakeven: null,
  timeouts: [],
  cooldowns: [],
  adds: [],
  cancels: [],
};

function programOf(
  block: Partial<TradeBlock>,
  more: {
    readonly side?: 1 | -1;
    readonly limits?: readonly RiskLimit[];
    readonly markets?: number;
    readonly account?: Partial<Program['account']>;
  } = {},
): Program {
  const side = more.side ?? 1;
  return {
    account: { span: null, capital: 1000, leverage: null, margin: null, ...more.account },
    universe: null,
    markets: Array.from({ length: more.markets ?? 1 }, (_, k) => `M${k}`),
    limits: more.limits ?? [],
    entries: [
      {
        side,
        when: 1,
        confidence: 1,
        order: AT_MARKET,
        reason: null,
        block: { ...BLOCK, ...block },
        setup: null,
        basket: null,
        oco: null,
        span: SPAN,
      },
    ],
  } as unknown as Program;
}

const limit = (name: RiskLimit['name'], value: RiskLimit['value']): RiskLimit => ({ name, value, per: null, actions: [], span: SPAN });
const add = (value: number, maxTimes: number, scale = 1) =>
  ({ amount: { kind: 'share', value }, trigger: { kind: 'when', when: 1 }, maxTimes, scale, order: AT_MARKET, span: SPAN }) as const;

describe('the exposure bound', () => {
  it.each<[what: string, program: Program, leverage: number, lossPerTrade: number]>([
    ['a share of equity with a stop in percent', programOf({ stops: [percent(0.05)] }), 0.1, 0.1 * 0.05],
    ['without a stop a long can lose its value', programOf({}), 0.1, 0.1],
    ['a short without a stop is not bounded', programOf({}, { side: -1 }), 0.1, Infinity],
    ['a short with a stop', programOf({ stops: [percent(0.05)] }, { side: -1 }), 0.1, 0.1 * 0.05],
    ['a closing stop bounds nothing inside of bars', programOf({ stops: [{ ...percent(0.05), closing: true }] }), 0.1, 0.1],
    ['risk over a stop in percent', programOf({ size: { kind: SIZE.riskEquityShare, value: 0.01 }, stops: [percent(0.05)] }), 0.2, 0.01],
    [
      'risk over a distance that may be tiny',
      programOf({ size: { kind: SIZE.riskEquityShare, value: 0.01 }, stops: [distance] }),
      Infinity,
      0.01,
    ],
    [
      'the same under a ceiling',
      programOf({ size: { kind: SIZE.riskEquityShare, value: 0.01 }, stops: [distance], max: { kind: SIZE.equityShare, value: 0.25 } }),
      0.25,
      0.01,
    ],
    ['money against the capital', programOf({ size: { kind: SIZE.money, value: 500 }, stops: [percent(0.1)] }), 0.5, 0.05],
    ['a quantity is worth what the market says', programOf({ size: { kind: SIZE.quantity, value: 2 } }), Infinity, Infinity],
    ['three adds of the same size', programOf({ stops: [percent(0.05)], adds: [add(1, 3)] }), 0.4, 0.4 * 0.05],
    ['adds that grow: 1 + 1 + 2 + 4', programOf({ stops: [percent(0.05)], adds: [add(1, 3, 2)] }), 0.8, 0.8 * 0.05],
    ['markets add up', programOf({ stops: [percent(0.05)] }, { markets: 3 }), 0.1 * 3, 0.1 * 0.05],
    ['a floor lifts it', programOf({ min: { kind: SIZE.equityShare, value: 0.3 } }), 0.3, 0.3],
    [
      'a limit on the position',
      programOf({ size: { kind: SIZE.quantity, value: 2 } }, { limits: [limit('position', { kind: SIZE.equityShare, value: 0.5 })] }),
      0.5,
      0.5,
    ],
    ['a limit on the leverage', programOf({}, { markets: 50, limits: [limit('leverage', { kind: 'number', value: 2 })] }), 2, 0.1],
    ['leverage bounds what money buys', programOf({ size: { kind: SIZE.quantity, value: 2 } }, { account: { leverage: 3 } }), 3, 1],
    ['and all markets together', programOf({ size: { kind: SIZE.equityShare, value: 2 } }, { markets: 4, account: { leverage: 5 } }), 5, 1],
    [
      'an isolated position loses its margin and no more',
      programOf({ size: { kind: SIZE.equityShare, value: 2 } }, { side: -1, account: { leverage: 5, margin: 'isolated' } }),
      2,
      0.4,
    ],
    [
      'a nearer stop bounds the loss',
      programOf({ size: { kind: SIZE.equityShare, value: 2 }, stops: [percent(0.05)] }, { account: { leverage: 5, margin: 'isolated' } }),
      2,
      0.1,
    ],
    ['without leverage a short is not liquidated', programOf({}, { side: -1, account: { leverage: 1 } }), 0.1, Infinity],
  ])('%s', (_, program, leverage, lossPerTrade) => {
    const bound = exposureBound(program, exact);
    expect(bound.leverage).toBeCloseTo(leverage, 12);
    expect(bound.lossPerTrade).toBeCloseTo(lossPerTrade, 12);
  });

  it('that is enforced leaves the leverage to the margin', () => {
    const program = programOf({ size: { kind: SIZE.equityShare, value: 2 } }, { account: { leverage: 1.5 } });
    expect(exposureBound(program, exact)).toMatchObject({ leverage: 1.5, enforcedLeverage: 2 });
  });
});
