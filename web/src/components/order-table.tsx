import { price, qty } from '../format/number-text.ts';
import { usePage } from './session-context.ts';

/** Orders that wait for their market, stops in force among them. */
export function OrderTable() {
  const orders = usePage((page) => page.orders);
  const strategies = usePage((page) => page.strategies);
  const nameOf = (id: string): string => strategies.find((strategy) => strategy.id === id)?.name ?? id;
  return (
    <section className="card" aria-label="Open orders">
      <h2>
        Open orders <span className="soft num">{orders.length}</span>
      </h2>
      {orders.length === 0 ? (
        <p className="soft">None waits.</p>
      ) : (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Strategy</th>
                <th scope="col">Market</th>
                <th scope="col">For</th>
                <th scope="col">Order</th>
                <th scope="col" className="right">
                  Quantity
                </th>
                <th scope="col" className="right">
                  Price
                </th>
              </tr>
            </thead>
            <tbody>
              {orders.map((order, index) => (
                <tr key={`${order.strategy} ${order.purpose} ${index}`}>
                  <th scope="row">{nameOf(order.strategy)}</th>
                  <td>{order.market}</td>
                  <td>{order.purpose}</td>
                  <td>
                    {order.type} {order.side}
                  </td>
                  <td className="right num">{qty(order.qty)}</td>
                  <td className="right num">{order.price === null ? 'next open' : price(order.price)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
