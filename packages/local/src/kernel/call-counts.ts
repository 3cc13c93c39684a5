/**
 * Number of calls of each operation since the engine started, from clients and from the engine's own services.
 * `GET /_bclaw/calls` returns it, to check that a workflow makes no more calls than it should.
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
