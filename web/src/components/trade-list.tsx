import './trade-table.css';
import { useMemo, useState } from 'react';
import type { ControlTrade } from '#core/ports/bot-control.ts';
import { count } from '../format/number-text.ts';
import { sortTrades, type TradeColumn } from './trade-columns.tsx';
import { useVirtualRows } from './use-virtual-rows.ts';

const ROW_HEIGHT = 30;

interface TradeListProps {
  /** The newest first. */
  readonly trades: readonly ControlTrade[];
  readonly columns: readonly TradeColumn[];
  /** What is said when there is none. */
  readonly none: string;
}

/** Trades, the newest first unless sorted otherwise; only the rows in view exist. */
export function TradeList({ trades, columns, none }: TradeListProps) {
  const [sort, setSort] = useState({ column: 'exit', down: true });
  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sort.column);
    return column === undefined || (sort.column === 'exit' && sort.down) ? trades : sortTrades(trades, column, sort.down);
  }, [trades, columns, sort]);
  const rows = useVirtualRows(sorted.length, ROW_HEIGHT);
  return (
    <section className="card trade-table" aria-label="Trades">
      <h2>
        Trades <span className="soft num">{count(trades.length)}</span>
      </h2>
      {trades.length === 0 ? (
        <p className="soft">{none}</p>
      ) : (
        // The box scrolls, so a keyboard must be able to reach it.
        <div
          className="scroll trade-table-box"
          ref={rows.box}
          onScroll={rows.onScroll}
          tabIndex={0}
          role="region"
          aria-label="Trades, scrollable"
        >
          <table aria-rowcount={sorted.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                {columns.map((column) => {
                  const active = sort.column === column.id;
                  return (
                    <th
                      key={column.id}
                      scope="col"
                      className={column.right ? 'right' : ''}
                      aria-sort={active ? (sort.down ? 'descending' : 'ascending') : 'none'}
                    >
                      <button
                        type="button"
                        className="sort"
                        onClick={() => setSort({ column: column.id, down: active ? !sort.down : true })}
                      >
                        {column.title}
                        <span aria-hidden="true">{active ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                      </button>
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              <tr aria-hidden="true" className="spacer">
                <td colSpan={columns.length} style={{ height: rows.above }} />
              </tr>
              {sorted.slice(rows.from, rows.to).map((trade, index) => (
                <tr key={rows.from + index} aria-rowindex={rows.from + index + 2} className="trade-row">
                  {columns.map((column) => (
                    <td key={column.id} className={column.right ? 'right num' : 'num'}>
                      {column.show(trade)}
                    </td>
                  ))}
                </tr>
              ))}
              <tr aria-hidden="true" className="spacer">
                <td colSpan={columns.length} style={{ height: rows.below }} />
              </tr>
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
