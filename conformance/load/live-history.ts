/** An action on the workflow while jobs arrived; times in milliseconds since the epoch. */
export interface Action {
  readonly kind: 'deploy' | 'rollback' | 'prune';
  /** Just before the alias could have moved. */
  readonly from: number;
  /** Just after it had moved, if it did. */
  readonly to: number;
  /** The version that was live afterwards. */
  readonly live: number;
  /** Versions that a prune deleted. */
  readonly pruned: readonly number[];
}

/** A period in which a version may have been live; while the alias was being moved, two versions may have been. */
interface Span {
  readonly version: number;
  readonly from: number;
  readonly to: number;
}

/** The history of live versions, from the point of view of the alias's operator. */
export class LiveHistory {
  readonly #spans: readonly Span[];

  /** @param actions in order, without overlaps */
  constructor(initial: number, actions: readonly Action[]) {
    const spans: Span[] = [];
    let span: Span = { version: initial, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    for (const { live, from, to } of actions) {
      if (live === span.version) continue;
      spans.push({ ...span, to });
      span = { version: live, from, to: Number.POSITIVE_INFINITY };
    }
    this.#spans = [...spans, span];
  }

  /** The versions that may have been live at some time in a period; a single one was live throughout. */
  within(from: number, to: number): Set<number> {
    return new Set(this.#spans.filter((span) => span.from <= to && span.to >= from).map(({ version }) => version));
  }
}
