/**
 * How often each operation was called since the engine started, by clients and by the engine's own services alike: what
 * `GET /_bclaw/calls` shows, and what tells whether a workflow costs the calls that it should.
 */
export class CallCounts {
  readonly #counts = new Map<string, number>();

  add(service: string, operation: string): void {
    const name = `${service}:${operation}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** `{ "lambda:Invoke": 3, "s3:PutObject": 12, … }`, sorted by name. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
