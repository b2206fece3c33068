import './strategy-card.css';
import type { MarketStatus, StrategyStatus } from '#core/ports/bot-control.ts';
import { money, percent, price, qty } from '../format/number-text.ts';
import { quoteOf } from '../format/market-text.ts';
import { routeHash } from '../state/route.ts';
import { unrealisedOfAll } from '../state/unrealised.ts';
import { Gain } from './gain.tsx';
import { StrategyButtons } from './strategy-buttons.tsx';

/** An open position; stops of several are in the table of positions. */
function Position({ market, isNamed }: { readonly market: MarketStatus; readonly isNamed: boolean }) {
  return (
    <div>
      {market.qty > 0 ? 'long' : 'short'} <span className="num">{qty(Math.abs(market.qty))}</span>
      {isNamed && ` ${market.market}`} at <span className="num">{price(market.avgPrice)}</span>
    </div>
  );
}

/** One strategy: state, money, position, parameters, buttons. */
export function StrategyCard({ strategy, chosen }: { readonly strategy: StrategyStatus; readonly chosen: boolean }) {
  const change = strategy.equity - strategy.capital;
  const [first] = strategy.markets;
  const quote = quoteOf(first?.market ?? strategy.market);
  const isMany = strategy.markets.length > 1;
  const held = strategy.markets.filter((market) => market.qty !== 0);
  const params = Object.entries(strategy.params);
  return (
    <article
      className={chosen ? 'card strategy-card chosen' : 'card strategy-card'}
      aria-label={`Strategy ${strategy.name}`}
      data-strategy={strategy.id}
    >
      <div className="strategy-card-head">
        <h2>
          <a href={routeHash({ page: 'strategy', id: strategy.id })} aria-current={chosen ? 'true' : undefined}>
            {strategy.name}
          </a>
        </h2>
        <span className={`badge state-${strategy.state}`}>{strategy.state}</span>
      </div>
      <p className="soft">
        {strategy.market} · {strategy.timeframe}
        {strategy.synthetic && <span className="badge synthetic">SYNTHETIC</span>}
      </p>
      {strategy.reason !== null && (
        <p className={strategy.state === 'failed' || strategy.state === 'disabled' ? 'bad-text' : 'soft'}>{strategy.reason}</p>
      )}
      <p className="strategy-card-equity">
        <span className="big num">{money(strategy.equity)}</span> <span className="soft">{quote}</span>
        <span className="strategy-card-change">
          <Gain value={change} text={money} />{' '}
          <Gain value={strategy.capital > 0 ? (change / strategy.capital) * 100 : null} text={percent} />
        </span>
      </p>
      <dl className="facts">
        <dt>Position</dt>
        <dd className="facts-wide">
          {held.length === 0 ? 'flat' : held.map((market) => <Position key={market.market} market={market} isNamed={isMany} />)}
        </dd>
        {!isMany && (
          <>
            <dt>Stop</dt>
            <dd className="num">{price(first?.stopLevel ?? null)}</dd>
          </>
        )}
        <dt>Unrealised</dt>
        <dd>
          <Gain value={unrealisedOfAll(strategy.markets)} text={money} />
        </dd>
        {!isMany && (
          <>
            <dt>Last</dt>
            <dd className="num">{price(first?.lastBar?.close ?? null)}</dd>
          </>
        )}
        <dt>Trades</dt>
        <dd className="num">{strategy.tradeCount}</dd>
      </dl>
      {params.length > 0 && (
        <p className="strategy-card-params" aria-label="Parameters">
          {params.map(([name, value]) => (
            <span key={name} className="param">
              {name} <span className="num">{qty(value)}</span>
            </span>
          ))}
        </p>
      )}
      <StrategyButtons strategy={strategy} />
    </article>
  );
}
