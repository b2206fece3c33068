import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { money, price, qty } from '../format/number-text.ts';
import { unrealised } from '../state/unrealised.ts';
import { Gain } from './gain.tsx';

/** Open positions of all strategies. */
export function PositionTable({ strategies }: { readonly strategies: readonly StrategyStatus[] }) {
  const open = strategies.flatMap(({ id, name, markets }) =>
    markets.filter((market) => market.qty !== 0).map((market) => ({ id, name, market })),
  );
  return (
    <section className="card" aria-label="Open positions">
      <h2>
        Open positions <span className="soft num">{open.length}</span>
      </h2>
      {open.length === 0 ? (
        <p className="soft">All flat.</p>
      ) : (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Strategy</th>
                <th scope="col">Market</th>
                <th scope="col" className="right">
                  Unrealised
                </th>
                <th scope="col">Side</th>
                <th scope="col" className="right">
                  Quantity
                </th>
                <th scope="col" className="right">
                  Entry
                </th>
                <th scope="col" className="right">
                  Stop
                </th>
              </tr>
            </thead>
            <tbody>
              {open.map(({ id, name, market }) => (
                <tr key={`${id} ${market.market}`}>
                  <th scope="row">{name}</th>
                  <td>{market.market}</td>
                  <td className="right">
                    <Gain value={unrealised(market)} text={money} />
                  </td>
                  <td>{market.qty > 0 ? 'long' : 'short'}</td>
                  <td className="right num">{qty(Math.abs(market.qty))}</td>
                  <td className="right num">{price(market.avgPrice)}</td>
                  <td className="right num">{price(market.stopLevel)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
