/** What the signs on a chart of candles mean. */
export function ChartKey({ hasAverage, hasMarks }: { readonly hasAverage: boolean; readonly hasMarks: boolean }) {
  return (
    <p className="chart-key soft">
      <span>
        <i className="key-entry" aria-hidden="true">
          ▲
        </i>{' '}
        long entry
      </span>
      <span>
        <i className="key-entry" aria-hidden="true">
          ▼
        </i>{' '}
        short entry
      </span>
      <span>
        <i className="good-text" aria-hidden="true">
          ●
        </i>{' '}
        exit with a gain
      </span>
      <span>
        <i className="bad-text" aria-hidden="true">
          ●
        </i>{' '}
        with a loss
      </span>
      <span>
        <i className="key-stop" aria-hidden="true">
          ■
        </i>{' '}
        by the stop
      </span>
      <span>
        <i className="key-stop" aria-hidden="true">
          ┄
        </i>{' '}
        stop
      </span>
      {hasAverage && (
        <span>
          <i className="key-entry" aria-hidden="true">
            ┄
          </i>{' '}
          average price
        </span>
      )}
      {hasMarks && (
        <span>
          <i className="soft" aria-hidden="true">
            •
          </i>{' '}
          mark of the strategy
        </span>
      )}
    </p>
  );
}
