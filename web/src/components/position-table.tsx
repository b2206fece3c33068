import type { StrategyStatus } from '#core/ports/bot-control.ts';
import { money, price, qty } from '../format/number-text.ts';
import { unrealised } from '../state/unrealised.ts';
import { Gain } from './gain.tsx';

/** Open positions of all strategies. */
export function PositionTable({ strategies }: { readonly strategies: readonly StrategyStatus[] }) {
  const open = strategies.filter((strategy) => strategy.qty !== 0);
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
                <th scope="col">Market</th>
              </tr>
            </thead>
            <tbody>
              {open.map((strategy) => (
                <tr key={strategy.id}>
                  <th scope="row">{strategy.name}</th>
                  <td className="right">
                    <Gain value={unrealised(strategy)} text={money} />
                  </td>
                  <td>{strategy.qty > 0 ? 'long' : 'short'}</td>
                  <td className="right num">{qty(Math.abs(strategy.qty))}</td>
                  <td className="right num">{price(strategy.avgPrice)}</td>
                  <td className="right num">{price(strategy.stopLevel)}</td>
                  <td>{strategy.market}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
