/**
 * Why a venue gave no answer, sorted by what to do about it.
 *
 * - `busy`: too many requests; the venue is to be left alone for a while
 * - `banned`: the venue refuses to talk to this address until some time; asking goes on at the cost of a longer ban
 * - `unreachable`: no answer, or half of one; asking again may help
 * - `garbled`: an answer that is none: no JSON, an HTML page, rows that contradict themselves; asking again may help
 * - `maintenance`: the venue says that it is closed for now
 * - `refused`: the venue understood and said no: no such market, a range that it does not serve
 * - `unsupported`: the venue has no such thing
 * - `forbidden`: the venue serves nobody from here, or not without a key
 */
export type VenueFaultKind = 'busy' | 'banned' | 'unreachable' | 'garbled' | 'maintenance' | 'refused' | 'unsupported' | 'forbidden';

/** A request that a venue did not answer as it should. The message ends a sentence such as "binance: ..." and holds no secrets. */
export class VenueFault extends Error {
  override readonly name = 'VenueFault';
  readonly kind: VenueFaultKind;
  /** How long the venue asks to be left alone, ms; null when it does not say. */
  readonly waitMs: number | null;
  /** False: the venue was not even asked, as it had said before that it wants to be left alone. */
  readonly wasSent: boolean;

  constructor(
    kind: VenueFaultKind,
    message: string,
    { waitMs = null, wasSent = true, cause }: { waitMs?: number | null; wasSent?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.waitMs = waitMs;
    this.wasSent = wasSent;
  }
}
