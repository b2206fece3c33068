/** The charts' licence asks for this notice and link; nothing is loaded from there. */
export function PageFooter() {
  return (
    <footer className="soft">
      <p>Times are UTC; hover over one for your own.</p>
      <p>
        Charts:{' '}
        <a href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">
          TradingView
        </a>{' '}
        Lightweight Charts™, Copyright (c) 2025 TradingView, Inc.
      </p>
    </footer>
  );
}
