/** A sentence that is true or false, with its evidence. */
export interface Verdict {
  readonly claim: string;
  readonly holds: boolean;
  /** The evidence as text. */
  readonly evidence: string;
}

/** Checks a claim against the services, never against remembered state. */
export type Proof = () => Promise<{ readonly holds: boolean; readonly evidence: string }>;

/** Claims that are collected during the demo and checked together. */
export class Claims {
  readonly #open: { claim: string; proof: Proof }[] = [];
  readonly #verdicts: Verdict[] = [];

  make(claim: string, proof: Proof): void {
    this.#open.push({ claim, proof });
  }

  /** Checks the claims since the last call, before a change to the state that they are checked against. */
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
