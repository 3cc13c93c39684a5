/** A token bucket, as AWS describes its throttling: a call takes a token, and tokens come back at a steady rate. */
export class TokenBucket {
  readonly #size: number;
  readonly #perMs: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /**
   * @param size - most tokens that it holds; it is full at first
   * @param perSecond - tokens that come back in a second
   * @param now - a clock that never goes back, in milliseconds
   */
  constructor(size: number, perSecond: number, now: () => number) {
    this.#size = size;
    this.#perMs = perSecond / 1000;
    this.#now = now;
    this.#tokens = size;
    this.#filledAt = now();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(this.#size, this.#tokens + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
