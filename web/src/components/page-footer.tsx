import type { ReactNode } from 'react';

/** A word of the page's own, and what the charts' licence asks for: this notice and link; nothing is loaded from there. */
export function PageFooter({ children }: { readonly children: ReactNode }) {
  return (
    <footer className="soft">
      <p>{children}</p>
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
