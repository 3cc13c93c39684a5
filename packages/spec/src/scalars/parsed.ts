/** What a scalar parser found: the value, or one clause saying what is wrong and one saying what to write instead. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly hint?: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unparsed(problem: string, hint?: string): Parsed<never> {
  return hint === undefined ? { ok: false, problem } : { ok: false, problem, hint };
}
