/** How far the clock of this machine is from a venue's: by the least time that a trade seemed to take from there to here. */
export class TradeLag {
  #least = Infinity;

  see(venueMs: number, receivedMs: number): void {
    this.#least = Math.min(this.#least, receivedMs - venueMs);
  }

  /** What the venue's clock says at least; -Infinity before a trade was seen. A trade takes no less than no time, so this is never ahead of it. */
  venueTime(nowMs: number): number {
    return nowMs - this.#least;
  }
}
