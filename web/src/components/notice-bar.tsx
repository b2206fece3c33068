import './notice-bar.css';
import { useEffect } from 'react';

/** The outcome of a command, in words. */
export interface Notice {
  readonly bad: boolean;
  readonly text: string;
}

const SHOWN_MS = 6000;

/** Tells what a command did; good news goes by itself, bad news stays. */
export function NoticeBar({ notice, close }: { readonly notice: Notice | null; readonly close: () => void }) {
  useEffect(() => {
    if (notice === null || notice.bad) return;
    const timer = setTimeout(close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, close]);
  return (
    <div className="notice-place" aria-live="polite">
      {notice !== null && (
        <div className={notice.bad ? 'notice bad' : 'notice'}>
          <span>{notice.text}</span>
          <button type="button" aria-label="Close this message" onClick={close}>
            ✕
          </button>
        </div>
      )}
    </div>
  );
}
