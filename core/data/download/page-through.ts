import type { CheckedPage } from './checked-page.ts';
import type { Span } from './missing-bars.ts';

/** An answer, and where the next one begins. */
export interface AskedPage extends CheckedPage {
  /** Behind its last row; null when it has none. */
  readonly nextMs: number | null;
  readonly spanMs: number;
}

export interface PagingOptions {
  readonly span: Span;
  /** @param isBehind it follows the answer before it without a gap */
  readonly ask: (sinceMs: number, isBehind: boolean) => Promise<AskedPage>;
  /** Nothing is known before or behind the span: it may be empty for years, which are not looked through one answer at a time. */
  readonly isEdge: boolean;
}

const DAY_MS = 86_400_000;
/** Empty stretches are crossed in strides of this at most, or of an answer: a market that lived shorter can be stepped over. */
const STRIDE_MS = 14 * DAY_MS;

/** Answers one behind the other, until the span is through. `nextMs` is where what is still to be had begins. */
export async function* pageThrough({ span, ask, isEdge }: PagingOptions): AsyncGenerator<AskedPage & { readonly nextMs: number }> {
  let since = span.from;
  let empties = 0;
  let isBehind = false;
  while (since < span.to) {
    let page = await ask(since, isBehind);
    if (page.nextMs === null) {
      if (page.spanMs === Infinity) return;
      const stride = isEdge ? Math.min(page.spanMs * 2 ** Math.min(empties, 30), Math.max(STRIDE_MS, page.spanMs)) : page.spanMs;
      // What is before a series touches its first row: the end of a stretch is always looked at.
      since = Math.max(since + page.spanMs, Math.min(since + stride, span.to - page.spanMs));
      empties++;
      isBehind = false;
      continue;
    }
    if (empties > 1 && isEdge) page = await firstPage(span.from, since, page, ask);
    empties = 0;
    isBehind = true;
    since = Math.max(since + 1, page.nextMs ?? 0);
    yield { ...page, nextMs: since };
  }
}

/** Between a stretch without rows and a page with some: the page that begins them. */
async function firstPage(from: number, to: number, found: AskedPage, ask: PagingOptions['ask']): Promise<AskedPage> {
  let page = found;
  let [low, high] = [from, to];
  while (high - low > page.spanMs) {
    const middle = low + Math.max(1, Math.floor((high - low) / 2 / page.spanMs)) * page.spanMs;
    if (middle >= high) break;
    const other = await ask(middle, false);
    if (other.nextMs === null) low = middle;
    else {
      page = other;
      high = middle;
    }
  }
  return page;
}
