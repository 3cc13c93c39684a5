/** A sentence that is true or false, with what it was judged by. */
export interface Verdict {
  readonly claim: string;
  readonly holds: boolean;
  /** What was found, in words. */
  readonly evidence: string;
}

/** What a claim is judged by: asked of the services, never remembered. */
export type Proof = () => Promise<{ readonly holds: boolean; readonly evidence: string }>;

/** Claims made on the way, to be judged together. */
export class Claims {
  readonly #open: { claim: string; proof: Proof }[] = [];
  readonly #verdicts: Verdict[] = [];

  make(claim: string, proof: Proof): void {
    this.#open.push({ claim, proof });
  }

  /** Judges the claims made since the last time: before something changes that they are judged by. */
  async judge(): Promise<void> {
    for (const { claim, proof } of this.#open.splice(0)) {
      try {
        this.#verdicts.push({ claim, ...(await proof()) });
      } catch (error) {
        const evidence = error instanceof Error ? error.message : String(error);
        this.#verdicts.push({ claim, holds: false, evidence });
      }
    }
  }

  get verdicts(): readonly Verdict[] {
    return this.#verdicts;
  }
}
